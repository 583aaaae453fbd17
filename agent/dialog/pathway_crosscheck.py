"""Pathways against the lexicon: names that triage does not know would never fire, and nobody would notice."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.content_yaml import Source, Where, nearest
from agent.dialog.pathway_loader import PATHWAY_FILE, SHARED
from agent.model.answer import AnswerType
from agent.model.problem import ContentError

PRESSURES = ("systolic", "diastolic")


@dataclass(frozen=True, slots=True)
class Known:
    """What triage knows: concept ids, measurement names, and its red rules and limits with their concepts."""

    concepts: Collection[str]
    measurements: Mapping[str, Collection[str]]  # name -> how its unit may be written
    red: Mapping[str, tuple[str, ...]]  # rule or limit id -> concepts


def unknown_names(folder: Path, known: Known) -> list[ContentError]:
    """Every concept or measurement in any pathway that triage lacks, and every red rule nobody speaks for."""
    found: list[ContentError] = []
    for path in sorted(folder.glob(f"*/{PATHWAY_FILE}")):
        source = Source(str(path), path.read_text(encoding="utf-8"))
        found += _questions(source, known)
        found += _flags(source, "red_flags", known)
        found += _doubts(source, known)
    safety = folder / SHARED[1][0]
    source = Source(str(safety), safety.read_text(encoding="utf-8"))
    found += _questions(source, known)
    found += _flags(source, "families", known)
    return [*found, *_doubts(source, known), *_unspoken(source, known)]


def _doubts(source: Source, known: Known) -> Iterator[ContentError]:
    for part in ("confirms", "confirms_again", "halves"):
        for key in source.data.get(part, ()):
            if key not in known.concepts:
                yield source.error((part, key), f"concept {key} is not in the lexicon", "Correct the id")


def _questions(source: Source, known: Known) -> Iterator[ContentError]:
    for key, question in source.data["questions"].items():
        for part in ("asks", "also"):
            yield from _each(source, ("questions", key, part), question.get(part, ()), known.concepts, "concept")
        where = ("questions", key, "measurements")
        yield from _each(source, where, question.get("measurements", ()), known.measurements, "measurement")
        yield from _unit(source, key, question, known)


def _unit(source: Source, key: str, question: Mapping[str, Any], known: Known) -> Iterator[ContentError]:
    """A value is kept in triage's unit: 68 kilograms under the heading 斤 would be a wrong record."""
    measures = question.get("measurements", PRESSURES if question["type"] == AnswerType.BLOOD_PRESSURE else ())
    fitting = {unit for name in measures for unit in known.measurements.get(name, ())}
    unit = question.get("unit")
    if unit and fitting and unit not in fitting:
        remedy = f"Write one of: {', '.join(sorted(fitting))}"
        yield source.error(("questions", key, "unit"), f"{', '.join(measures)} is not kept in {unit}", remedy)


def _flags(source: Source, section: str, known: Known) -> Iterator[ContentError]:
    names = {*known.concepts, *known.red} if section == "families" else known.concepts
    for index, flag in enumerate(source.data.get(section, ())):
        yield from _each(source, (section, index, "concepts"), flag["concepts"], names, "concept")


def _each(
    source: Source, where: Where, wanted: Collection[Any], names: Collection[str], what: str
) -> Iterator[ContentError]:
    for name in wanted:
        if name not in names:
            remedy = nearest(str(name), names, "Correct the id, or add it to nlu_data")
            yield source.error(where, f"{what} {name} is unknown to triage", remedy)


def _unspoken(source: Source, known: Known) -> Iterator[ContentError]:
    spoken = {name for family in source.data["families"] for name in family["concepts"]}
    for rule, concepts in known.red.items():
        if rule not in spoken and not spoken & set(concepts):
            message = f"no family says what to do when {rule} alarms red"
            yield source.error(("families",), message, f"Add {rule} to the family whose advice fits")
