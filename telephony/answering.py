"""The first seconds of a call: who answered, before the robot says anything and while it says its first reply."""

import asyncio
from collections.abc import Callable

from agent.answering.announcements import Announcements
from agent.answering.who import By, Rhythm, Verdict, WhoAnswered
from agent.model.contact import AttemptOutcome
from agent.model.turn import AudioSpan, TurnKind
from telephony.ear import Utterance
from telephony.given import Given
from telephony.line import LineClosed
from telephony.listening import Listening

NewWho = Callable[[], WhoAnswered]
NEVER = float("inf")

LONGEST_WAIT_SECONDS = 45.0  # being put through: then nobody answers
LONGEST_WORDS_SECONDS = 20.0  # of a machine that talks on
HAND_OVER_SECONDS = 8.0  # how long a call assistant may take to fetch the person it answers for
BEEP_SECONDS = 1.0  # silence after which a machine is taken to listen
TALKS_ON = frozenset({AttemptOutcome.VOICEMAIL, AttemptOutcome.CALL_ASSISTANT})


def nobody_asks() -> WhoAnswered:
    """Whoever answers is a person and is greeted at once."""
    return WhoAnswered(Announcements(()), Rhythm(monologue=NEVER, guessed_monologue=NEVER, quiet=0.0))


class Door:
    """Looks at each frame until it is told who answered; words overrule what the rhythm seemed to say."""

    def __init__(self, listening: Listening, who: WhoAnswered, stop_talking: Callable[[], None]) -> None:
        self._listening, self._ear, self._who = listening, listening.ear, who
        self._stop_talking = stop_talking
        self._looked = asyncio.Event()
        self._voice = 0.0
        self._seen = 0  # utterances of the inbox that were looked at
        self._greeting_from: float | None = None
        self._open = True  # nothing has been taken for a person's answer yet
        self._said: list[Utterance] = []  # by the machine
        self.verdict: Verdict | None = None

    # the wire's callbacks

    def heard(self) -> None:
        """A frame went into the ear."""
        if not self._open:
            return
        if self._ear.last_voice > self._voice:
            self._voice = self._ear.last_voice
            self._who.voice(self._voice)
        self._who.recognising = self._ear.busy
        self._who.words(self._ear.partial)
        for utterance in list(self._ear.inbox)[self._seen :]:
            if self._who.words(utterance.text):
                self._ear.inbox.remove(utterance)
                self._said.append(utterance)
        self._seen = len(self._ear.inbox)
        self._look()

    def guessed(self, answered_by: str) -> None:
        """The carrier's guess."""
        self._who.carrier(self._ear.now, answered_by)

    def key(self) -> None:
        """A key was pressed: a person."""
        if self.verdict is None:
            self.verdict = Verdict(By.RHYTHM)
            self._looked.set()

    def wake(self) -> None:
        """The line is gone: whoever waits looks again."""
        self._looked.set()

    def _look(self) -> None:
        verdict = self._who.verdict(self._ear.now)
        if verdict is not None and (self.verdict is None or verdict.by is By.WORDS):
            self.verdict = verdict
        if self.machine is not None and self._greeting_from is not None:
            self._stop_talking()
        self._looked.set()

    # the call's questions

    @property
    def machine(self) -> Verdict | None:
        return self.verdict if self._open and self.verdict is not None and not self.verdict.person else None

    async def opens(self) -> None:
        """Returns when the robot may begin or a machine is known. Raises LineClosed."""
        while self.verdict is None and not self._who.may_greet(self._ear.now):
            await self._frame()
            if self._ear.now >= LONGEST_WAIT_SECONDS:
                self.verdict = Verdict(By.WORDS, AttemptOutcome.NO_ANSWER, "waiting")

    def greets(self) -> None:
        """The robot begins to speak."""
        if self._greeting_from is None:
            self._greeting_from = self._ear.now

    def asked(self) -> None:
        """The first reply was said to its end: what only said 喂 before it waits for no answer."""
        self._who.asked()
        began, inbox = self._greeting_from or 0.0, self._ear.inbox
        kept = [each for each in inbox if each.audio.end > began or not self._who.announcements.bare(each.text)]
        inbox.clear()
        inbox.extend(kept)
        self._seen = len(inbox)

    def answered(self, given: Given) -> Given:
        """The first thing taken for a person's answer, or the machine's words if only machines say it."""
        if not self._open or given.kind not in (TurnKind.SPEECH, TurnKind.DIGITS):
            return given
        self._who.words(given.text)
        self._look()
        if self.machine is None:
            self.close()
            return given
        self._said.append(Utterance(given.hypotheses, given.audio or AudioSpan(self._ear.now, self._ear.now)))
        return self.words()

    def left(self, last: Given | None) -> Verdict | None:
        """The line is closed and these were the last words: the machine's verdict, None for a person."""
        if not self._open:
            return None
        if last is not None:
            self._who.words(last.text)
            self._said.append(Utterance(last.hypotheses, last.audio or AudioSpan(self._ear.now, self._ear.now)))
        self._look()
        return self.machine

    def close(self) -> None:
        """It is a person."""
        self._open = False

    @property
    def closed(self) -> bool:
        return not self._open

    # a machine

    async def hears_out(self) -> Verdict | None:
        """The machine's words to their end. None when a person has taken the call over. Raises LineClosed."""
        found = self.machine
        if found is None:
            return None
        if found.by is By.RHYTHM or found.outcome in TALKS_ON:
            await self._silence()
            found = self.machine or found
        self._keep()
        if found.outcome is AttemptOutcome.CALL_ASSISTANT and await self._taken_over():
            return None
        self._keep()
        return found

    @property
    def wordy(self) -> bool:
        """A machine has spoken."""
        return bool(self._said)

    def words(self) -> Given:
        """What the machine said, as the record keeps it."""
        text = "，".join(each.text for each in self._said if each.text) or self._ear.partial
        span = AudioSpan(self._said[0].audio.start, self._said[-1].audio.end) if self._said else None
        return Given(TurnKind.MACHINE, text, audio=span)

    def give_back(self) -> None:
        """It was a person after all: the words wait for an answer."""
        self._ear.inbox.extendleft(reversed(self._said))
        self._said, self.verdict = [], None
        self._seen = len(self._ear.inbox)
        self.close()

    def _keep(self) -> None:
        self._said += self._ear.inbox
        self._ear.inbox.clear()
        self._seen = 0

    async def _silence(self) -> None:
        until = self._ear.now + LONGEST_WORDS_SECONDS
        while self._ear.now < until and (self._ear.busy or self._ear.now - self._ear.last_voice < BEEP_SECONDS):
            await self._frame()

    async def _taken_over(self) -> bool:
        """Whether somebody comes to the telephone who speaks like a person."""
        assistant, until = self.verdict, self._ear.now + HAND_OVER_SECONDS
        self._who.hold()
        self.verdict, self._greeting_from = None, None
        while self._ear.now < until or self._ear.speaking:
            await self._frame()
            if self.verdict is not None and self.verdict.person:
                return True
        self.verdict = assistant
        return False

    async def _frame(self) -> None:
        self._looked.clear()
        await self._looked.wait()
        if self._listening.gone.is_set():
            raise LineClosed
