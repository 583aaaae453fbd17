"""What an answer brings about: branches that apply, limits crossed, a nurse to tell."""

from agent.dialog.danger import flag_for
from agent.dialog.work import Work
from agent.model.answer import Answer, AnswerType
from agent.model.escalation import EscalationKind
from agent.model.finding import Level, Status
from agent.model.pathway import AnswerAlarm, Condition, Question
from agent.model.reading_context import Limit


def raise_alarms(work: Work, question: Question, answer: Answer) -> None:
    """Tell a nurse what the answer means; a red one is left in `work.red` for the caller to obey."""
    for alarm in question.alarms:
        if matches(alarm.when, answer):
            _alarm(work, question, alarm)
    for limit in _gravest(question, answer):
        _over_limit(work, limit)


def matches(when: Condition, answer: Answer) -> bool:
    if when.unanswered:
        return False
    if when.is_:
        word = {True: "yes", False: "no"}.get(answer.value) if isinstance(answer.value, bool) else answer.value
        return word in when.is_
    number = number_of(answer, when.part)
    if number is None:
        return False
    high_enough = (when.above is None or number > when.above) and (when.at_least is None or number >= when.at_least)
    return high_enough and (when.below is None or number < when.below)


def number_of(answer: Answer, part: str = "") -> float | None:
    """The number in an answer; for a pressure its `part`."""
    if answer.type is AnswerType.BLOOD_PRESSURE:
        upper, _, lower = str(answer.value).partition("/")
        told = lower if part == "diastolic" else upper
        return float(told) if told else None
    is_number = isinstance(answer.value, (int, float)) and not isinstance(answer.value, bool)
    return float(answer.value) if is_number else None


def crosses(limit: Limit, answer: Answer) -> bool:
    number = number_of(answer, limit.measurement)
    return number is not None and limit.crossed_by(number)


def _gravest(question: Question, answer: Answer) -> list[Limit]:
    """The limits crossed, without a yellow one where a red one says the same of the measurement."""
    crossed = [limit for limit in question.limits if crosses(limit, answer)]
    red = {limit.measurement for limit in crossed if limit.level is Level.RED}
    return [limit for limit in crossed if limit.level is Level.RED or limit.measurement not in red]


def _alarm(work: Work, question: Question, alarm: AnswerAlarm) -> None:
    if alarm.level is Level.RED and _triage_told(work, question, Level.RED):
        return
    if alarm.level is Level.RED and not _eased(work, question):
        work.red = flag_for(work.pathway, alarm.id, ())
        work.request(EscalationKind.RED_FLAG, alarm.reason, alarm.id, Level.RED)
    elif not _triage_told(work, question, Level.YELLOW):
        work.request(EscalationKind.THRESHOLD, alarm.reason, alarm.id)


def _triage_told(work: Work, question: Question, level: Level) -> bool:
    """True when an alarm of this very turn already carries the symptom as urgently: a nurse is not told twice."""
    enough = {level, Level.RED}
    alarms = [alarm for alarm in work.heard.reading.alarms if not alarm.suppressed and alarm.level in enough]
    return any(set(alarm.concepts) & {*question.asks, *question.also} for alarm in alarms)


def _eased(work: Work, question: Question) -> bool:
    """True when the words say that all the question asks about and they name is less than before."""
    reading = work.heard.reading
    there = {one.concept for one in reading.findings if one.status is Status.PRESENT}
    asked = there & {*question.asks, *question.also}
    return bool(asked) and asked <= set(reading.eased)


def _over_limit(work: Work, limit: Limit) -> None:
    if limit.level is Level.RED:
        work.red = flag_for(work.pathway, limit.id, ())
    work.request(EscalationKind.THRESHOLD, limit.reason, limit.id, limit.level)
