"""The Asterisk channel against the fake PBX: everything as published, and nothing lost when one side goes away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from agent.schedule.ports import DialFailed
from machine.served import bound_socket, served
from telephony.asterisk import AsteriskExchange, AsteriskSettings
from telephony.asterisk.ari import Ari
from telephony.asterisk.dialler import AsteriskDialler
from telephony.asterisk.media import MediaRefused, open_socket
from telephony.simulator.persona import Line, Persona
from tests.contract.benches import asterisk, until
from tests.contract.published_ari import wrong_event, wrong_exchange
from tests.fakes.carrier import PATIENT, Statuses, ToneHandler, loud
from tests.fakes.pbx_parts import CONGESTION, PASSWORD, REJECTED, USER, Telephone
from tests.fakes.pbx_rest import running_pbx

DIALLED = PATIENT.removeprefix("+86")
TALKER = Persona(PATIENT, "talker", "tone", (Line("one two", think_seconds=0.1),), pick_up_after_seconds=0.1)
SLOW = Persona(PATIENT, "slow", "tone", (Line("one two"),), pick_up_after_seconds=0.8)


@asynccontextmanager
async def exchange_at(url: str, statuses: Statuses, make_call: Any = ToneHandler) -> AsyncIterator[AsteriskExchange]:
    exchange = AsteriskExchange(AsteriskSettings(USER, PASSWORD, url))
    exchange.open(statuses, make_call)
    await exchange.wait_up(5.0)
    yield exchange
    await exchange.close()


async def test_every_request_answer_and_event_of_a_call_is_as_published() -> None:
    exchanges: list[tuple[str, str, dict[str, Any], int, Any]] = []
    statuses = Statuses()

    async def keep(request: Request, call_next: Any) -> Response:
        body = await request.body()
        response = await call_next(request)
        content = b"".join([part async for part in response.body_iterator])
        sent = {**dict(request.query_params), **(json.loads(body) if body else {})}
        answer = json.loads(content) if content else None
        exchanges.append((request.method, request.url.path, sent, response.status_code, answer))
        return Response(content, response.status_code, dict(response.headers))

    async with running_pbx({DIALLED: Telephone(TALKER)}, keep) as (pbx, url):
        async with exchange_at(url, statuses) as exchange:
            dialler = exchange.dialler
            assert await dialler.find(attempt_id="a1", to=PATIENT, since=None) is None  # type: ignore[arg-type]
            ref = await dialler.dial(attempt_id="a1", to=PATIENT)
            await until(lambda: statuses.words()[-1:] == ["completed"])
            await dialler.hang_up(ref)  # over already: no failure
        await until(lambda: not pbx.channels)
    assert [found for each in exchanges for found in wrong_exchange(*each)] == []
    assert [found for event in pbx.events for found in wrong_event(event)] == []
    assert pbx.errors == [] and pbx.bridges == {}
    dial = next(sent for method, path, sent, *_ in exchanges if (method, path) == ("POST", f"/ari/channels/{ref}"))
    assert dial["endpoint"] == f"PJSIP/{DIALLED}@trunk" and dial["timeout"] == 40
    assert dial["variables"] == {"SUIFANG_ATTEMPT": "a1", "TIMEOUT(absolute)": "1260"}
    assert not any(DIALLED in path for _, path, *_ in exchanges)  # addresses stand in logs


async def test_a_second_dial_for_an_attempt_whose_call_lives_is_the_same_call() -> None:
    async with asterisk([SLOW]) as side:
        refs = {await side.dialler.dial(attempt_id="a1", to=PATIENT) for _ in range(3)}
        assert len(refs) == 1 and side.extra.dialled == [DIALLED]


@pytest.mark.parametrize(
    ("telephone", "expected"),
    [
        (Telephone(refuses=CONGESTION), "failed"),
        (Telephone(refuses=REJECTED), "no-answer"),
        (Telephone(silent_trunk=True), "failed"),  # nothing rang: not the patient's fault
    ],
    ids=["congestion", "red key", "dead trunk"],
)
async def test_a_trunks_no_is_told_apart_from_the_patients(telephone: Telephone, expected: str) -> None:
    async with asterisk([], telephones={DIALLED: telephone}) as side:
        assert await side.call(PATIENT) == expected


async def test_a_number_nobody_has_is_told_with_the_networks_own_answer() -> None:
    async with asterisk([]) as side:
        assert await side.call(PATIENT) == "failed"
        assert side.statuses.seen[-1].sip_code == 404
    isdn = Telephone(refuses=(1, None))  # a trunk that names no SIP status
    async with asterisk([], telephones={DIALLED: isdn}) as side:
        assert await side.call(PATIENT) == "failed"
        assert side.statuses.seen[-1].sip_code == 404


async def test_a_trunk_that_does_not_exist_wants_a_person() -> None:
    async with asterisk([TALKER], endpoint="PJSIP/{number}@no-such-trunk") as side:
        with pytest.raises(DialFailed) as raised:
            await side.dialler.dial(attempt_id="a1", to=PATIENT)
    assert (raised.value.code, raised.value.alarm) == ("rejected", True)


async def test_a_number_that_is_none_never_reaches_the_pbx() -> None:
    async with asterisk([TALKER]) as side:
        with pytest.raises(DialFailed, match="bad_number"):
            await side.dialler.dial(attempt_id="a1", to="+86138;transport=tcp")
        assert side.extra.dialled == []


def dialler_to(url: str, up: bool = True, **settings: Any) -> AsteriskDialler:
    chosen = AsteriskSettings(USER, PASSWORD, url, **settings)
    return AsteriskDialler(Ari(chosen), chosen, lambda: up, lambda ref: None)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (JSONResponse({"message": "Authentication required"}, 401), ("unauthorised", False, True)),
        (JSONResponse({"message": f"{PATIENT} is not acceptable"}, 400), ("rejected", False, True)),
        (JSONResponse({"error": "Allocation failed"}, 500), ("rejected", False, True)),
        (HTMLResponse("<h1>a proxy's page</h1>", 502), ("carrier_down", True, False)),
        (HTMLResponse("<h1>a proxy's page</h1>", 200), ("carrier_down", True, False)),
    ],
)
async def test_refusals_become_stable_codes_without_the_number(
    response: Response, expected: tuple[str, bool, bool]
) -> None:
    app = FastAPI()

    @app.post("/{path:path}")
    async def answer(path: str) -> Response:
        return response

    async with served(app, bound_socket()) as url:
        with pytest.raises(DialFailed) as raised:
            await dialler_to(url).dial(attempt_id="a1", to=PATIENT)
    error = raised.value
    assert (error.code, error.retryable, error.alarm) == expected
    assert PATIENT not in str(error) and error.__cause__ is None and error.__suppress_context__


async def test_a_pbx_that_is_not_there_or_never_answers() -> None:
    listening = bound_socket()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.close()
    with pytest.raises(DialFailed, match="carrier_down"):
        await dialler_to(url).dial(attempt_id="a1", to=PATIENT)
    deaf = bound_socket()
    deaf.listen()
    with pytest.raises(DialFailed, match="carrier_down"):
        async with asyncio.timeout(30):
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
            await dialler_to(url, api_timeout_seconds=0.2).dial(attempt_id="a1", to=PATIENT)
    deaf.close()


async def test_without_its_events_nobody_is_dialled() -> None:
    """The PBX would hang up on whoever answers."""
    async with running_pbx({DIALLED: Telephone(TALKER)}) as (pbx, url):
        with pytest.raises(DialFailed, match="carrier_down"):
            await dialler_to(url, up=False).dial(attempt_id="a1", to=PATIENT)
        assert pbx.dialled == []


async def test_a_call_that_rings_while_we_restart_is_taken_over_and_not_dialled_again() -> None:
    before, after = Statuses(), Statuses()
    async with running_pbx({DIALLED: Telephone(SLOW)}) as (pbx, url):
        async with exchange_at(url, before) as exchange:
            ref = await exchange.dialler.dial(attempt_id="a1", to=PATIENT)
        async with exchange_at(url, after) as exchange:
            assert await exchange.dialler.find(attempt_id="a1", to=PATIENT, since=None) == ref  # type: ignore[arg-type]
            await until(lambda: after.words()[-1:] == ["completed"])
        assert pbx.dialled == [DIALLED] and len(pbx.ears) == 1 and pbx.ears[0].said == [0]
    assert {each.attempt_id for each in after.seen} == {"a1"}


async def test_an_answered_call_whose_process_died_is_not_left_in_silence() -> None:
    silent = Persona(PATIENT, "silent", pick_up_after_seconds=0.0)
    async with running_pbx({DIALLED: Telephone(silent)}) as (pbx, url):
        dead = AsteriskExchange(AsteriskSettings(USER, PASSWORD, url))
        dead.open(Statuses(), lambda line, attempt_id: ToneHandler(line, attempt_id, answers=9))
        await dead.wait_up(5.0)
        await dead.dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: bool(pbx.bridges and next(iter(pbx.bridges.values()))))
        pbx.listeners.clear()  # its socket is gone with it; it does nothing any more
        statuses = Statuses()
        async with exchange_at(url, statuses) as exchange:
            await until(lambda: not pbx.channels)
            assert await exchange.dialler.status("suifang.a1") == "completed"
        assert pbx.bridges == {}
        await dead.close()


async def test_a_call_goes_on_while_the_event_socket_is_lost_and_its_end_is_noticed() -> None:
    async with asterisk([TALKER]) as side:
        await side.dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: bool(side.handlers))
        socket = side.extra.listeners["suifang"]
        await socket.close()
        await until(lambda: side.extra.listeners.get("suifang") not in (None, socket))
        assert await side.ended() == "completed"
        assert (await side.patient_side()).errors == []


async def test_another_process_with_our_application_silences_this_one() -> None:
    async with running_pbx({DIALLED: Telephone(TALKER)}) as (pbx, url):
        async with exchange_at(url, Statuses()) as first, exchange_at(url, Statuses()):
            await until(lambda: not first.up())
            with pytest.raises(DialFailed):
                await first.dialler.dial(attempt_id="a1", to=PATIENT)
        assert pbx.dialled == []


async def test_a_trunk_that_sends_nothing_in_silence_still_has_ends_of_utterances() -> None:
    quiet = Telephone(TALKER, comfort_noise=True)
    async with asterisk([], telephones={DIALLED: quiet}) as side:
        assert await side.call(PATIENT) == "completed"
        assert (await side.patient_side()).lines_said == [0]
    frames = side.handlers[0].frames
    assert [at for at, _ in frames] == list(range(0, 20 * len(frames), 20))
    assert sum(not loud(frame) for _, frame in frames) > 50


async def test_a_media_socket_that_is_not_our_calls_is_refused() -> None:
    async with running_pbx({}) as (pbx, url):
        settings = AsteriskSettings(USER, PASSWORD, url)
        with pytest.raises(MediaRefused, match="not_connected"):
            await open_socket(settings, "no-such-connection", "suifang.a1-media")
        opened = pbx.open_media({"channelId": "suifang.a1-media", "app": "suifang"})
        with pytest.raises(MediaRefused, match="other_channel"):
            await open_socket(settings, opened.connection_id, "suifang.a2-media")
