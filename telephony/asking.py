"""Asks the conversation on behalf of one call: what was given becomes a Turn, and there is always a reply."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from agent.model.contact import AttemptOutcome, Channel
from agent.model.escalation import TechnicalCause
from agent.model.turn import AudioSpan, Reply, Turn, TurnKind
from telephony.call_parts import CallParts
from telephony.ear import Utterance
from telephony.given import Given, early

log = logging.getLogger("suifang.call")


Told = TypeVar("Told")

AGAIN_SECONDS = (0.0, 1.0, 4.0, 10.0)
"""Before each further try to put on record what was said while the store failed."""
_NOTHING = Reply((), end=True, interruptible=False)

ENDS_WORDS = frozenset({TurnKind.SPEECH, TurnKind.UNHEARD, TurnKind.SILENCE, TurnKind.HANGUP, TurnKind.MACHINE})
"""Turns that bring the words which were overheard before, or show that nothing more comes of them."""


class Asking:
    """`began_at`: seconds of the recording that were there before this line opened; `turn_id` is the latest turn's."""

    def __init__(self, attempt_id: str, parts: CallParts, began_at: float) -> None:
        self._attempt_id, self._parts, self._began_at = attempt_id, parts, began_at
        self._words_id = parts.new_id()  # of the turn that will bring the words under way
        self.words_awaited = False  # some were overheard under that id
        self._overhearing: set[asyncio.Task[None]] = set()
        self._failed: list[Turn] = []  # turns of the patient that may not be on record, in their order
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
        """Whatever fails here, the whole words are read in a moment all the same."""
        await self._guarded("words under way not read", self._parts.conversation.overhear(turn))

    async def overheard(self) -> None:
        """Returns when everything overheard was told."""
        await asyncio.gather(*self._overhearing)

    @property
    def apology(self) -> Reply:
        return Reply(sentences=(self._parts.apology,), end=True, interruptible=False)

    async def begin(self) -> bool | None:
        """Whether the line that opens now came back from a nurse's telephone that nobody took; None where nothing is
        known of this attempt, and so nobody can be talked to."""
        return await self._guarded("call not begun", self._begin())

    async def _begin(self) -> bool:
        conversation = self._parts.conversation
        self.contact_id = await conversation.contact_of(self._attempt_id)
        return await conversation.transferring(self._attempt_id)

    async def receive(self, given: Given) -> Reply:
        """One turn."""
        if not self.contact_id:
            await self.begin()
        turn_id = self._parts.new_id() if given.unsaid else self._next_id(given.kind)
        turn, conversation, cause = self._turn(given, turn_id), self._parts.conversation, self._cause(given)
        self.turn_id = turn.id
        work = conversation.receive(turn) if cause is None else conversation.given_up(turn, cause)
        reply = await self._guarded(f"conversation failed: kind={turn.kind}", work)
        if reply is None:
            self._failed.append(turn)
        return reply or self.apology

    def _cause(self, given: Given) -> TechnicalCause | None:
        """Why the call cannot go on, in words for the log and for the card."""
        if given.unsaid:
            log.error("no voice could say a reply: attempt=%s", self._attempt_id)
            return TechnicalCause.VOICE_DOWN
        if given.failed is None:
            return None
        log.error("recogniser failed: attempt=%s code=%s", self._attempt_id, given.failed)
        return TechnicalCause.RECOGNISER_DOWN

    async def make_good(self) -> None:
        """After the line is gone: what the patient said to us while we failed is brought again, until it is on record.
        The words we answered with an apology go before a nurse, with the contact."""
        for wait in AGAIN_SECONDS:
            if not self._failed:
                return
            await asyncio.sleep(wait)
            self._failed = [turn for turn in self._failed if not await self._brought_again(turn)]
        for turn in self._failed:
            log.error("words are not on record: attempt=%s kind=%s", self._attempt_id, turn.kind)
            await self._brought_again(replace(turn, text="", alternatives=()))  # words nobody can read stop no card

    async def _brought_again(self, failed: Turn) -> bool:
        if not self.contact_id and await self.begin() is None:
            return False
        turn, conversation = replace(failed, contact_id=self.contact_id), self._parts.conversation
        left = turn.kind is TurnKind.HANGUP
        work = conversation.receive(turn) if left else conversation.given_up(turn, TechnicalCause.INTERNAL)
        return await self._guarded("again not stored", work) is not None

    async def machine(self, words: Given, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        """What a machine hears; None for somebody in danger who only spoke like one."""
        turn = self._turn(words, self._next_id(words.kind))
        self.turn_id = turn.id
        person: list[Turn] = []

        async def told() -> Reply:
            reply = await self._parts.conversation.machine(turn, outcome, sure=sure)
            if reply is None:
                person.append(turn)
            return reply or _NOTHING

        reply = await self._guarded("machine not told", told()) or _NOTHING
        if person:
            self._words_id = turn.id  # the same words come again, as a person's
            return None
        return reply

    async def note_reply(self, began: float | None) -> None:
        """The reply to the latest turn began to be heard then, in seconds of the line; None: it was not."""
        if began is not None:
            await self._parts.conversation.note_reply_audio(self.turn_id, began + self._began_at)

    async def note_recording(self, file: str, seconds: float) -> None:
        """Costs no call: where the recording cannot be noted, it is noted once the call is over."""
        noted = self._parts.conversation.note_recording(self._attempt_id, file, seconds)
        await self._guarded("recording not noted", noted)

    async def _guarded(self, what: str, work: Awaitable[Told]) -> Told | None:
        """Named edge: whatever fails behind the conversation, the patient hears an approved sentence; None then."""
        try:
            return await work
        except Exception as error:  # noqa: BLE001  the edge towards a living person: never dead air
            log.error("%s: attempt=%s %s", what, self._attempt_id, place_of(error))
            return None

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
