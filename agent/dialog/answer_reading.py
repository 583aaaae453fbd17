"""The value of one question in one turn, from triage's reading, the keypad or the words themselves. Pure."""

import re
from dataclasses import dataclass

from agent.dialog.adherence import MISSED, NAMES_MEDICINE, TAKEN, adherence_in_words
from agent.dialog.beside import answers_another
from agent.dialog.dates import read_date
from agent.dialog.numerals import worse_of_two
from agent.dialog.options import option_by_number, option_in_words
from agent.dialog.work import Heard, has_no_device
from agent.dialog.yes_no import denies_something_else, only_well, statuses, yes_or_no
from agent.model.answer import AnswerType, Scalar
from agent.model.finding import Measurement, Polarity, Status
from agent.model.last_word import last_word
from agent.model.move import ABOUT_THE_CALL, MoveKind
from agent.model.pathway import Question
from agent.model.turn import TurnKind

SURE_PRESSURE = 0.8  # recogniser confidence under which a spoken pressure is read back
SURE_NUMBER = 0.65
VAGUE = frozenset({"count", "number", "scale", "days", "dose"})  # many questions may mean these
AHEAD = re.compile("下[次回]|准备|打算|约|计划")  # a question about a day to come: 昨天 is none
BARE = frozenset({"count", "number"})  # a number whose meaning only the question gives
NOT_KNOWN = re.compile(
    r"没(有)?(称|量|测|查|记)|不(知道|记得|清楚|晓得)|记不(得|清)|忘了(是)?多少|说不(好|清|准)"
    r"|还?没(定|想好|打算|安排)"
)
NOW_SAID = re.compile(r"今天|今早|今晨|今儿|现在|刚才|刚刚|刚量|刚称")
TIME_SAID = re.compile(
    f"{NOW_SAID.pattern}|昨|前天|前几天|前两天|上周|上星期|上礼拜|上次|上回|上个月|出院|住院|原来|以前"
)
NOTHING_IS_NULL = re.compile("(不.)(?:是|说)零")
AT_REST = re.compile("坐|躺|歇|不动|静|平时|白天|有时|要是|但|就是|除了")
FULL_MARKS = re.compile(r"(?<!不[是到给])满分|打满")
YIELDING = frozenset({MoveKind.ANSWER, MoveKind.AFFIRM, MoveKind.DENY, MoveKind.CORRECT, MoveKind.NONSENSE})
# An utterance that holds the open question's answer is no call to wait or repeat, whatever it sounded like.
GIVES_WAY = frozenset(
    {MoveKind.THANKS, MoveKind.GREET, MoveKind.WAIT, MoveKind.REPEAT, MoveKind.FOREIGN, MoveKind.NUMBER_CHANGED}
)
LEAST_TOLD = 4  # characters
WHEN = re.compile(r"[\d一二三四五六七八九十两几][天周个月年点度]|[昨前今]天|早上|晚上|夜里|刚才")
_TO_WAIT = re.compile(r"[^，。,.]*(?:等|稍|别挂|我去|我来|我找|我问|我拿|我看|想想|想一下|戴)[^，。,.]*[，。,.]?")


@dataclass(frozen=True, slots=True)
class Value:
    """`doubtful`: read it back before use. `half`: one of two pressures, the other is still wanted."""

    value: Scalar
    doubtful: bool = False
    half: bool = False


def read_value(question: Question, heard: Heard, *, named: bool = False) -> Value | None:
    """The answer this turn holds to the question, or None. `named`: only what names the question's own symptom or
    measurement counts, so that a bare yes or number is not taken for a question nobody asked."""
    if heard.turn.kind is TurnKind.DIGITS:
        return None if named else _by_keypad(question, heard.turn.text)
    match question.type:
        case AnswerType.YES_NO:
            yes = yes_or_no(question, heard, named)
            return None if yes is None else Value(yes)
        case AnswerType.ADHERENCE if named:
            voice, text = question.wording.voice, heard.turn.text
            told = adherence_in_words(text, voice) if NAMES_MEDICINE.search(text) else None
            return None if told is None else Value(told)
        case AnswerType.CHOICE | AnswerType.ADHERENCE:
            return None if named else _choice(question, heard)
        case AnswerType.BLOOD_PRESSURE:
            return _pressure(question, heard, named)
        case AnswerType.NUMBER | AnswerType.SCALE:
            return _number(question, heard, named)
        case AnswerType.DATE:
            day = None if named else read_date(heard.turn.text, heard.now)
            over = day is not None and AHEAD.search(question.wording.voice) and day < heard.now.date()
            return Value(day.isoformat()) if day and not over else None
        case AnswerType.FREE_TEXT:
            return None if named else _free_text(heard)


