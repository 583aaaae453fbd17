"""Asks the conversation on behalf of one call: what was given becomes a Turn, and there is always a reply."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable
from pathlib import Path

from agent.model.contact import AttemptOutcome, Channel
from agent.model.turn import AudioSpan, Reply, Turn, TurnKind
from telephony.call_parts import CallParts
from telephony.ear import Utterance
from telephony.given import Given, early

log = logging.getLogger("suifang.call")


ENDS_WORDS = frozenset({TurnKind.SPEECH, TurnKind.UNHEARD, TurnKind.SILENCE, TurnKind.HANGUP, TurnKind.MACHINE})
"""Turns that bring the words which were overheard before, or show that nothing more comes of them."""


class Asking:
    """`began_at`: seconds of the recording that were there before this line opened; `turn_id` is the latest turn's."""

    def __init__(self, attempt_id: str, parts: CallParts, began_at: float) -> None:
        self._attempt_id, self._parts, self._began_at = attempt_id, parts, began_at
        self._words_id = parts.new_id()  # of the turn that will bring the words under way
        self.words_awaited = False  # some were overheard under that id
        self._overhearing: set[asyncio.Task[None]] = set()
        self.contact_id = ""
        self.turn_id = ""

    def overhear(self, words: Utterance, question_out_at: float | None) -> None:
        """Tells words of a turn that is still being said, and does not wait."""
        self.words_awaited = True
        heard = not early(words, question_out_at)
        given = Given(TurnKind.SPEECH, words.text, words.hypotheses, words.audio, question_heard=heard)
        task = asyncio.ensure_future(self._overhear(self._turn(given, self._words_id)))
        self._overhearing.add(task)
        task.add_done_callback(self._overhearing.discard)

    async def _overhear(self, turn: Turn) -> None:
        """Named edge: whatever fails here, the whole words are read in a moment all the same."""
        try:
            await self._parts.conversation.overhear(turn)
        except Exception as error:  # noqa: BLE001  see the docstring
            log.error("words under way not read: attempt=%s %s", self._attempt_id, place_of(error))

    async def overheard(self) -> None:
        """Returns when everything overheard was told."""
        await asyncio.gather(*self._overhearing)

    async def receive(self, given: Given) -> Reply:
        """One turn."""
        turn, conversation = self._turn(given, self._next_id(given.kind)), self._parts.conversation
        apology = Reply(sentences=(self._parts.apology,), end=True, interruptible=False)
        if given.failed is not None:
            log.error("recogniser failed: attempt=%s code=%s", self._attempt_id, given.failed)
            return await self._safely(turn, conversation.recogniser_down(turn), apology) or apology
        return await self._safely(turn, conversation.receive(turn), apology) or apology

    async def machine(self, words: Given, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        """What a machine hears; None for somebody in danger who only spoke like one."""
        turn = self._turn(words, self._next_id(words.kind))
        nothing = Reply((), end=True, interruptible=False)
        reply = await self._safely(turn, self._parts.conversation.machine(turn, outcome, sure=sure), nothing)
        if reply is None:
            self._words_id = turn.id  # the same words come again, as a person's
        return reply

    async def note_reply(self, began: float | None) -> None:
        """The reply to the latest turn began to be heard then, in seconds of the line; None: it was not."""
        if began is not None:
            await self._parts.conversation.note_reply_audio(self.turn_id, began + self._began_at)

    async def _safely(self, turn: Turn, work: Awaitable[Reply | None], otherwise: Reply) -> Reply | None:
        """Named edge: whatever fails behind the conversation, the patient hears an approved sentence."""
        self.turn_id = turn.id
        try:
            return await work
        except Exception as error:  # noqa: BLE001  the edge towards a living person: never dead air
            log.error("conversation failed: attempt=%s kind=%s %s", self._attempt_id, turn.kind, place_of(error))
            return otherwise

    def _next_id(self, kind: TurnKind) -> str:
        """The id under which the words of this turn were overheard, once; another for what brings none."""
        if kind not in ENDS_WORDS:
            return self._parts.new_id()
        known, self._words_id, self.words_awaited = self._words_id, self._parts.new_id(), False
        return known

    def _turn(self, given: Given, turn_id: str) -> Turn:
        confidence = given.hypotheses[0].confidence if given.hypotheses else 1.0
        return Turn(
            id=turn_id,
            contact_id=self.contact_id,
            attempt_id=self._attempt_id,
            channel=Channel.PHONE,
            kind=given.kind,
            at=self._parts.now(),
            text=given.text,
            confidence=confidence,
            alternatives=given.hypotheses,
            audio=self._in_recording(given.audio),
            question_heard=given.question_heard,
        )

    def _in_recording(self, span: AudioSpan | None) -> AudioSpan | None:
        """Seconds of the line as seconds of the recording, which may have begun on an earlier line."""
        return AudioSpan(span.start + self._began_at, span.end + self._began_at) if span else None


def place_of(error: BaseException) -> str:
    """Type and place of an error, for a log: never its text, which may quote a patient."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
