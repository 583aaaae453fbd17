"""Bare numbers in a patient's words, for corrections: triage names measurements only for the open question. Pure."""

import re

_DIGITS_TO_TEN = "零一二三四五六七八九十"
_NEIGHBOURS = re.compile(rf"(?<![{_DIGITS_TO_TEN}])([{_DIGITS_TO_TEN}])([{_DIGITS_TO_TEN}])(?![{_DIGITS_TO_TEN}])")
UNITS = {"十": 10, "百": 100, "千": 1000}
DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
RUN = re.compile(r"\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?")
AFTER = re.compile(
    r"\s*(?:$|[，。,.；;！!？?~]|公斤|千克|斤|kg|度|次|分|下|毫米|mmHg|左右|多|才对|吧|了|呢|啊|呀|哦|嘛|哈|半)"
)


def numbers_in(text: str) -> list[float]:
    """Every number that stands for itself, in order: 一百六 160, 一百零五 105, 六点五 6.5, 150 150; not the one in
    摔过一跤, 一点 or 三天."""
    runs = (found.group() for found in RUN.finditer(text) if AFTER.match(text, found.end()))
    found = (_value(run) for run in runs)
    return [value for value in found if value is not None]


def _value(run: str) -> float | None:
    if run[0].isdigit() and run[0].isascii():
        return float(run)
    whole, _, decimals = run.partition("点")
    number = _whole(whole)
    if number is None:
        return None
    return float(f"{number}.{''.join(str(DIGITS[char]) for char in decimals)}") if decimals else float(number)


def _whole(run: str) -> int | None:
    """一百六 is 160: a last digit after a unit, without 零, counts in the next smaller unit."""
    if not any(char in UNITS for char in run):
        return int("".join(str(DIGITS[char]) for char in run))
    total, digit, last_unit, zero = 0, None, 1, False
    for char in run:
        if char in UNITS:
            total += (digit if digit is not None else 1) * UNITS[char]
            last_unit, digit, zero = UNITS[char], None, False
        elif DIGITS[char] == 0:
            zero = True
        else:
            digit = DIGITS[char]
    if digit is None:
        return total
    return total + digit * (1 if zero or last_unit == 10 else last_unit // 10)


def worse_of_two(text: str) -> float | None:
    """三四分, 一两分: the worse of two neighbours on a scale, which needs no reading back."""
    place = _DIGITS_TO_TEN.index
    pair = next((m for m in _NEIGHBOURS.finditer(text.replace("两", "二")) if place(m[2]) == place(m[1]) + 1), None)
    return float(place(pair[2])) if pair else None