def read_interruption(question: Question, heard: Heard) -> Value | None:
    """An interruption that names an option, or tells at length what an open question asked for."""
    if heard.kind is MoveKind.ABUSE and "你们" in heard.turn.text:
        return None  # 你们有病吧，天天打: the calls, not the medicine
    if question.options and heard.kind not in ABOUT_THE_CALL:
        return choice_in_words(question, heard.turn.text)
    told = len(heard.turn.text) >= LEAST_TOLD
    if heard.kind is MoveKind.WAIT:
        told = WHEN.search(_TO_WAIT.sub("", heard.turn.text)) is not None
    tells = question.type is AnswerType.FREE_TEXT and told
    return Value(heard.turn.text) if tells and heard.kind in GIVES_WAY - {MoveKind.REPEAT} else None


def cannot_tell(question: Question | None, heard: Heard) -> bool:
    """The words are understood, but they say that the answer is not known: 没称, 不记得, 没有血压计."""
    if question is None:
        return False
    reading, measured = heard.reading, question.type in (AnswerType.NUMBER, AnswerType.BLOOD_PRESSURE, AnswerType.DATE)
    if measured and has_no_device(heard):
        return True
    if reading.polarity is Polarity.UNSURE or NOT_KNOWN.search(heard.turn.text):
        return True
    return measured and (reading.polarity is Polarity.NO or heard.kind is MoveKind.DENY)


def in_range(question: Question, value: float) -> bool:
    low, high = question.low, question.high
    return (low is None or value >= low) and (high is None or value <= high)


def _choice(question: Question, heard: Heard) -> Value | None:
    if question.asks and denies_something_else(heard.reading, question.asks):
        return None  # 没有发烧 says nothing of the vomiting
    if question.asks and answers_another(question.wording.voice, heard.turn.text):
        return None
    named = choice_in_words(question, last_word(heard.turn.text))
    if named is not None:
        return named
    if question.type is AnswerType.ADHERENCE:
        return _adherence(heard)
    if question.asks and statuses(question, heard.reading) == {Status.DENIED}:
        first, voice = question.options[0], question.wording.voice
        which = "还是" in voice and first.label in voice  # 是头痛、头晕，还是胸闷: no option is without them
        return None if which else Value(first.key)  # the first option is the one without the symptoms asked about
    key = option_by_number(question.options, heard.turn.text)
    return Value(key) if key else None


def choice_in_words(question: Question, text: str) -> Value | None:
    """The option whose words or label the text holds, not counting words that are denied."""
    if question.type is AnswerType.ADHERENCE:
        told = adherence_in_words(text, question.wording.voice)
        return None if told is None else Value(told)
    key = option_in_words(question.options, text)
    return Value(key) if key else None


def _adherence(heard: Heard) -> Value | None:
    """A bare yes or no answers "do you take it as prescribed?"."""
    if heard.reading.findings and all(one.status is Status.DENIED for one in heard.reading.findings):
        return None  # 没有流脓 says nothing of the medicine
    if only_well(heard):
        return None
    yes = heard.reading.polarity is Polarity.YES or heard.kind is MoveKind.AFFIRM
    no = heard.reading.polarity is Polarity.NO or heard.kind is MoveKind.DENY
    if yes and heard.reading.polarity is not Polarity.NO:
        return Value(TAKEN)
    return Value(MISSED) if no else None


def _measured(heard: Heard, name: str) -> Measurement | None:
    """The value of now where an earlier one is told beside it: 昨天一百四，今天一百三."""
    told = [one for one in heard.reading.measurements if one.name == name]
    now = [one for one in told if _of_now(heard.reading.text[: one.span[0]])]
    return now[-1] if now else told[0] if told else None


