"""The written sentences the second opinion learns from: nlu_data/second_opinion/*.yml, one file a family of danger."""

import hashlib
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.triage.textform import normal
from agent.triage.yaml_source import YamlSource, read_folder, yaml_of

FOLDER = "second_opinion"
CALM = "calm"  # the file of what is no danger, and the class it makes
PRESENT = "present"
STATUSES = (PRESENT, "denied", "past", "other", "hypothetical")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`family` is the file's name; `status` one of STATUSES, or CALM; `writer` tells hands apart for measuring."""

    text: str
    family: str
    status: str
    writer: str

    @property
    def label(self) -> str:
        """What the model is to say: the family of a danger that is there, else CALM."""
        return self.family if self.status == PRESENT else CALM


@dataclass(frozen=True, slots=True)
class Families:
    """`concepts` names the lexicon concept that each family alarms as, `known_by` those by which the rules know the
    same danger."""

    concepts: dict[str, str]
    known_by: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Sentences:
    """All of them, in file order."""

    families: Families
    all: tuple[Sentence, ...]
    sources: tuple[YamlSource, ...]

    def digest(self) -> str:
        """A fingerprint of what is learned from: texts and labels, whatever their order."""
        lines = sorted(f"{sentence.label}\t{bare(sentence.text)}" for sentence in self.all)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def bare(text: str) -> str:
    """The text as the model reads it: one spelling, no stops, no spaces."""
    return _NO_WORD.sub("", normal(text))


def bare_places(text: str) -> tuple[str, list[int]]:
    """A normalised text as the model reads it, and where each of its characters stands in the text."""
    places = [at for at, character in enumerate(text) if not _NO_WORD.match(character)]
    return "".join(text[at] for at in places), places


def load_sentences(nlu_data: Path, known: Container[str] | None = None) -> Sentences:
    """Every sentence below `nlu_data`; `known` are the lexicon's concepts. Raises ContentError."""
    sources = tuple(read_folder(nlu_data, nlu_data / FOLDER))
    found = (sentence for source in sources for sentence in _sentences(source, Path(source.name).stem))
    return Sentences(_families(sources, known), tuple(found), sources)


def load_families(nlu_data: Path, known: Container[str]) -> Families:
    """What stands above the sentences of each file; they are not read. Raises ContentError."""
    dangers = (path for path in sorted((nlu_data / FOLDER).glob("*.yml")) if path.stem != CALM)
    return _families((_head_of(nlu_data, path) for path in dangers), known)


def _head_of(nlu_data: Path, path: Path) -> YamlSource:
    return yaml_of(path.relative_to(nlu_data).as_posix(), path.read_text(encoding="utf-8").partition("\nwritten:")[0])


def _families(sources: Iterable[YamlSource], known: Container[str] | None) -> Families:
    concepts: dict[str, str] = {}
    known_by: dict[str, frozenset[str]] = {}
    for source in sources:
        family = Path(source.name).stem
        if family != CALM:
            concepts[family] = source.text_field(family, source.data, "concept")
            known_by[family] = frozenset((concepts[family], *source.data.get("known_by", ())))
            _all_known(source, known_by[family], known)
    return Families(concepts, known_by)


def _all_known(source: YamlSource, named: Iterable[str], known: Container[str] | None) -> None:
    for concept in sorted(named):
        if known is not None and concept not in known:
            raise source.error(concept, f"concept {concept} is not in the lexicon", "Correct the id")


def _sentences(source: YamlSource, family: str) -> Iterable[Sentence]:
    statuses = (CALM,) if family == CALM else STATUSES
    for writer, by_status in source.section("written").items():
        if not isinstance(by_status, dict) or not set(by_status) <= set(statuses):
            raise source.error(
                f"{writer}:", f"{writer} has a status that is none", f"write one of {' '.join(statuses)}"
            )
        for status, lines in by_status.items():
            for line in _texts(source, lines):
                yield Sentence(line, family, status, str(writer))


def _texts(source: YamlSource, lines: object) -> Sequence[str]:
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        odd = next((str(line) for line in lines if not isinstance(line, str)), "") if isinstance(lines, list) else ""
        raise source.error(odd, "a word list holds something that is no text", "put the word in quotes")
    return lines
