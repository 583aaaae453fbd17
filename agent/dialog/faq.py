"""The approved answers to patients' own questions, read from nlu_data/faq."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from agent.content_yaml import read_source
from agent.dialog.wording import in_sentences
from agent.model.move import Move
from agent.model.problem import ContentError


@dataclass(frozen=True, slots=True)
class Bound:
    """What an entry answers in one pathway in place of its general answer."""

    answer: str
    tell_nurse: bool


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One question patients ask, in many wordings. Without `approved_by` the answer is a draft. An empty answer means
    that a nurse replies: the entry keeps such questions from being taken for others. `tell_nurse`: the answer promises
    a nurse, who must then hear of the question. `bound`: pathway id → what is right there, where the general answer
    would mislead."""

    id: str
    topic: str
    questions: tuple[str, ...]
    answer: str
    approved_by: str = ""
    approved_when: str = ""
    tell_nurse: bool = False
    bound: Mapping[str, Bound] = field(default_factory=dict)

    def answers(self) -> tuple[str, ...]:
        """Every text it may say."""
        return tuple(text for text in (self.answer, *(one.answer for one in self.bound.values())) if text)

    @property
    def draft(self) -> bool:
        return not (self.approved_by and self.approved_when)


class FaqBook:
    """Answers by entry id. `use_drafts` says whether an answer no clinician signed may be spoken."""

    def __init__(self, entries: Iterable[FaqEntry], *, use_drafts: bool) -> None:
        self.entries: Mapping[str, FaqEntry] = {entry.id: entry for entry in entries}
        self.use_drafts = use_drafts

    def answer(self, entry_id: str | None, pathway: str = "") -> str | None:
        """The text the robot may say in that pathway, or None when nothing is written or nothing is signed."""
        entry = self.entries.get(entry_id or "")
        if entry is None or (entry.draft and not self.use_drafts):
            return None
        return _for(entry, pathway).answer or None

    def sentences(self, pathway: str) -> list[str]:
        """Everything it may say in that pathway, a sentence at a time."""
        answers = (self.answer(entry_id, pathway) for entry_id in self.entries)
        return [sentence for answer in answers if answer for sentence in in_sentences(answer)]

    def answered(self, move: Move, pathway: str = "") -> Move:
        """The move with the approved text of the entry it asks for, if there is one to say."""
        text = self.answer(move.faq, pathway)
        if not text:
            return move
        return replace(move, faq_answer=text, tell_nurse=_for(self.entries[move.faq or ""], pathway).tell_nurse)


def _for(entry: FaqEntry, pathway: str) -> Bound:
    return entry.bound.get(pathway, Bound(entry.answer, entry.tell_nurse))


def load_faq(folder: Path) -> list[FaqEntry]:
    """Every entry of every file, in file order. Raises ContentError."""
    entries: dict[str, FaqEntry] = {}
    for path in sorted(folder.glob("*.yml")):
        for entry in _read_file(path):
            if entry.id in entries:
                line = line_of(path, entry.id)
                raise ContentError(path.name, line, f"the id {entry.id} is used twice", "give one entry another id")
            entries[entry.id] = entry
    return list(entries.values())


def line_of(path: Path, entry_id: str) -> int:
    """The last line that begins the entry, 0 where none does."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return max((number for number, line in enumerate(lines, 1) if line.strip() == f"- id: {entry_id}"), default=0)


def _read_file(path: Path) -> list[FaqEntry]:
    document = read_source(path).data
    if not isinstance(document, dict) or not isinstance(document.get("entries"), list):
        raise ContentError(path.name, 0, "there are no entries", "write `topic:`, `sources:` and a list `entries:`")
    if not document.get("sources"):
        raise ContentError(path.name, 0, "no source is named", "name at least one under `sources:`")
    topic = str(document.get("topic") or path.stem)
    return [_read_entry(path, topic, raw) for raw in document["entries"]]


def _read_entry(path: Path, topic: str, raw: object) -> FaqEntry:
    if not isinstance(raw, dict) or not raw.get("id"):
        raise ContentError(path.name, 0, "an entry has no id", "give it `id:`, a short English word with underscores")
    name = str(raw["id"])
    questions = tuple(str(question).strip() for question in raw.get("questions") or ())
    if len(questions) < 3:
        remedy = "write at least three wordings under `questions:`"
        raise ContentError(path.name, line_of(path, name), f"{name} has {len(questions)} wordings", remedy)
    if bool(raw.get("answer")) == bool(raw.get("hand_on")):
        remedy = "write what the robot says under `answer:`, or `hand_on: true`"
        raise ContentError(path.name, line_of(path, name), f"{name} needs an answer or a nurse", remedy)
    approval = raw.get("approval") or {}
    return FaqEntry(
        id=name,
        topic=topic,
        questions=questions,
        answer=str(raw.get("answer") or "").strip(),
        approved_by=str(approval.get("who") or ""),
        approved_when=str(approval.get("when") or ""),
        tell_nurse=raw.get("tell_nurse") is True,
        bound={
            str(pathway): Bound(str(one.get("answer") or "").strip(), one.get("tell_nurse") is True)
            for pathway, one in (raw.get("in") or {}).items()
        },
    )
