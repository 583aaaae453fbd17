"""Reads numbers as spoken and typed Chinese gives them: 一百五九十五 is 150 and 95, 一四零 is 140, 三十八点五 is 38.5."""

import re
from typing import NamedTuple

_DIGITS = {c: v for v, chars in enumerate(
    ("零〇洞", "一幺壹弌", "二两兩贰貳俩", "三叁參仨", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾")) for c in chars}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000, "兆": 1_000_000_000_000}
_ZERO = frozenset("零〇洞")
_POINT = frozenset("点點")
_TWENTIES = {"廿": 20, "卅": 30}
_ARABIC = re.compile(r"\d+(?:\.\d+)?")
_DIGIT_RUN = re.compile("[" + "".join(_DIGITS) + "]{2,}")
_STARTS = frozenset(_DIGITS) | frozenset(_UNITS) | frozenset(_TWENTIES) | frozenset("半")
_NOT_NUMBER = re.compile(r"一(?:点(?![零〇一二三四五六七八九])|些|样|直|般|定|下(?!子?\d)|会|起|边|旦|切|块(?!钱)|阵|共|律|味|向|生|辈|家|同|方面|来|动|走|躺|个劲|股|身|按|吃|睡|上|就|大|小|想|看|说|坐|站|跳|抽|揪|紧|热|冷|闷|过|塌|扫)|十分(?=[疼痛难不])|百(?:度|姓|分百)|千万(?=别|不|要)|万(?:一|分)|三(?:七粉|叉)|两(?:边|侧|腿|只手|手|眼|口子|岸)|半(?:夜|天|身|边|路|躺|截|拉|导|岛|途)|五官|四肢|八成|九成")


class Number(NamedTuple):
    """`upper` is the end of a range as in 七八公斤; `digits` marks a string of single digits (一四零九零)."""

    start: int
    end: int
    value: float
    upper: float | None = None
    digits: str | None = None


def numbers(text: str) -> list[Number]:
    """Every number of a text, in order. Everyday words with numerals in them (一直, 千万别) are left out."""
    found: list[Number] = []
    at = 0
    while at < len(text):
        number = _number_at(text, at)
        if number is None:
            at += 1
            continue
        found.append(number)
        at = number.end
    return found


def _number_at(text: str, at: int) -> Number | None:
    arabic = _ARABIC.match(text, at)
    if arabic:
        return _arabic(text, arabic)
    if text[at] not in _STARTS:
        return None
    if _NOT_NUMBER.match(text, at):
        return None
    if text[at] == "半":
        return Number(at, at + 1, 0.5)
    run = _DIGIT_RUN.match(text, at)
    if run:
        string = _digit_string(text, run)
        if string is not None:
            return string
    return _spoken(text, at)


def _arabic(text: str, match: re.Match[str]) -> Number:
    value, end = float(match.group()), match.end()
    while end < len(text) and text[end] in _BIG:
        value, end = value * _BIG[text[end]], end + 1
    return Number(match.start(), end, value, digits=match.group() if end == match.end() else None)


def _digit_string(text: str, run: re.Match[str]) -> Number | None:
    """A number said digit by digit, or 七八 as a range; None when units follow and it is neither."""
    figures = "".join(str(_DIGITS[c]) for c in run.group())
    after = text[run.end() : run.end() + 1]
    if len(figures) == 2 and _is_range(figures):
        low, high = float(figures[0]), float(figures[1])
        factor, end = 1, run.end()
        while text[end : end + 1] in _UNITS or text[end : end + 1] in _BIG:
            factor *= _UNITS.get(text[end]) or _BIG[text[end]]
            end += 1
        return Number(run.start(), end, low * factor, high * factor)
    if after in _UNITS:
        return None
    if after in _POINT and text[run.end() + 1 : run.end() + 2] in _DIGITS:
        fraction, end = _fraction(text, run.end() + 1)
        return Number(run.start(), end, float(figures) + fraction)
    if any(c in "两俩仨" for c in run.group()):
        return None
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
        if big in _BIG and (last_big is None or _BIG[big] < last_big):
            total += value * _BIG[big]
            upper = None if section_upper is None else section_upper * _BIG[big]
            last_big, at = _BIG[big], end + 1
            continue
        upper = None if section_upper is None else total + section_upper
        total, at = total + value, end
        break
    if not seen:
        return None
    if text[at : at + 1] in _POINT and text[at + 1 : at + 2] in _DIGITS and upper is None:
        fraction, at = _fraction(text, at + 1)
        total += fraction
        while text[at : at + 1] in _BIG:
            total, at = total * _BIG[text[at]], at + 1
    return Number(start, at, total, upper)


def _fraction(text: str, at: int) -> tuple[float, int]:
    """Digits after the point. 六点八八十 is 6.8 and 80: a digit that begins a new number is left alone."""
    figures = ""
    while text[at : at + 1] in _DIGITS and text[at : at + 1]:
        if figures and text[at + 1 : at + 2] in _UNITS and text[at + 1 : at + 2]:
            break
        figures += str(_DIGITS[text[at]])
        at += 1
    return float("0." + figures), at


def _section(text: str, at: int, after_big: int | None) -> tuple[float, int, float | None]:
    """A number below ten thousand: value, where it ends, and the upper end of a range said at its tail."""
    value = 0.0
    unit: int | None = None
    zero = False
    while at < len(text):
        here, after = text[at], text[at + 1 : at + 2]
        if here in _ZERO and (after in _DIGITS or after in _UNITS) and after and (unit or after_big):
            zero, at = True, at + 1
        elif here in _TWENTIES and unit is None:
            value, unit, at = float(_TWENTIES[here]), 10, at + 1
        elif here in _UNITS and (unit is None or _UNITS[here] < unit):
            value, unit, at = value + _UNITS[here], _UNITS[here], at + 1
        elif here in _DIGITS and after in _UNITS and after:
            if unit is not None and _UNITS[after] >= unit:
                break
            value, unit, at, zero = value + _DIGITS[here] * _UNITS[after], _UNITS[after], at + 2, False
        elif here in _DIGITS:
            return _tail(text, at, value, unit, zero, after_big)
        else:
            break
    return value, at, None


def _tail(
    text: str, at: int, value: float, unit: int | None, zero: bool, after_big: int | None
) -> tuple[float, int, float | None]:
    """The last single digit: 一百五 is 150, 一百零五 is 105, 十五六 is 15 to 16."""
    digit, after = _DIGITS[text[at]], text[at + 1 : at + 2]
    place = 1.0 if zero or (unit is None and after_big is None) else float(unit or after_big or 1) / 10
    if unit is not None and place < 1:
        return value, at, None
    low = value + digit * place
    ranged = after in _DIGITS and bool(after) and _DIGITS[after] - digit == 1
    if ranged and text[at + 2 : at + 3] in _UNITS and text[at + 2 : at + 3]:
        factor = _UNITS[text[at + 2]]
        if unit is not None and factor < unit and _UNITS[text[at + 2]] * 10 == unit and text[at + 3 : at + 4] not in _DIGITS:
            return value + digit * factor, at + 3, value + (digit + 1) * factor
        return low, at + 1, None
    if ranged:
        return low, at + 2, value + (digit + 1) * place
    return low, at + 1, None
