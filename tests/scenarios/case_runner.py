"""Whole conversations as data: plays a case file through triage and the engine, says what came of every turn.

A case names its node and channel, then the turns. Under `expect` stands what the house must do after each turn; it
is written by `pytest tests/scenarios --update` and read by a person before it is committed. The session passes
through JSON between turns, the clock stands still, ids count up.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import yaml

from agent.content_yaml import read_source
from agent.dialog import engine
from agent.dialog.faq import FaqBook, load_faq
from agent.dialog.pathway_loader import load
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Channel
from agent.model.finding import Level, Reading, Status
from agent.model.move import Move, MoveContext, MoveKind
from agent.model.pathway import Pathway
from agent.model.reading_context import ReadingContext
from agent.model.session import Facts, Session
from agent.model.step import Opening, Step
from agent.model.turn import Hypothesis, Turn, TurnKind
from folders import NLU_DATA, PATHWAYS
from tests.fakes.decider import decide

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=HOSPITAL_ZONE)
WITHOUT_WORDS = {
    TurnKind.SILENCE: MoveKind.SILENCE,
    TurnKind.HANGUP: MoveKind.HANGUP,
    TurnKind.UNHEARD: MoveKind.NONSENSE,
    TurnKind.DIGITS: MoveKind.ANSWER,
}
PATIENT: dict[str, Any] = {
    "name": "王建国",
    "title": "王先生",
    "birth_year": 1958,
    "id_last4": "3316",
    "phone_last4": "2208",
    "sex": "male",
    "hospital": "市第一医院",
    "department": "随访中心",
    "callback": "010-66668888",
}

Decide = Callable[[str, MoveContext], Awaitable[Move]]


class Reads(Protocol):
    def read(self, text: str, context: ReadingContext, alternatives: Sequence[Hypothesis] = ()) -> Reading: ...


@dataclass(frozen=True, slots=True)
class Case:
    """One file; `raw` is its YAML as it stands."""

    path: Path
    raw: dict[str, Any]

    @property
    def pathway(self) -> Pathway:
        return load(self.path.parent.parent)


def all_cases() -> list[Path]:
    return sorted(PATHWAYS.glob("*/cases/*.yml"))


def read_case(path: Path) -> Case:
    return Case(path, read_source(path, str(path)).data)


async def play(case: Case, reads: Reads, decides: Decide | None = None) -> dict[str, Any]:
    """The case with `expect` as it came out. `decides` goes before the moves named in the file (Rasa); without it
    the file's move counts, or the scripted decider's."""
    pathway = case.pathway
    faq = FaqBook(load_faq(NLU_DATA / "faq"), use_drafts=True)
    step = engine.open(opening(case), pathway)
    played = {**case.raw, "opening": "".join(step.reply.sentences), "turns": []}
    for number, raw in enumerate(case.raw["turns"], 1):
        session = Session.from_json(step.session.to_json())
        if session != step.session:
            raise AssertionError("the session does not survive JSON")
        turn = turn_of(case, raw, number)
        reading = read(turn, session, pathway, reads)
        move = await _move(raw, turn, engine.move_context(session, pathway, reading), decides)
        if move.faq and not move.faq_answer:
            move = faq.answered(move, pathway.id)
        step = engine.step(session, pathway, engine.Heard(move, reading, turn, NOW))
        given = {key: value for key, value in raw.items() if key != "expect"}
        played["turns"].append({**given, "expect": outcome(step, reading, pathway)})
    return played


def opening(case: Case) -> Opening:
    facts = Facts(**{**PATIENT, **case.raw.get("patient", {})})
    channel = Channel(case.raw.get("channel", "phone"))
    return Opening("c1", case.raw["node"], channel, facts, recording=channel is Channel.PHONE)


def turn_of(case: Case, raw: dict[str, Any], number: int) -> Turn:
    channel = Channel(case.raw.get("channel", "phone"))
    usual = TurnKind.SPEECH if channel is Channel.PHONE else TurnKind.TEXT
    alternatives = tuple(Hypothesis(text, 0.5) for text in raw.get("alternatives", ()))
    return Turn(
        id=f"t{number}",
        contact_id="c1",
        attempt_id="a1",
        channel=channel,
        kind=TurnKind(raw.get("kind", usual)),
        at=NOW,
        text=str(raw.get("says", "")),
        confidence=raw.get("confidence", 0.9),
        alternatives=alternatives,
    )


def read(turn: Turn, session: Session, pathway: Pathway, reads: Reads) -> Reading:
    if not turn.text or turn.kind is TurnKind.DIGITS:
        return Reading(turn.text)
    return reads.read(turn.text, engine.reading_context(session, pathway, turn.text), turn.alternatives)


async def _move(raw: dict[str, Any], turn: Turn, context: MoveContext, decides: Decide | None) -> Move:
    if turn.kind in WITHOUT_WORDS:
        return Move(WITHOUT_WORDS[turn.kind])
    if decides is not None:
        return await decides(turn.text, context)
    if "move" in raw:
        return Move(MoveKind(raw["move"]), raw.get("sure", 1.0), faq=raw.get("faq"))
    return decide(turn.text, context)


def outcome(step: Step, reading: Reading, pathway: Pathway) -> dict[str, Any]:
    """What one turn came to, in the words of a case file; empty parts are left out."""
    alarms = [alarm for alarm in reading.alarms if not alarm.suppressed and alarm.level is not Level.NONE]
    asserted = (Status.PRESENT, Status.DENIED, Status.UNCERTAIN, Status.PAST)
    found = [finding for finding in reading.findings if finding.status in asserted]
    told = {f"{alarm.level} {alarm.rule}": None for alarm in alarms}
    told |= {f"{request.level} {request.rule or request.kind}": None for request in step.requests}
    whole: dict[str, Any] = {
        "reply": "".join(step.reply.sentences),
        "answers": {answer.question: answer.value for answer in step.answers},
        "corrected": [answer.question for answer in step.answers if answer.corrected],
        "unconfirmed": [answer.question for answer in step.answers if answer.unconfirmed],
        "findings": list(dict.fromkeys(f"{finding.concept} {finding.status}" for finding in found)),
        "escalations": list(told),
        "end": f"{step.end.contact_status} {step.end.outcome} {step.end.reason}" if step.end else "",
        "call_again": step.end.resume_at.strftime("%Y-%m-%d %H:%M") if step.end and step.end.resume_at else "",
    }
    return {key: value for key, value in whole.items() if value}


def write_case(path: Path, played: dict[str, Any]) -> None:
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    body = yaml.safe_dump(played, allow_unicode=True, sort_keys=False, width=116)
    path.write_text("\n".join([*head, body]), encoding="utf-8")
