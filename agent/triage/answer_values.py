"""Answers that give the finding's measure, or its opposite: 38度5 to 发烧吗 is a fever, 干咳 to 有痰吗 is no sputum."""

import re
from collections.abc import Iterable, Sequence

from agent.model.finding import Status
from agent.model.reading_context import ReadingContext
from agent.triage.answer_mentions import Told
from agent.triage.content import Content
from agent.triage.cues import any_of
from agent.triage.measurements import MeasurementReader

# from which value on the finding is there: ℃ under the arm as in red_flags.yml; mmHg, 中国高血压防治指南 2018
_FROM = {"fever": ("temp_c", 37.3), "hypertension": ("systolic", 140.0)}
_MEASURED = tuple(name for name, _ in _FROM.values())


class ValueReader:
    def __init__(self, content: Content, measurements: MeasurementReader) -> None:
        self._measurements = measurements
        opposites: dict[str, list[str]] = {}
        for line in content.answers["opposites"]:
            concept, _, words = line.partition(" ")
            opposites.setdefault(concept, []).append(words)
        self._opposites = {concept: re.compile(any_of(words)) for concept, words in opposites.items()}

    def told(self, text: str, concepts: Iterable[str | None], found: Sequence[Told]) -> list[Told]:
        """What `text` tells so of the asked concepts that it does not name; the last value counts."""
        asked = {concept for concept in concepts if concept} - {concept for concept, _, _ in found}
        told: list[Told] = []
        if asked & _FROM.keys():
            told += self._by_value(text, asked)
        for concept in asked & self._opposites.keys():
            said = self._opposites[concept].search(text)
            told += [(concept, said.group(), Status.DENIED)] if said else []
        return told

    def _by_value(self, text: str, asked: set[str]) -> list[Told]:
        values = self._measurements.read(text, ReadingContext(measurements=_MEASURED))
        told = []
        for concept, (name, limit) in _FROM.items():
            mine = [one for one in values if one.name == name and concept in asked]
            if mine:
                told.append((concept, mine[-1].surface, Status.PRESENT if mine[-1].value >= limit else Status.DENIED))
        return told
