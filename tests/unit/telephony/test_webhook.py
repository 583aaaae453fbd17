"""A staff message posted to another system of the house."""

import hashlib
import hmac
import json

import httpx
import pytest

from agent.model.contact import Channel
from agent.model.message import Message, MessageKind
from agent.schedule.ports import SendFailed
from telephony.webhook import SIGNATURE, WebhookMessenger
from tests.fakes.rows import NOON

MESSAGE = Message(
    "m1", Channel.WEBHOOK, "https://pager.example/x", MessageKind.STAFF, "一条紧急预警", NOON, link="http://ward/e1"
)


def messenger(answer: httpx.Response | Exception, seen: list[httpx.Request]) -> WebhookMessenger:
    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return WebhookMessenger(httpx.AsyncClient(transport=httpx.MockTransport(handle)), "shared")


async def test_the_receiver_can_tell_who_calls() -> None:
    seen: list[httpx.Request] = []
    assert await messenger(httpx.Response(204), seen).send(MESSAGE) == "m1"
    (request,) = seen
    signed = hmac.new(b"shared", request.content, hashlib.sha256).hexdigest()
    assert request.headers[SIGNATURE] == f"sha256={signed}"
    assert json.loads(request.content) == {"id": "m1", "text": "一条紧急预警", "link": "http://ward/e1"}


@pytest.mark.parametrize(
    ("answer", "code", "again"),
    [
        (httpx.Response(503), "rejected", True),
        (httpx.Response(429), "rejected", True),
        (httpx.Response(404), "rejected", False),
        (httpx.ConnectError("no"), "unreachable", True),
    ],
)
async def test_what_may_be_tried_again_says_so(answer: httpx.Response | Exception, code: str, again: bool) -> None:
    with pytest.raises(SendFailed) as failed:
        await messenger(answer, []).send(MESSAGE)
    assert (failed.value.code, failed.value.retryable) == (code, again)
