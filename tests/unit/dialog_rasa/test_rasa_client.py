import json
from collections.abc import Callable

import httpx
import pytest

from agent.dialog.rasa_client import RasaDecider
from agent.model.move import Move, MoveContext, MoveKind, MoveUnavailable

WORDS = "我胸口疼得厉害"
MOVE = [{"recipient_id": "c1", "custom": {"move": {"kind": "answer", "confidence": 0.9}}}]


def decider(answer: Callable[[httpx.Request], httpx.Response]) -> RasaDecider:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return RasaDecider("http://127.0.0.1:5005/", http, token="secret")


async def ask(server: RasaDecider, text: str = WORDS) -> Move:
    return await server.decide(conversation_id="c1", text=text, context=MoveContext(question="q", expect="yes_no"))


async def test_one_turn_in_one_move_out() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=MOVE)

    assert await ask(decider(answer), "我 胸口 疼！") == Move(MoveKind.ANSWER, 0.9)
    body = json.loads(seen[0].content)
    assert (body["sender"], body["message"]) == ("c1", "我胸口疼")
    assert body["metadata"]["context"]["expect"] == "yes_no"
    assert seen[0].headers["x-suifang-token"] == "secret"
    assert str(seen[0].url) == "http://127.0.0.1:5005/webhooks/turn/webhook"


async def test_nothing_but_punctuation_asks_nobody() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    assert (await ask(decider(answer), "。。。")).kind is MoveKind.NONSENSE


def fails(error: type[httpx.RequestError]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error(f"about {WORDS}", request=request)

    return answer


async def test_a_connection_closed_under_the_turn_is_tried_once_more() -> None:
    tries: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tries.append(request.url.path)
        if len(tries) == 1:
            raise httpx.RemoteProtocolError("closed", request=request)
        return httpx.Response(200, json=MOVE)

    assert await ask(decider(answer)) == Move(MoveKind.ANSWER, 0.9)
    assert len(tries) == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (fails(httpx.ConnectError), "unreachable"),
        (fails(httpx.RemoteProtocolError), "unreachable"),
        (fails(httpx.ReadTimeout), "timeout"),
        (lambda _: httpx.Response(500, json={"error": "turn_failed"}), "status_500"),
        (lambda _: httpx.Response(200, json=[]), "empty"),
        (lambda _: httpx.Response(200, text="<html>"), "malformed"),
        (lambda _: httpx.Response(200, json={"a": 1}), "malformed"),
        (lambda _: httpx.Response(200, json=[{"text": "hi"}]), "malformed"),
        (lambda _: httpx.Response(200, json=[{"custom": {"move": {"kind": "dance"}}}]), "malformed"),
        (lambda _: httpx.Response(200, json=[None]), "malformed"),
    ],
)
async def test_no_usable_answer(answer: Callable[[httpx.Request], httpx.Response], code: str) -> None:
    with pytest.raises(MoveUnavailable) as caught:
        await ask(decider(answer))
    assert str(caught.value) == code
    assert WORDS not in repr(caught.value)
