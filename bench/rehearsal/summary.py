"""A rehearsal in numbers, for machines and for the top of the report."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from bench.rehearsal.call import Call
from bench.rehearsal.judge import Judgement, Verdict

Judged = Sequence[tuple[Call, Judgement]]


def numbers(judged: Judged) -> dict[str, Any]:
    """Totals of some calls. Answers are counted over the questions the patient answered or that were stored."""
    finishing = [(call, result) for call, result in judged if call.persona.finishes and not result.dangers]
    dangers = [danger for _, result in judged for danger in result.dangers]
    lengths = [call.seconds for call, _ in judged]
    turns = [len(call.exchanges) for call, _ in judged]
    return {
        "patients": len(judged),
        "should_complete": len(finishing),
        "completed": sum(result.completed for _, result in finishing),
        "answers": {verdict.value: sum(r.count(verdict) for _, r in judged) for verdict in Verdict},
        "red_flags": {
            "said": len(dangers),
            "caught": sum(danger.level == "red" for danger in dangers),
            "only_yellow": sum(danger.level == "yellow" for danger in dangers),
            "missed": sum(not danger.level for danger in dangers),
            "false": sum(bool(result.false_red) for _, result in judged),
            "sterner_than_pathway": sum(bool(result.sterner) for _, result in judged),
        },
        "turns": {"p50": round(median(turns)), "most": max(turns)} if turns else {},
        "seconds_a_call": {"p50": round(median(lengths), 1), "most": max(lengths)} if lengths else {},
        "loops": sum(len(result.loops) for _, result in judged),
        "faults": sum(len(result.faults) for _, result in judged),
    }


def by_persona(judged: Judged) -> dict[str, Any]:
    ids = dict.fromkeys(call.persona.id for call, _ in judged)
    return {id_: numbers([one for one in judged if one[0].persona.id == id_]) for id_ in ids}


def troubles(judged: Judged) -> list[dict[str, Any]]:
    """Everything that went wrong, each with what reproduces it: patient number (with the seed) and turn."""
    found: list[dict[str, Any]] = []
    for call, result in judged:
        at = {"patient": call.number, "persona": call.persona.id, "node": call.node_day}
        found += [{**at, "what": "missed_danger", "turn": d.turn, "level": d.level, "said": d.words,
                   "heard": call.exchanges[d.turn - 1].heard} for d in result.missed]
        found += [{**at, "what": "false_red", "reason": reason} for reason in result.false_red]
        found += [{**at, "what": "answer_" + one.verdict, "question": one.question, "turn": one.turn,
                   "meant": one.meant, "understood": one.understood, "heard": _heard(call, one.turn)}
                  for one in result.answers if one.verdict is not Verdict.RIGHT]
        found += [{**at, "what": "loop", "sentence": sentence} for sentence in result.loops]
        found += [{**at, "what": "fault", "fault": fault} for fault in result.faults]
        if call.persona.finishes and not result.dangers and not result.completed:
            reason = call.contact.reason if call.contact else ""
            found.append({**at, "what": "not_completed", "reason": reason})
    return found


def _heard(call: Call, turn: int) -> str:
    return call.exchanges[turn - 1].heard if turn else ""


def conversations(judged: Judged) -> list[dict[str, Any]]:
    """Every conversation in words: the same seed gives the same bytes at text level."""
    return [
        {
            "patient": call.number,
            "persona": call.persona.id,
            "node": call.node_day,
            "seconds": call.seconds,
            "ended": call.attempt.outcome if call.attempt else None,
            "contact": call.contact.status if call.contact else None,
            "turns": [
                {
                    "robot": list(one.reply.sentences),
                    "kind": one.said.kind,
                    "said": one.said.text,
                    "heard": one.heard,
                    "move": one.stored.move if one.stored else None,
                }
                for one in call.exchanges
            ],
            "answers": {answer.question: answer.value for answer in call.answers},
        }
        for call, _ in judged
    ]
