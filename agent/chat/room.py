"""What the page of one contact may see and do: who is let in, what was said, what is asked now."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from weakref import WeakValueDictionary

from agent.chat.desk import ChatDesk
from agent.chat.lessons import note_read
from agent.chat.links import BadLink, Links
from agent.chat.parts import ChatParts
from agent.chat.pictures import pictures_of
from agent.chat.readings import TREND
from agent.chat.trends import trends_of
from agent.chat.wording import labelled
from agent.model.contact import Channel, Contact, ContactStatus
from agent.model.education import LessonPicture
from agent.model.message import Message, MessageKind
from agent.model.people import Patient
from agent.model.piece import Piece, PieceKind
from agent.model.record import Event, StoredTurn
from agent.model.session import Phase, Session
from agent.model.trend import Trend
from agent.model.turn import Expect, Option
from agent.store.ports import Records

MOST_WRONG = 5
LOCKED_FOR = timedelta(hours=24)
DOOR, WRONG, RIGHT = "link", "wrong_proof", "proven"
REVOKED = frozenset({ContactStatus.WAIVED})
LOOKS_AGAIN = 3.0  # seconds: what another process wrote is seen so late at most


class Locked(Exception):
    """Too many wrong proofs: the page stays shut for a day."""


@dataclass(frozen=True, slots=True)
class Guest:
    contact: Contact
    patient: Patient

    @property
    def proof(self) -> str:
        """What is asked at the door: a field of the patient that is on record."""
        return "birth_year" if self.patient.birth_year else "id_last4" if self.patient.id_last4 else "phone_last4"

    def proves(self, said: str) -> bool:
        known = {"phone_last4": self.patient.phone[-4:]}.get(self.proof) or str(getattr(self.patient, self.proof))
        return said.strip().upper() == known.upper()


@dataclass(frozen=True, slots=True)
class Entry:
    """One bubble: `mine` is the patient's. `picture` says what its picture shows; "" for one without."""

    id: str
    mine: bool
    text: str
    at: datetime
    kind: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """`asked` is the message whose answer is awaited, with its choices; `left` questions are still to come."""

    entries: Sequence[Entry]
    asked: str
    expect: Expect
    options: Sequence[Option]
    numbers: int
    unit: str
    left: int
    state: str  # "open" | "done" | "opted_out"
    trends: Sequence[Trend]  # of the last seven days
    points: int | None  # earned so far; None where the house gives none

    @property
    def version(self) -> str:
        taken = sum(len(line) for trend in self.trends for line in trend.lines)
        return f"{len(self.entries)}-{self.asked}-{self.state}-{taken}-{self.points or 0}"


class ChatRoom:
    def __init__(self, parts: ChatParts, desk: ChatDesk, links: Links) -> None:
        self._parts, self._desk, self._links = parts, desk, links
        self._bells: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        desk.replied = self.ring

    async def enter(self, token: str) -> Guest:
        """Raises BadLink: "invalid", "expired", or "revoked" for a contact nobody is to make any more."""
        contact_id = self._links.contact(token, self._parts.now())
        async with self._parts.store.transaction(write=False) as records:
            contact = await records.contact(contact_id)
            if contact.status in REVOKED:
                raise BadLink("revoked")
            return Guest(contact, await records.patient(contact.patient_id))

    def knows(self, guest: Guest, ticket: str) -> bool:
        return self._links.knows(ticket, guest.contact.id)

    async def confirm(self, guest: Guest, said: str) -> str | None:
        """The ticket for a right proof, None for a wrong one. Raises Locked."""
        now = self._parts.now()
        async with self._parts.store.transaction() as records:
            if await self._wrong(records, guest, now) >= MOST_WRONG:
                raise Locked
            right = guest.proves(said)
            word = RIGHT if right else WRONG
            await records.add_event(Event(DOOR, guest.contact.id, None, word, now, "patient"))
        return self._links.ticket(guest.contact.id) if right else None

    async def _wrong(self, records: Records, guest: Guest, now: datetime) -> int:
        tried = [event for event in await records.events(DOOR, guest.contact.id) if event.at > now - LOCKED_FOR]
        since_right = [place for place, event in enumerate(tried) if event.to_status == RIGHT]
        return len(tried) - (since_right[-1] + 1 if since_right else 0)

    async def take(self, guest: Guest, piece: Piece) -> bool:
        """False for a piece that came before."""
        return await self._desk.take(piece)

    def piece(self, guest: Guest, own_id: str, kind: PieceKind, **given: object) -> Piece:
        """A piece of this page; `own_id` is the page's, the same at every try to send it."""
        now = self._parts.now()
        contact = guest.contact
        made = Piece(
            f"web:{contact.id}:{own_id}", Channel.WEBCHAT, contact.id, contact.patient_id, kind, now, now,
            contact_id=contact.id, proven=True, **given,  # type: ignore[arg-type]
        )  # fmt: skip
        return made

    async def view(self, guest: Guest) -> View:
        contact_id = guest.contact.id
        async with self._parts.store.transaction(write=False) as records:
            contact = await records.contact(contact_id)
            pieces = [each for each in await records.pieces(contact.patient_id) if each.contact_id == contact_id]
            sent = await records.messages(contact_id=contact_id)
            turns = await records.turns(contact_id)
            stored = await records.session(contact_id)
            out = await records.opt_out(contact.patient_id) is not None
            points = await self._points(records, contact.patient_id)
            taken = await records.observations(contact.patient_id, since=self._parts.now() - TREND)
        theirs = [each for each in sent if each.channel is Channel.WEBCHAT]
        pictures = await pictures_of(self._parts, theirs)
        mine = [each for each in pieces if each.channel is Channel.WEBCHAT]
        await note_read(self._parts, sent)
        trends = trends_of(taken, self._parts.limits_for(contact), self._parts.now())
        says = {name: picture.says for name, picture in pictures.items()}
        talked = Talked(mine, theirs, turns, trends, points, says)
        return _view(contact, talked, Session.from_json(stored) if stored else None, out=out)

    async def picture(self, guest: Guest, message_id: str) -> LessonPicture | None:
        """The picture of one bubble of this page; None for any other id."""
        async with self._parts.store.transaction(write=False) as records:
            sent = await records.messages(contact_id=guest.contact.id)
        here = [each for each in sent if each.id == message_id and each.channel is Channel.WEBCHAT]
        return (await pictures_of(self._parts, here)).get(message_id)

    async def _points(self, records: Records, patient_id: str) -> int | None:
        return sum(each.points for each in await records.points(patient_id)) if self._parts.points else None

    async def next_view(self, guest: Guest, known: str, seconds: float) -> View:
        """The view as soon as it differs from the one the page knows, or after so many seconds."""
        bell = self._bells.setdefault(guest.contact.id, asyncio.Event())
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            bell.clear()
            view = await self.view(guest)
            left = deadline - asyncio.get_running_loop().time()
            if view.version != known or left <= 0:
                return view
            try:
                await asyncio.wait_for(bell.wait(), min(left, LOOKS_AGAIN))
            except TimeoutError:
                continue

    def ring(self, contact_id: str) -> None:
        """Something was written to this contact's page."""
        bell = self._bells.get(contact_id)
        if bell is not None:
            bell.set()


