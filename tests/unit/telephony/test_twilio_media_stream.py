"""One media stream with a scripted handler, on a clock that jumps."""

import asyncio
from base64 import b64decode
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from machine.virtual_time import run_virtual
from telephony.line import Line, LineClosed
from telephony.simulator.notify import sign
from telephony.twilio import TwilioSettings, media_router
from telephony.twilio.tokens import Tokens
from tests.fakes.media_socket import MediaSocket

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
SETTINGS = TwilioSettings("https://robot.example", "AC1", "secret", "+861060000000")
URL = "wss://robot.example/twilio/media"
TOKENS = Tokens("secret", SETTINGS.token_seconds)


class Scripted:
    """A CallHandler that does what the test's script says and writes down what it is told."""

    def __init__(
        self, line: Line, attempt_id: str, script: Callable[["Scripted"], Coroutine[None, None, None]]
    ) -> None:
        self.line, self.attempt_id, self._script = line, attempt_id, script
        self.log: list[object] = []
        self.over = asyncio.Event()

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        self.log.append((at_ms, len(ulaw)))

    def digit(self, digit: str) -> None:
        self.log.append(digit)

    def marked(self, name: str) -> None:
        self.log.append(name)

    def ended(self) -> None:
        self.log.append("ended")
        self.over.set()

    async def run(self) -> None:
        await self._script(self)


async def until_over(handler: Scripted) -> None:
    await handler.over.wait()


class Bench:
    """One app, the sockets opened on it and the handlers it made."""

    def __init__(self, script: Callable[[Scripted], Coroutine[None, None, None]] = until_over) -> None:
        self.handlers: list[Scripted] = []
        self.now = NOON

        def make(line: Line, attempt_id: str) -> Scripted:
            self.handlers.append(Scripted(line, attempt_id, script))
            return self.handlers[-1]

        self._app = FastAPI()
        self._app.include_router(media_router(SETTINGS, make, lambda: self.now))

    def socket(self, signature: str | None = None) -> MediaSocket:
        headers = {"X-Twilio-Signature": sign("secret", URL, {}) if signature is None else signature}
        return MediaSocket(self._app, "/twilio/media", headers)

    def started(self) -> MediaSocket:
        socket = self.socket()
        socket.start(self.parameters())
        return socket

    def parameters(self) -> dict[str, str]:
        return {"attempt": "a1", "token": TOKENS.issue(attempt_id="a1", carrier_ref="CA1", now=NOON)}


def test_what_the_carrier_sends_reaches_the_handler_in_order() -> None:
    async def scenario() -> None:
        bench = Bench()
        socket = bench.started()
        for chunk in (1, 2, 4, 3, 3, 5):
            socket.media(chunk)
        socket.media(6, track="outbound")
        socket.event("dtmf", {"track": "inbound_track", "digit": "5"})
        socket.event("mark", {"name": "said-1"})
        socket.media(6)
        socket.event("stop", {"accountSid": "AC1", "callSid": "CA1"})
        await socket.over()
        (handler,) = bench.handlers
        assert handler.attempt_id == "a1"
        times = [(at, 160) for at in range(0, 100, 20)]
        assert handler.log == [*times, "5", "said-1", (100, 160), "ended"]

    run_virtual(scenario())


def test_audio_held_back_for_a_missing_piece_is_heard_before_the_end() -> None:
    async def scenario() -> None:
        bench = Bench()
        socket = bench.started()
        for chunk in (1, 3, 4):
            socket.media(chunk)
        socket.event("stop", {})
        await socket.over()
        assert bench.handlers[0].log == [(0, 160), (40, 160), (60, 160), "ended"]

    run_virtual(scenario())


def test_what_the_handler_says_goes_out_in_frames_marks_and_clears() -> None:
    async def script(handler: Scripted) -> None:
        await handler.line.play(b"\x01" * 1_000)
        await handler.line.mark("said-1")
        await asyncio.sleep(1)
        await handler.line.play(b"\x02" * 160)
        await handler.line.mark("said-2")
        await handler.line.clear()  # nothing of the second play has gone out yet
        await handler.line.hang_up()
        with pytest.raises(LineClosed):
            await handler.line.play(b"\x03")

    async def scenario() -> None:
        bench = Bench(script)
        socket = bench.started()
        await socket.over()
        pieces = [b64decode(message["media"]["payload"]) for message in socket.of("media")]
        assert pieces == [b"\x01" * 800, b"\x01" * 200 + b"\xff" * 120]  # 100 ms each, the last filled to whole frames
        assert [message["event"] for message in socket.sent[2:]] == ["mark", "clear", "mark"]
        assert [message["mark"]["name"] for message in socket.of("mark")] == ["said-1", "said-2"]
        assert {message["streamSid"] for message in socket.sent} == {"MZ1"}
        assert socket.code == 1000

    run_virtual(scenario())


