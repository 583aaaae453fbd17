"""The carrier's WebSocket: one connection is one answered call, driven by one CallHandler."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from agent.model.clock import Now
from telephony.line import CallFactory, CallHandler
from telephony.stopping import stopped
from telephony.twilio.ordering import FrameOrder
from telephony.twilio.settings import MEDIA_PATH, TwilioSettings
from telephony.twilio.signatures import HEADER, Signatures
from telephony.twilio.socket_line import SocketLine
from telephony.twilio.tokens import Tokens
from telephony.twilio.wire import BadMessage, Digit, MarkReached, Media, Outgoing, Started, Stopped, parse

TransferCall = Callable[[str, str, str, int], Awaitable[None]]
"""(carrier ref, attempt id, number, seconds it rings) -> the carrier has taken the call over. Raises TransferFailed."""

_log = logging.getLogger("suifang.media_stream")

_START_SECONDS = 10.0  # the carrier sends `start` at once
_DEAD_SECONDS = 15.0  # 50 messages a second come even in silence: this long without one and the wire is dead
_HANDLER_GRACE_SECONDS = 60.0  # to store what was heard after the line has gone
_POLICY_VIOLATION = 1008


class MediaStreams:
    """Accepts streams that carry the carrier's signature and a token of ours, each token once."""

    def __init__(
        self, settings: TwilioSettings, make_call: CallFactory, now: Now, transfer: TransferCall | None
    ) -> None:
        self._make_call, self._now, self._transfer = make_call, now, transfer
        self._signatures = Signatures(settings)
        self._tokens = Tokens(settings.auth_token, settings.token_seconds)
        self._lifetime = settings.token_seconds
        self._used: dict[str, datetime] = {}

    async def endpoint(self, socket: WebSocket) -> None:
        if not self._signatures.upgrade(MEDIA_PATH, socket.url.query, socket.headers.get(HEADER)):
            await socket.close(_POLICY_VIOLATION)  # before accepting: the upgrade is answered with 403
            return
        await socket.accept()
        started = await _read_start(socket)
        if started is None or not self._admit(started):
            await _close(socket, _POLICY_VIOLATION)
            return
        attempt_id = started.parameters["attempt"]
        transfer = partial(self._transfer, started.call_sid, attempt_id) if self._transfer else None
        line = SocketLine(Outgoing(started.stream_sid), transfer)
        handler = self._make_call(line, attempt_id)
        await _Stream(socket, line, handler).carry()

    def _admit(self, started: Started) -> bool:
        now = self._now()
        attempt_id, token = started.parameters.get("attempt", ""), started.parameters.get("token", "")
        if not self._tokens.valid(token, attempt_id=attempt_id, carrier_ref=started.call_sid, now=now):
            return False
        self._used = {known: at for known, at in self._used.items() if (now - at).total_seconds() < self._lifetime}
        if token in self._used:
            return False
        self._used[token] = now
        return True


class _Stream:
    """Reader, writer and handler of one call; the first to end ends the others."""

    def __init__(self, socket: WebSocket, line: SocketLine, handler: CallHandler) -> None:
        self._socket, self._line, self._handler = socket, line, handler
        self._order = FrameOrder()
        self._garbage = 0
        self._last_message = asyncio.get_running_loop().time()

    async def carry(self) -> None:
        """Lasts until the call is over and its handler done. Lets an error of the handler out."""
        run = asyncio.create_task(self._handler.run())
        wire = [asyncio.create_task(each) for each in (self._read(), self._write(), self._watch())]
        try:
            await asyncio.wait([run, *wire], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._line.gone()
            failures = await stopped(wire)  # the handler hears nothing more
            await _close(self._socket)  # at once: the patient need not wait for our storing
        if not run.done():
            self._handler.ended()
            await asyncio.wait([run], timeout=_HANDLER_GRACE_SECONDS)
        if not run.done():
            _log.error("media stream: the call's handler did not end in %.0f s", _HANDLER_GRACE_SECONDS)
        failures += await stopped([run])
        if self._garbage or self._order.dropped:
            _log.warning("media stream: %d garbage messages, %d frames dropped", self._garbage, self._order.dropped)
        for failure in failures:
            raise failure

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        while (text := await _receive(self._socket)) is not None:
            self._last_message = loop.time()
            try:
                message = parse(text)
            except BadMessage:
                self._garbage += 1
                continue
            if isinstance(message, Media):
                self._hear(self._order.push(message))
            elif isinstance(message, Digit):
                self._handler.digit(message.digit)
            elif isinstance(message, MarkReached):
                self._handler.marked(message.name)
            elif isinstance(message, Stopped):
                break
        self._hear(self._order.flush())

    def _hear(self, due: list[Media]) -> None:
        for media in due:
            self._handler.heard(media.ulaw, media.at_ms)

    async def _write(self) -> None:
        try:
            await self._line.write_to(self._socket.send_text)
        except (WebSocketDisconnect, RuntimeError, OSError):
            return  # the wire is gone: the same as the patient hanging up

    async def _watch(self) -> None:
        loop, left = asyncio.get_running_loop(), _DEAD_SECONDS
        while left > 0:
            await asyncio.sleep(left)
            left = self._last_message + _DEAD_SECONDS - loop.time()
        _log.warning("media stream: nothing came for %.0f s, the wire is taken for dead", _DEAD_SECONDS)


async def _receive(socket: WebSocket) -> str | None:
    """The next message's text ("" for a binary one), None at the end."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    return message.get("text") or ""


async def _read_start(socket: WebSocket) -> Started | None:
    """The stream's first message of meaning, None if it is anything but `start` or does not come."""
    try:
        async with asyncio.timeout(_START_SECONDS):
            while (text := await _receive(socket)) is not None:
                message = parse(text)
                if message is not None:
                    return message if isinstance(message, Started) else None
    except (TimeoutError, BadMessage):
        return None
    return None


async def _close(socket: WebSocket, code: int = 1000) -> None:
    try:
        await socket.close(code)
    except (RuntimeError, WebSocketDisconnect, OSError):
        return  # the other side closed first


def media_router(
    settings: TwilioSettings, make_call: CallFactory, now: Now, transfer: TransferCall | None = None
) -> APIRouter:
    """The WebSocket /twilio/media. `make_call(line, attempt id)` is called once for each admitted stream; `transfer`
    is what its line can ask the carrier for."""
    streams = MediaStreams(settings, make_call, now, transfer)
    routes = APIRouter()
    endpoint: Callable[[WebSocket], object] = streams.endpoint
    for path in (MEDIA_PATH, MEDIA_PATH + "/"):
        routes.add_api_websocket_route(path, endpoint)
    return routes
