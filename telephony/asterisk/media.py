"""One media WebSocket to the PBX: connect with the id it gave us, then carry one call."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from telephony.asterisk.ari import tls
from telephony.asterisk.media_line import MediaLine
from telephony.asterisk.quiet import QUIET
from telephony.asterisk.settings import AsteriskSettings
from telephony.asterisk.steady import SteadySound
from telephony.asterisk.wire import BadMessage, Digit, Flow, MarkPassed, Started, parse
from telephony.line import FRAME_BYTES, FRAME_SECONDS, CallHandler
from telephony.stopping import stopped

_log = logging.getLogger("suifang.asterisk")

_START_SECONDS = 5.0
_CLOSE_SECONDS = 1.0
_DEAD_SECONDS = 15.0  # this long without a frame, and the PBX is asked whether the call still is
_HANDLER_GRACE_SECONDS = 60.0  # to store what was heard after the line has gone

StillUp = Callable[[], Awaitable[bool]]


class MediaRefused(Exception):
    """The PBX did not give us the sound of our call. `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def open_socket(settings: AsteriskSettings, connection_id: str, channel_id: str) -> ClientConnection:
    """A socket whose first message said that it carries this channel. Raises MediaRefused."""
    url = f"{settings.socket_url}/media/{connection_id}"
    try:
        socket = await connect(
            url,
            subprotocols=["media"],  # type: ignore[list-item]
            ssl=tls(settings),
            compression=None,
            proxy=None,
            open_timeout=_START_SECONDS,
            close_timeout=_CLOSE_SECONDS,
            ping_interval=None,  # sound comes fifty times a second
            logger=QUIET,
        )
    except (OSError, InvalidHandshake, InvalidURI, TimeoutError):
        raise MediaRefused("not_connected") from None
    try:
        async with asyncio.timeout(_START_SECONDS):
            _check(await socket.recv(), connection_id, channel_id)
    except (ConnectionClosed, TimeoutError):
        await socket.close()
        raise MediaRefused("no_start") from None
    except MediaRefused:
        await socket.close()
        raise
    return socket


def _check(first: str | bytes, connection_id: str, channel_id: str) -> None:
    try:
        started = parse(first) if isinstance(first, str) else None
    except BadMessage:
        started = None
    if not isinstance(started, Started):
        raise MediaRefused("no_start")
    if (started.connection_id, started.channel_id) != (connection_id, channel_id):
        raise MediaRefused("other_channel")
    if (started.format, started.frame_bytes) != ("ulaw", FRAME_BYTES):
        raise MediaRefused("other_format")


class MediaStream:
    """Reader, writer, clock and handler of one call; the first to end ends the others."""

    def __init__(self, socket: ClientConnection, line: MediaLine, still_up: StillUp) -> None:
        self._socket, self._line, self._still_up = socket, line, still_up
        loop = asyncio.get_running_loop()
        self._sound = SteadySound(loop.time())
        self._last_frame = loop.time()
        self._garbage = 0

    async def carry(self, handler: CallHandler, over: asyncio.Event, release: Callable[[], Awaitable[None]]) -> None:
        """Lasts until the call is over and its handler done, also when cancelled; `release` lets the patient's
        telephone go while the handler stores what it heard. Lets an error of the handler out."""
        run = asyncio.create_task(handler.run())
        parts = (self._read(handler), self._write(), self._fill(handler), self._watch(), over.wait())
        wire = [asyncio.ensure_future(part) for part in parts]
        try:
            await asyncio.wait([run, *wire], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._line.gone()
            failures = await stopped(wire)
            if not run.done():
                handler.ended()
            await release()
            await self._socket.close()
            await asyncio.wait([run], timeout=_HANDLER_GRACE_SECONDS)
            if not run.done():
                _log.error("media: the call's handler did not end in %.0f s", _HANDLER_GRACE_SECONDS)
            failures += await stopped([run])
        if self._garbage:
            _log.warning("media: %d messages that are not of the protocol", self._garbage)
        for failure in failures:
            raise failure

    async def _read(self, handler: CallHandler) -> None:
        loop = asyncio.get_running_loop()
        try:
            async for message in self._socket:
                if isinstance(message, bytes):
                    self._last_frame = loop.time()
                    if message:
                        handler.heard(*self._sound.arrived(message))
                else:
                    self._control(message, handler)
        except ConnectionClosed:
            return

    def _control(self, text: str, handler: CallHandler) -> None:
        try:
            message = parse(text)
        except BadMessage:
            self._garbage += 1
            return
        if isinstance(message, Digit):
            handler.digit(message.digit)
        elif isinstance(message, MarkPassed):
            self._line.passed(message.name)
        elif isinstance(message, Flow):
            self._line.room(message.on)
        elif message is not None:
            self._garbage += 1

    async def _write(self) -> None:
        try:
            await self._line.write_to(self._socket.send)
        except (ConnectionClosed, OSError):
            return  # the wire is gone: the same as the patient hanging up

    async def _fill(self, handler: CallHandler) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(FRAME_SECONDS, self._sound.seconds_to_hole(loop.time())))
            silence = self._sound.due(loop.time())
            if silence is not None:
                handler.heard(*silence)

    async def _watch(self) -> None:
        """Ends when the PBX no longer knows the call: its news may have been lost with the event socket."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(1.0, self._last_frame + _DEAD_SECONDS - loop.time()))
            if loop.time() - self._last_frame >= _DEAD_SECONDS and not await self._still_up():
                return
