"""One turn of a chat: which contact it belongs to, whether the questions go on, and what is written back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent import observed
from agent.attempts.transitions import progress
from agent.chat import place as places
from agent.chat import readings
from agent.chat.alarms import raise_alarms
from agent.chat.consent import asks_by_text
from agent.chat.content import Say
from agent.chat.parts import ChatParts
from agent.chat.pictures import beside
from agent.chat.place import Place
from agent.chat.quiet import joined
from agent.chat.wording import as_text
from agent.model.contact import Attempt, AttemptOutcome, Channel
from agent.model.finding import Level, Reading
from agent.model.observation import Observation
from agent.model.piece import Piece, PieceKind
from agent.model.reading_context import ReadingContext
from agent.model.session import Phase, Session
from agent.model.turn import Hypothesis, Option, Reply, Turn, TurnKind

SPOKEN = frozenset({TurnKind.SPEECH, TurnKind.TEXT, TurnKind.DIGITS})


class CallUnderWay(Exception):
    """The patient is on the telephone with us: what they write is taken up when the call is over."""


@dataclass(frozen=True, slots=True)
class Said:
    """The pieces of one turn, read: `text` as one, `alternatives` of a voice note."""

    pieces: tuple[Piece, ...]
    turn_id: str
    alternatives: tuple[Hypothesis, ...] = ()

    @property
    def last(self) -> Piece:
        return self.pieces[-1]

    @property
    def opened(self) -> bool:
        return self.last.kind is PieceKind.OPENED


class Talk:
    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts

    async def answer(self, said: Said) -> str:
        """What is written back; "" for nothing. Raises CallUnderWay."""
        piece, parts = said.last, self._parts
        async with parts.store.transaction(write=False) as records:
            place = await places.place_for(records, piece, parts.now(), parts.allowed)
            opted_out = await records.opt_out(piece.patient_id) is not None
            by_link = piece.channel is Channel.SMS and not await asks_by_text(parts, records, piece.patient_id)
        if place is None:
            return self._parts.say(Say.NOTHING_OPEN)
        reading = parts.reads.read(self._text(said), ReadingContext(caregiver=piece.by_caregiver))
        taken = [] if opted_out else observed.measured(reading, piece, place.contact.id, said.turn_id)
        if taken:
            async with parts.store.transaction() as records:
                await observed.keep(records, taken, piece.at)
        goes_on = place.live or (places.takes_up(place.contact, parts.now()) and parts.allowed(place.contact))
        if opted_out or place.on_the_phone:
            return await self._only_danger(said, place, reading, opted_out=opted_out)
        if goes_on and not (by_link and reading.level is not Level.RED):
            reply = await self._converse(said, place)
            return reply if not by_link or parts.any_words else parts.say(Say.DANGER)
        if reading.level is Level.RED and place.attempt is None:
            return await self._danger(said, place, reading)
        if taken and not goes_on:
            return await self._reading_sent(said, place, taken, by_link=by_link)
        if by_link:
            asked = Say.ANSWERED_BY_LINK if parts.any_words else Say.INVITATION
            return parts.say(asked, place.contact) if goes_on else parts.say(Say.NOTHING_OPEN)
        return await self._after_the_end(said, place, reading)

    # outside a questionnaire

    async def _only_danger(self, said: Said, place: Place, reading: Reading, *, opted_out: bool) -> str:
        """Whoever wants no contact, or is on the telephone with us, is still heard in danger."""
        if reading.level is Level.RED:
            return await self._danger(said, place, reading)
        if opted_out:
            return ""
        raise CallUnderWay

    async def _danger(self, said: Said, place: Place, reading: Reading) -> str:
        turn = self._turn(said, place.contact.id, "", TurnKind.TEXT, self._text(said))
        async with self._parts.store.transaction() as records:
            await raise_alarms(records, reading, replace(turn, id=""), place.contact, self._parts.new_id)
        return self._parts.say(Say.DANGER)

    async def _after_the_end(self, said: Said, place: Place, reading: Reading) -> str:
        """A word after the goodbye is kept with its contact, and a danger in it is answered."""
        if said.opened:
            return "" if place.attempt or await self._told(place) else self._parts.say(Say.LATER)
        if place.attempt is None:
            return self._parts.say(Say.LATER)
        turn = self._turn(said, place.contact.id, place.attempt.id, TurnKind.TEXT, self._text(said))
        reply = await self._parts.conversation.receive(turn)
        return as_text(reply, said.last.channel) if reading.level is Level.RED else self._parts.say(Say.NOTHING_OPEN)

    async def _reading_sent(self, said: Said, place: Place, taken: Sequence[Observation], *, by_link: bool) -> str:
        """A reading outside a questionnaire: held against the pathway's limits, answered with the last days'."""
        parts, contact = self._parts, place.contact
        pathway = (await parts.conversation.beginning(contact.id, said.last.channel))[1]
        checked = parts.reads.read(
            self._text(said), ReadingContext(limits=readings.limits_of(pathway), caregiver=said.last.by_caregiver)
        )
        turn = self._turn(said, contact.id, place.attempt.id if place.attempt else "", TurnKind.TEXT, self._text(said))
        async with parts.store.transaction() as records:
            alarmed = await raise_alarms(records, checked, replace(turn, id=""), contact, parts.new_id)
            known = await records.observations(contact.patient_id)
        if checked.level is Level.RED:
            return parts.say(Say.DANGER)
        if by_link:
            return parts.say(Say.READING_BY_LINK, contact)
        labels = [observed.LABELS[each.name][0] for each in taken]
        trend = readings.trend_text(known, labels, parts.now())
        kept = parts.say(Say.READING_OFF if alarmed else Say.READING_KEPT, value=trend)
        return kept + await beside(parts, said.last, contact)

    async def _told(self, place: Place) -> bool:
        """Whether anything stands on the contact's page yet: it is not left empty, nor told the same at every look."""
        async with self._parts.store.transaction(write=False) as records:
            return bool(await records.messages(contact_id=place.contact.id, limit=1))

    # the questionnaire

    async def _converse(self, said: Said, place: Place) -> str:
        piece, channel = said.last, said.last.channel
        attempt, session = await self._under_way(place, channel)
        begins = session is None or session.phase is Phase.ENDED or session.channel is not channel
        first: Reply | None = None
        outdated = begins and await self._outdated(said, place.contact.id)
        if begins:
            known = session is not None and session.verified and session.channel is channel
            start = self._turn(said, place.contact.id, attempt.id, TurnKind.START)
            first = await self._parts.conversation.receive(replace(start, proven=piece.proven or known))
            if said.opened or outdated:
                return as_text(first, channel)
            session = await self._session(place.contact.id)
        if said.opened:
            return ""
        last = session.reply if session else None
        if piece.kind is PieceKind.KEY and begins:
            return as_text(first, channel) if first else ""  # a button of a page that is no longer true
        kind, text = self._input(said, last)
        reply = await self._parts.conversation.receive(self._turn(said, place.contact.id, attempt.id, kind, text))
        if first is not None and (reply.question, reply.expect) == (first.question, first.expect) and not reply.end:
            return as_text(first, channel)  # the words answered nothing yet: asked once is enough
        return as_text(reply, channel)

    async def _outdated(self, said: Said, contact_id: str) -> bool:
        """Whether the patient went on talking elsewhere after these words: which question they meant is not known."""
        async with self._parts.store.transaction(write=False) as records:
            turns = await records.turns(contact_id)
        return any(each.turn.kind in SPOKEN and each.turn.at > said.last.received_at for each in turns)

    async def _under_way(self, place: Place, channel: Channel) -> tuple[Attempt, Session | None]:
        """The live attempt, or one that begins now; a talk broken off goes on where it stood."""
        session = await self._session(place.contact.id)
        if place.live and place.attempt is not None:
            return place.attempt, session
        now = self._parts.now()
        async with self._parts.store.transaction() as records:
            contact = await records.contact(place.contact.id)
            attempt = await places.begin(records, contact, channel, now, self._parts.new_id)
            if session is not None and session.phase is not Phase.ENDED and session.channel is channel:
                attempt = await progress(records, attempt, AttemptOutcome.ANSWERED, now, "patient")
        return attempt, session

    async def _session(self, contact_id: str) -> Session | None:
        async with self._parts.store.transaction(write=False) as records:
            stored = await records.session(contact_id)
        return Session.from_json(stored) if stored else None

    def _input(self, said: Said, last: Reply | None) -> tuple[TurnKind, str]:
        """A button's key or a lone "1" chooses an option; anything else is words."""
        options = last.options if last else ()
        if said.last.kind is PieceKind.KEY:
            return TurnKind.DIGITS, said.last.text
        text = self._text(said, options)
        texts = [piece.text.strip() for piece in said.pieces]
        chosen = next((option.key for option in options if texts == [option.key]), None)
        return (TurnKind.DIGITS, chosen) if chosen else (TurnKind.TEXT, text)

    def _text(self, said: Said, options: Sequence[Option] = ()) -> str:
        if said.last.kind is PieceKind.KEY:
            return ""
        return joined((piece.text for piece in said.pieces), self._parts.content, options)

    def _turn(self, said: Said, contact_id: str, attempt_id: str, kind: TurnKind, text: str = "") -> Turn:
        piece = said.last
        return Turn(
            id=said.turn_id if kind is not TurnKind.START else f"{said.turn_id}-start",
            contact_id=contact_id,
            attempt_id=attempt_id,
            channel=piece.channel,
            kind=kind,
            at=self._parts.now(),
            text=text,
            alternatives=said.alternatives if kind is TurnKind.TEXT else (),
            proven=piece.proven,
            by_caregiver=piece.by_caregiver,
        )
