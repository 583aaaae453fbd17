"""What a turn meant, asked again after the call: the moment it was said in, and the answer other words give. Pure."""

from agent.dialog import go_ahead
from agent.dialog.answer_reading import read_value
from agent.dialog.consequences import crosses, matches
from agent.dialog.contexts import reading_context
from agent.dialog.work import Heard
from agent.model.answer import Answer, AnswerType, Scalar
from agent.model.contact import Channel
from agent.model.finding import Level, Reading
from agent.model.move import Move, MoveKind
from agent.model.pathway import Pathway, Question
from agent.model.reading_context import ReadingContext
from agent.model.session import Detour, DetourKind, Facts, Phase, Session
from agent.model.turn import Reply, Turn


def context_after(
    reply: Reply | None, pathway: Pathway, node_day: int, present: frozenset[str], text: str = ""
) -> ReadingContext:
    """What triage may know of words that followed `reply`; `present` are the concepts found earlier in the contact."""
    return reading_context(_session_after(reply, pathway, node_day, present), pathway, text)


def lets_go_on(reply: Reply | None, pathway: Pathway, node_day: int, text: str) -> bool:
    """True for words after `reply` that answer nothing but its "may I ask"."""
    return go_ahead.nothing_but(text, _session_after(reply, pathway, node_day, frozenset()), pathway)


def _session_after(reply: Reply | None, pathway: Pathway, node_day: int, present: frozenset[str]) -> Session:
    said = reply.sentences[-1] if reply and reply.sentences else ""
    asked = [*pathway.confirms.items(), *pathway.confirms_again.items()]
    confirmed = next((concept for concept, sentence in asked if sentence == said), None)
    return Session(
        contact_id="",
        pathway=pathway.id,
        version=pathway.version,
        node_day=node_day,
        channel=Channel.PHONE,
        facts=Facts(name=""),
        phase=Phase.QUESTIONS if reply and reply.question else Phase.IDENTITY,
        current=reply.question if reply else None,
        detours=(Detour(DetourKind.CONFIRM, confirmed),) if confirmed else (),
        present=tuple(sorted(present)),
        reply=reply,
    )


def other_answer(question: Question, reading: Reading, turn: Turn, *, named: bool) -> Scalar | None:
    """The answer these words give to the question by themselves; None where they give none that is whole and sure.
    `named`: the question was not asked, the words must name what it asks. Free text is never compared."""
    if question.type is AnswerType.FREE_TEXT:
        return None
    value = read_value(question, Heard(Move(MoveKind.ANSWER), reading, turn, turn.at), named=named)
    return None if value is None or value.half or value.doubtful else value.value


def red_reasons(question: Question, value: Scalar) -> list[tuple[str, str]]:
    """(rule, reason) of each red alarm that this answer would raise."""
    answer = Answer(question.id, question.type, value, "", 1.0, "")
    told = [(one.id, one.reason) for one in question.alarms if one.level is Level.RED and matches(one.when, answer)]
    return told + [(one.id, one.reason) for one in question.limits if one.level is Level.RED and crosses(one, answer)]