@dataclass(frozen=True, slots=True)
class Talked:
    pieces: Sequence[Piece]
    messages: Sequence[Message]
    turns: Sequence[StoredTurn]
    trends: Sequence[Trend]
    points: int | None
    pictures: Mapping[str, str]  # message → what its picture shows


def _view(contact: Contact, talked: Talked, session: Session | None, *, out: bool) -> View:
    chosen = _chosen(talked.turns)
    entries = [
        Entry(own_id(each), True, chosen.get(each.turn_id or "", _written(each)), each.received_at, each.kind)
        for each in talked.pieces
        if each.kind is not PieceKind.OPENED
    ]
    entries += [
        Entry(each.id, False, each.text, each.created_at, each.kind, talked.pictures.get(each.id, ""))
        for each in talked.messages
    ]
    entries.sort(key=lambda entry: entry.at)
    asked = [each.id for each in talked.messages if each.kind is MessageKind.CHAT]
    here = session is not None and session.channel is Channel.WEBCHAT and session.phase is not Phase.ENDED
    reply = session.reply if session and here and contact.status is ContactStatus.IN_PROGRESS else None
    state = "opted_out" if out else "open" if contact.status is ContactStatus.IN_PROGRESS or not asked else "done"
    return View(
        entries=entries,
        asked=asked[-1] if asked else "",
        expect=reply.expect if reply else Expect.NOTHING,
        options=labelled(reply) if reply else (),
        numbers=reply.numbers if reply else 1,
        unit=reply.unit if reply else "",
        left=_left(session) if session and reply else 0,
        state=state,
        trends=talked.trends,
        points=talked.points,
    )


def _left(session: Session) -> int:
    done = {answer.question for answer in session.answers} | set(session.unanswered)
    return len([key for key in session.queue if key not in done]) + (session.current is not None)


def own_id(piece: Piece) -> str:
    """The page's own id of a piece."""
    return piece.id.rsplit(":", 1)[-1]


def _written(piece: Piece) -> str:
    """A number pad's keys as they were typed: 130*85 is a pressure, 36*5 a decimal."""
    first, star, second = piece.text.partition("*")
    if piece.kind is not PieceKind.KEY or not star:
        return piece.text
    return f"{first}/{second}" if len(first) > 1 and len(second) > 1 else f"{first}.{second}"


def _chosen(turns: Sequence[StoredTurn]) -> Mapping[str, str]:
    """Turn id → the label of the option whose key was sent."""
    found: dict[str, str] = {}
    for before, after in pairwise(turns):
        labels = {option.key: option.label for option in labelled(before.reply)}
        if after.turn.text in labels:
            found[after.turn.id] = labels[after.turn.text]
    return found
