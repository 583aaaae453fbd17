"""A carrier on the year's clock, and how each call of it ends: by the carrier's word, or as a conversation would end
it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.attempts import Stamp, begin_attempt, end_attempt, progress, stop_everything
from agent.escalation.policy import Occasion, for_request
from agent.model.clock import NewId
from agent.model.contact import Attempt, AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Level
from agent.model.step import End, Request
from agent.retries import RetryPolicy
from agent.schedule.calendar import CallingCalendar
from agent.schedule.dispatcher import Dispatcher
from agent.schedule.ports import CarrierStatus
from agent.store.ports import Records, Store
from agent.unreached import Unreached

TALKS = timedelta(minutes=4)
FORGOTTEN = 0.01  # of the carrier's words that get lost
HEARD_BY_US = {
    "powered_off": AttemptOutcome.POWERED_OFF, "voicemail": AttemptOutcome.VOICEMAIL,
    "out_of_reach": AttemptOutcome.OUT_OF_REACH, "suspended": AttemptOutcome.SUSPENDED,
}  # fmt: skip
ENDS = {
    "completed": (ContactStatus.COMPLETED, AttemptOutcome.COMPLETED),
    "hung_up": (ContactStatus.PARTIAL, AttemptOutcome.HUNG_UP),
    "red_flag": (ContactStatus.PARTIAL, AttemptOutcome.RED_FLAG),
    "declined": (ContactStatus.DECLINED, AttemptOutcome.DECLINED),
    "opt_out": (ContactStatus.DECLINED, AttemptOutcome.DECLINED),
    "deceased": (ContactStatus.WAIVED, AttemptOutcome.COMPLETED),
    "wrong_person": (ContactStatus.UNREACHABLE, AttemptOutcome.WRONG_PERSON),
    "technical": (ContactStatus.PARTIAL, AttemptOutcome.TECHNICAL),
}
STOPS = frozenset({"opt_out", "deceased"})


@dataclass
class YearCarrier:
    """Remembers every dial with its moment; `down`: the network answers 503 to everything."""

    now: Callable[[], datetime]
    calls: list[tuple[str, str, datetime]] = field(default_factory=list)  # attempt id, number, moment
    fresh: list[str] = field(default_factory=list)
    ended: dict[str, str] = field(default_factory=dict)  # attempt id -> the word nobody was told
    down: bool = False

    async def dial(self, *, attempt_id: str, to: str) -> str:
        self.calls.append((attempt_id, to, self.now()))
        self.fresh.append(attempt_id)
        return f"CA-{attempt_id}"

    async def status(self, carrier_ref: str) -> str:
        return self.ended.get(carrier_ref.removeprefix("CA-"), "in-progress")

    async def hang_up(self, carrier_ref: str) -> None:
        return None

    async def find(self, *, attempt_id: str, to: str, since: datetime) -> str | None:
        return None


@dataclass
class Endings:
    store: Store
    dispatcher: Dispatcher
    carrier: YearCarrier
    retries: RetryPolicy
    calendar: CallingCalendar
    chance: random.Random
    new_id: NewId

    async def end(self, attempt_id: str, word: str, now: datetime) -> str | None:
        """The call ends so; returns the id of a card it raised."""
        if self.carrier.down:
            await self._carrier_says(attempt_id, "failed", now, 503)
        elif word in ("no-answer", "busy", "failed", "no_such_number"):
            said = "failed" if word == "no_such_number" else word
            await self._carrier_says(attempt_id, said, now, 404 if word == "no_such_number" else None)
        else:
            await self._carrier_says(attempt_id, "in-progress", now)
            return await self._talked(attempt_id, word, now)
        return None

    async def _carrier_says(self, attempt_id: str, word: str, now: datetime, sip: int | None = None) -> None:
        if word != "in-progress" and self.chance.random() < FORGOTTEN:
            self.carrier.ended[attempt_id] = word  # nobody is told: `settle` has to ask
            return
        said = CarrierStatus(attempt_id, f"CA-{attempt_id}", word, now, sip_code=sip)
        await self.dispatcher.status_changed(said)

    async def _talked(self, attempt_id: str, word: str, now: datetime) -> str | None:
        stamp = Stamp(now, "robot", self.new_id())
        async with self.store.transaction() as records:
            attempt = await records.attempt(attempt_id)
            if word in HEARD_BY_US:
                await Unreached(self.retries, self.new_id).end(records, attempt, HEARD_BY_US[word], word, stamp)
                return None
            attempt = await progress(records, attempt, AttemptOutcome.ANSWERED, now, "patient")
            contact = await records.contact(attempt.contact_id)
            end = self.retries.ending(self._end_of(word, now), contact.attempts_made, now)
            await end_attempt(records, attempt, end, stamp)
            if word in STOPS:
                await stop_everything(records, attempt.patient_id, word, Channel.PHONE, stamp)
            return await self._raise_card(records, attempt, now) if word == "red_flag" else None

    def _end_of(self, word: str, now: datetime) -> End:
        if word == "postponed":
            wish = now + timedelta(hours=self.chance.uniform(1, 100))
            return End(ContactStatus.DUE, AttemptOutcome.POSTPONED, word, self.calendar.next_open(wish))
        return End(*ENDS[word], word)

    async def _raise_card(self, records: Records, attempt: Attempt, now: datetime) -> str | None:
        occasion = Occasion(attempt.patient_id, attempt.contact_id, now, attempt.id)
        known = await records.escalations(patient_id=attempt.patient_id)
        asked = Request(EscalationKind.RED_FLAG, "演习", Level.RED, "drill")
        made = for_request(asked, occasion, known, self.new_id)
        if made is None or made.id in {card.id for card in known}:
            return None
        await records.add_escalation(made)
        return made.id

    async def answer_link(self, contact_id: str, now: datetime) -> None:
        """The patient completes the contact in the chat."""
        async with self.store.transaction() as records:
            contact = await records.contact(contact_id)
            if contact.status is not ContactStatus.DUE:
                return
            attempt = Attempt(
                self.new_id(), contact.id, contact.patient_id, Channel.WEBCHAT, AttemptOutcome.INTENDED, now
            )
            await begin_attempt(records, contact, attempt)
            await end_attempt(
                records, attempt, End(*ENDS["completed"], "completed"), Stamp(now, "robot", self.new_id())
            )