GARBAGE = [
    "",
    "{",
    "null",
    "[]",
    "7",
    '{"event":7}',
    '{"event":"media"}',
    '{"event":"media","media":{"track":"inbound","chunk":"x","timestamp":"0","payload":"/w=="}}',
    '{"event":"media","media":{"track":"inbound","chunk":"-1","timestamp":"0","payload":"/w=="}}',
    '{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"0","payload":"%%"}}',
    '{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"0","payload":""}}',
    '{"event":"media","media":{"track":"inbound","chunk":"99999999","timestamp":"0","payload":"/w=="}}',
    '{"event":"dtmf","dtmf":{"digit":"77"}}',
    '{"event":"mark","mark":[]}',
    '{"event":"something new","something new":{}}',
    "[" * 20_000,
    '{"event":"media","media":{"payload":"' + "A" * 70_000 + '"}}',
]


def test_garbage_never_ends_a_call() -> None:
    async def scenario() -> None:
        bench = Bench()
        socket = bench.started()
        for number, garbage in enumerate(GARBAGE):
            socket.text(garbage)
            socket.media(number + 1)
        socket.binary(b"\x00\x01")
        socket.event("stop", {})
        await socket.over()
        times = [(20 * number, 160) for number in range(len(GARBAGE))]
        assert bench.handlers[0].log == [*times, "ended"]

    run_virtual(scenario())


@pytest.mark.parametrize("signature", ["", "wrong", sign("another secret", URL, {})])
def test_an_unsigned_upgrade_is_refused(signature: str) -> None:
    async def scenario() -> None:
        bench = Bench()
        socket = bench.socket(signature)
        await socket.over()
        assert socket.code == 403 and not bench.handlers

    run_virtual(scenario())


def test_a_stream_needs_our_token_for_this_call_and_attempt_and_now() -> None:
    async def scenario() -> None:
        good = Bench().parameters()
        cases = [
            ({}, "CA1", NOON),
            ({"attempt": "a1"}, "CA1", NOON),
            ({**good, "token": "garbage"}, "CA1", NOON),
            ({**good, "token": "schön.ß"}, "CA1", NOON),
            ({**good, "attempt": "a2"}, "CA1", NOON),
            (good, "CA2", NOON),
            (good, "CA1", NOON + timedelta(seconds=SETTINGS.token_seconds)),
        ]
        for parameters, call_sid, now in cases:
            bench = Bench()
            bench.now = now
            socket = bench.socket()
            socket.start(parameters, call_sid)
            await socket.over()
            assert socket.code == 1008 and not bench.handlers, parameters

    run_virtual(scenario())


def test_a_token_opens_one_stream_only() -> None:
    async def scenario() -> None:
        bench = Bench()
        first, second = bench.started(), bench.started()
        await second.over()
        first.disconnect()
        await first.over()
        assert second.code == 1008 and len(bench.handlers) == 1

    run_virtual(scenario())


def test_a_stream_that_never_starts_is_closed() -> None:
    async def scenario() -> None:
        bench = Bench()
        silent, chatty = bench.socket(), bench.socket()
        chatty.media(1)
        await silent.over()
        await chatty.over()
        assert silent.code == chatty.code == 1008 and not bench.handlers

    run_virtual(scenario())


def test_a_lost_connection_ends_the_call_and_closes_the_line() -> None:
    async def script(handler: Scripted) -> None:
        await handler.over.wait()
        with pytest.raises(LineClosed):
            await handler.line.mark("too late")
        handler.log.append("stored")

    async def scenario() -> None:
        bench = Bench(script)
        socket = bench.started()
        socket.media(1)
        socket.disconnect()
        await socket.over()
        assert bench.handlers[0].log == [(0, 160), "ended", "stored"]

    run_virtual(scenario())


def test_a_dead_wire_is_noticed() -> None:
    async def scenario() -> None:
        bench = Bench()
        socket = bench.started()
        socket.media(1)
        await socket.over()  # nothing more ever comes
        assert bench.handlers[0].log == [(0, 160), "ended"]
        assert 14 < asyncio.get_running_loop().time() < 31

    run_virtual(scenario())


def test_after_its_hang_up_the_handler_has_time_to_store_but_hears_nothing() -> None:
    async def script(handler: Scripted) -> None:
        await handler.line.hang_up()
        await asyncio.sleep(5)
        handler.log.append("stored")

    async def scenario() -> None:
        bench = Bench(script)
        socket = bench.started()
        await asyncio.sleep(1)
        assert socket.code == 1000  # the patient's line is free long before
        socket.media(1)
        await socket.over()
        assert bench.handlers[0].log == ["ended", "stored"]

    run_virtual(scenario())


def test_a_handler_that_never_ends_is_stopped() -> None:
    async def script(handler: Scripted) -> None:
        await asyncio.Event().wait()

    async def scenario() -> None:
        bench = Bench(script)
        socket = bench.started()
        socket.disconnect()
        await socket.over()
        assert asyncio.get_running_loop().time() >= 60

    run_virtual(scenario())


def test_a_handlers_own_error_is_not_swallowed() -> None:
    async def script(handler: Scripted) -> None:
        raise ZeroDivisionError

    async def scenario() -> None:
        socket = Bench(script).started()
        with pytest.raises(ZeroDivisionError):
            await socket.over()
        assert socket.code == 1000

    run_virtual(scenario())
