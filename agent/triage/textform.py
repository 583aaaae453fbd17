"""Brings a text into the one form the word lists use, character for character, so that spans stay true."""

import re

from agent.triage.syllables import simplified

_FULL = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}  # ０-９
_FULL |= {code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)}  # Ａ-Ｚ
_FULL |= {code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)}  # ａ-ｚ
_FULL |= {ord("／"): ord("/"), ord("．"): ord("."), ord("％"): ord("%"), ord("　"): ord(" ")}
_FULL |= {ord("?"): ord("？"), ord("!"): ord("！"), ord(";"): ord("；")}
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")  # 1,200 is a number
_DIALECT_NO = re.compile(
    r"冇|木(?=有|得|事|咋)|[莫冒](?=得(?!罪|知|到))|(?<!请)勿"
)  # southern and northern ways to write 没 and 不
_DAY = re.compile(r"(?<![如以之从])([今昨前明])儿(?![子媳女童科孙])")  # 今儿个 is northern for 今天
_TABLE = {ord(old): ord(new) for old, new in simplified().items()} | _FULL


def normal(text: str) -> str:
    """The same text with half-width digits and letters, simplified characters, Chinese punctuation and the usual
    characters for no and for days; the length does not change."""
    text = _DAY.sub(r"\1天", _COMMA.sub("，", text.translate(_TABLE)))
    return _DIALECT_NO.sub(lambda no: "不" if no[0] == "勿" else "没", text)
