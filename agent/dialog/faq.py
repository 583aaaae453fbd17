"""The approved answers to patients' own questions, read from nlu_data/faq."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml


class FaqError(Exception):
    """A FAQ file cannot be used; the text names file and entry and what to write instead."""


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One question patients ask, in many wordings. Without `approved_by` the answer is a draft. An empty answer means
    that a nurse replies: the entry keeps such questions from being taken for others."""

    id: str
    topic: str
    questions: tuple[str, ...]
    answer: str
    approved_by: str = ""
    approved_when: str = ""

    @property
    def draft(self) -> bool:
        return not (self.approved_by and self.approved_when)


class FaqBook:
    """Answers by entry id. `use_drafts` says whether an answer no clinician signed may be spoken."""

    def __init__(self, entries: Iterable[FaqEntry], *, use_drafts: bool) -> None:
        self.entries: Mapping[str, FaqEntry] = {entry.id: entry for entry in entries}
        self.use_drafts = use_drafts

    def answer(self, entry_id: str | None) -> str | None:
        """The text the robot may say, or None when nothing is written or nothing is signed."""
        entry = self.entries.get(entry_id or "")
        if entry is None or (entry.draft and not self.use_drafts):
            return None
        return entry.answer or None


def load_faq(folder: Path) -> list[FaqEntry]:
    """Every entry of every file, in file order. Raises FaqError."""
    entries: list[FaqEntry] = []
    for path in sorted(folder.glob("*.yml")):
        entries += _read_file(path)
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise FaqError(f"{entry.topic}.yml: the id {entry.id!r} is used twice; give one of the entries another id")
        seen.add(entry.id)
    return entries


def _read_file(path: Path) -> list[FaqEntry]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise FaqError(f"{path.name}{line}: not readable as YAML; check indentation and brackets") from error
    if not isinstance(document, dict) or not isinstance(document.get("entries"), list):
        raise FaqError(f"{path.name}: write `topic:`, `title:`, `sources:` and a list `entries:`")
    if not document.get("sources"):
        raise FaqError(f"{path.name}: name at least one source under `sources:`")
    topic = str(document.get("topic") or path.stem)
    return [_read_entry(path, topic, raw) for raw in document["entries"]]


def _read_entry(path: Path, topic: str, raw: object) -> FaqEntry:
    if not isinstance(raw, dict) or not raw.get("id"):
        raise FaqError(f"{path.name}: every entry needs `id:` (a short English word with underscores)")
    name = str(raw["id"])
    questions = tuple(str(question).strip() for question in raw.get("questions") or ())
    if len(questions) < 3:
        raise FaqError(f"{path.name}: {name}: write at least three wordings under `questions:`")
    if bool(raw.get("answer")) == bool(raw.get("hand_on")):
        raise FaqError(f"{path.name}: {name}: write what the robot says under `answer:`, or `hand_on: true`")
    approval = raw.get("approval") or {}
    return FaqEntry(
        id=name,
        topic=topic,
        questions=questions,
        answer=str(raw.get("answer") or "").strip(),
        approved_by=str(approval.get("who") or ""),
        approved_when=str(approval.get("when") or ""),
    )
