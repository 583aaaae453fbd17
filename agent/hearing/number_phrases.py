"""Spoken forms of the values a question may ask for, as phrases to listen for; and digits as they are spoken."""

import re
from collections.abc import Iterable

from agent.hearing.phrases import Phrase

NUMERALS = "零〇一二两三四五六七八九十百千"
_DIGITS = "零一二三四五六七八九"
_WRITTEN = re.compile(r"\d{1,3}(?:\.\d{1,2})?")


def spoken_number(value: int) -> str:
    """0 to 999 as said: 120 is 一百二十, 105 is 一百零五, 12 is 十二."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not value else "")


def with_spoken_digits(text: str) -> str:
    """The text with written numbers below 1000 as they are said: 36.8 is 三十六点八."""

    def said(match: re.Match[str]) -> str:
        whole, _, part = match[0].partition(".")
        return spoken_number(int(whole)) + ("点" + "".join(_DIGITS[int(d)] for d in part) if part else "")

    return _WRITTEN.sub(said, text)


def number_phrases(measurements: Iterable[str]) -> list[Phrase]:
    """The ways of saying every usual value of the given measurements."""
    return [Phrase(text, name) for name in measurements for text in _forms(name)]


def _forms(name: str) -> list[str]:
    tenths = _DIGITS[1:]
    if name == "temp_c":
        return [f"{spoken_number(whole)}度{tenth}" for whole in range(35, 42) for tenth in tenths]
    if name == "glucose":
        small = [f"{spoken_number(whole)}点{tenth}" for whole in range(2, 26) for tenth in tenths]
        return small + [f"两点{tenth}" for tenth in tenths]
    if name == "weight_kg":
        kilos = [spoken_number(whole) for whole in range(38, 111)]
        fine = [f"{spoken_number(whole)}点{tenth}公斤" for whole in range(38, 96) for tenth in tenths]
        halves = [f"{spoken_number(whole)}斤" for whole in range(76, 201)]
        return [*fine, *halves, *(f"{whole}公斤{half}" for whole in kilos for half in ("", "半"))]
    ranges = {"systolic": (85, 221), "diastolic": (45, 126), "heart_rate": (41, 160), "spo2": (80, 100)}
    if name not in ranges:
        return []
    values = [spoken_number(value) for value in range(*ranges[name])]
    before = {"systolic": "高压", "diastolic": "低压"}.get(name, "")
    return [before + value for value in values]
