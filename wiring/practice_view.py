"""What the practice page is told after each turn: the words, what was read from them, and the record so far."""

from collections.abc import Sequence

from agent.model.answer import Answer, AnswerType
from agent.model.escalation import Escalation
from agent.model.pathway import Pathway
from agent.model.record import StoredTurn
from agent.model.turn import Reply, TurnKind
from dashboard import words


def understood(
    stored: StoredTurn, reply: Reply, pathway: Pathway, answers: Sequence[Answer], alarms: Sequence[Escalation]
) -> dict[str, object]:
    """A JSON message in Chinese; the page shows it as it is."""
    reading, turn = stored.reading, stored.turn
    return {
        "event": "turn",
        "kind": turn.kind,
        "heard": turn.text,
        "said": _said(stored),
        "confidence": round(turn.confidence, 2) if turn.kind is TurnKind.SPEECH else None,
        "move": words.MOVES.get(stored.move, stored.move),
        "level": reading.level,
        "level_word": words.LEVELS[reading.level],
        "findings": [
            {"label": one.label, "status": words.FINDING_STATUS[one.status], "words": one.surface, "why": one.reason}
            for one in reading.findings
        ],
        "values": [f"{one.surface}" for one in reading.measurements],
        "reply": list(reply.sentences),
        "ends": reply.end,
        "answers": [
            {"label": pathway.questions[one.question].label, "value": _value(one, pathway), "words": one.raw}
            for one in answers
            if one.question in pathway.questions
        ],
        "alarms": [{"level": one.level, "level_word": words.LEVELS[one.level], "reason": one.reason} for one in alarms],
    }


def _said(stored: StoredTurn) -> str:
    match stored.turn.kind:
        case TurnKind.START:
            return ""
        case TurnKind.SILENCE:
            return "没有出声"
        case TurnKind.UNHEARD:
            return "没听清"
        case TurnKind.HANGUP:
            return "挂断"
        case TurnKind.DIGITS:
            return f"按键 {stored.turn.text}"
    return stored.turn.text


def _value(answer: Answer, pathway: Pathway) -> str:
    text = _value_text(answer, pathway)
    return f"{text}（{words.UNCONFIRMED}）" if answer.unconfirmed else text


def _value_text(answer: Answer, pathway: Pathway) -> str:
    if isinstance(answer.value, bool):
        return "是" if answer.value else "否"
    if answer.type in (AnswerType.CHOICE, AnswerType.ADHERENCE):
        labels = {option.key: option.label for option in pathway.questions[answer.question].options}
        return labels.get(str(answer.value), str(answer.value))
    number = f"{answer.value:g}" if isinstance(answer.value, float) else str(answer.value)
    return number + (answer.unit or "")
