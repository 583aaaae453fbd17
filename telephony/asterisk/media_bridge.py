"""Sound between us and one channel at the PBX: a media channel of ours, and the bridge that joins the two."""

import asyncio
import contextlib

from telephony.asterisk.ari import Ari, AriError
from telephony.asterisk.media import MediaRefused, MediaStream, StillUp, open_socket
from telephony.asterisk.media_line import MediaLine
from telephony.asterisk.settings import AsteriskSettings

_ENTER_SECONDS = 5.0

NO_SOUND = (AriError, MediaRefused, TimeoutError)
"""What `connect` raises."""


class MediaBridge:
    """Opened once. `entered`: the media channel has entered our application, and whatever else is to be joined."""

    def __init__(self, ari: Ari, settings: AsteriskSettings, media_id: str) -> None:
        self._ari, self._settings, self._media_id = ari, settings, media_id
        self.entered = asyncio.Event()

    async def connect(self, channel_id: str, line: MediaLine, still_up: StillUp) -> MediaStream:
        """Raises what NO_SOUND names."""
        connection_id, _ = await asyncio.gather(
            self._ari.open_media(self._media_id), self._ari.create_bridge(self._bridge_id)
        )
        socket = await open_socket(self._settings, connection_id, self._media_id)
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(socket.close)
            async with asyncio.timeout(_ENTER_SECONDS):
                await self.entered.wait()  # a channel that has not entered our application cannot be bridged
            await self._ari.join(self._bridge_id, (channel_id, self._media_id))
            stack.pop_all()  # from here on the stream closes it
        return MediaStream(socket, line, still_up)

    async def close(self) -> None:
        """What is gone already is no matter."""
        with contextlib.suppress(AriError):
            await self._ari.hang_up(self._media_id)
        with contextlib.suppress(AriError):
            await self._ari.destroy_bridge(self._bridge_id)

    @property
    def _bridge_id(self) -> str:
        return f"{self._media_id}-bridge"


def code_of(error: Exception) -> str:
    """Why there was no sound, for a log."""
    if isinstance(error, AriError):
        return f"ari_{error.status}"
    return error.code if isinstance(error, MediaRefused) else "media_channel_did_not_enter"
