"""Answers in the letters and figures that the question itself offers: 有请按1，没有请按2; ①腹痛②腹泻."""

import re
from collections.abc import Sequence

from agent.model.finding import Status
from agent.triage.question_form import Placed

_PRESS = r"(?:的话|请|按|回复|回|说|选|输入|发|数字|字母)"
_MEANINGS = (
    ("不清楚", "(?:不清楚|不知道|不确定|说不清)"),
    ("没有", "(?:没有|无|否|不是)"),
    ("有", "(?<!没)(?:有|(?<!不)是)"),
)
_ENDS = re.compile("[吧啊呀呢。，！ ]+$")
_LISTED = "①②③④⑤⑥⑦⑧⑨"
_PICKED = re.compile(rf"[{_LISTED}、和，。 ]+")


def in_words(text: str, question: str) -> str:
    """有 or 没有, where `text` is nothing but a key that the question offers for it; else `text`."""
    key = _ENDS.sub("", text)
    if len(key) != 1 or not (key.isascii() and key.isalnum()):
        return text
    for meaning, words in _MEANINGS:
        before = rf"{words}(?:{_PRESS}+ ?)?{key}(?![0-9A-Za-z])"
        if re.search(rf"{before}|(?<![0-9A-Za-z]){key}[.、:： ]?{words}", question, re.IGNORECASE):
            return meaning
    return text


def picked(text: str, question: str, places: Sequence[Placed]) -> dict[int, Status]:
    """Index to status where the answer names nothing but numbers of the question's list."""
    if not _PICKED.fullmatch(text) or not any(mark in question for mark in text if mark in _LISTED):
        return {}
    marks = {index: question[: place.at].rstrip()[-1:] for index, place in enumerate(places) if place.at > 0}
    listed = {index: mark for index, mark in marks.items() if mark in _LISTED}
    return {index: Status.PRESENT if mark in text else Status.DENIED for index, mark in listed.items()}
