"""Drives the engine with hand-made readings; the session passes through JSON before every turn."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from agent.dialog import engine
from agent.dialog.pathway_loader import load
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Channel
from agent.model.finding import Alarm, Finding, Level, Measurement, Polarity, Reading, Status
from agent.model.move import Move, MoveKind
from agent.model.pathway import Pathway
from agent.model.session import Facts, Session
from agent.model.step import Opening, Step
from agent.model.turn import Hypothesis, Turn, TurnKind
from folders import PATHWAYS

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=HOSPITAL_ZONE)
OPENING = Opening(
    contact_id="c1",
    node_day=7,
    channel=Channel.PHONE,
    facts=Facts(
        name="王建国",
        title="王先生",
        birth_year=1958,
        id_last4="331X",
        phone_last4="2208",
        hospital="市第一医院",
        department="心内科",
        callback="010-66668888",
    ),
    recording=True,
)


def opening_of(**facts: Any) -> Opening:
    """OPENING with other facts of the patient or the house."""
    return replace(OPENING, facts=replace(OPENING.facts, **facts))


YES = Reading("是", polarity=Polarity.YES)
NO = Reading("没有", polarity=Polarity.NO)


@cache
def pathway(name: str = "heart_failure") -> Pathway:
    return load(PATHWAYS / name)


def reading(text: str, *found: Finding, numbers: dict[str, float] | None = None, doubtful: bool = False) -> Reading:
    measured = tuple(Measurement(name, value, "", text, (0, 1), doubtful) for name, value in (numbers or {}).items())
    return Reading(text, findings=found, measurements=measured)


def finding(concept: str, status: Status = Status.PRESENT) -> Finding:
    return Finding(concept, concept, "…", (0, 1), status, "")


def red(text: str, rule: str, *concepts: str) -> Reading:
    return Reading(text, alarms=(Alarm(rule, Level.RED, "危险", concepts or (rule,), text, (0, len(text))),))


class Talk:
    """One conversation. `steps` keeps every turn's outcome, the opening first."""

    def __init__(self, opening: Opening = OPENING, of: Pathway | None = None) -> None:
        self.pathway = of or pathway()
        self.steps: list[Step] = [engine.open(opening, self.pathway)]

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def session(self) -> Session:
        return self.last.session

    @property
    def said(self) -> str:
        return self.last.reply.text

    def turn(
        self, text: str, kind: MoveKind = MoveKind.ANSWER, read: Reading | None = None, sure: float = 0.9
    ) -> "Talk":
        usual = TurnKind.SPEECH if self.session.channel is Channel.PHONE else TurnKind.TEXT
        return self.send(Move(kind), read or Reading(text), self._turn(usual, text, sure))

    def early(self, text: str, kind: MoveKind, read: Reading | None = None) -> "Talk":
        """Said before the question was out."""
        turn = replace(self._turn(TurnKind.SPEECH, text), question_heard=False)
        return self.send(Move(kind), read or Reading(text), turn)

    def faq(self, text: str, entry: str | None, answer: str | None) -> "Talk":
        return self.send(Move(MoveKind.ASK, 0.9, entry, answer), Reading(text), self._turn(TurnKind.SPEECH, text))

    def unsure(self, text: str, kind: MoveKind) -> "Talk":
        return self.send(Move(kind, 0.4), Reading(text), self._turn(TurnKind.SPEECH, text))

    def heard(self, *texts: str, kind: MoveKind = MoveKind.ANSWER) -> "Talk":
        """One utterance with further hypotheses."""
        turn = replace(self._turn(TurnKind.SPEECH, texts[0]), alternatives=tuple(Hypothesis(t, 0.4) for t in texts[1:]))
        return self.send(Move(kind), Reading(texts[0]), turn)

    def digits(self, keys: str) -> "Talk":
        return self.send(Move(MoveKind.ANSWER), Reading(keys), self._turn(TurnKind.DIGITS, keys))

    def silence(self) -> "Talk":
        return self.send(Move(MoveKind.SILENCE), Reading(""), self._turn(TurnKind.SILENCE))

    def unheard(self) -> "Talk":
        return self.send(Move(MoveKind.NONSENSE), Reading(""), self._turn(TurnKind.UNHEARD))

    def hang_up(self) -> "Talk":
        return self.send(Move(MoveKind.HANGUP), Reading(""), self._turn(TurnKind.HANGUP))

    def send(self, move: Move, read: Reading, turn: Turn) -> "Talk":
        session = Session.from_json(self.session.to_json())
        assert session == self.session
        self.steps.append(engine.step(session, self.pathway, engine.Heard(move, read, turn, NOW)))
        return self

    def identified(self) -> "Talk":
        """The patient is there and has proved it."""
        return self.turn("是我", MoveKind.AFFIRM).turn("一九五八年")

    def until(self, question: str) -> "Talk":
        """No to everything until the question is open."""
        while self.session.current != question:
            assert self.last.end is None, f"{question} was never asked"
            self.turn("没有", MoveKind.DENY, NO)
        return self

    def _turn(self, kind: TurnKind, text: str = "", sure: float = 0.9) -> Turn:
        return Turn(f"t{len(self.steps)}", "c1", "a1", self.session.channel, kind, NOW, text, sure)
