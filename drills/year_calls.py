"""A carrier on the year's clock, and how each call of it ends: by the carrier's word, or as a conversation would end
it."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.attempts.hours import LEARNED_WITHIN
from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import Stamp, begin_attempt, end_attempt, progress, stop_everything
from agent.attempts.unreached import Unreached
from agent.escalation.policy import Occasion, for_request
from agent.model.clock import NewId
from agent.model.contact import Attempt, AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Level
from agent.model.step import End, Request
from agent.schedule.calendar import CallingCalendar
from agent.schedule.dispatcher import Dispatcher
from agent.schedule.gathered import Gathered
from agent.schedule.ports import CarrierStatus
from agent.store.ports import Records, Store

TALKS = timedelta(minutes=4)
FORGOTTEN = 0.01  # of the carrier's words that get lost
SAID: dict[str, tuple[str, int | None]] = {
    "no-answer": ("no-answer", None), "busy": ("busy", None), "failed": ("failed", None),
    "no_such_number": ("failed", 404),
}  # fmt: skip
"""Ends that the carrier tells, with its SIP answer."""
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

    async def end(self, words: Mapping[str, str], now: datetime) -> list[str]:
        """The calls of these attempts end so, all at this moment; returns the ids of the cards they raised."""
        await asyncio.gather(*(self._carrier_says(attempt_id, word, now) for attempt_id, word in words.items()))
        talked = {attempt_id: word for attempt_id, word in words.items() if word not in SAID}
        return [] if self.carrier.down or not talked else await self._talked(talked, now)

    async def _carrier_says(self, attempt_id: str, word: str, now: datetime) -> None:
        said, sip = ("failed", 503) if self.carrier.down else SAID.get(word, ("in-progress", None))
        if said != "in-progress" and self.chance.random() < FORGOTTEN:
            self.carrier.ended[attempt_id] = said  # nobody is told: `settle` has to ask
            return
        await self.dispatcher.status_changed(CarrierStatus(attempt_id, f"CA-{attempt_id}", said, now, sip_code=sip))

    async def _talked(self, words: Mapping[str, str], now: datetime) -> list[str]:
        async with self.store.transaction() as records:
            gathered = Gathered(records)
            await gathered.read(words)
            await gathered.read_all_about(words, now - LEARNED_WITHIN)
            for attempt_id, word in words.items():
                await self._talk(gathered, await gathered.attempt(attempt_id), word, now)
            await gathered.write()
            cards = []
            for attempt_id, word in words.items():
                attempt = await gathered.attempt(attempt_id)
                if word in STOPS:
                    stamp = Stamp(now, "robot", self.new_id())
                    await stop_everything(records, attempt.patient_id, word, Channel.PHONE, stamp)
                if word == "red_flag":
                    cards.append(await self._raise_card(records, attempt, now))
        return [card for card in cards if card is not None]

    async def _talk(self, gathered: Gathered, attempt: Attempt, word: str, now: datetime) -> None:
        stamp = Stamp(now, "robot", self.new_id())
        if word in HEARD_BY_US:
            await Unreached(self.retries, self.new_id).end(gathered, attempt, HEARD_BY_US[word], word, stamp)
            return
        answered = await progress(gathered, attempt, AttemptOutcome.ANSWERED, now, "patient")
        contact = await gathered.contact(attempt.contact_id)
        end = self.retries.ending(self._end_of(word, now), contact.attempts_made, now)
        await end_attempt(gathered, answered, end, stamp)

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
