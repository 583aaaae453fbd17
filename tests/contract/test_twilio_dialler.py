"""Our dialler: its requests against the published description, its errors against the published codes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from agent.model.clock import utc_now
from agent.schedule.ports import DialFailed, Dialler
from machine.served import bound_socket, served
from telephony.simulator.app import create_app
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.persona import Persona
from telephony.simulator.twiml import Dial, parse_twiml
from telephony.twilio import TwilioDialler, TwilioSettings
from tests.contract.published import errors, load
from tests.fakes.carrier import ACCOUNT, PATIENT, ROBOT, TOKEN

SETTINGS = TwilioSettings("https://127.0.0.1:1/hospital/", ACCOUNT, TOKEN, ROBOT)


@asynccontextmanager
async def dialler_to(app: FastAPI, **settings: Any) -> AsyncIterator[TwilioDialler]:
    async with served(app, bound_socket()) as url:
        dialler = TwilioDialler(replace(SETTINGS, carrier_base_url=url, **settings))
        yield dialler
        await dialler.close()


def away() -> FastAPI:
    return create_app(SimulatorConfig(ACCOUNT, TOKEN), {PATIENT: Persona(PATIENT, "away", answers=False)})


def kept(app: FastAPI) -> list[tuple[httpx.Request, httpx.Response]]:
    """Every exchange with the app from now on."""
    seen: list[tuple[httpx.Request, httpx.Response]] = []

    @app.middleware("http")
    async def keep(request: Request, call_next: Any) -> Response:
        body = await request.body()
        response = await call_next(request)
        content = b"".join([part async for part in response.body_iterator])
        asked = httpx.Request(request.method, str(request.url), headers=dict(request.headers), content=body)
        seen.append((asked, httpx.Response(response.status_code, headers=dict(response.headers), content=content)))
        return Response(content, response.status_code, dict(response.headers))

    return seen


async def test_every_request_and_response_is_as_published() -> None:
    published, app = load(), away()
    seen = kept(app)
    async with dialler_to(app) as dialler:
        port: Dialler = dialler
        ref = await port.dial(attempt_id="a1", to=PATIENT)
        assert await port.status(ref) in ("queued", "ringing")
        assert await port.find(attempt_id="a1", to=PATIENT, since=utc_now()) == ref
        await dialler.hang_up(ref)
    assert [request.method for request, _ in seen] == ["POST", "GET", "GET", "POST"]
    assert [found for request, response in seen for found in errors(published, request, response)] == []
    form = httpx.QueryParams(seen[0][0].content.decode())
    assert form["Url"] == "https://127.0.0.1:1/hospital/twilio/voice?attempt=a1"
    assert form["StatusCallback"] == "https://127.0.0.1:1/hospital/twilio/status?attempt=a1"
    assert form.get_list("StatusCallbackEvent") == ["initiated", "ringing", "answered", "completed"]
    assert (form["Timeout"], form["MachineDetection"], form["AsyncAmd"]) == ("40", "Enable", "true")


async def test_a_call_is_handed_over_as_published() -> None:
    published = load()
    app = create_app(SimulatorConfig(ACCOUNT, TOKEN, ring_delay_seconds=0.0), {PATIENT: Persona(PATIENT, "here")})

    @app.post("/twilio/voice")
    async def voice() -> Response:
        return Response('<Response><Pause length="9"/></Response>', media_type="text/xml")

    seen = kept(app)
    async with served(app, bound_socket()) as url:
        dialler = TwilioDialler(replace(SETTINGS, public_url=url, carrier_base_url=url))
        ref = await dialler.dial(attempt_id="a1", to=PATIENT)
        while await dialler.status(ref) != "in-progress":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await dialler.transfer(ref, "a1", "+8657188000001", 20)
        await dialler.hang_up(ref)
        await dialler.close()
    updates = [(asked, answer) for asked, answer in seen if asked.url.path.endswith(f"{ref}.json") and asked.content]
    assert [found for asked, answer in updates for found in errors(published, asked, answer)] == []
    (verb,) = parse_twiml(httpx.QueryParams(updates[0][0].content.decode())["Twiml"])
    assert verb == Dial("+8657188000001", 20, f"{url}/twilio/transfer?attempt=a1", ROBOT)


async def test_find_knows_only_calls_since_the_intent_and_not_those_of_others() -> None:
    async with dialler_to(away()) as dialler:
        ask = {"attempt_id": "a1", "to": PATIENT}
        assert await dialler.find(**ask, since=utc_now()) is None
        ref = await dialler.dial(**ask)
        assert await dialler.find(**ask, since=utc_now() - timedelta(minutes=5)) == ref
        assert await dialler.find(**ask, since=utc_now() + timedelta(minutes=5)) is None
        assert await dialler.find(attempt_id="a1", to="+8613800000002", since=utc_now()) is None


async def test_find_passes_over_a_housemates_call() -> None:
    async def owner_of(carrier_ref: str) -> str | None:
        return "the husband's attempt"

    async with served(away(), bound_socket()) as url:
        dialler = TwilioDialler(replace(SETTINGS, carrier_base_url=url), owner_of)
        await dialler.dial(attempt_id="the husband's attempt", to=PATIENT)
        assert await dialler.find(attempt_id="the wife's attempt", to=PATIENT, since=utc_now()) is None
        assert await dialler.find(attempt_id="the husband's attempt", to=PATIENT, since=utc_now())
        await dialler.close()


def answering(response: Response) -> FastAPI:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def answer(path: str) -> Response:
        return response

    return app


def refusal(status: int, code: int) -> Response:
    message = f"The number {PATIENT} is not acceptable"
    return JSONResponse({"code": code, "message": message, "more_info": "", "status": status}, status)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (refusal(400, 21211), ("bad_number", False, False)),
        (refusal(400, 21214), ("bad_number", False, False)),
        (refusal(429, 20429), ("rate_limited", True, False)),
        (refusal(401, 20003), ("unauthorised", False, True)),
        (refusal(400, 21210), ("rejected", False, True)),
        (refusal(503, 20503), ("carrier_down", True, False)),
        (HTMLResponse("<h1>a proxy's page</h1>", 502), ("carrier_down", True, False)),
        (HTMLResponse("<h1>a proxy's page</h1>", 200), ("carrier_down", True, False)),
    ],
)
async def test_refusals_become_stable_codes_without_the_number(
    response: Response, expected: tuple[str, bool, bool]
) -> None:
    async with dialler_to(answering(response)) as dialler:
        with pytest.raises(DialFailed) as raised:
            await dialler.dial(attempt_id="a1", to=PATIENT)
    error = raised.value
    assert (error.code, error.retryable, error.alarm) == expected
    assert PATIENT not in str(error) and error.__cause__ is None and error.__suppress_context__


async def test_a_carrier_that_is_not_there() -> None:
    listening = bound_socket()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.close()
    dialler = TwilioDialler(replace(SETTINGS, carrier_base_url=url))
    with pytest.raises(DialFailed, match="carrier_down"):
        await dialler.dial(attempt_id="a1", to=PATIENT)
    await dialler.close()


async def test_a_carrier_that_never_answers() -> None:
    app, released = FastAPI(), asyncio.Event()

    @app.post("/{path:path}")
    async def hang(path: str) -> None:
        await released.wait()

    async with dialler_to(app, api_timeout_seconds=0.2) as dialler:
        asyncio.get_running_loop().call_later(60, released.set)
        with pytest.raises(DialFailed, match="carrier_down"):
            async with asyncio.timeout(30):
                await dialler.dial(attempt_id="a1", to=PATIENT)
        released.set()


async def test_no_log_at_any_level_holds_the_number(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with dialler_to(away()) as dialler:
        await dialler.dial(attempt_id="a1", to=PATIENT)
        await dialler.find(attempt_id="a1", to=PATIENT, since=utc_now())
    async with dialler_to(answering(refusal(400, 21211))) as dialler:
        with pytest.raises(DialFailed):
            await dialler.dial(attempt_id="a1", to=PATIENT)
    assert caplog.records and PATIENT.removeprefix("+") not in caplog.text


@pytest.mark.parametrize("url", ["robot.example", "ftp://robot.example", "https://", "https://robot.example/?a=1"])
def test_an_unusable_public_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        replace(SETTINGS, public_url=url)
