"""What a telephone that still rings brings: heard through a second ear on its channel, which the call itself never
notices. Without it a call goes on as well: nothing here may harm it."""

import asyncio
import contextlib
import logging

from telephony.asterisk.ari import Ari, AriError
from telephony.asterisk.media_bridge import NO_SOUND, MediaBridge, code_of
from telephony.asterisk.media_line import MediaLine
from telephony.asterisk.names import Leg, extra
from telephony.asterisk.settings import AsteriskSettings
from telephony.line import EarlyHandler

_log = logging.getLogger("suifang.asterisk")


class EarlyMedia:
    """One patient's channel from its first sign of life to its answer or end. What the PBX's events tell comes in by
    `entered`, `answered` and `gone`."""

    def __init__(self, ari: Ari, settings: AsteriskSettings, channel_id: str) -> None:
        self._ari, self._channel_id = ari, channel_id
        self._snoop_id = extra(channel_id, Leg.SNOOP, 1)
        self._media = MediaBridge(ari, settings, extra(channel_id, Leg.EARLY, 1))
        self._missing = {Leg.SNOOP, Leg.EARLY}  # not in our application yet
        self._handler: EarlyHandler | None = None
        self._over = asyncio.Event()

    def entered(self, leg: Leg) -> None:
        self._missing.discard(leg)
        if not self._missing:
            self._media.entered.set()

    def answered(self) -> None:
        if self._handler is not None:
            self._handler.answered()
        self._over.set()

    def gone(self) -> None:
        """The patient's channel exists no more."""
        self._over.set()

    async def run(self, handler: EarlyHandler) -> None:
        """Until the answer or the end; hangs up where the network has said that nobody will answer."""
        self._handler = handler
        line = MediaLine(handler.marked)
        try:
            await self._ari.snoop(self._channel_id, self._snoop_id)
            stream = await self._media.connect(self._snoop_id, line, self._rings)
            await stream.carry(handler, self._over, self.take_down)
        except NO_SOUND as error:
            _log.info("a call is not heard before its answer: %s", code_of(error))
        finally:
            await self.take_down()
        if handler.hopeless:
            with contextlib.suppress(AriError):
                await self._ari.hang_up(self._channel_id)

    async def take_down(self) -> None:
        """What is gone already is no matter."""
        with contextlib.suppress(AriError):
            await self._ari.hang_up(self._snoop_id)
        await self._media.close()

    async def _rings(self) -> bool:
        return not self._over.is_set()
