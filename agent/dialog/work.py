"""One turn in the making: what the patient did, and what is being said, recorded and asked for in return."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from agent.dialog.phrases import Phrase
from agent.dialog.wording import YES_NO, choices_text, expects, numbers_wanted, options, patience, phrase, question_text
from agent.model.answer import Answer
from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Level, Reading
from agent.model.move import Move, MoveKind
from agent.model.pathway import Pathway, Question, RedFlag
from agent.model.session import Detour, DetourKind, Phase, Session
from agent.model.step import End, Request, Step, TransferState
from agent.model.turn import Expect, Option, Reply, Transfer, Turn, TurnKind

LEAST_STORY = 8  # characters
SURE_HEARD = 0.6  # recogniser confidence
CHINESE = re.compile("[\u4e00-\u9fff]")
WAIT_SECONDS = 60.0
NO_DEVICE = re.compile(
    "(?:没有?|冇|买不起)[^，。]{0,3}(?:血压[计表仪]|秤|温度计|体温[计表]|血糖仪|血氧仪|仪器|机器)|没那个?东西|(?<!会)不(?:太|大|咋|怎么)?会(?:量|测|称|用|弄|使)(?![了过])"
)
PATIENT_AWAY = "patient_away"  # why a contact is put off: somebody else has the telephone
NextOpen = Callable[[datetime], datetime]
"""The first moment from the given one on at which the house may call."""


def always_open(moment: datetime) -> datetime:
    return moment


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn with what triage and the decider made of it."""

    move: Move
    reading: Reading
    turn: Turn
    now: datetime
    next_open: NextOpen = always_open  # when the house may call, from a moment on

    @property
    def kind(self) -> MoveKind:
        return self.move.kind

    @property
    def by_ear(self) -> bool:
        return self.turn.channel is Channel.PHONE and self.turn.kind is TurnKind.SPEECH


