"""All calls of this process at the PBX: events in, statuses and answered calls out."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.schedule.ports import CarrierEvents, CarrierStatus
from telephony.asterisk.answered_call import AnsweredCall
from telephony.asterisk.ari import Ari
from telephony.asterisk.causes import sip_code, verdict
from telephony.asterisk.early_media import EarlyMedia
from telephony.asterisk.events import Alerting, Entered, Event, Gone
from telephony.asterisk.names import Leg, attempt_of, extra, leg_of
from telephony.asterisk.settings import AsteriskSettings
from telephony.line import CallFactory, EarlyFactory

_log = logging.getLogger("suifang.asterisk")

_ENDINGS_KEPT = 2_000
_GRACE_SECONDS = 1.0
_STORING_SECONDS = 20.0
_RINGING = ("Ring", "Ringing")


@dataclass(slots=True)
class _Call:
    attempt_id: str
    responded: bool = False  # the trunk has said anything at all
    ringing: bool = False
    answered_at: datetime | None = None
    talk: AnsweredCall | None = None
    early: EarlyMedia | None = None  # what listens before the answer
    heard_early: asyncio.Task[None] | None = None
    told: asyncio.Task[None] | None = None  # the last status on its way to the scheduler: they stay in order


class Switchboard:
    """A call's channel id is made from its attempt id, so that a call can be asked for, and taken over while it
    still rings, by a process that has forgotten it."""

    def __init__(
        self,
        ari: Ari,
        settings: AsteriskSettings,
        events: CarrierEvents,
        make_call: CallFactory,
        make_early: EarlyFactory | None = None,
    ) -> None:
        self._ari, self._settings, self._events, self._make_call = ari, settings, events, make_call
        self._make_early = make_early if settings.listen_before_answer else None
        self._calls: dict[str, _Call] = {}
        self._endings: OrderedDict[str, str] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def ending(self, channel_id: str) -> str | None:
        """The final status word of a call that ended while this process listened."""
        return self._endings.get(channel_id)

    def handle(self, event: Event) -> None:
        if isinstance(event, Alerting):
            self._alerting(event)
        elif isinstance(event, Entered):
            self._entered(event)
        elif isinstance(event, Gone):
            self._gone(event)

    async def look_round(self) -> None:
        """After (re)connecting: what became of our calls while nobody listened? Raises AriError."""
        states = {each.id: each.state for each in await self._ari.channels()}
        for channel_id in states:
            self._call(channel_id)
        for channel_id, call in list(self._calls.items()):
            if channel_id not in states:
                self._end(channel_id, call, None)
            elif states[channel_id] == "Up" and call.talk is None:
                self._found_up(channel_id, call, states.get(extra(channel_id, Leg.NURSE, 1)))
            elif states[channel_id] in _RINGING:
                self._listen(channel_id, call)

    def _found_up(self, channel_id: str, call: _Call, nurse: str | None) -> None:
        """`nurse`: the state of her channel, if there is one."""
        if nurse is None:
            self._spawn(self._let_go(channel_id, call), call.attempt_id)
            return
        call.talk = AnsweredCall(self._ari, self._settings, channel_id, lines=1)
        work = call.talk.resume(self._make_call, call.attempt_id, self._events, talking=nurse == "Up")
        self._spawn(work, call.attempt_id)

    async def _let_go(self, channel_id: str, call: _Call) -> None:
        """Answered, and nobody of ours is on it: better the end of the call than silence. First a moment's grace, for
        the news that it was answered may be on its way."""
        await asyncio.sleep(_GRACE_SECONDS)
        if call.talk is None and channel_id in self._calls:
            _log.warning("a call without a conversation is hung up: attempt=%s", call.attempt_id)
            await AnsweredCall(self._ari, self._settings, channel_id, lines=1).release()

    async def close(self) -> None:
        """Hangs up what is still on the line, and waits until it is stored."""
        for call in self._calls.values():
            if call.talk is not None:
                call.talk.leave()
            if call.early is not None:
                call.early.gone()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STORING_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _call(self, channel_id: str) -> _Call | None:
        """The call on this channel, also one dialled before this process began; None for channels not ours."""
        known = self._calls.get(channel_id)
        attempt_id = attempt_of(self._settings.app, channel_id)
        if known is not None or attempt_id is None or channel_id in self._endings:
            return known
        return self._calls.setdefault(channel_id, _Call(attempt_id))

    def _alerting(self, event: Alerting) -> None:
        call = self._call(event.channel_id)
        if call is None:
            return
        call.responded = True
        if event.audible:
            self._listen(event.channel_id, call)
        if event.ringing and not call.ringing:
            call.ringing = True
            self._tell(event.channel_id, call, "ringing", event.at)

    def _listen(self, channel_id: str, call: _Call) -> None:
        """To what the network announces while the telephone rings."""
        if self._make_early is not None and call.early is None and call.talk is None:
            call.early = EarlyMedia(self._ari, self._settings, channel_id)
            work = call.early.run(self._make_early(call.attempt_id))
            call.heard_early = self._spawn(work, call.attempt_id)

    def _entered(self, event: Entered) -> None:
        patient, leg = leg_of(event.channel_id)
        if leg is not Leg.PATIENT:
            self._extra_entered(self._calls.get(patient), leg)
            return
        call = self._call(event.channel_id)
        if call is None or call.talk is not None:
            return
        call.answered_at = event.at
        if call.early is not None:
            call.early.answered()
        call.talk = AnsweredCall(self._ari, self._settings, event.channel_id)
        self._tell(event.channel_id, call, "in-progress", event.at)
        self._spawn(call.talk.run(self._make_call, call.attempt_id, self._events), call.attempt_id)

    def _extra_entered(self, call: _Call | None, leg: Leg) -> None:
        if call is None:
            return
        if leg in (Leg.SNOOP, Leg.EARLY):
            if call.early is not None:
                call.early.entered(leg)
        elif call.talk is not None:
            call.talk.media_entered() if leg is Leg.MEDIA else call.talk.nurse(came=True)

    def _gone(self, event: Gone) -> None:
        patient, leg = leg_of(event.channel_id)
        owner = self._calls.get(patient)
        if leg is Leg.NURSE and owner is not None and owner.talk is not None:
            owner.talk.nurse(came=False)
        call = self._call(event.channel_id)
        if call is not None:
            self._end(event.channel_id, call, event)

    def _end(self, channel_id: str, call: _Call, event: Gone | None) -> None:
        """`event` None: it ended unseen, and nobody can say how."""
        del self._calls[channel_id]
        if call.talk is not None:
            call.talk.gone()
        if call.early is not None:
            call.early.gone()
        if event is None:
            return
        said = verdict(event.cause, event.sip, answered=event.answered, responded=call.responded)
        _log.info("call ended: attempt=%s status=%s reason=%s", call.attempt_id, said.status, said.reason)
        self._endings[channel_id] = said.status
        if len(self._endings) > _ENDINGS_KEPT:
            self._endings.popitem(last=False)
        seconds = round((event.at - call.answered_at).total_seconds()) if call.answered_at else None
        code = sip_code(event.cause, event.sip)
        status = CarrierStatus(call.attempt_id, channel_id, said.status, event.at, seconds=seconds, sip_code=code)
        heard = call.heard_early if call.talk is None else None  # what was announced last says more than a code
        self._pass_on(call, status, after=heard)

    def _tell(self, channel_id: str, call: _Call, status: str, at: datetime) -> None:
        self._pass_on(call, CarrierStatus(call.attempt_id, channel_id, status, at))

    def _pass_on(self, call: _Call, status: CarrierStatus, after: asyncio.Task[None] | None = None) -> None:
        before = [each for each in (call.told, after) if each is not None]
        call.told = self._spawn(self._in_order(before, status), call.attempt_id)

    async def _in_order(self, before: Collection[asyncio.Task[None]], status: CarrierStatus) -> None:
        if before:
            await asyncio.wait(before)
        await self._events.status_changed(status)

    def _spawn(self, work: Coroutine[Any, Any, None], attempt_id: str) -> asyncio.Task[None]:
        """A failure ends with a line in the log: `settle` asks about every call that stays open."""
        task = asyncio.create_task(work)
        self._tasks.add(task)

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            failure = None if task.cancelled() else task.exception()
            if failure is not None:
                _log.error("call failed: attempt=%s %s", attempt_id, type(failure).__name__)

        task.add_done_callback(done)
        return task
