"""Telephone numbers as they are told: 幺三八，零零幺三… → 13800138000, and said back in groups. Pure."""

import re

from agent.dialog.numerals import DIGITS

VALUES = {char: str(value) for char, value in DIGITS.items()} | {"幺": "1"}
SPOKEN = {str(value): char for value, char in enumerate("零幺二三四五六七八九")}
LEAST_RUN = 2  # 一 in 一个号码 is no digit of it
_SEVERAL = re.compile(r"([两二三四五])个([零〇一幺二三四五六七八九\d])")
_RUN = re.compile(r"[\d零〇一幺二两三四五六七八九]+")
_GAP = re.compile(r"(?<=[\d零〇一幺二两三四五六七八九])[\s,，、.。\-－—]+(?=[\d零〇一幺二两三四五六七八九])")


def told_digits(text: str) -> str:
    """The digits of every run in the words, joined; 三个零 is 000. Empty where there are none."""
    plain = _GAP.sub("", _SEVERAL.sub(lambda one: one[2] * int(VALUES[one[1]]), _GAP.sub("", text)))
    runs = [run for run in _RUN.findall(plain) if len(run) >= LEAST_RUN]
    return "".join(VALUES.get(char, char) for run in runs for char in run)


def whole(digits: str) -> bool:
    """A mobile number, a landline with its area code, or a local one of seven or eight digits."""
    return bool(re.fullmatch(r"1[3-9]\d{9}|0[12]\d{9}|0[3-9]\d{9,10}|[2-9]\d{6,7}", digits))


def spoken_in_groups(digits: str) -> str:
    """Three, four and four digits with pauses between: 幺三八，零零幺三，八零零零，."""
    first = 3 if len(digits) == len("13800138000") else max(len(digits) - 8, 0) or 4
    parts = [digits[:first], *(digits[at : at + 4] for at in range(first, len(digits), 4))]
    return "".join("".join(SPOKEN[digit] for digit in part) + "，" for part in parts if part)