class Work:
    """Collects one turn's outcome. Lives for one call of `engine.step`; the session it holds is replaced, never
    changed."""

    def __init__(self, session: Session, pathway: Pathway, heard: Heard) -> None:
        self.session, self.pathway, self.heard = session, pathway, heard
        self.red: RedFlag | None = None  # an answer of this turn alarmed red
        self._sentences: list[str] = []
        self._answers: list[Answer] = []
        self._requests: list[Request] = []

    # what is said
    def say(self, which: Phrase, value: str = "") -> None:
        self._sentences += phrase(which, self.session, self.pathway, value)

    def lead(self, which: Phrase) -> None:
        """A word of passage before a question, where nothing was said in this turn yet."""
        if not self._sentences:
            self.say(which)

    def say_text(self, *sentences: str) -> None:
        self._sentences += sentences

    def unsay(self) -> None:
        self._sentences = []

    def advise(self, advice_id: str) -> None:
        self._sentences += self.pathway.advice[advice_id].sentences

    def advise_once(self, advice_id: str) -> None:
        """Advice that follows an answer is not said a second time in the same contact."""
        mark = f"said:{advice_id}"
        if mark not in self.session.raised:
            self.set(raised=(*self.session.raised, mark))
            self.advise(advice_id)

    # what changes
    def set(self, **changes: Any) -> None:
        self.session = replace(self.session, **changes)

    def push(self, detour: Detour) -> None:
        self.set(detours=(*self.session.detours, detour))

    def pop(self, *kinds: DetourKind) -> None:
        """Drop the innermost detour, or every one of the given kinds."""
        if kinds:
            self.set(detours=tuple(one for one in self.session.detours if one.kind not in kinds))
        else:
            self.set(detours=self.session.detours[:-1])

    def record(self, answer: Answer) -> None:
        self._answers = [old for old in self._answers if old.question != answer.question] + [answer]
        self.session = self.session.with_answer(answer)

    def request(self, kind: EscalationKind, reason: str, rule: str = "", level: Level = Level.YELLOW) -> None:
        """Ask for a nurse; each named rule once in a contact. A red one always goes on to the policy: the rule may have
        alarmed as a doubtful value, which is yellow until the patient stands by it."""
        if rule and rule in self.session.raised and level is not Level.RED:
            return
        if rule:
            self.set(raised=(*self.session.raised, rule))
        self._requests.append(Request(kind, reason, level, rule))

    @property
    def question(self) -> Question | None:
        return self.pathway.questions.get(self.session.current or "")

    # what the turn comes to
    def reply(
        self,
        expect: Expect,
        *,
        choices: Iterable[Option] = (),
        seconds: float | None = None,
        interruptible: bool = True,
    ) -> Step:
        """The turn ends here and the robot listens."""
        choices = tuple(choices)
        if self.session.by_keys and choices == YES_NO:
            keys = phrase(Phrase.KEYPAD_YES_NO, self.session, self.pathway)
            self._sentences += [sentence for sentence in keys if sentence not in self._sentences]
        reply = Reply(
            sentences=tuple(self._sentences),
            expect=expect,
            question=self.session.current,
            options=choices,
            numbers=numbers_wanted(self.question, self.session) if expect is Expect.NUMBER else 1,
            unit=(self.question.unit or "") if self.question and expect is Expect.NUMBER else "",
            patience_seconds=seconds if seconds is not None else patience(expect, unhurried=self.session.slower),
            interruptible=interruptible,
            slower=self.session.slower,
            louder=self.session.louder,
        )
        self.set(reply=reply)
        return Step(self.session, reply, tuple(self._answers), tuple(self._requests))

    def put(self, form: str = "", *, with_choices: bool = False) -> Step:
        """Say the open question in a form and listen for its answer. There must be one."""
        question = self.question
        if question is None:
            raise ValueError("no question is open")
        self.say_text(question_text(question, self.session, self.pathway, form))
        if with_choices or self.session.by_keys:
            self.say_text(*choices_text(question, self.session, self.pathway))
        self.set(visits=self.session.visits + 1)
        return self.reply(expects(question), choices=options(question))

    def end(
        self, status: ContactStatus, outcome: AttemptOutcome, reason: str, resume_at: datetime | None = None
    ) -> Step:
        """The goodbye was said: hang up."""
        reply = Reply(
            tuple(self._sentences),
            interruptible=False,
            end=True,
            slower=self.session.slower,
            louder=self.session.louder,
        )
        self.set(phase=Phase.ENDED, current=None, detours=(), end_reason=reason, reply=reply)
        return Step(
            self.session, reply, tuple(self._answers), tuple(self._requests), End(status, outcome, reason, resume_at)
        )

    def transfer(self, reason: str) -> Step:
        """The channel connects the patient with a nurse once this was said."""
        step = self.reply(Expect.NOTHING, interruptible=False)
        reply = replace(step.reply, transfer=Transfer(reason))
        return replace(step, reply=reply, transfer=TransferState.RINGING)

    @staticmethod
    def marked(step: Step, state: TransferState) -> Step:
        """The step with how the transfer stands after it."""
        return replace(step, transfer=state)

    def reply_ended(self) -> Step:
        """A word after the end; the contact stays as it is."""
        reply = Reply(tuple(self._sentences), interruptible=False, end=True)
        return Step(self.session, reply, tuple(self._answers), tuple(self._requests))

    def unfinished(self) -> ContactStatus:
        """What a contact is when the patient leaves before the end."""
        return ContactStatus.PARTIAL if self.session.answers else ContactStatus.DUE


def in_dialect(heard: Heard) -> bool:
    """Cantonese written down: foreign to the move, but often plain enough to answer a question."""
    return heard.kind is MoveKind.FOREIGN and bool(CHINESE.search(heard.turn.text))


def settles_a_doubt(work: Work, question: Question) -> bool:
    """是, asked 您是说有不想活的念头吗, says nothing of the question that waits behind that."""
    detour = work.session.detour
    return detour is not None and detour.kind is DetourKind.CONFIRM and detour.question != question.id


def told_beside(heard: Heard) -> bool:
    """Words heard well that answer something else: nobody who tells a story is told that they were not heard."""
    told = heard.kind in (MoveKind.ANSWER, MoveKind.AFFIRM, MoveKind.DENY) and len(heard.turn.text) >= LEAST_STORY
    return told and (heard.turn.confidence >= SURE_HEARD or not heard.by_ear)


def has_no_device(heard: Heard) -> bool:
    """没有血压计, 不会量: another wording of the question measures nothing either."""
    return NO_DEVICE.search(heard.turn.text) is not None