def _of_now(before: str) -> bool:
    """Whether the last time named in the clause before a value is now."""
    times = TIME_SAID.findall(re.split(r"[，。,；;、]", before)[-1])
    return bool(times) and NOW_SAID.match(times[-1]) is not None


def _bare_number(heard: Heard) -> float | None:
    bare = [one for one in heard.reading.measurements if one.name in BARE]
    if bare:
        return bare[-1].value
    plain = re.fullmatch(r"\D{0,3}(\d{1,4}(?:\.\d{1,2})?)\D{0,4}", heard.turn.text.strip())
    return float(plain[1]) if plain else None


def _number(question: Question, heard: Heard, named: bool) -> Value | None:
    names = [name for name in question.measurements if not (named and name in VAGUE)]
    found = next((one for name in names if (one := _measured(heard, name))), None)
    value = found.value if found else None if named else _bare_number(heard)
    if value is None and question.type is AnswerType.SCALE and not named:
        value = _end_of_scale(question, heard)
    if value is None or (found is None and not in_range(question, value)):
        return None  # 药一顿没落: one, but no weight
    shaky = heard.by_ear and heard.turn.confidence < SURE_NUMBER
    between = worse_of_two(heard.turn.text) if question.type is AnswerType.SCALE else None
    if between is not None and in_range(question, between):
        return Value(between, doubtful=shaky)
    doubtful = shaky or not in_range(question, value) or (found is not None and found.doubtful)
    return Value(float(value), doubtful=doubtful)


def _end_of_scale(question: Question, heard: Heard) -> float | None:
    """不疼了, where 不疼是零; 满分."""
    text, least = heard.turn.text, NOTHING_IS_NULL.search(question.wording.voice)
    told = any(one.status is Status.PRESENT for one in heard.reading.findings)
    if least and least[1] in text and not told and not AT_REST.search(text):
        return question.low if question.low is not None else 0.0
    return question.high if FULL_MARKS.search(text) else None


def _pressure(question: Question, heard: Heard, named: bool) -> Value | None:
    upper, lower = _measured(heard, "systolic"), _measured(heard, "diastolic")
    if upper and lower:
        shaky = heard.by_ear and heard.turn.confidence < SURE_PRESSURE
        doubtful = shaky or upper.doubtful or lower.doubtful or upper.value <= lower.value
        return Value(f"{upper.value:g}/{lower.value:g}", doubtful=doubtful)
    if upper and not named:
        return Value(f"{upper.value:g}/", half=True)
    if lower and not named:
        return Value(f"/{lower.value:g}", half=True)
    return None


def _free_text(heard: Heard) -> Value | None:
    text = heard.turn.text.strip()
    return Value(text) if text and heard.kind in YIELDING else None


def _by_keypad(question: Question, digits: str) -> Value | None:
    keys = digits.strip().rstrip("#")
    if not keys:
        return None
    if question.type is AnswerType.YES_NO:
        return {"1": Value(True), "2": Value(False)}.get(keys)
    if question.options:
        index = int(keys) if keys.isdigit() else 0
        return Value(question.options[index - 1].key) if 1 <= index <= len(question.options) else None
    if question.type is AnswerType.BLOOD_PRESSURE:
        return _pressure_keys(keys)
    if question.type in (AnswerType.NUMBER, AnswerType.SCALE):
        number = re.fullmatch(r"(\d+)(?:\*(\d+))?", keys)  # the star is the decimal point
        value = float(f"{number[1]}.{number[2] or 0}") if number else None
        return Value(value) if value is not None and in_range(question, value) else None
    return None


def _pressure_keys(keys: str) -> Value | None:
    """150*95, 150#95 or 15095."""
    pair = re.fullmatch(r"(\d{2,3})[*#](\d{2,3})", keys) or re.fullmatch(r"([12]\d\d|[6-9]\d)(1\d\d|[3-9]\d)", keys)
    if not pair or int(pair[1]) <= int(pair[2]):
        return None
    return Value(f"{int(pair[1])}/{int(pair[2])}")
