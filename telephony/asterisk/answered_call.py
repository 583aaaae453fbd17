"""One answered call: its sound is brought to us over a media channel, bridged to the patient's, and given back."""

import asyncio
import contextlib
import logging

from telephony.asterisk.ari import Ari, AriError
from telephony.asterisk.media import MediaRefused, MediaStream, open_socket
from telephony.asterisk.media_line import MediaLine
from telephony.asterisk.settings import AsteriskSettings
from telephony.line import CallFactory, CallHandler

_log = logging.getLogger("suifang.asterisk")

MEDIA_SUFFIX = "-media"
_BRIDGE_SUFFIX = "-bridge"
_ENTER_SECONDS = 5.0


class AnsweredCall:
    """`media_entered` is set from outside, as the PBX's events tell; `gone` and `leave` end the call from outside."""

    def __init__(self, ari: Ari, settings: AsteriskSettings, channel_id: str) -> None:
        self._ari, self._settings, self._channel_id = ari, settings, channel_id
        self._media_id, self._bridge_id = channel_id + MEDIA_SUFFIX, channel_id + _BRIDGE_SUFFIX
        self.media_entered = asyncio.Event()
        self._over = asyncio.Event()
        self._gone = self._released = False

    def gone(self) -> None:
        """The patient's channel exists no more."""
        self._gone = True
        self._over.set()

    def leave(self) -> None:
        """We end the call, as if the line had broken: what was said last is kept."""
        self._over.set()

    async def run(self, make_call: CallFactory, attempt_id: str) -> None:
        """From the answer to the end. Lets an error of the call's handler out."""
        handler: CallHandler | None = None

        def told(name: str) -> None:
            if handler is not None:
                handler.marked(name)

        line = MediaLine(told)
        try:
            stream = await self._connect(line)
            handler = make_call(line, attempt_id)
            await stream.carry(handler, self._over, self.release)
        except (AriError, MediaRefused, TimeoutError) as error:
            _log.error("no sound for an answered call: attempt=%s %s", attempt_id, _code(error))
        finally:
            await self.release()

    async def _connect(self, line: MediaLine) -> MediaStream:
        """Raises AriError, MediaRefused, TimeoutError."""
        connection_id, _ = await asyncio.gather(
            self._ari.open_media(self._media_id), self._ari.create_bridge(self._bridge_id)
        )
        socket = await open_socket(self._settings, connection_id, self._media_id)
        try:
            async with asyncio.timeout(_ENTER_SECONDS):
                await self.media_entered.wait()  # a channel that has not entered our application cannot be bridged
            await self._ari.join(self._bridge_id, (self._channel_id, self._media_id))
        except BaseException:  # whatever it was, cancellation included, goes on once the socket is closed
            await socket.close()
            raise
        return MediaStream(socket, line, self._still_up)

    async def _still_up(self) -> bool:
        try:
            return await self._ari.channel(self._channel_id) is not None
        except AriError:
            return True  # not known: the PBX will say, or end the call itself

    async def release(self) -> None:
        """Lets the telephone go and takes everything down, once; what is gone already is no matter."""
        if self._released:
            return
        self._released = True
        channels = [self._media_id] if self._gone else [self._channel_id, self._media_id]
        for channel_id in channels:
            with contextlib.suppress(AriError):
                await self._ari.hang_up(channel_id)
        with contextlib.suppress(AriError):
            await self._ari.destroy_bridge(self._bridge_id)


def _code(error: Exception) -> str:
    if isinstance(error, AriError):
        return f"ari_{error.status}"
    return error.code if isinstance(error, MediaRefused) else "media_channel_did_not_enter"
