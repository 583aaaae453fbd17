"""Sentences that nurses marked as wrongly read, as a file, and whether today's reader reads them right."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from agent.content_yaml import read_source
from agent.model.labelled_case import CaseLabel
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader


class LabelledFileError(Exception):
    """The file is not one that `cases export` wrote; the message says where."""


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """`rule` is what alarmed, for a false alarm; `question` what the robot had asked."""

    label: CaseLabel
    words: str
    question: str = ""
    rule: str = ""


def mended(sentence: LabelledSentence, reader: Reader) -> bool:
    """A missed one alarms by some rule; a false alarm's rule keeps still."""
    reading = reader.read(sentence.words, ReadingContext(question=sentence.question))
    rules = {alarm.rule for alarm in reading.alarms if not alarm.suppressed}
    return bool(rules) if sentence.label is CaseLabel.MISSED else sentence.rule not in rules


def write(path: Path, sentences: Iterable[LabelledSentence]) -> None:
    rows = [
        {"label": each.label.value, "says": each.words, "asked": each.question, "rule": each.rule} for each in sentences
    ]
    kept = [{key: value for key, value in row.items() if value} for row in rows]
    path.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=116), encoding="utf-8")


def load(path: Path) -> tuple[LabelledSentence, ...]:
    """Raises LabelledFileError, and ContentError for broken YAML."""
    rows = read_source(path).data or []
    try:
        return tuple(
            LabelledSentence(CaseLabel(row["label"]), row["says"], row.get("asked", ""), row.get("rule", ""))
            for row in rows
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LabelledFileError(f"{path}: {type(error).__name__}; write it with `./suifang cases export`") from None
