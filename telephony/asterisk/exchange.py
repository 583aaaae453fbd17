"""The whole Asterisk channel of one process: dialler, events, calls."""

import asyncio
import contextlib

from agent.schedule.ports import CarrierEvents
from telephony.asterisk.ari import Ari
from telephony.asterisk.dialler import AsteriskDialler
from telephony.asterisk.event_stream import EventStream
from telephony.asterisk.events import Event
from telephony.asterisk.settings import AsteriskSettings
from telephony.asterisk.switchboard import Switchboard
from telephony.line import CallFactory, EarlyFactory


class AsteriskExchange:
    """Made with the settings, opened once there is somebody to tell and something that can talk."""

    def __init__(self, settings: AsteriskSettings) -> None:
        self._settings = settings
        self._ari = Ari(settings)
        self._switchboard: Switchboard | None = None
        self._stream = EventStream(settings, self._handle, self._look_round)
        self._listening: asyncio.Task[None] | None = None
        self.dialler = AsteriskDialler(self._ari, settings, self.up, self._ending)

    def up(self) -> bool:
        """Whether calls can be made now."""
        return self._stream.up

    def open(self, events: CarrierEvents, make_call: CallFactory, make_early: EarlyFactory | None = None) -> None:
        """Connects in the background, and again whenever the connection is lost. Without `make_early` nobody listens
        before the answer."""
        self._switchboard = Switchboard(self._ari, self._settings, events, make_call, make_early)
        self._listening = asyncio.create_task(self._stream.run())

    async def wait_up(self, seconds: float) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not self.up():
                self._stream.changed.clear()
                await self._stream.changed.wait()

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        if self._switchboard is not None:
            await self._switchboard.close()
        await self._ari.close()

    def _handle(self, event: Event) -> None:
        if self._switchboard is not None:
            self._switchboard.handle(event)

    async def _look_round(self) -> None:
        if self._switchboard is not None:
            await self._switchboard.look_round()

    def _ending(self, channel_id: str) -> str | None:
        return self._switchboard.ending(channel_id) if self._switchboard is not None else None
