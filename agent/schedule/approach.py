"""What is done about a contact that is due and claimed: called, sent a link, warned of the call, or put off with a
date and a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.attempts import Stamp, move_contact, moved
from agent.hours import LEARNED_WITHIN, best_hour, hour_of
from agent.model.clock import HOSPITAL_ZONE, NewId
from agent.model.contact import Attempt, AttemptOutcome, Callee, Contact, ContactStatus
from agent.model.escalation import NUMBER_DOUBTED, EscalationStatus
from agent.model.people import Patient
from agent.model.record import Event
from agent.model.urgency import Urgency
from agent.retries import RetryPolicy
from agent.schedule.courtesy import WEEK, Courtesy, Held
from agent.schedule.ports import Invitations, NoMessages
from agent.schedule.warm_up import BEFORE_THE_CALL, ENTITY, Arm, WarmUp
from agent.store.ports import Records
from agent.ways import CALL, LINK

AT_ONCE = frozenset({Urgency.CALL_BACK, Urgency.OPEN_RED})
"""These wait for no better hour and no message."""


@dataclass(frozen=True, slots=True)
class Approach:
    retries: RetryPolicy
    courtesy: Courtesy
    new_id: NewId
    invitations: Invitations = field(default_factory=NoMessages)
    warm_up: WarmUp | None = None

    async def calls(self, records: Records, due: Sequence[Contact], now: datetime) -> list[tuple[Contact, Callee]]:
        """Those to be called now, and whose telephone; everything else is done here."""
        people = {contact.patient_id for contact in due}
        unwanted = await records.opted_out(people)
        for contact in due:
            if contact.patient_id in unwanted:
                declined = moved(contact, ContactStatus.DECLINED, reason="opt_out")
                await move_contact(records, contact, declined, Stamp(now, "scheduler", self.new_id()))
        due = [contact for contact in due if contact.patient_id not in unwanted]
        made = await records.attempts_since(now - LEARNED_WITHIN, people) if due else ()
        patients = await records.patients_by_id(people)
        to_call = []
        for contact in due:
            theirs = [each for each in made if each.patient_id == contact.patient_id]
            callee = await self._one(records, contact, patients, theirs, now)
            if callee is not None:
                to_call.append((contact, callee))
        return to_call

    async def _one(
        self, records: Records, contact: Contact, patients: Mapping[str, Patient], made: list[Attempt], now: datetime
    ) -> Callee | None:
        patient = patients[contact.patient_id]
        own = [each for each in made if each.contact_id == contact.id]
        held = await self._number_in_doubt(records, contact, made, now)
        if held is None:
            held = self.courtesy.hold([each for each in made if each.created_at >= now - WEEK], now)
        way = self.retries.next_way(patient, own, now) or CALL
        if held is None and contact.urgency not in AT_ONCE:
            if way == LINK and await self._send_link(records, contact, patient, now):
                return None
            if not own and way == CALL:
                held = self._better_hour(made, now) or await self._warned(records, contact, patient, made, now)
        if held is not None:
            await _put_off(records, contact, held, now)
            return None
        return way.callee

    async def _number_in_doubt(
        self, records: Records, contact: Contact, made: Sequence[Attempt], now: datetime
    ) -> Held | None:
        """Somebody else has the telephone (decision 0035): nobody is called there before a person has looked."""
        if all(each.outcome is not AttemptOutcome.WRONG_PERSON for each in made):
            return None
        cards = await records.escalations(patient_id=contact.patient_id)
        open_now = (each.rule for each in cards if each.status is not EscalationStatus.RESOLVED)
        doubted = any(rule in NUMBER_DOUBTED for rule in open_now)
        return Held(self.courtesy.calendar.next_day(now), "number_in_doubt") if doubted else None

    def _better_hour(self, made: Sequence[Attempt], now: datetime) -> Held | None:
        """A first call waits for the hour at which the patient answers, if that is still to come today."""
        best, local = best_hour(made), now.astimezone(HOSPITAL_ZONE)
        if best is None or hour_of(now) >= best:
            return None
        later = local.replace(hour=best, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
        return Held(later, "best_hour") if self.courtesy.calendar.open_at(later) else None

    async def _warned(
        self, records: Records, contact: Contact, patient: Patient, made: Sequence[Attempt], now: datetime
    ) -> Held | None:
        """Whoever was never called is drawn for the message before the first call; which half is on record."""
        arm = self.warm_up.arm(patient.id) if self.warm_up is not None and not made else None
        if arm is None or await records.events(ENTITY, patient.id):
            return None
        await records.add_event(Event(ENTITY, patient.id, None, arm, now, "scheduler", contact.id))
        message = self.invitations.warm_up(f"warm-up-{contact.id}", contact, patient, now) if arm is Arm.WITH else None
        if message is None:
            return None
        await records.add_message(message)
        return Held(self.courtesy.calendar.next_open(now + BEFORE_THE_CALL), "warm_up")

    async def _send_link(self, records: Records, contact: Contact, patient: Patient, now: datetime) -> bool:
        """An attempt of its own: the contact comes back after a day, unless the patient has answered by then. False
        where no message reaches the patient."""
        attempt_id = self.new_id()
        message = self.invitations.link(f"link-{attempt_id}", contact, patient, now, going_on=False)
        if message is None:
            return False
        sent = AttemptOutcome.LINK_SENT
        after = self.courtesy.calendar.next_open(now + self.retries.waits.get(sent, timedelta(days=1)))
        await records.add_message(message)
        await records.add_attempt(
            Attempt(attempt_id, contact.id, patient.id, message.channel, sent, now, ended_at=now, detail=sent)
        )
        await records.add_event(Event("attempt", attempt_id, None, sent, now, "scheduler"))
        waits = moved(contact, contact.status, reason=sent, due_at=after)
        await records.save_contact(replace(waits, attempts_made=contact.attempts_made + 1))
        await records.add_event(Event("contact", contact.id, contact.status, contact.status, now, "scheduler", sent))
        return True


async def _put_off(records: Records, contact: Contact, held: Held, now: datetime) -> None:
    await records.save_contact(moved(contact, contact.status, reason=held.reason, due_at=held.until))
    await records.add_event(
        Event("contact", contact.id, contact.status, contact.status, now, "scheduler", held.reason)
    )
