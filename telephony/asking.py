"""Asks the conversation on behalf of one call: what was given becomes a Turn, and there is always a reply."""

import logging
import traceback
from collections.abc import Awaitable
from pathlib import Path

from agent.model.contact import AttemptOutcome, Channel
from agent.model.turn import AudioSpan, Reply, Turn
from telephony.call_parts import CallParts
from telephony.given import Given

log = logging.getLogger("suifang.call")


class Asking:
    """`began_at`: seconds of the recording that were there before this line opened; `turn_id` is the latest turn's."""

    def __init__(self, attempt_id: str, parts: CallParts, began_at: float) -> None:
        self._attempt_id, self._parts, self._began_at = attempt_id, parts, began_at
        self.contact_id = ""
        self.turn_id = ""

    async def receive(self, given: Given) -> Reply:
        """One turn."""
        turn, conversation = self._turn(given), self._parts.conversation
        apology = Reply(sentences=(self._parts.apology,), end=True, interruptible=False)
        if given.failed is not None:
            log.error("recogniser failed: attempt=%s code=%s", self._attempt_id, given.failed)
            return await self._safely(turn, conversation.recogniser_down(turn), apology) or apology
        return await self._safely(turn, conversation.receive(turn), apology) or apology

    async def machine(self, words: Given, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        """What a machine hears; None for somebody in danger who only spoke like one."""
        turn = self._turn(words)
        nothing = Reply((), end=True, interruptible=False)
        return await self._safely(turn, self._parts.conversation.machine(turn, outcome, sure=sure), nothing)

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

    def _turn(self, given: Given) -> Turn:
        confidence = given.hypotheses[0].confidence if given.hypotheses else 1.0
        return Turn(
            id=self._parts.new_id(),
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
