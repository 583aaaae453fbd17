"""One turn, from words to reply: the page to read first.

    turn → triage reads the raw words → Rasa decides the move → the engine walks the pathway
         → escalation policy → ONE transaction → reply

Triage comes before everything and needs nothing but the words: a red flag is found, stored and obeyed with Rasa
down. The reply is returned only after the transaction committed, so whatever the patient said is on record before
the robot speaks. The same turn id twice gives the stored reply.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from weakref import WeakValueDictionary

from agent.attempts.retries import RetryPolicy
from agent.dialog import danger, engine
from agent.escalation import policy, under_way
from agent.model.clock import NewId, Now
from agent.model.contact import AttemptOutcome, Channel
from agent.model.escalation import Escalation, TechnicalCause
from agent.model.finding import Level, Reading
from agent.model.move import Move, MoveKind, MoveUnavailable
from agent.model.pathway import Pathway
from agent.model.reading_context import ReadingContext
from agent.model.session import Phase
from agent.model.step import Opening, Step
from agent.model.turn import Reply, Turn, TurnKind
from agent.store.ports import Store
from agent.turn import early_danger, education
from agent.turn.opening import opening_for
from agent.turn.ports import Decides, Hospital, Pathways, Reads
from agent.turn.records import After, Before, TurnRecords

log = logging.getLogger("suifang.conversation")

TAKES_MESSAGES = frozenset({AttemptOutcome.VOICEMAIL, AttemptOutcome.CALL_ASSISTANT})

WITHOUT_RASA = {
    TurnKind.START: MoveKind.START,
    TurnKind.SILENCE: MoveKind.SILENCE,
    TurnKind.HANGUP: MoveKind.HANGUP,
    TurnKind.UNHEARD: MoveKind.NONSENSE,
    TurnKind.DIGITS: MoveKind.ANSWER,
    TurnKind.TRANSFER: MoveKind.TRANSFER,
    TurnKind.TAKE_OVER: MoveKind.TAKE_OVER,
}


@dataclass(frozen=True, slots=True)
class Stages:
    """What the conversation is made of; the composition root fills it in."""

    store: Store
    reads: Reads
    decides: Decides
    pathways: Pathways
    hospital: Hospital
    retries: RetryPolicy
    now: Now
    new_id: NewId


class Conversation:
    """Receives turns from every channel, one turn of a contact at a time."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self._records = TurnRecords(stages.store, stages.pathways, stages.retries, stages.now, stages.new_id)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.contact_of = self._records.contact_of
        self.note_recording = self._records.note_recording
        self.note_reply_audio = self._records.note_reply_audio

    def tell_cards(self, told: Callable[[], None]) -> None:
        """From now on `told` is called after each commit that raised or changed a card."""
        self._records.card_raised = told

    async def receive(self, turn: Turn) -> Reply:
        """The reply to a turn, given only once everything the turn brought is on record. Raises StoreError."""
        async with self._lock(turn.contact_id):
            known = await self._records.known_reply(turn.id)
            if known is not None:
                return known
            before = _spoken_by(turn, await self._records.load(turn.contact_id))
            reading = self._read(turn, before)
            try:
                move = await self._decide(turn, before, reading)
            except MoveUnavailable as error:
                log.error("dialogue service unavailable: contact=%s code=%s", turn.contact_id, error)
                return await self._give_up(turn, before, reading, TechnicalCause.DIALOGUE_DOWN)
            step = self._walk(turn, before, reading, move)
            escalate = partial(self._escalate, turn, before, reading, step)
            lessons = education.owed(step, before.pathway, drafts=self._stages.hospital.drafts)
            return await self._records.commit(turn, before, After(reading, move, step, escalate, lessons))

    async def overhear(self, turn: Turn) -> None:
        """Words of a turn that is still being said: a red flag in them goes before a nurse now, and nothing else
        happens. `receive` of the same turn id, with the whole words, settles that card. Raises StoreError."""
        if not early_danger.worth_a_look(self._stages.reads, turn):
            return
        async with self._lock(turn.contact_id):
            before = await self._records.load(turn.contact_id)
            reading = early_danger.read_early(self._stages.reads, turn, self._context(turn, before))
            if reading.alarms:
                raised = partial(under_way.raise_early, reading, turn, before.patient.id, new_id=self._stages.new_id)
                await self._records.commit_early(turn, before.patient.id, raised)

    async def given_up(self, turn: Turn, cause: TechnicalCause) -> Reply:
        """The channel cannot understand speech any more, or not speak, or has apologised because we failed at this
        turn: its words and what was heard before are read and kept, a nurse takes over. A turn that is on record after
        all stays as it is. Raises StoreError."""
        async with self._lock(turn.contact_id):
            known = await self._records.known_reply(turn.id)
            if known is not None:
                return known
            before = await self._records.load(turn.contact_id)
            return await self._give_up(turn, before, self._read(turn, before), cause)

    async def machine(self, turn: Turn, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        """A machine answered, or something that talks on like one (not `sure`): the attempt ends, its words stay on
        record unread. Without an outcome it fetched a person, and only its words are kept. None where unsure words hold
        a danger: that may be a person, and the call goes on."""
        async with self._lock(turn.contact_id):
            before = await self._records.load(turn.contact_id)
            if not sure and turn.text and danger.red_alarms(self._read(turn, before)):
                return None
            message = self._stages.hospital.message if outcome in TAKES_MESSAGES else ()
            reply = Reply(message, end=True, interruptible=False)
            session = before.session or self._open(turn, before).session
            return await self._records.commit_machine(turn, before, Step(session, reply), outcome)

    async def transferring(self, attempt_id: str) -> bool:
        """Whether this attempt's patient was being connected with a nurse: the line that opens now has come back."""
        before = await self._records.load(await self._records.contact_of(attempt_id))
        return before.session is not None and bool(before.session.transferring)

    async def opening(self, contact_id: str, channel: Channel) -> Opening:
        """What a conversation on this contact would start from. Raises NotFound."""
        return (await self.beginning(contact_id, channel))[0]

    async def beginning(self, contact_id: str, channel: Channel) -> tuple[Opening, Pathway]:
        """The opening and the pathway it would run: for rendering their sentences ahead. Raises NotFound."""
        before = await self._records.load(contact_id)
        return opening_for(before, channel, self._stages.hospital, self._stages.now()), before.pathway

    # the stages, in order

    def _read(self, turn: Turn, before: Before) -> Reading:
        if not turn.text or turn.kind in (TurnKind.DIGITS, TurnKind.TRANSFER):
            return Reading(turn.text)
        return self._stages.reads.read(turn.text, self._context(turn, before), turn.alternatives)

    @staticmethod
    def _context(turn: Turn, before: Before) -> ReadingContext:
        if before.session is None:
            return ReadingContext()
        return engine.reading_context(before.session, before.pathway, turn.text, question_heard=turn.question_heard)

    async def _decide(self, turn: Turn, before: Before, reading: Reading) -> Move:
        if turn.kind in WITHOUT_RASA:
            return Move(WITHOUT_RASA[turn.kind])
        session = before.session
        if session is None or session.phase is Phase.ENDED or session.transferring or reading.level is Level.RED:
            return Move(MoveKind.ANSWER)  # danger is obeyed whatever else the words are doing
        context = engine.move_context(session, before.pathway, reading)
        return await self._stages.decides.decide(conversation_id=turn.attempt_id, text=turn.text, context=context)

    def _walk(self, turn: Turn, before: Before, reading: Reading, move: Move) -> Step:
        if before.session is None or turn.kind is TurnKind.START:
            return self._open(turn, before)
        now, next_open = self._stages.now(), self._stages.hospital.next_open
        step = engine.step(before.session, before.pathway, engine.Heard(move, reading, turn, now, next_open))
        if step.end is None:
            return step
        return replace(step, end=self._stages.retries.ending(step.end, before.contact.tries, now))

    def _open(self, turn: Turn, before: Before) -> Step:
        opening = opening_for(before, turn.channel, self._stages.hospital, self._stages.now())
        opening = replace(opening, proven=turn.proven, by_caregiver=turn.by_caregiver)
        return engine.open(opening, before.pathway, before.session)

    def _escalate(
        self, turn: Turn, before: Before, reading: Reading, step: Step, open_now: Sequence[Escalation]
    ) -> list[Escalation]:
        """What was alarmed while the words were still being said, alarms of the words, then what the engine asks a
        nurse for; never what a nurse knows already."""
        new_id, patient_id = self._stages.new_id, before.patient.id
        settled = under_way.heard_whole(reading, turn, open_now)
        raised = policy.raise_for(reading, turn, patient_id, _newest(settled, open_now), new_id)
        raised = under_way.one_card(reading, turn, _newest(raised, settled), open_now)
        for request in policy.asked_for(step, turn.contact_id, [*raised, *open_now]):
            known = _newest(raised, open_now)
            made = policy.for_request(request, policy.Occasion.of(turn, patient_id), known, new_id)
            raised = [*(each for each in raised if made is None or each.id != made.id), *([made] if made else [])]
        return raised

    async def _give_up(self, turn: Turn, before: Before, reading: Reading, cause: TechnicalCause) -> Reply:
        """The approved sentence and the end of the attempt; alarms of the words are raised all the same."""
        session = before.session or self._open(turn, before).session
        step = engine.give_up(session, before.pathway, cause)

        def escalate(open_now: Sequence[Escalation]) -> list[Escalation]:
            occasion = policy.Occasion.of(turn, before.patient.id)
            handed_over = policy.technical(occasion, cause, open_now, self._stages.new_id)
            made = [handed_over] if handed_over else []
            known = _newest(made, open_now)
            return self._escalate(turn, before, reading, step, known) + made

        return await self._records.commit(turn, before, After(reading, Move(MoveKind.NONSENSE), step, escalate))

    def _lock(self, contact_id: str) -> asyncio.Lock:
        lock = self._locks.get(contact_id)
        if lock is None:
            lock = self._locks[contact_id] = asyncio.Lock()
        return lock


def _newest(changed: Sequence[Escalation], cards: Sequence[Escalation]) -> list[Escalation]:
    """All of them, each as it stands now."""
    return [*changed, *(card for card in cards if card.id not in {each.id for each in changed})]


def _spoken_by(turn: Turn, before: Before) -> Before:
    return replace(before, session=before.session and before.session.written_by(caregiver=turn.by_caregiver))
