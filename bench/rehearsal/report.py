"""The report of a rehearsal as one HTML file that needs nothing beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from agent.model.answer import AnswerType, Scalar
from agent.model.pathway import Question
from agent.model.turn import TurnKind
from bench.rehearsal.call import Call, Exchange
from bench.rehearsal.judge import Compared, Judgement, Verdict
from bench.rehearsal.summary import Judged, by_persona, numbers
from dashboard import words

VERDICTS = {Verdict.RIGHT: "✓", Verdict.WRONG: "错", Verdict.MISSING: "没记下", Verdict.INVENTED: "没说过"}
KINDS = {
    TurnKind.SILENCE: "（没有出声）", TurnKind.HANGUP: "（挂断）", TurnKind.UNHEARD: "（杂音，听不清）",
}


@dataclass(frozen=True, slots=True)
class About:
    """What the head of the report says; `sound` maps a call's number to a data URI."""

    title: str
    seed: int
    how: str
    errors: float
    sound: dict[int, str]


def write_report(path: Path, judged: Judged, about: About) -> None:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(default=True)
    )
    page = environment.get_template("report.html.j2").render(
        title=about.title, seed=about.seed, how=about.how, errors=f"{about.errors:.0%}" if about.errors else "",
        total=numbers(judged), clock=clock, personas=_personas(judged),
        dangers=sorted(
            (row for call, result in judged for row in _dangers(call, result)),
            key=lambda row: ("", "yellow", "red").index(row["level"]),
        ),
        false_red=[
            {"number": call.number, "persona": call.persona.title, "reason": reason}
            for call, result in judged for reason in result.false_red
        ],
        calls=[_call(call, result, about) for call, result in judged],
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _personas(judged: Judged) -> list[dict[str, Any]]:
    titles = {call.persona.id: call.persona.title for call, _ in judged}
    return [{"title": titles[id_], **row} for id_, row in by_persona(judged).items()]


def _dangers(call: Call, result: Judgement) -> list[dict[str, Any]]:
    return [
        {"number": call.number, "persona": call.persona.title, "turn": one.turn, "words": one.words,
         "heard": call.exchanges[one.turn - 1].heard, "level": one.level, "reason": one.reason}
        for one in result.dangers
    ]


def _call(call: Call, result: Judgement, about: About) -> dict[str, Any]:
    bad = bool(result.missed or result.false_red or result.faults)
    return {
        "number": call.number,
        "persona": call.persona.title,
        "node": call.node_day,
        "ended": words.OUTCOMES[call.attempt.outcome] if call.attempt else "未接通",
        "seconds": call.seconds,
        "open": bad,
        "audio": about.sound.get(call.number, ""),
        "tags": _tags(call, result),
        "turns": [_turn(one) for one in call.exchanges],
        "goodbye": call.goodbye.text if call.goodbye else "",
        "answers": [_answer(call, one) for one in result.answers],
        "escalations": [{"level": e.level, "reason": e.reason, "words": e.evidence.words} for e in call.escalations],
        "faults": result.faults,
    }


def _tags(call: Call, result: Judgement) -> list[dict[str, str]]:
    tags = [{"text": "漏报" if not one.level else "危险只报黄色", "colour": "red" if not one.level else "amber"}
            for one in result.missed]
    tags += [{"text": "误报红色", "colour": "amber"}] * bool(result.false_red)
    tags += [{"text": "故障", "colour": "red"}] * bool(result.faults)
    tags += [{"text": "反复问", "colour": "amber"}] * bool(result.loops)
    wrong = len(result.answers) - result.count(Verdict.RIGHT)
    tags += [{"text": f"{wrong} 处不符", "colour": "amber"}] * bool(wrong)
    caught = len(result.dangers) - len(result.missed)
    tags += [{"text": "危险已报", "colour": "green"}] * bool(caught)
    return tags


def _turn(one: Exchange) -> dict[str, Any]:
    spoken = one.said.text if one.said.kind is TurnKind.SPEECH else KINDS.get(one.said.kind, f"按键 {one.said.text}")
    return {
        "at": one.at_seconds,
        "robot": one.reply.text,
        "said": spoken,
        "heard": one.heard if one.heard != one.said.text else "",
        "danger": bool(one.said.danger),
        "what": _what(one),
    }


def _what(one: Exchange) -> str:
    if one.stored is None:
        return ""
    found = [f"{finding.label}：{words.FINDING_STATUS[finding.status]}" for finding in one.stored.reading.findings]
    values = [f"{each.surface}" for each in one.stored.reading.measurements]
    return " · ".join([words.MOVES.get(one.stored.move, one.stored.move), *found, *values])


def _answer(call: Call, one: Compared) -> dict[str, Any]:
    question = call.pathway.questions[one.question]
    return {
        "label": one.label,
        "meant": _value(question, one.meant),
        "understood": _value(question, one.understood),
        "verdict": VERDICTS[one.verdict],
        "bad": one.verdict is not Verdict.RIGHT,
    }


def _value(question: Question, value: Scalar | None) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    labels = {option.key: option.label for option in question.options}
    if question.type in (AnswerType.CHOICE, AnswerType.ADHERENCE):
        return labels.get(str(value), str(value))
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return shown + (question.unit or "")


def failures(judged: Sequence[tuple[Call, Judgement]]) -> int:
    """Dangers that no nurse saw as red, and technical faults."""
    return sum(len(result.missed) + len(result.faults) for _, result in judged)
