"""What is done about a contact that is due and claimed: called, sent a link, warned of the call, or put off with a
date and a reason."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.attempts.hours import LEARNED_WITHIN, best_hour, hour_of
from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import STOPS_EVERYTHING, Stamp, move_contact, moved, this_round
from agent.attempts.ways import CALL, LINK
from agent.model.clock import HOSPITAL_ZONE, NewId
from agent.model.contact import Attempt, AttemptOutcome, Callee, Contact, ContactStatus
from agent.model.escalation import NUMBER_DOUBTED, EscalationStatus
from agent.model.people import Patient
from agent.model.record import Event
from agent.model.urgency import Urgency
from agent.schedule.courtesy import WEEK, Courtesy, Held
from agent.schedule.gathered import Gathered
from agent.schedule.ports import Invitations, NoMessages
from agent.schedule.warm_up import BEFORE_THE_CALL, ENTITY, Arm, WarmUp
from agent.store.ports import Records

AT_ONCE = frozenset({Urgency.CALL_BACK, Urgency.OPEN_RED})
"""These wait for no better hour and no message."""


@dataclass(frozen=True, slots=True)
class Call:
    """A contact to be called now, on the patient's own telephone or the family member's."""

    contact: Contact
    patient: Patient
    callee: Callee


@dataclass(frozen=True, slots=True)
class Round:
    """One look at what is due: the transaction's reads, its writes that wait for the end, and its moment."""

    records: Records
    gathered: Gathered
    now: datetime


@dataclass(frozen=True, slots=True)
class _Case:
    """A due contact, its patient, and what was tried with the patient of late."""

    contact: Contact
    patient: Patient
    made: Sequence[Attempt]


@dataclass(frozen=True, slots=True)
class Approach:
    retries: RetryPolicy
    courtesy: Courtesy
    new_id: NewId
    invitations: Invitations = field(default_factory=NoMessages)
    warm_up: WarmUp | None = None

    async def calls(self, of: Round, due: Sequence[Contact]) -> list[Call]:
        """Those to be called now; everything else is done here."""
        people = {contact.patient_id for contact in due}
        stopped = await of.records.stopped(people)
        for contact in due:
            if (why := stopped.get(contact.patient_id)) is not None:
                over = moved(contact, STOPS_EVERYTHING[why], reason=why)
                await move_contact(of.gathered, contact, over, Stamp(of.now, "scheduler", self.new_id()))
        due = [contact for contact in due if contact.patient_id not in stopped]
        made: defaultdict[str, list[Attempt]] = defaultdict(list)
        for attempt in await of.records.attempts_since(of.now - LEARNED_WITHIN, people) if due else ():
            made[attempt.patient_id].append(attempt)
        patients = await of.records.patients_by_id(people)
        cases = (_Case(each, patients[each.patient_id], made[each.patient_id]) for each in due)
        return [call for case in cases if (call := await self._one(of, case)) is not None]

    async def _one(self, of: Round, case: _Case) -> Call | None:
        contact, patient, made, now = case.contact, case.patient, case.made, of.now
        own = this_round(contact, made)
        held = await self._number_in_doubt(of, case)
        if held is None:
            held = self.courtesy.hold([each for each in made if each.created_at >= now - WEEK], now)
        retries = self.retries.calling_first() if contact.urgency in AT_ONCE else self.retries
        way = retries.next_way(patient, own, now) or CALL
        if held is None and way == CALL and not own and contact.urgency not in AT_ONCE:
            held = self._better_hour(made, now) or await self._warned(of, case)
        if held is not None:
            await _put_off(of, contact, held)
            return None
        if way == LINK:
            if await self._send_link(of, case):
                return None
            other = retries.without_links().next_way(patient, own, now)
            if other is None:
                await _given_up(of, contact, own[-1])
                return None
            way = other
        return Call(contact, patient, way.callee)

    async def _number_in_doubt(self, of: Round, case: _Case) -> Held | None:
        """Somebody else has the telephone (decision 0035): nobody is called there before a person has looked."""
        if all(each.outcome is not AttemptOutcome.WRONG_PERSON for each in case.made):
            return None
        cards = await of.records.escalations(patient_id=case.patient.id)
        open_now = (each.rule for each in cards if each.status is not EscalationStatus.RESOLVED)
        doubted = any(rule in NUMBER_DOUBTED for rule in open_now)
        return Held(self.courtesy.calendar.next_day(of.now), "number_in_doubt") if doubted else None

    def _better_hour(self, made: Sequence[Attempt], now: datetime) -> Held | None:
        """A first call waits for the hour at which the patient answers, if that is still to come today."""
        best, local = best_hour(made), now.astimezone(HOSPITAL_ZONE)
        if best is None or hour_of(now) >= best:
            return None
        later = local.replace(hour=best, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
        return Held(later, "best_hour") if self.courtesy.calendar.open_at(later) else None

    async def _warned(self, of: Round, case: _Case) -> Held | None:
        """Whoever was never called is drawn for the message before the first call; which half is on record."""
        contact, patient, now = case.contact, case.patient, of.now
        arm = self.warm_up.arm(patient.id) if self.warm_up is not None and not case.made else None
        if arm is None or await of.records.events(ENTITY, patient.id):
            return None
        await of.gathered.add_event(Event(ENTITY, patient.id, None, arm, now, "scheduler", contact.id))
        message = self.invitations.warm_up(f"warm-up-{contact.id}", contact, patient, now) if arm is Arm.WITH else None
        if message is None:
            return None
        await of.records.add_message(message)
        return Held(self.courtesy.calendar.next_open(now + BEFORE_THE_CALL), "warm_up")

    async def _send_link(self, of: Round, case: _Case) -> bool:
        """An attempt of its own: the contact comes back after a day, unless the patient has answered by then. False
        where no message reaches the patient."""
        contact, patient, now = case.contact, case.patient, of.now
        attempt_id = self.new_id()
        message = self.invitations.link(f"link-{attempt_id}", contact, patient, now, going_on=False)
        if message is None:
            return False
        message = await self.invitations.nearest(of.records, message)
        sent = AttemptOutcome.LINK_SENT
        after = self.courtesy.calendar.next_open(now + self.retries.waits.get(sent, timedelta(days=1)))
        await of.records.add_message(message)
        await of.gathered.add_attempt(
            Attempt(attempt_id, contact.id, patient.id, message.channel, sent, now, ended_at=now, detail=sent)
        )
        await of.gathered.add_event(Event("attempt", attempt_id, None, sent, now, "scheduler"))
        waits = moved(contact, contact.status, reason=sent, due_at=after)
        await of.gathered.save_contact(replace(waits, attempts_made=contact.attempts_made + 1))
        await of.gathered.add_event(
            Event("contact", contact.id, contact.status, contact.status, now, "scheduler", sent)
        )
        return True


async def _given_up(of: Round, contact: Contact, last: Attempt) -> None:
    """A message was all that was left, and none reaches the patient."""
    over = moved(contact, ContactStatus.UNREACHABLE, reason=last.outcome)
    await move_contact(of.gathered, contact, over, Stamp(of.now, "scheduler", ""))


async def _put_off(of: Round, contact: Contact, held: Held) -> None:
    put_off = moved(contact, contact.status, reason=held.reason, due_at=held.until)
    await move_contact(of.gathered, contact, put_off, Stamp(of.now, "scheduler", ""))
