"""Reads numbers as spoken and typed Chinese gives them: 一百五九十五 is 150 and 95, 三十八点五 is 38.5."""

import re
from typing import NamedTuple

_DIGITS = {
    character: value
    for value, characters in enumerate(
        ("零〇洞", "一幺壹弌", "二两兩贰貳俩", "三叁參仨", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾")
    )
    for character in characters
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000, "兆": 1_000_000_000_000}
_ZERO = frozenset("零〇洞")
_POINT = frozenset("点點")
_TWENTIES = {"廿": 20, "卅": 30}
_FORMAL = frozenset("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟拐洞勾")  # in everyday text mostly words: 大陆, 队伍, 山洞
_ARABIC = re.compile(r"\d+(?:\.\d+)?")
_DIGIT_RUN = re.compile("[" + "".join(_DIGITS) + "]{2,}")
_STARTS = frozenset(_DIGITS) | frozenset(_UNITS) | frozenset(_TWENTIES) | frozenset("半")
_NOT_NUMBER = re.compile(
    r"一(?:点(?![零〇一二三四五六七八九半]|十分|[一二三]?刻)|些|样|直|般|定|下(?!子?\d)|会|起|边|旦|切|块(?!钱)|阵|共|律|味|向|生|辈|家|同"
    r"|方面|来|动|走|躺|个劲|股|身|按|吃|睡|上|就|大|小|想|看|说|坐|站|跳|抽|揪|紧|热|冷|闷|过|塌|扫)"
    r"|十分(?=[疼痛难不])|百(?:度|姓|分点)|千万(?=别|不|要)|万(?:一(?!千)|分之?$)|三七|两(?:边|侧|腿|只手|手|眼|口子|岸|半)"
    r"|半(?:夜|天|身|边|路|躺|截|拉|导|岛|途)|五官|四肢|八成|九成|十几|十三五|零下|千(?=[克米瓦帕卡焦])"
)
_FRACTION = re.compile(r"^分之(?:一?又)?")
_CLOCK_TAIL = re.compile(
    r"^[零〇]?[一二三四五六七八九两十]{1,3}(?:分(?!之)|刻)|^[一二三四五]?十[一二三四五六七八九]?|^半"
)
_CLOCK_SHORT = re.compile(r"^[零〇][一二三四五六七八九](?=$|[^零〇一二三四五六七八九])")
_DAY_PART = re.compile(r"(?:早上|早晨|上午|中午|下午|晚上|凌晨|夜里|半夜|傍晚)[一二三四五六七八九十两]{1,3}$")
_HOURS = 24
_SIGN = re.compile(r"(?:负|負|零下)的?$")
_METRIC = frozenset("克米瓦帕卡焦")


class Number(NamedTuple):
    """`upper` is the end of a range as in 七八公斤; `digits` marks a string of single digits (一四零九零)."""

    start: int
    end: int
    value: float
    upper: float | None = None
    digits: str | None = None


def numbers(text: str) -> list[Number]:
    """Every number of a text, in order. Everyday words with numerals in them (一直, 千万别) are left out;
    百分之九十八 is 98, 三分之一 a third, 零下四度 minus 4."""
    found: list[Number] = []
    at = 0
    while at < len(text):
        number = _percent(text, at) or _number_at(text, at)
        if number is None:
            at += 1
            continue
        number = _fraction_of(text, number)
        sign = _SIGN.search(text[: number.start])
        if sign and not (found and found[-1].end > sign.start()):
            upper = None if number.upper is None else -number.upper
            number = number._replace(start=sign.start(), value=-number.value, upper=upper, digits=None)
        found.append(number)
        at = number.end
    return found


def _percent(text: str, at: int) -> Number | None:
    """百分之三十, 百分三十, 百分百: the value in percent."""
    if not text.startswith("百分", at) or text.startswith("百分点", at):
        return None
    begin = at + (3 if text.startswith("百分之", at) else 2)
    negative = text[begin : begin + 1] in ("负", "負") and bool(text[begin : begin + 1])
    begin += negative
    number = _number_at(text, begin) if begin < len(text) else None
    if number is None or number.start != begin:
        return None
    return number._replace(start=at, value=-number.value if negative else number.value, digits=None)


def _fraction_of(text: str, number: Number) -> Number:
    """三分之一, 五又二分之一."""
    whole = 0.0
    below = number
    if text[number.end : number.end + 1] == "又":
        after = _number_at(text, number.end + 1) if number.end + 1 < len(text) else None
        if after is None or not _FRACTION.match(text[after.end :]):
            return number
        whole, below = number.value, after
    bar = _FRACTION.match(text[below.end :])
    if bar is None or below.value == 0:
        return number
    top_at = below.end + bar.end()
    top = _number_at(text, top_at) if top_at < len(text) else None
    if top is None:
        return number
    return Number(number.start, top.end, whole + top.value / below.value)


def _number_at(text: str, at: int) -> Number | None:
    arabic = _ARABIC.match(text, at)
    if arabic:
        return _arabic(text, arabic)
    if text[at] not in _STARTS or _NOT_NUMBER.match(text, at) or _is_word(text, at):
        return None
    if text[at] == "半":
        return Number(at, at + 1, 30.0 if text[at - 1 : at] in _POINT and at else 0.5)
    run = _DIGIT_RUN.match(text, at)
    if run:
        string = _digit_string(text, run)
        if string is not None:
            return string
    return _spoken(text, at)


def _is_word(text: str, at: int) -> bool:
    """A formal numeral with no other beside it is part of a word."""
    if text[at] not in _FORMAL:
        return False
    beside = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    return not any(c in _DIGITS or c in _UNITS or c in _BIG or c in _POINT or c in "元圆" for c in beside)


def _arabic(text: str, match: re.Match[str]) -> Number:
    value, end = float(match.group()), match.end()
    while end < len(text) and text[end] in _BIG:
        value, end = value * _BIG[text[end]], end + 1
    return Number(match.start(), end, value, digits=match.group() if end == match.end() else None)


def _digit_string(text: str, run: re.Match[str]) -> Number | None:
    """A number said digit by digit, or 七八 as a range; None when units follow and it is neither."""
    figures = "".join(str(_DIGITS[c]) for c in run.group())
    after = text[run.end() : run.end() + 1]
    pointed = after in _POINT and bool(after) and text[run.end() + 1 : run.end() + 2] in _DIGITS
    if len(figures) == 2 and _is_range(figures) and after != "年" and not pointed:
        low, high = float(figures[0]), float(figures[1])
        factor, end = 1, run.end()
        while text[end : end + 1] in _UNITS or text[end : end + 1] in _BIG:
            if text[end] == "千" and text[end + 1 : end + 2] in _METRIC and text[end + 1 : end + 2]:
                break
            factor *= _UNITS.get(text[end]) or _BIG[text[end]]
            end += 1
        return Number(run.start(), end, low * factor, high * factor)
    if after in _UNITS and after and text[run.end() + 1 : run.end() + 2] not in _METRIC:
        return None
    if len(figures) < 5 and any(c in "两俩仨" for c in run.group()):
        return None
    if pointed:
        fraction, end = _decimals(text, run.end() + 1)
        return Number(run.start(), end, float(figures) + fraction)
    return Number(run.start(), run.end(), float(figures), digits=figures)


def _is_range(figures: str) -> bool:
    return int(figures[1]) - int(figures[0]) == 1 or figures == "35"


def _spoken(text: str, at: int) -> Number | None:
    start = at
    total, upper = 0.0, None
    seen = False
    last_big = None
    while True:
        value, end, section_upper = _section(text, at, after_big=last_big)
        if end == at:
            break
        seen = True
        big = text[end : end + 1]
        if big in _BIG and big and (last_big is None or _BIG[big] < last_big):
            total += value * _BIG[big]
            upper = None if section_upper is None else section_upper * _BIG[big]
            last_big, at = _BIG[big], end + 1
            continue
        upper = None if section_upper is None else total + section_upper
        total, at = total + value, end
        break
    if not seen:
        return None
    if _has_decimals(text, at, total) and upper is None:
        fraction, at = _decimals(text, at + 1)
        total += fraction
        while text[at : at + 1] in _BIG and text[at : at + 1]:
            total, at = total * _BIG[text[at]], at + 1
    return Number(start, at, total, upper)


def _has_decimals(text: str, at: int, hour: float) -> bool:
    """Whether a decimal point follows, and no clock time (八点三十, 两点零二分)."""
    if text[at : at + 1] not in _POINT or not text[at : at + 1]:
        return False
    after = text[at + 1 : at + 2]
    if not after or not (after in _DIGITS or after.isdigit()):
        return False
    if _CLOCK_TAIL.match(text[at + 1 :]):
        return hour > _HOURS
    return not (_CLOCK_SHORT.match(text[at + 1 :]) and _DAY_PART.search(text[:at]))


def _decimals(text: str, at: int) -> tuple[float, int]:
    """Digits after the point. 六点八八十 is 6.8 and 80: a digit that begins a new number is left alone."""
    figures = ""
    while at < len(text) and (text[at] in _DIGITS or text[at].isdigit()):
        if figures and text[at + 1 : at + 2] in _UNITS and text[at + 1 : at + 2]:
            break
        figures += str(_DIGITS.get(text[at], text[at]))
        at += 1
    return float("0." + figures), at


def _section(text: str, at: int, after_big: int | None) -> tuple[float, int, float | None]:
    """A number below ten thousand: value, where it ends, and the upper end of a range said at its tail."""
    value = 0.0
    unit: int | None = None
    zero = False
    while at < len(text):
        here, after = text[at], text[at + 1 : at + 2]
        metric = text[at + 2 : at + 3]
        if after == "千" and metric in _METRIC and metric and (unit is not None or metric != "米"):
            after = ""
        if here in _ZERO and (after in _DIGITS or after in _UNITS) and after and (unit or after_big):
            zero, at = True, at + 1
        elif here in _TWENTIES and unit is None:
            value, unit, at = float(_TWENTIES[here]), 10, at + 1
        elif (
            here in _UNITS
            and (unit is None or _UNITS[here] < unit)
            and (here != "千" or after not in _METRIC or not after)
        ):
            value, unit, at = value + _UNITS[here], _UNITS[here], at + 1
        elif here in _DIGITS and after in _UNITS and after:
            if unit is not None and _UNITS[after] >= unit:
                break
            value, unit, at, zero = value + _DIGITS[here] * _UNITS[after], _UNITS[after], at + 2, False
        elif here in _DIGITS:
            return _tail(text, at, value, unit, 1.0 if zero or after in _BIG else _place(unit, after_big))
        else:
            break
    return value, at, None


def _place(unit: int | None, after_big: int | None) -> float:
    """What a last digit without a unit counts: tens after a hundred, ones at the start."""
    return 1.0 if unit is None and after_big is None else float(unit or after_big or 1) / 10


def _tail(text: str, at: int, value: float, unit: int | None, place: float) -> tuple[float, int, float | None]:
    """The last single digit: 一百五 is 150, 一百零五 is 105, 十五六 is 15 to 16, 二两 is 2 of the unit 两."""
    digit, after = _DIGITS[text[at]], text[at + 1 : at + 2]
    if text[at] == "两" and unit is None and value == 0 and at > 0 and text[at - 1] in _DIGITS:
        return value, at, None
    if unit is not None and place < 1:
        return value, at, None
    low = value + digit * place
    ranged = after in _DIGITS and bool(after) and _DIGITS[after] - digit == 1
    beyond = text[at + 2 : at + 3]
    if ranged and beyond in _UNITS and beyond and not (beyond == "千" and text[at + 3 : at + 4] in _METRIC):
        factor = _UNITS[beyond]
        if unit is not None and factor * 10 == unit and text[at + 3 : at + 4] not in set(_DIGITS):
            return value + digit * factor, at + 3, value + (digit + 1) * factor
        return low, at + 1, None
    if ranged:
        return low, at + 2, value + (digit + 1) * place
    return low, at + 1, None
