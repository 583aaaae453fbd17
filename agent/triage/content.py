"""The words and rules of triage, read from the nlu_data folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.model.reading_context import Limit
from agent.triage.forms import GAP, BadForm, expand, expand_all, gap_pairs
from agent.triage.red_flag_rules import Rule, limits_in, rules_in
from agent.triage.yaml_source import YamlSource, read_folder, read_yaml

DISEASE = "disease"
SYMPTOM = "symptom"


@dataclass(frozen=True, slots=True)
class ConceptTests:
    """Sentences of the content's own: the concept must be present, denied, or not present in them."""

    present: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """A finding the lexicon knows. `family` is the id others count it under; `sound`: also matched by pinyin;
    `pain_mimics`: what cannot be moved for pain looks like it, so that beside such words it is asked again."""

    id: str
    label: str
    kind: str
    family: str
    sound: bool
    pain_mimics: bool
    words: tuple[str, ...]
    combine: tuple[tuple[str, str], ...]  # (part id, sensation id)
    tests: ConceptTests
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class BodyPart:
    id: str
    label: str
    near: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sensation:
    """`alone` is the concept the word means without a body part, `near` how far from the part it may stand;
    `sound`: with a body part it is matched by pinyin where the concept they make is."""

    id: str
    label: str
    kind: str
    near: int
    alone: str | None
    sound: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookAlike:
    kind: str  # "drug" | "talk"
    reason: str
    words: tuple[str, ...]
    whole: bool = False  # half a form with … inside it counts for nothing either


@dataclass(frozen=True, slots=True)
class MeasurementKind:
    """`possible`: outside it is a misreading; `usual`: outside it is read back."""

    id: str
    label: str
    unit: str
    words: tuple[str, ...]
    units: tuple[str, ...]
    possible: tuple[float, float]
    usual: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Content:
    """All of it. `cues` and `answers` map a list's name to its words."""

    concepts: Mapping[str, Concept]
    parts: Mapping[str, BodyPart]
    sensations: Mapping[str, Sensation]
    look_alikes: tuple[LookAlike, ...]
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...]
    cues: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]]
    measurements: Mapping[str, MeasurementKind]
    everyday: tuple[str, ...] = ()  # phrases that mean no danger, for the check of words by sound
    sources: Mapping[str, YamlSource] = field(default_factory=dict)
    folder: Path = Path()


def load(folder: Path) -> Content:
    """The content of the nlu_data folder. Raises ContentError."""
    lexicon, reading = folder / "lexicon", folder / "reading"
    body = read_yaml(folder, lexicon / "body_parts.yml")
    feel = read_yaml(folder, lexicon / "sensations.yml")
    alike = read_yaml(folder, lexicon / "look_alikes.yml")
    cues = read_yaml(folder, reading / "status_cues.yml")
    answers = read_yaml(folder, reading / "answers.yml")
    numbers = read_yaml(folder, reading / "measurements.yml")
    everyday = read_yaml(folder, lexicon / "everyday_phrases.yml")
    concept_files = read_folder(folder, lexicon / "concepts")
    rule_files = read_folder(folder, folder / "red_flags")
    parts = {key: _part(body, key, value) for key, value in body.section("parts").items()}
    sensations = {key: _sensation(feel, key, value) for key, value in feel.section("sensations").items()}
    concepts: dict[str, Concept] = {}
    for source in concept_files:
        for key, value in source.section("concepts").items():
            if key in concepts:
                raise source.error(key, f"concept {key} is defined twice", f"merge it with {concepts[key].file}")
            concepts[key] = _concept(source, key, value, set(parts), set(sensations))
    return Content(
        concepts=concepts,
        parts=parts,
        sensations=sensations,
        look_alikes=tuple(_look_alike(alike, entry) for entry in alike.entries("look_alikes")),
        rules=tuple(rule for source in rule_files for rule in rules_in(source, concepts)),
        limits=tuple(limit for source in rule_files for limit in limits_in(source, concepts)),
        cues={key: _words(cues, value) for key, value in cues.section("cues").items()},
        answers={key: _words(answers, value) for key, value in answers.section("answers").items()},
        measurements={key: _measurement(numbers, key, value) for key, value in numbers.section("measurements").items()},
        everyday=tuple(phrase for value in everyday.section("phrases").values() for phrase in _words(everyday, value)),
        sources={s.name: s for s in (*concept_files, *rule_files, body, feel, alike, cues, answers, numbers, everyday)},
        folder=folder,
    )


def _words(source: YamlSource, words: object) -> tuple[str, ...]:
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        odd = next((w for w in words if not isinstance(w, str)), "") if isinstance(words, list) else ""
        raise source.error(str(odd), "a word list holds something that is no text", "put the word in quotes")
    try:
        return tuple(expand_all(words))
    except BadForm as bad:
        raise source.error(str(bad), f"the form {bad} is broken", "use (a|b), (a|) and at most one …") from bad


def _look_alike(source: YamlSource, entry: dict[str, Any]) -> LookAlike:
    words = _words(source, entry["words"])
    return LookAlike(str(entry["kind"]), str(entry["reason"]), words, entry.get("whole", False))


def _part(source: YamlSource, key: str, value: dict[str, Any]) -> BodyPart:
    return BodyPart(
        key, source.text_field(key, value, "label"), int(value.get("near", 10)), _words(source, value["words"])
    )


def _sensation(source: YamlSource, key: str, value: dict[str, Any]) -> Sensation:
    return Sensation(
        id=key,
        label=source.text_field(key, value, "label"),
        kind=str(value.get("kind", SYMPTOM)),
        near=int(value.get("near", 10)),
        alone=value.get("alone"),
        sound=bool(value.get("sound", True)),
        words=_words(source, value["words"]),
    )


def _concept(source: YamlSource, key: str, value: dict[str, Any], parts: set[str], feels: set[str]) -> Concept:
    pairs: list[tuple[str, str]] = []
    for line in value.get("combine", []):
        left, _, right = str(line).partition(" + ")
        for part in left.split("|"):
            for feel in right.split("|"):
                if part not in parts or feel not in feels:
                    raise source.error(key, f"{key} combines unknown {part} + {feel}", "see body_parts, sensations")
                pairs.append((part, feel))
    words = value.get("words", [])
    for word in words if isinstance(words, list) else [words]:
        try:
            _ = expand(str(word)), GAP in str(word) and gap_pairs(str(word))
        except BadForm as bad:
            raise source.error(str(word), f"the form {bad} is broken", "use (a|b), (a|) and at most one …") from bad
    tests = value.get("tests", {})
    return Concept(
        id=key,
        label=source.text_field(key, value, "label"),
        kind=str(value.get("kind", SYMPTOM)),
        family=str(value.get("family", key)),
        pain_mimics=bool(value.get("pain_mimics", False)),
        sound=bool(value.get("sound", False)),
        words=tuple(str(word) for word in words),
        combine=tuple(pairs),
        tests=ConceptTests(*(tuple(tests.get(name, ())) for name in ("present", "denied", "near_misses"))),
        file=source.name,
        line=source.line_of_key(key),
    )


def _measurement(source: YamlSource, key: str, value: dict[str, Any]) -> MeasurementKind:
    low, high = (float(x) for x in value["possible"])
    usual_low, usual_high = (float(x) for x in value["usual"])
    return MeasurementKind(
        id=key,
        label=source.text_field(key, value, "label"),
        unit=source.text_field(key, value, "unit"),
        words=_words(source, value["words"]),
        units=_words(source, value["units"]),
        possible=(low, high),
        usual=(usual_low, usual_high),
    )
