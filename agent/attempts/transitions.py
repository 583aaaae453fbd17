"""How an attempt and its contact move on: one place for the writes, used by the conversation and by the scheduler."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.model.contact import (
    CONTACT_TRANSITIONS,
    OPEN_OUTCOMES,
    Attempt,
    AttemptOutcome,
    Channel,
    Contact,
    ContactStatus,
)
from agent.model.people import CONTACTABLE, DECEASED, OPT_OUT, PlanStatus
from agent.model.piece import OptOut
from agent.model.record import Event, OutboxKind, OutboxMessage
from agent.model.step import End, TransferState
from agent.store.attempt_ports import AttemptRecords
from agent.store.ports import Records


class NotAllowed(Exception):
    """A contact cannot go from its status to the one asked for."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, by whom, and the id of the message that tells the dashboard."""

    at: datetime
    actor: str
    message_id: str


def moved(contact: Contact, status: ContactStatus, *, reason: str | None, due_at: datetime | None = None) -> Contact:
    """The contact in its next status. Raises NotAllowed for a transition the table does not know."""
    if status is not contact.status and status not in CONTACT_TRANSITIONS[contact.status]:
        raise NotAllowed(f"contact {contact.id}: {contact.status} → {status}")
    return replace(contact, status=status, reason=reason, due_at=due_at or contact.due_at)


async def move_contact(records: AttemptRecords, before: Contact, after: Contact, stamp: Stamp, word: str = "") -> None:
    """The contact as it is after a transition, with the event; `word` is the event's where the contact keeps none."""
    await records.save_contact(after)
    told = Event("contact", before.id, before.status, after.status, stamp.at, stamp.actor, after.reason or word)
    await records.add_event(told)


def this_round(contact: Contact, made: Iterable[Attempt]) -> list[Attempt]:
    """Of a patient's attempts those that count for this contact: its own, and none from before a person asked for one
    more round; the earliest first."""
    own = sorted((each for each in made if each.contact_id == contact.id), key=lambda each: (each.created_at, each.id))
    return own[max(0, len(own) - contact.tries) :] if contact.tries_before else own


async def begin_attempt(records: AttemptRecords, contact: Contact, attempt: Attempt) -> Contact:
    """The intent row, written before the carrier is asked, and the contact in progress."""
    started = replace(moved(contact, ContactStatus.IN_PROGRESS, reason=None), attempts_made=contact.attempts_made + 1)
    saved = await records.save_contact(started)
    await records.add_attempt(attempt)
    await records.add_event(Event("attempt", attempt.id, None, attempt.outcome, attempt.created_at, actor="scheduler"))
    await records.add_event(
        Event("contact", contact.id, contact.status, saved.status, attempt.created_at, actor="scheduler")
    )
    return saved


async def progress(
    records: AttemptRecords, attempt: Attempt, outcome: AttemptOutcome, now: datetime, actor: str
) -> Attempt:
    """An open attempt goes on (dialled, answered); one that has ended stays as it is."""
    if attempt.outcome not in OPEN_OUTCOMES or attempt.outcome is outcome:
        return attempt
    answered = now if outcome is AttemptOutcome.ANSWERED else attempt.answered_at
    after = replace(attempt, outcome=outcome, answered_at=answered)
    await records.save_attempt(after)
    await records.add_event(Event("attempt", attempt.id, attempt.outcome, outcome, now, actor))
    return after


async def note_transfer(records: Records, attempt: Attempt, state: TransferState, now: datetime) -> None:
    """How the transfer to a nurse stands, as an event of the attempt; a taken one is the attempt's own end."""
    if state is TransferState.TAKEN:
        return
    await records.add_event(Event("attempt", attempt.id, attempt.outcome, state, now, "robot"))


async def end_attempt(records: AttemptRecords, attempt: Attempt, end: End, stamp: Stamp) -> bool:
    """Ends attempt and contact together and tells the dashboard. False when the attempt had ended already."""
    if attempt.outcome not in OPEN_OUTCOMES:
        return False
    await records.save_attempt(replace(attempt, outcome=end.outcome, ended_at=stamp.at, detail=end.reason))
    await records.add_event(
        Event("attempt", attempt.id, attempt.outcome, end.outcome, stamp.at, stamp.actor, end.reason)
    )
    contact = await records.contact(attempt.contact_id)
    if contact.status is ContactStatus.IN_PROGRESS:
        await records.save_contact(moved(contact, end.contact_status, reason=end.reason, due_at=end.resume_at))
        await records.add_event(
            Event("contact", contact.id, contact.status, end.contact_status, stamp.at, stamp.actor, end.reason)
        )
    await records.add_outbox(OutboxMessage(stamp.message_id, OutboxKind.CONTACT_CHANGED, contact.id, stamp.at))
    return True


STOPS_EVERYTHING = {DECEASED: ContactStatus.WAIVED, OPT_OUT: ContactStatus.DECLINED}
"""Why the patient is never contacted again → what becomes of the contacts still to come."""
MADE_UP_FOR = timedelta(days=3)  # a contact that fell due while the patient was out is made up for so long


async def stop_everything(records: Records, patient_id: str, reason: str, channel: Channel, stamp: Stamp) -> int:
    """Ends every contact that is still due, cancels the plans, notes it of the patient; returns how many contacts. An
    opt-out is kept: no contact planned later is made either."""
    status = STOPS_EVERYTHING[reason]
    await records.add_event(Event("patient", patient_id, None, reason, stamp.at, stamp.actor))
    if reason == OPT_OUT:
        await records.add_opt_out(OptOut(patient_id, stamp.at, channel))
    stopped = 0
    for contact in await records.contacts(patient_id=patient_id, status=ContactStatus.DUE):
        await move_contact(records, contact, moved(contact, status, reason=reason), stamp)
        stopped += 1
    for plan in await records.plans(patient_id):
        if plan.status is PlanStatus.ACTIVE:
            await records.save_plan(replace(plan, status=PlanStatus.CANCELLED))
    return stopped


async def stopped_because(records: Records, patient_id: str) -> str | None:
    """Why nobody contacts this patient any more, or None."""
    return (await records.stopped([patient_id])).get(patient_id)


async def take_up_again(records: Records, patient_id: str, stamp: Stamp) -> int:
    """The patient takes an opt-out back: plans run again, and so do the contacts still to come; returns how many. Who
    writes from the telephone of somebody who has died wakes nobody."""
    gone = await stopped_because(records, patient_id) == DECEASED
    if not await records.end_opt_out(patient_id) or gone:
        return 0
    await records.add_event(Event("patient", patient_id, None, CONTACTABLE, stamp.at, stamp.actor))
    resumed = 0
    for contact in await records.contacts(patient_id=patient_id, status=ContactStatus.DECLINED):
        if contact.reason == OPT_OUT and contact.due_at >= stamp.at - MADE_UP_FOR:
            await move_contact(records, contact, moved(contact, ContactStatus.DUE, reason=None), stamp, "opted_in")
            resumed += 1
    for plan in await records.plans(patient_id):
        if plan.status is PlanStatus.CANCELLED:
            await records.save_plan(replace(plan, status=PlanStatus.ACTIVE))
    return resumed
