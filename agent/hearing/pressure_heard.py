"""A blood pressure whose two numbers were not written as numbers: 174D80, 高压一百零期, 170次60亿.

What was said before the first number stays as it was heard; what follows is decoded once more over the words of two
pressures alone. Measured on 96 synthetic pressures with telephone noise: docs/figures.md.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis
from agent.speech.spoken_numbers import LOOP
from agent.triage.reader import Reader

Pair = tuple[float, float]
Decode = Callable[[str], list[tuple[str, float]]]
"""Texts of two pressures that may follow the given words, and their mean log-probability a token."""

NAMES = ("systolic", "diastolic")
SURE = 0.8  # confidence from which a whole pressure heard freely is left alone
_MOST = 0.75  # confidence of what is found here: it is always read back
_LEAST_MEAN = -0.6  # log-probability a token; other speech forced into these words stays below it
_BEGINS = re.compile(r"[0-9零一二三四五六七八九十百两]{2,}|\d|[高低]压|高[亚雅]|上面|收缩")
_TRACE = re.compile(r"\d{2}|[一二三四五六七八九]百|[零一二三四五六七八九十百]{3}|高压|低压")
_KNOWS_NOT = re.compile(r"忘|记不|没记|不知|没[量测看]|不清")
_ENDING = re.compile(r"(?<=[一二三四五六七八九])[百八吧]$|(?<=十)[百吧]$|左右$|吧$")  # what 吧 becomes in such words
_STOPS = "。，, "


def pressure(
    hypotheses: Sequence[Hypothesis], context: ReadingContext, reader: Reader, decode: Decode
) -> Hypothesis | None:
    """The pressure to put before what was heard freely, or None where nothing better was found: it is asked for, and
    numbers were heard, but not two sure ones."""
    if not hypotheses or not set(NAMES) <= set(context.measurements):
        return None
    best = hypotheses[0]
    if not _TRACE.search(best.text) or _KNOWS_NOT.search(best.text):
        return None
    freely = _pair(best.text, context, reader, sure=False)
    if freely and best.confidence >= SURE:
        return None
    begin = _BEGINS.search(best.text)
    before = best.text[: begin.start()] if begin else ""
    for text, mean in decode(before):
        if mean < _LEAST_MEAN or LOOP.search(text):
            continue
        for words in _readings(text):
            pair = _pair(words, context, reader, sure=True)
            if pair is None:
                continue
            if freely and (pair == freely or _coarser(pair, freely)):
                return None
            return Hypothesis(before + words, min(_MOST, best.confidence))
    return None


def _readings(text: str) -> Iterable[str]:
    """The text without the 吧 at its end, however that was written, and as it is."""
    whole = text.strip(_STOPS)
    yield from dict.fromkeys((_ENDING.sub("", whole), whole))


def _pair(text: str, context: ReadingContext, reader: Reader, *, sure: bool) -> Pair | None:
    told = {one.name: one.value for one in reader.read(text, context).measurements if not (sure and one.doubtful)}
    return (told[NAMES[0]], told[NAMES[1]]) if all(name in told for name in NAMES) else None


def _coarser(one: Pair, other: Pair) -> bool:
    """Whether a last syllable that the other has is lost: 60 for 61."""
    return any(a % 10 == 0 and a // 10 == b // 10 and a != b for a, b in zip(one, other, strict=True))
