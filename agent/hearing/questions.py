"""What a question asks about, where only its words are known."""

import re
from typing import Protocol

from agent.model.finding import Reading
from agent.model.reading_context import ReadingContext
from agent.triage.content import Content

_PRESSURES = ("systolic", "diastolic")
_ASKS_PRESSURE = re.compile("血压(?!药|计?[坏的])|上面和下面")


class Reads(Protocol):
    @property
    def content(self) -> Content: ...

    def read(self, text: str) -> Reading: ...


def context_of(question: str, reader: Reads) -> ReadingContext:
    """The context of an answer to `question`: the concepts it names, in its order, and the values it asks for."""
    asked = dict.fromkeys(finding.concept for finding in reader.read(question).findings)
    kinds = reader.content.measurements.values()
    named = dict.fromkeys(
        kind.id for kind in kinds if any(word in question and not word.startswith("量") for word in kind.words)
    )
    if any(name in named for name in _PRESSURES) or _ASKS_PRESSURE.search(
        question
    ):  # a pressure is asked for as a pair
        named = dict.fromkeys([*_PRESSURES, *named])
    return ReadingContext(question=question, asked=tuple(asked), measurements=tuple(named))
