"""One answered call: its sound is brought to us over a media channel, bridged to the patient's, and given back."""

import asyncio
import contextlib
import logging

from agent.schedule.ports import CarrierEvents
from telephony.asterisk.ari import Ari, AriError
from telephony.asterisk.handover import Handover, News, Outcome
from telephony.asterisk.media_bridge import NO_SOUND, MediaBridge, code_of
from telephony.asterisk.media_line import MediaLine
from telephony.asterisk.names import Leg, extra
from telephony.asterisk.settings import AsteriskSettings
from telephony.line import CallFactory, CallHandler, TransferFailed

_log = logging.getLogger("suifang.asterisk")


class AnsweredCall:
    """The patient's channel from the answer to the end, over one line of ours or, after a nurse who did not come, two.
    What the PBX's events tell comes in by `media_entered`, `nurse` and `gone`; `leave` ends the call from our side.
    `lines`: how many a process before us has opened."""

    def __init__(self, ari: Ari, settings: AsteriskSettings, channel_id: str, lines: int = 0) -> None:
        self._ari, self._settings, self._channel_id = ari, settings, channel_id
        self._number = lines
        self._media = self._media_bridge()
        self._over = asyncio.Event()
        self._handover: Handover | None = None
        self._handing: asyncio.Task[Outcome] | None = None
        self._gone = self._released = False

    def media_entered(self) -> None:
        self._media.entered.set()

    def nurse(self, *, came: bool) -> None:
        if self._handover is not None:
            self._handover.tell(News.NURSE_CAME if came else News.NURSE_GONE)

    def gone(self) -> None:
        """The patient's channel exists no more."""
        self._gone = True
        self._over.set()
        if self._handover is not None:
            self._handover.tell(News.PATIENT_GONE)

    def leave(self) -> None:
        """We end the call, as if the line had broken: what was said last is kept. A nurse who talks, talks on."""
        self._over.set()
        if self._handing is not None:
            self._released = True
            self._handing.cancel()

    async def run(self, make_call: CallFactory, attempt_id: str, events: CarrierEvents) -> None:
        """Until everything is over. Lets an error of the call's handler out."""
        try:
            while await self._line(make_call, attempt_id) and await self._came_back(attempt_id, events):
                self._over = asyncio.Event()
        finally:
            await self.release()

    async def resume(self, make_call: CallFactory, attempt_id: str, events: CarrierEvents, *, talking: bool) -> None:
        """The same for a call found after a restart with a nurse's telephone at it."""
        handover = self._new_handover()
        handover.talking = talking
        handover.line_closed.set()
        self._handing = asyncio.create_task(handover.run())
        again = False
        try:
            again = await self._came_back(attempt_id, events)
        finally:
            if not again:
                await self.release()
        if again:
            await self.run(make_call, attempt_id, events)

    async def _came_back(self, attempt_id: str, events: CarrierEvents) -> bool:
        """After a line that handed over: waits for what comes of it."""
        if self._handing is None:
            return False
        with contextlib.suppress(asyncio.CancelledError):
            outcome = await self._handing
            self._handover = self._handing = None
            if outcome is Outcome.BACK:
                return True
            await events.transfer_ended(attempt_id, taken=outcome is Outcome.TAKEN)
        return False

    async def _line(self, make_call: CallFactory, attempt_id: str) -> bool:
        """One line and its handler, from connecting to stored; False when there was no sound to be had."""
        handler: CallHandler | None = None
        self._number += 1
        self._media = self._media_bridge()

        def told(name: str) -> None:
            if handler is not None:
                handler.marked(name)

        line = MediaLine(told, self._transfer)
        try:
            stream = await self._media.connect(self._channel_id, line, self._still_up)
            handler = make_call(line, attempt_id)
            await stream.carry(handler, self._over, self._let_go)
        except NO_SOUND as error:
            _log.error("no sound for an answered call: attempt=%s %s", attempt_id, code_of(error))
            return False
        return True

    def _media_bridge(self) -> MediaBridge:
        return MediaBridge(self._ari, self._settings, extra(self._channel_id, Leg.MEDIA, self._number))

    async def _still_up(self) -> bool:
        try:
            return await self._ari.channel(self._channel_id) is not None
        except AriError:
            return True  # not known: the PBX will say, or end the call itself

    def _new_handover(self) -> Handover:
        self._handover = Handover(self._ari, self._settings, self._channel_id, self._number)
        return self._handover

    async def _transfer(self, to: str, ring_seconds: int) -> None:
        """What the line's `transfer` does. Raises TransferFailed, and then the line stays as it is."""
        handover = self._new_handover()
        try:
            await handover.ring_at(to, ring_seconds)
        except TransferFailed:
            self._handover = None
            raise
        self._handing = asyncio.create_task(handover.run())
        self._over.set()  # this line closes

    async def _let_go(self) -> None:
        """The line is over: with the call, unless a nurse is coming."""
        if self._handover is None:
            await self.release()
            return
        await self._media.close()
        self._handover.line_closed.set()

    async def release(self) -> None:
        """Lets the telephone go and takes everything down, once; what is gone already is no matter."""
        if self._released:
            return
        self._released = True
        if not self._gone:
            with contextlib.suppress(AriError):
                await self._ari.hang_up(self._channel_id)
        if self._number > 0:
            await self._media.close()
