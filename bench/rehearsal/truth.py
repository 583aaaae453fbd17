"""What is true of one simulated patient: a value for every question a call may reach, drawn by seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from agent.dialog.spoken import spoken_day
from agent.dialog.wording import reach
from agent.model.answer import AnswerType, Scalar
from agent.model.finding import Level
from agent.model.pathway import Condition, Node, Pathway, Question
from agent.model.reading_context import Limit, LimitSide
from bench.rehearsal.words import Words

NORMAL = {  # measurement: lowest, highest, step of an unremarkable value
    "weight_kg": (46.0, 88.0, 0.5),
    "temp_c": (36.4, 37.2, 0.1),
    "heart_rate": (62.0, 84.0, 1.0),
    "spo2": (95.0, 98.0, 1.0),
    "glucose": (4.8, 6.8, 0.1),
    "count": (1.0, 3.0, 1.0),
    "scale": (1.0, 5.0, 1.0),
    "systolic": (112.0, 136.0, 1.0),
    "diastolic": (68.0, 84.0, 1.0),
}
GRADES = (8.0, 10.0, 1.0)  # a scale on which low is bad
STEP_BEYOND = {"temp_c": 0.3, "glucose": 0.4, "weight_kg": 1.0}


@dataclass(frozen=True, slots=True)
class Truth:
    values: dict[str, Scalar]  # by question
    days: dict[str, str]  # a date question's ISO day; its value holds the words

    def level(self, question: Question) -> Level:
        return level_of(question, self.values[question.id])


def level_of(question: Question, value: Scalar) -> Level:
    """What an answer is to a nurse, by the question's alarms and limits."""
    levels = {alarm.level for alarm in question.alarms if _holds(alarm.when, value)}
    levels |= {limit.level for limit in question.limits if _crossed(limit, value)}
    return Level.RED if Level.RED in levels else Level.YELLOW if Level.YELLOW in levels else Level.NONE


def _holds(when: Condition, value: Scalar) -> bool:
    if when.is_:
        return ("yes" if value is True else "no" if value is False else str(value)) in when.is_
    if isinstance(value, bool) or (when.above is None and when.below is None):
        return False
    number = _part(str(value), when.part or "systolic")
    return number is not None and (
        (when.above is not None and number > when.above) or (when.below is not None and number < when.below)
    )


def _crossed(limit: Limit, value: Scalar) -> bool:
    number = None if isinstance(value, bool) else _part(str(value), limit.measurement)
    return number is not None and limit.crossed_by(number)


def _part(value: str, measurement: str) -> float | None:
    upper, slash, lower = value.partition("/")
    try:
        return float(lower if slash and measurement == "diastolic" else upper)
    except ValueError:
        return None


def draw(pathway: Pathway, node: Node, words: Words, random: Random, today: date) -> Truth:
    """One patient: half of them well, a third with something for today, the rest with one danger."""
    health = random.choices(("well", "troubled", "danger"), (5, 3, 2))[0]
    values: dict[str, Scalar] = {}
    days: dict[str, str] = {}
    for key in reach(pathway, node.questions):
        question = pathway.questions[key]
        if question.type is AnswerType.DATE:
            day = today + timedelta(days=random.randint(20, 35))
            values[key], days[key] = spoken_day(day), day.isoformat()
        elif question.type is AnswerType.FREE_TEXT:
            values[key] = words.free(pathway.id, key, random)
        else:
            values[key] = _value(question, Level.NONE, random)
    wanted = {"well": (), "troubled": (Level.YELLOW, Level.YELLOW), "danger": (Level.RED,)}[health]
    for level in wanted:
        able = [q for key in node.questions if (q := pathway.questions[key]) and _can_be(q, level)]
        if able:
            question = random.choice(able)
            values[question.id] = _value(question, level, random)
    return Truth(values, days)


def _can_be(question: Question, level: Level) -> bool:
    return bool(_candidates(question, level, Random(0)))


def _value(question: Question, level: Level, random: Random) -> Scalar:
    """A value of that level; of any level where the question has none such."""
    able = _candidates(question, level, random) or _candidates(question, Level.YELLOW, random)
    return random.choice(able or _candidates(question, Level.RED, random))


def other_value(question: Question, value: Scalar, random: Random) -> Scalar | None:
    """Something else to say first, without danger; None where there is nothing else."""
    able = [other for level in (Level.NONE, Level.YELLOW) for other in _candidates(question, level, random)]
    able = [other for other in able if other != value]
    return random.choice(able) if able else None


def _candidates(question: Question, level: Level, random: Random) -> list[Scalar]:
    return [value for value in _all_values(question, level, random) if level_of(question, value) is level]


def _all_values(question: Question, level: Level, random: Random) -> list[Scalar]:
    match question.type:
        case AnswerType.YES_NO:
            symptom = bool(question.asks) and level is Level.NONE and not question.alarms
            return [False, False, False, True] if symptom else [True, False]
        case AnswerType.CHOICE | AnswerType.ADHERENCE:
            return [option.key for option in question.options]
        case AnswerType.BLOOD_PRESSURE:
            return [_pressure(question, level, random) for _ in range(12)]
        case AnswerType.NUMBER | AnswerType.SCALE:
            return [_number(question, level, random) for _ in range(12)]
    return []


def _number(question: Question, level: Level, random: Random) -> float:
    name = question.measurements[0] if question.measurements else question.type.value
    below_is_bad = any(alarm.when.below is not None for alarm in question.alarms) or (
        name == "scale" and any(limit.side is LimitSide.BELOW for limit in question.limits)
    )
    graded = name == "scale" and (below_is_bad or not (question.alarms or question.limits))
    if level is Level.NONE:
        return _spread(*(GRADES if graded else NORMAL[name]), random)
    bounds = [(limit.value, limit.side) for limit in question.limits if limit.level is level]
    for alarm in question.alarms:
        if alarm.level is level and alarm.when.below is not None:
            bounds.append((alarm.when.below, LimitSide.BELOW))
        if alarm.level is level and alarm.when.above is not None:
            bounds.append((alarm.when.above, LimitSide.ABOVE))
    if not bounds:
        return _spread(*(GRADES if graded else NORMAL[name]), random)
    value, side = random.choice(bounds)
    step = STEP_BEYOND.get(name, 1.0) * random.randint(1, 3)
    return round(value + step if side is LimitSide.ABOVE else value - step, 1)


def _pressure(question: Question, level: Level, random: Random) -> str:
    upper, lower = _spread(*NORMAL["systolic"], random), _spread(*NORMAL["diastolic"], random)
    crossed = [limit for limit in question.limits if limit.level is level]
    if level is not Level.NONE and crossed:
        limit = random.choice(crossed)
        beyond = limit.value + random.randint(2, 9) * (1 if limit.side is LimitSide.ABOVE else -1)
        if limit.measurement == "systolic":
            upper = beyond
            lower = round(min(max(lower, upper * 0.55), upper - 25))
        else:
            lower, upper = beyond, max(upper, beyond + 40)
    return f"{upper:g}/{lower:g}"


def _spread(low: float, high: float, step: float, random: Random) -> float:
    return round(low + step * random.randint(0, round((high - low) / step)), 1)
