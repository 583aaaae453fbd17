"""Numbers that wait for the patient's yes, and what is kept of them when the talk ends without one. Pure.

A number that was heard, fits its question and was not contradicted is kept as an unconfirmed answer; a half pressure
too. The next attempt asks the question again.
"""

import re
from dataclasses import replace

from agent.dialog.answer_reading import Value, in_range
from agent.dialog.consequences import crosses, matches
from agent.dialog.work import Work
from agent.model.answer import Answer, AnswerType
from agent.model.contact import AttemptOutcome
from agent.model.escalation import EscalationKind
from agent.model.finding import Level
from agent.model.pathway import Pathway, Question
from agent.model.session import Detour, DetourKind, Session
from agent.model.step import Request, Step

LEAST_PRESSURE, MOST_PRESSURE = 20, 300  # mmHg
UNCHECKED = "（数值未核对）"
_FORGOTTEN = re.compile(r"忘|记不|没记|不知道|不晓得|不清楚|没看|没量|说不上")
_NOT_THE_PATIENTS = frozenset({AttemptOutcome.WRONG_PERSON})


def hold(work: Work, question: Question, value: Value, *, tries: int = 0) -> None:
    """Keep a doubtful or half number until the patient settles it; `tries` read-backs came before."""
    kind = DetourKind.HALF if value.half else DetourKind.READ_BACK
    waits = f"{value.value:g}" if isinstance(value.value, float) else str(value.value)
    work.pop(DetourKind.HALF, DetourKind.READ_BACK)
    work.push(Detour(kind, waits, question.id, raw=work.heard.turn.text, tries=tries))
    contradicted(work, question.id)
    if _fits(question, value):
        work.set(held=(*work.session.held, _unconfirmed(work, question, value)))


def no_more_of_it(work: Work) -> bool:
    """低压忘了: the half that was told is all there will be."""
    return _FORGOTTEN.search(work.heard.turn.text) is not None


def contradicted(work: Work, key: str) -> None:
    """The patient said that it is not so, or said another number."""
    work.set(held=tuple(each for each in work.session.held if each.question != key))


def kept(step: Step, pathway: Pathway) -> Step:
    """The step that ends the talk with what still waits as unconfirmed answers; any other step as it is."""
    session, end = step.session, step.end
    if end is None or not session.held:
        return step
    cleared = replace(session, held=())
    if end.outcome in _NOT_THE_PATIENTS:
        return replace(step, session=cleared)
    left = tuple(_replacing(session, each) for each in session.held if _worth_it(session, each))
    requests = tuple(one for each in left for one in _limits_crossed(session, pathway.questions[each.question], each))
    told = {each.question for each in left}
    answers = tuple(each for each in session.answers if each.question not in told)
    return replace(
        step,
        session=replace(
            cleared,
            answers=(*answers, *left),
            raised=(*session.raised, *(request.rule for request in requests)),
        ),
        answers=(*(each for each in step.answers if each.question not in told), *left),
        requests=(*step.requests, *requests),
    )


def _fits(question: Question, value: Value) -> bool:
    if isinstance(value.value, float):
        return in_range(question, value.value)
    if question.type is not AnswerType.BLOOD_PRESSURE:
        return False
    parts = [float(part) for part in str(value.value).split("/") if part]
    in_order = len(parts) < 2 or parts[0] > parts[1]
    return in_order and all(LEAST_PRESSURE <= part <= MOST_PRESSURE for part in parts)


def _unconfirmed(work: Work, question: Question, value: Value) -> Answer:
    turn = work.heard.turn
    return Answer(
        question=question.id,
        type=question.type,
        value=value.value,
        raw=turn.text,
        confidence=turn.confidence,
        turn_id=turn.id,
        unit=question.unit,
        unconfirmed=True,
    )


def _worth_it(session: Session, answer: Answer) -> bool:
    """Half a pressure never takes the place of a whole one."""
    return session.answer(answer.question) is None or "" not in str(answer.value).split("/")


def _replacing(session: Session, answer: Answer) -> Answer:
    """A question that is asked again has an answer which the patient took back."""
    return replace(answer, corrected=session.answer(answer.question) is not None)


def _limits_crossed(session: Session, question: Question, answer: Answer) -> list[Request]:
    """A limit that the reading of the words has not told of already: yellow, since nobody stood by the number."""
    told = set(session.raised)
    if told & {*(limit.id for limit in question.limits), *(alarm.id for alarm in question.alarms)}:
        return []
    over = [(limit.id, limit.reason) for limit in question.limits if crosses(limit, answer)]
    over += [(alarm.id, alarm.reason) for alarm in question.alarms if matches(alarm.when, answer)]
    return [Request(EscalationKind.THRESHOLD, reason + UNCHECKED, Level.YELLOW, rule) for rule, reason in over]
