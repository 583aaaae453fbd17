"""The page of every chat channel: a message is kept, pieces become a turn, the turn is answered once.

    take: the provider's message is on record → the provider may be told so
    run_once: what was said whole → command | photo | voice note | words
         → conversation (one turn, one transaction) → the reply queued as a message, the pieces done

Whatever dies in between, the pieces stay open under their turn's id: the same turn gives the stored reply.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from agent.chat.alarms import ask_for_nurse
from agent.chat.commands import obey
from agent.chat.content import Command, Say
from agent.chat.once import add_once
from agent.chat.parts import ChatParts
from agent.chat.place import place_for
from agent.chat.quiet import Batch, ripe
from agent.chat.talk import CallUnderWay, Said, Talk
from agent.model.contact import Channel
from agent.model.escalation import EscalationKind
from agent.model.finding import Level
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.piece import Piece, PieceKind
from agent.model.reading_context import ReadingContext
from agent.model.step import Request
from agent.model.turn import Hypothesis, Turn, TurnKind
from agent.store.ports import Duplicate, Records, StaleVersion, StoreError
from agent.store.together import Together

log = logging.getLogger("suifang.chat")

Who = tuple[str, Channel]  # a patient's id, and by what they write
HOLD = timedelta(seconds=60)
CALL_IS_UP = timedelta(seconds=1)  # looked at again so often: taken up after the call before anything written later
MOST_OPEN = 2000
AT_ONCE = 24  # talks: they share commits and the dialogue service
CHANNELS_GUESS = 0.5  # how far a channel's own recogniser is believed
PHOTO_SENT = Request(EscalationKind.REQUEST, "患者发来照片，请查看", rule="photo")


class ChatDesk:
    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts
        self._talk = Talk(parts)
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._taken = Together(parts.store, _add)
        self._held = Together(parts.store, self._hold_all)
        self._done = Together(parts.store, self._finish_all)
        self._under_way: dict[Who, asyncio.Task[int]] = {}
        self._read: dict[str, bool] = {}  # pieces that wait → whether they are urgent
        self.replied: Callable[[str], None] = _nobody_listens  # told the contact whose page changed

    async def take(self, piece: Piece) -> bool:
        """Keeps a message; False where it came before. Raises StoreError: let the provider send it again."""
        try:
            await self._taken.keep(piece)
        except Duplicate:
            return False
        return True

    async def run_once(self) -> int:
        """Answers every turn that is whole; returns how many."""
        return sum(await asyncio.gather(*await self._look()))

    async def beat(self) -> int:
        """As `run_once`, but waits for none of them: the next look does not depend on the slowest of this one. Returns
        how many patients are being answered from now on."""
        return len(await self._look())

    async def close(self) -> None:
        """Whatever is not answered yet comes up again with the next house."""
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _look(self) -> Sequence[asyncio.Task[int]]:
        """Begins with everybody who has said something whole; whoever is being answered is left alone."""
        busy = {*self._under_way}
        async with self._parts.store.transaction(write=False) as records:
            waiting = await records.open_pieces(now=self._parts.now(), limit=MOST_OPEN)
        busy |= {*self._under_way}
        still = {piece.id for piece in waiting}
        self._read = {known: urgent for known, urgent in self._read.items() if known in still}
        begun = []
        for batches in ripe(waiting, self._parts.now(), self._urgent, self._parts.quiet):
            who = batches[0].first.patient_id, batches[0].first.channel
            if who not in busy:
                begun.append(self._begin(who, batches))
        return begun

    def _begin(self, who: Who, batches: Sequence[Batch]) -> asyncio.Task[int]:
        task = self._under_way[who] = asyncio.create_task(self._answer_all(batches))

        def ended(done: asyncio.Task[int]) -> None:
            self._under_way.pop(who, None)
            if not done.cancelled() and (error := done.exception()) is not None:
                log.error("a message is not answered yet: %s", type(error).__name__)

        task.add_done_callback(ended)
        return task

    def _urgent(self, piece: Piece) -> bool:
        """Read once, however often it is looked at while it waits."""
        if piece.id not in self._read:
            context = ReadingContext(caregiver=piece.by_caregiver)
            reading = self._parts.reads.read(piece.text, context) if piece.text else None
            self._read[piece.id] = reading is not None and reading.level is Level.RED
        return self._read[piece.id]

    async def _answer_all(self, batches: Sequence[Batch]) -> int:
        """One patient's turns, one after the other. What fails leaves the pieces as they are: they come up again."""
        async with self._seats:
            return await self._answer_in_order(batches)

    async def _answer_in_order(self, batches: Sequence[Batch]) -> int:
        done = 0
        for batch in batches:
            turn_id = batch.turn_id or self._parts.new_id()
            try:
                await self._held.keep((batch, turn_id))
                await self._finish(batch, turn_id, await self._answer(batch, turn_id))
                done += 1
            except StaleVersion:
                return done  # another worker has it
            except CallUnderWay:
                await self._give_back(batch, turn_id)  # and on: a danger written next is not kept waiting by it
            except StoreError as error:
                log.error("a message is not answered yet: turn=%s code=%s", turn_id, error.code)
                return done
        return done

    async def _hold_all(self, records: Records, batches: Sequence[tuple[Batch, str]]) -> None:
        now = self._parts.now()
        for batch, turn_id in batches:
            ids = [piece.id for piece in batch.pieces]
            await records.hold_pieces(ids, turn_id, now=now, hold_until=now + HOLD)

    async def _give_back(self, batch: Batch, turn_id: str) -> None:
        """Ours is the hold that ends within HOLD; a shorter one takes its place."""
        now, ids = self._parts.now(), [piece.id for piece in batch.pieces]
        async with self._parts.store.transaction() as records:
            await records.hold_pieces(ids, turn_id, now=now + HOLD, hold_until=now + CALL_IS_UP)

    async def _answer(self, batch: Batch, turn_id: str) -> str:
        """What is written back; "" for nothing."""
        if batch.last.kind is PieceKind.PHOTO:
            return await self._photo(batch.last, turn_id)
        if batch.last.kind is PieceKind.KEY and await self._stale(batch.last):
            return ""
        said: list[str] = []
        words: list[Piece] = []
        for piece in batch.pieces:
            command = self._parts.content.command(piece.text) if piece.kind is PieceKind.TEXT else None
            obeyed = await obey(self._parts, piece, command) if command else None
            (words.append(piece) if obeyed is None else said.append(obeyed))
            if obeyed is not None and command is Command.BY_TEXT and self._parts.any_words:
                words.append(replace(piece, kind=PieceKind.OPENED, text=""))  # the questions begin here and now
        heard, alternatives = await self._heard(words)
        if heard:
            said.append(await self._talk.answer(Said(tuple(heard), turn_id, alternatives)))
        elif words:
            said.append(self._parts.say(Say.VOICE_UNHEARD))
        return " ".join(filter(None, said))

    async def _heard(self, words: Sequence[Piece]) -> tuple[list[Piece], tuple[Hypothesis, ...]]:
        """Voice notes as words; one in which nothing was recognised is left out. The other hypotheses where the turn is
        a single note."""
        heard: list[Piece] = []
        others: tuple[Hypothesis, ...] = ()
        for piece in words:
            if piece.kind is PieceKind.VOICE and not piece.text:
                hypotheses = _also(await self._parts.hears(piece.media), piece.guess)
                piece = replace(piece, text=hypotheses[0].text if hypotheses else "")
                others = hypotheses[1:] if len(words) == 1 else ()
                async with self._parts.store.transaction() as records:
                    await records.save_piece(replace(await records.piece(piece.id), text=piece.text))
            if piece.text or piece.kind is not PieceKind.VOICE:
                heard.append(piece)
        return heard, others

    async def _photo(self, piece: Piece, turn_id: str) -> str:
        """A nurse looks at it: nobody reads pictures here."""
        parts, now = self._parts, self._parts.now()
        async with parts.store.transaction() as records:
            place = await place_for(records, piece, now, parts.allowed)
            if place is None:
                return parts.say(Say.NOTHING_OPEN)
            attempt_id = place.attempt.id if place.attempt else ""
            turn = Turn("", place.contact.id, attempt_id, piece.channel, TurnKind.TEXT, now, "［照片］")
            await ask_for_nurse(records, PHOTO_SENT, turn, place.contact, parts.new_id)
        return parts.say(Say.PHOTO)

    async def _stale(self, piece: Piece) -> bool:
        """A button of a question that was answered meanwhile: pressed twice, or kept by a page that was offline."""
        async with self._parts.store.transaction(write=False) as records:
            sent = await records.messages(contact_id=piece.contact_id)
        asked = [each.id for each in sent if each.kind is MessageKind.CHAT and each.channel is piece.channel]
        return bool(asked) and piece.answers != asked[-1]

    async def _finish(self, batch: Batch, turn_id: str, text: str) -> None:
        await self._done.keep((batch, self._message(batch.last, turn_id, text) if text else None))
        if batch.last.contact_id:
            self.replied(batch.last.contact_id)

    async def _finish_all(self, records: Records, finished: Sequence[tuple[Batch, Message | None]]) -> None:
        """Each reply queued and its pieces done in one transaction."""
        now = self._parts.now()
        for batch, message in finished:
            if message is not None:
                await add_once(records, message)
            await records.pieces_done([piece.id for piece in batch.pieces], now)

    def _message(self, piece: Piece, turn_id: str, text: str) -> Message:
        """On the page a message is there once it is stored; any other channel is the post's to serve."""
        here, now = piece.channel is Channel.WEBCHAT, self._parts.now()
        return Message(
            id=turn_id,
            channel=piece.channel,
            to=piece.sender,
            kind=MessageKind.CHAT,
            text=text,
            created_at=now,
            patient_id=piece.patient_id,
            contact_id=piece.contact_id,
            status=MessageStatus.SENT if here else MessageStatus.QUEUED,
            sent_at=now if here else None,
        )


async def _add(records: Records, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        await records.add_piece(piece)


def _nobody_listens(contact_id: str) -> None:
    return None


def _also(hypotheses: tuple[Hypothesis, ...], guess: str) -> tuple[Hypothesis, ...]:
    """What the channel's own recogniser made of a voice note, as one more hypothesis where it is another."""
    known = {each.text for each in hypotheses}
    return hypotheses if not guess or guess in known else (*hypotheses, Hypothesis(guess, CHANNELS_GUESS))
