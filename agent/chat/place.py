"""Which contact a message belongs to, and the attempt its turns are stored with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.attempts.transitions import begin_attempt
from agent.model.clock import NewId
from agent.model.contact import OPEN_OUTCOMES, Attempt, AttemptOutcome, Channel, Contact, ContactStatus
from agent.model.piece import Piece
from agent.store.ports import Records

SOON = timedelta(days=1)  # whoever writes a day before the contact is due is asked now
STILL_FITS = timedelta(days=7)  # a contact left half done is taken up again for so long
IDENTITY_FAILED = "identity_failed"

Allowed = Callable[[Contact], bool]
"""Whether the house may make this contact now (its pathway is signed, or drafts are allowed)."""


@dataclass(frozen=True, slots=True)
class Place:
    """`attempt` None: no conversation can be had on this contact now, but a danger still belongs to it. `live`: the
    attempt is under way, so the questions go on."""

    contact: Contact
    attempt: Attempt | None = None
    live: bool = False
    on_the_phone: bool = False


async def place_for(records: Records, piece: Piece, now: datetime, allowed: Allowed) -> Place | None:
    """None for a patient without any contact. Begins nothing: see `begin`."""
    contacts = await records.contacts(patient_id=piece.patient_id)
    if not contacts:
        return None
    given = next((each for each in contacts if each.id == piece.contact_id), None)
    busy = [attempt for each in contacts for attempt in await _live(records, each)]
    if busy:
        contact = next(each for each in contacts if each.id == busy[0].contact_id)
        phone = busy[0].channel is Channel.PHONE
        return Place(contact, None if phone else busy[0], live=not phone, on_the_phone=phone)
    contact = given or _open_one(contacts, now) or _last(contacts)
    attempts = await records.attempts(contact_id=contact.id)
    if not allowed(contact):
        return Place(contact)
    return Place(contact, attempts[-1] if attempts and not takes_up(contact, now) else None)


async def _live(records: Records, contact: Contact) -> Sequence[Attempt]:
    if contact.status is not ContactStatus.IN_PROGRESS:
        return ()
    return [each for each in await records.attempts(contact_id=contact.id) if each.outcome in OPEN_OUTCOMES]


def takes_up(contact: Contact, now: datetime) -> bool:
    """Whether a message now begins this contact, or goes on with it."""
    if contact.status is ContactStatus.DUE:
        return contact.due_at <= now + SOON or contact.attempts_made > 0
    half_done = contact.status in (ContactStatus.PARTIAL, ContactStatus.UNREACHABLE)
    return half_done and contact.reason != IDENTITY_FAILED and now - STILL_FITS <= contact.due_at


def _open_one(contacts: Sequence[Contact], now: datetime) -> Contact | None:
    """The latest that can be taken up; one still due goes before one left half done."""
    fits = [each for each in contacts if takes_up(each, now)]
    due = [each for each in fits if each.status is ContactStatus.DUE]
    return (due or fits)[-1] if fits else None


def _last(contacts: Sequence[Contact]) -> Contact:
    """The last one anybody worked on; else the first to come."""
    begun = [each for each in contacts if each.attempts_made]
    return begun[-1] if begun else contacts[0]


async def begin(records: Records, contact: Contact, channel: Channel, now: datetime, new_id: NewId) -> Attempt:
    """An attempt of this channel under way. Raises Duplicate where another one of the patient's is."""
    attempt = Attempt(new_id(), contact.id, contact.patient_id, channel, AttemptOutcome.INTENDED, now)
    await begin_attempt(records, contact, attempt)
    return attempt
