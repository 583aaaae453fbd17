"""Answers that tell a finding without naming it: by its measure (38度5 to 发烧吗), by its opposite (干咳 to 有痰吗), by
what it does (衣服都湿透 to 出汗吗), by a kind of it (一身冷汗)."""

import re
from collections.abc import Iterable, Sequence

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.answer_mentions import Told
from agent.triage.content import Content
from agent.triage.cues import any_of
from agent.triage.forms import GAP
from agent.triage.measurements import MeasurementReader
from agent.triage.question_form import AskedItem
from agent.triage.spotter import MAX_GAP

# from which value on the finding is there: ℃ under the arm as in red_flags.yml; mmHg, 中国高血压防治指南 2018
_FROM = {"fever": ("temp_c", 37.3), "hypertension": ("systolic", 140.0)}
_CLAUSE_BEFORE = re.compile(r"[^，。！？；、\s]*$")
_NOT_NOW = re.compile(  # before the words that show it, in their clause
    r"[不没别未](?:有|再|用|能|会|怎么|太|是|像)?(?:起|长|出|见|摸到|看到|发现)?$|以前|之前|从前|原先|原来|当初|那会儿|那时|去年|前年|年轻|小时候|[药术院]前|要是|如果|万一|怕|医生说"
)
_DENIED_AFTER = re.compile("(?:倒是|倒|也|都|么|嘛|是|就)*(?:没|冇|莫|不(?!住|了|得|出|上|下|动|清|断))")  # 酸水没有
_MEASURED = tuple(name for name, _ in _FROM.values())


class ValueReader:
    def __init__(self, content: Content, measurements: MeasurementReader) -> None:
        self._measurements = measurements
        self._without_name = {
            Status.DENIED: _by_concept(content.answers["opposites"]),
            Status.PRESENT: _by_concept(content.answers["tells"]),
        }
        self._shows = {
            Status.PRESENT: _by_concept(content.answers["signs"], f"[^，。！？；、\\s不没别]{{0,{MAX_GAP}}}?"),
            Status.DENIED: _by_concept(content.answers["contraries"], f"[^，。！？；、\\s不没别]{{0,{MAX_GAP}}}?"),
        }
        red = {concept for rule in content.rules if rule.level is Level.RED for concept in rule.any_of}
        self._family = {  # a kind of what was asked for tells it: 冷汗 to 出汗; what alarms less tells no danger
            concept.id: concept.family
            for concept in content.concepts.values()
            if concept.id in red or concept.family not in red
        }

    def told(self, text: str, concepts: Iterable[str | None], found: Sequence[Told]) -> list[Told]:
        """What `text` tells so of the asked concepts that it does not name; the last value counts."""
        asked = {concept for concept in concepts if concept} - {concept for concept, _, _ in found}
        told: list[Told] = []
        if asked & _FROM.keys():
            told += self._by_value(text, asked)
        for status, words in self._without_name.items():
            for concept in asked & words.keys():
                said = words[concept].search(text)
                if said and (status is Status.DENIED or _told_now(said, text)):
                    told.append((concept, said.group(), status))
        told += [
            (self._family[concept], surface, status)
            for concept, surface, status in found
            if status is Status.PRESENT and concept in self._family and self._family[concept] in asked
        ]
        return told

    def shown(self, text: str, items: Iterable[AskedItem], found: Sequence[Told]) -> list[Told]:
        """What `text` shows of the asked findings that it does not name, by words that go with theirs: 热乎着 to 手凉,
        天花板都转 to 头晕. What was so before says nothing of now; 动一会儿才灵活 shows that it is stiff."""
        named = {concept for concept, _, _ in found} | {surface for _, surface, _ in found}
        told: list[Told] = []
        for item in items:
            if item.surface in named or item.concept in named:
                continue
            for status, words in self._shows.items():
                mine = [shows for word, shows in words.items() if word in item.surface]
                begins = [m.start() for shows in mine for m in shows.finditer(text) if _told_now(m, text)]
                if begins:
                    only_then = all(text[:begin].endswith("才") for begin in begins)
                    told.append((item.concept or "", item.surface, Status.PRESENT if only_then else status))
                    break
        return told

    def _by_value(self, text: str, asked: set[str]) -> list[Told]:
        values = self._measurements.read(text, ReadingContext(measurements=_MEASURED))
        told = []
        for concept, (name, limit) in _FROM.items():
            mine = [one for one in values if one.name == name and concept in asked]
            if mine:
                told.append((concept, mine[-1].surface, Status.PRESENT if mine[-1].value >= limit else Status.DENIED))
        return told


def _told_now(match: re.Match[str], text: str) -> bool:
    before = _CLAUSE_BEFORE.search(text[: match.start()])
    said_before = before is not None and _NOT_NOW.search(before.group()) is not None
    return not said_before and not _DENIED_AFTER.match(text[match.end() :])


def _by_concept(lines: Iterable[str], gap: str = f"[^，。]{{0,{MAX_GAP}}}?") -> dict[str, re.Pattern[str]]:
    """Lines of a concept, or a word, and words, as one pattern for each; … stands for a few characters."""
    words: dict[str, list[str]] = {}
    for line in lines:
        concept, _, said = line.partition(" ")
        words.setdefault(concept, []).append(said)
    return {concept: re.compile(_gapped(any_of(said), gap)) for concept, said in words.items()}


def _gapped(pattern: str, gap: str) -> str:
    return pattern.replace(re.escape(GAP), GAP).replace(GAP, gap)
