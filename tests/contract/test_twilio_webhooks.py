"""What the carrier posts to us: signature first, then sense, then the event."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI
from twilio.request_validator import RequestValidator

from agent.schedule.ports import CarrierStatus
from telephony.simulator.notify import sign
from telephony.simulator.twiml import ConnectStream, Hangup, parse_twiml
from telephony.twilio import TwilioSettings, router
from telephony.twilio.signatures import Signatures
from telephony.twilio.tokens import Tokens
from tests.fakes.carrier import ACCOUNT, ROBOT, TOKEN, Statuses

PUBLIC = "https://robot.example/hospital"
SETTINGS = TwilioSettings(PUBLIC, ACCOUNT, TOKEN, ROBOT)
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
CALL = {"CallSid": "CA1", "CallStatus": "in-progress", "To": "+8613800000001"}


@pytest.fixture
def statuses() -> Statuses:
    return Statuses()


@pytest.fixture
async def proxy(statuses: Statuses) -> AsyncIterator[httpx.AsyncClient]:
    """The proxy of the hospital: it speaks http to an inner host and has cut the path prefix off."""
    app = FastAPI()
    app.include_router(router(SETTINGS, statuses, lambda: NOON))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner:8000") as client:
        yield client


def signed(path: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": str(RequestValidator(token).compute_signature(PUBLIC + path, form))}


async def post(client: httpx.AsyncClient, path: str, form: dict[str, str]) -> httpx.Response:
    return await client.post(path, data=form, headers=signed(path, form))


async def test_an_answered_call_is_connected_to_our_stream(proxy: httpx.AsyncClient) -> None:
    answer = await post(proxy, "/twilio/voice?attempt=a1", CALL)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/xml")
    (verb,) = parse_twiml(answer.text)
    assert isinstance(verb, ConnectStream)
    assert verb.url == "wss://robot.example/hospital/twilio/media"
    assert verb.parameters["attempt"] == "a1"
    tokens = Tokens(TOKEN, SETTINGS.token_seconds)
    assert tokens.valid(verb.parameters["token"], attempt_id="a1", carrier_ref="CA1", now=NOON)
    assert TOKEN not in answer.text and ElementTree.fromstring(answer.text).tag == "Response"


async def test_a_status_is_passed_on_with_the_carriers_time(proxy: httpx.AsyncClient, statuses: Statuses) -> None:
    form = {
        **CALL,
        "CallStatus": "completed",
        "CallDuration": "65",
        "Timestamp": "Sun, 01 Mar 2026 03:59:58 +0000",
    }
    assert (await post(proxy, "/twilio/status?attempt=a1", form)).status_code == 204
    at = datetime(2026, 3, 1, 3, 59, 58, tzinfo=UTC)
    assert statuses.seen == [CarrierStatus("a1", "CA1", "completed", at, None, 65)]


async def test_initiated_is_queued_and_a_missing_time_is_now(proxy: httpx.AsyncClient, statuses: Statuses) -> None:
    await post(proxy, "/twilio/status?attempt=a1", {**CALL, "CallStatus": "initiated", "Timestamp": "yesterday"})
    assert statuses.seen == [CarrierStatus("a1", "CA1", "queued", NOON)]


async def test_who_picked_up_is_passed_on(proxy: httpx.AsyncClient, statuses: Statuses) -> None:
    await post(proxy, "/twilio/amd?attempt=a1", {"CallSid": "CA1", "AnsweredBy": "machine_start"})
    assert statuses.seen == [CarrierStatus("a1", "CA1", "in-progress", NOON, "machine_start")]


@pytest.mark.parametrize("said", ["completed", "answered"])
async def test_a_nurse_who_took_the_call_ends_it(proxy: httpx.AsyncClient, statuses: Statuses, said: str) -> None:
    answer = await post(proxy, "/twilio/transfer?attempt=a1", {**CALL, "DialCallStatus": said})
    assert parse_twiml(answer.text) == [Hangup()] and statuses.transfers == [("a1", True)]


@pytest.mark.parametrize("said", ["busy", "no-answer", "failed", "canceled"])
async def test_a_call_no_nurse_took_comes_back_to_our_stream(
    proxy: httpx.AsyncClient, statuses: Statuses, said: str
) -> None:
    answer = await post(proxy, "/twilio/transfer?attempt=a1", {**CALL, "DialCallStatus": said})
    (verb,) = parse_twiml(answer.text)
    assert isinstance(verb, ConnectStream) and verb.parameters["attempt"] == "a1"
    assert statuses.transfers == []


async def test_a_patient_who_did_not_wait_for_the_nurse_is_told(proxy: httpx.AsyncClient, statuses: Statuses) -> None:
    form = {**CALL, "CallStatus": "completed", "DialCallStatus": "canceled"}
    answer = await post(proxy, "/twilio/transfer?attempt=a1", form)
    assert parse_twiml(answer.text) == [Hangup()] and statuses.transfers == [("a1", False)]


@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/status", "/twilio/amd", "/twilio/transfer"])
async def test_bad_or_missing_signatures_are_403(path: str, proxy: httpx.AsyncClient, statuses: Statuses) -> None:
    url, good = f"{path}?attempt=a1", signed(f"{path}?attempt=a1", CALL)
    attempts = [
        proxy.post(url, data=CALL),
        proxy.post(url, data=CALL, headers=signed(url, CALL, token="another secret")),
        proxy.post(url, data={**CALL, "CallSid": "CA2"}, headers=good),
        proxy.post(f"{path}?attempt=a2", data=CALL, headers=good),
        proxy.post(path, data=CALL, headers=good),
        proxy.post(url, data=CALL, headers={"X-Twilio-Signature": ""}),
        proxy.post(url, data=CALL, headers={"X-Twilio-Signature": "schön".encode()}),
        proxy.post(url, content=b"\xff\x00garbage"),
        proxy.post(url),
        post(proxy, url, {"Padding": "x" * 70_000}),
    ]
    for attempt in attempts:
        assert (await attempt).status_code == 403
    assert statuses.seen == []


@pytest.mark.parametrize(
    ("path", "form", "complaint"),
    [
        ("/twilio/status?attempt=a1", {"CallSid": "CA1"}, "field CallStatus is missing"),
        ("/twilio/status?attempt=a1", {"CallSid": "CA1", "CallStatus": "dancing"}, "field CallStatus is unknown"),
        ("/twilio/status?attempt=a1", {"CallStatus": "busy"}, "field CallSid is missing"),
        ("/twilio/status", CALL, "query parameter attempt is missing"),
        ("/twilio/voice?attempt=a1", {"CallStatus": "in-progress"}, "field CallSid is missing"),
        ("/twilio/amd?attempt=a1", {"CallSid": "CA1", "AnsweredBy": "a dog"}, "field AnsweredBy is unknown"),
        ("/twilio/amd?attempt=a1", {}, "field AnsweredBy is missing"),
        ("/twilio/transfer?attempt=a1", CALL, "field DialCallStatus is missing"),
        ("/twilio/transfer?attempt=a1", {**CALL, "DialCallStatus": "sings"}, "field DialCallStatus is unknown"),
    ],
)
async def test_signed_garbage_is_400_and_says_why(
    path: str, form: dict[str, str], complaint: str, proxy: httpx.AsyncClient, statuses: Statuses
) -> None:
    answer = await post(proxy, path, form)
    assert (answer.status_code, answer.text) == (400, complaint)
    assert statuses.seen == []


async def test_only_posts_are_served(proxy: httpx.AsyncClient) -> None:
    assert (await proxy.get("/twilio/voice?attempt=a1")).status_code == 405


def test_the_simulators_signature_is_the_published_one() -> None:
    form = {"B": "2", "A": "您好"}
    assert sign(TOKEN, "https://x.example/y?z=1", form) == RequestValidator(TOKEN).compute_signature(
        "https://x.example/y?z=1", form
    )


@pytest.mark.parametrize("url", [f"wss://robot.example/hospital/twilio/media{end}" for end in ("", "/")])
def test_a_socket_is_known_with_and_without_the_trailing_slash(url: str) -> None:
    signatures = Signatures(SETTINGS)
    assert signatures.upgrade("/twilio/media", "", sign(TOKEN, url, {}))
    assert not signatures.upgrade("/twilio/media", "", sign("another secret", url, {}))
    assert not signatures.upgrade("/twilio/media", "a=1", sign(TOKEN, url, {}))
