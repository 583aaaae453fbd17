"""Spoken measurements and dates, the words a follow-up cannot do without, heard in a decoding of their own.

The decoder may use only the characters of numbers and what stands around them (高压, 度, 公斤, 年 …). Such a text is
taken where it is likely, holds two numerals at least and nothing else than these characters; what was decoded freely
stays beside it. Of 45 synthetic numbers with telephone noise 14 kept their value before, 22 do with it; a wrong one is
likelier to look like a number than before, so one that matters is read back.
"""

import math
import re

_LIST = (
    "零 一 二 三 四 五 六 七 八 九 十 百 点 半 两 幺 度 公斤 斤 高压 低压 年 一九 九五 二十 三十 五十 六十 七十 八十 "
    "九十 一百 心率 一天 次 天 了 三天 两次 一次"
)
WORDS = tuple(_LIST.split())
_PRESSURE_LIST = (
    "零 一 二 三 四 五 六 七 八 九 十 百 两 二十 三十 五十 六十 七十 八十 九十 一百 高压 低压 上面 下面 到 的 吧 左右"
)
PRESSURE_WORDS = tuple(_PRESSURE_LIST.split())
LONGEST_SECONDS = 5.0  # of sound, the silence around the number included
_LEAST_MEAN_LOG_PROBABILITY = -0.55  # a token; other speech forced into these characters stays below -0.58
_MOST_BESIDE = 2  # characters heard freely beyond the number's own
_UNHEARD_CONFIDENCE = 0.2  # of a free decoding that found nothing
_SURE_CONFIDENCE = 0.6  # of the free decoding: then it stays first
_NUMERAL = re.compile(r"[零一二三四五六七八九十百两幺半]")
_FREE_NUMBER = re.compile(r"[0-9]{2,}|[零一二三四五六七八九十百两]{3,}")
_ALLOWED = frozenset("".join(WORDS)) | frozenset("，,。 ")
_NOT_WORDS = re.compile(r"[\W_]+")
LOOP = re.compile(r"(.)\1{2,}|(.{2,})\2{2,}")  # a decoder that has nothing to say repeats itself, and is sure of it
_LONGEST_DIGITS = re.compile(r"\d{9,}")


def spoken_number(text: str, mean_log_probability: float, freely: str) -> str | None:
    """The number's text that the restricted decoding found, or None where it is not to be believed: unlikely, a loop,
    or much shorter than what was heard freely."""
    words = _NOT_WORDS.sub("", text)
    if mean_log_probability <= _LEAST_MEAN_LOG_PROBABILITY or LOOP.search(words) or not set(text) <= _ALLOWED:
        return None
    whole = len(_NOT_WORDS.sub("", freely)) <= len(words) + _MOST_BESIDE
    return text.strip("，,。 ") if whole and len(set(_NUMERAL.findall(words))) >= 2 else None


def confidence(restricted: float, freely: float | None) -> float:
    """Between both decodings': the restricted one alone is too sure, having few characters to choose from."""
    return round(math.sqrt(restricted * (_UNHEARD_CONFIDENCE if freely is None else freely)), 3)


def stays_first(freely: str, confidence: float) -> bool:
    """True when the free decoding is a number itself, sure and whole."""
    loops = _LONGEST_DIGITS.search(freely) is not None
    return confidence >= _SURE_CONFIDENCE and _FREE_NUMBER.search(freely) is not None and not loops
