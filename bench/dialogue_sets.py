"""The held-out sentences of the dialogue and how well they came out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent.content_yaml import read_source
from agent.dialog.contexts import names_a_symptom
from agent.model.move import MoveContext
from agent.model.reading_context import ReadingContext
from agent.triage.content import load
from agent.triage.reader import Reader
from folders import NLU_DATA

HELD_OUT = NLU_DATA / "held_out"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence and what it is: a move, or a FAQ entry ("none": no entry answers it)."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Moment:
    """Words at a moment of the conversation, and the moves that are right there."""

    name: str
    text: str
    context: MoveContext
    right: frozenset[str]


def labelled(file: str) -> list[Labelled]:
    by_label = read_source(HELD_OUT / file).data
    return [Labelled(text, label) for label, texts in by_label.items() for text in texts]


def moments(file: str) -> Iterator[Moment]:
    """Every held-out moment with the context triage and engine would give the decider."""
    document = read_source(HELD_OUT / file).data
    for name, turns in document["turns"].items():
        for text, right in turns.items():
            context = _context(document["moments"][name], text, _reader())
            yield Moment(name, text, context, frozenset(right.split("|")))


@cache
def _reader() -> Reader:
    """Triage over the product's words; seconds to build, so once for all sets."""
    return Reader(load(NLU_DATA))


def _context(moment: dict[str, Any], text: str, reader: Reader) -> MoveContext:
    asked = ReadingContext(
        question=moment.get("sentence", ""),
        asked=tuple(moment.get("asks", ())),
        measurements=tuple(moment.get("measurements", ())),
    )
    reading = reader.read(text, asked)
    return MoveContext(
        question=moment.get("question"),
        expect=moment["expect"],
        phase=moment["phase"],
        polarity=str(reading.polarity),
        has_measurement=bool(reading.measurements),
        has_finding=names_a_symptom(reading),
        sentence="" if moment["phase"] == "identity" else moment.get("sentence", ""),
    )


def f1_by_label(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """(right, given) pairs → F1 of each right label."""
    hits: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for right, said in pairs:
        wanted[right] += 1
        given[said] += 1
        hits[right] += right == said
    return {label: 2 * hits[label] / (wanted[label] + given[label]) for label in sorted(wanted)}
