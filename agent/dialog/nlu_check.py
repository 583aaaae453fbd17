"""Checks intents, FAQ and held-out sentences: every problem with its file, its line and what to write instead."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.content_yaml import read_source
from agent.dialog.faq import FaqEntry, line_of, load_faq
from agent.dialog.spelling import normalise
from agent.model.move import MoveKind
from agent.model.problem import ContentError, Problem

WITHOUT_WORDS = frozenset(
    {MoveKind.SILENCE, MoveKind.HANGUP, MoveKind.START, MoveKind.TRANSFER, MoveKind.TAKE_OVER, MoveKind.MACHINE}
)
FEWEST_SENTENCES = 60
LONGEST_ANSWER = 75  # characters one listens to in one piece


@dataclass(frozen=True, slots=True)
class Sentence:
    """A training sentence where it stands."""

    file: str
    line: int
    intent: str
    words: str


def check_content(folder: Path, pathways: Collection[str] = ()) -> list[Problem]:
    """Every problem of intents, FAQ and held-out sentences of the nlu_data folder; empty when all is well. An answer
    for a pathway that is not among `pathways` would never be said."""
    unreadable = list(_unreadable(folder / "intents", folder / "held_out"))
    if unreadable:
        return unreadable
    sentences = list(_sentences(folder / "intents"))
    found = [*_moves(sentences), *_said_twice(sentences)]
    try:
        entries = load_faq(folder / "faq")
    except ContentError as error:
        return [*found, error.problem]
    trained = {normalise(one.words): one.intent for one in sentences}
    trained |= {normalise(question): f"faq/{entry.id}" for entry in entries for question in entry.questions}
    found += _bound(folder / "faq", entries, pathways)
    return [*found, *_faq(folder / "faq", entries), *_held_out(folder / "held_out", trained)]


def _unreadable(*folders: Path) -> Iterator[Problem]:
    for path in (path for folder in folders for path in sorted(folder.glob("*.yml"))):
        try:
            read_source(path)
        except ContentError as error:
            yield error.problem


def _sentences(folder: Path) -> Iterator[Sentence]:
    """Lines of the shape `- words` below `- intent: name`; what is no such line is none."""
    for path in sorted(folder.glob("*.yml")):
        intent = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            words = line.strip().removeprefix("- ")
            if words.startswith("intent:"):
                intent = words.removeprefix("intent:").strip()
            elif intent and line.strip().startswith("- "):
                yield Sentence(path.name, number, intent, words)


def _moves(sentences: list[Sentence]) -> Iterator[Problem]:
    wanted = {str(kind) for kind in MoveKind} - WITHOUT_WORDS - {MoveKind.ASK}
    counts = dict.fromkeys(wanted, 0)
    for one in sentences:
        if one.intent not in wanted:
            yield Problem(one.file, one.line, f"{one.intent} is no move", f"use one of {', '.join(sorted(wanted))}")
            return
        counts[one.intent] += 1
    for intent, count in counts.items():
        if count < FEWEST_SENTENCES:
            remedy = f"write at least {FEWEST_SENTENCES}, as patients say them"
            yield Problem(f"{intent}.yml", 0, f"{intent} has {count} sentences", remedy)


def _said_twice(sentences: list[Sentence]) -> Iterator[Problem]:
    first: dict[str, Sentence] = {}
    for one in sentences:
        other = first.setdefault(normalise(one.words), one)
        if other is not one:
            where = f"{other.file}:{other.line}"
            yield Problem(one.file, one.line, f"「{one.words}」 stands in {where} as well", "keep one of them")


def _faq(folder: Path, entries: list[FaqEntry]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for entry in entries:
        file, line = _where(folder, entry)
        for answer in entry.answers():
            if len(answer) > LONGEST_ANSWER:
                message = f"the answer of {entry.id} has {len(answer)} characters"
                yield Problem(file, line, message, f"say it in {LONGEST_ANSWER}")
        for question in entry.questions:
            other = owners.setdefault(normalise(question), entry.id)
            if other != entry.id:
                message = f"「{question}」 asks for {other} and {entry.id}"
                yield Problem(file, line, message, "keep it under one of them")


def _bound(folder: Path, entries: list[FaqEntry], pathways: Collection[str]) -> Iterator[Problem]:
    for entry in entries:
        for name in sorted(set(entry.bound).difference(pathways)) if pathways else ():
            remedy = f"use one of {', '.join(sorted(pathways))}"
            yield Problem(*_where(folder, entry), f"{entry.id} answers in the unknown pathway {name}", remedy)


def _where(folder: Path, entry: FaqEntry) -> tuple[str, int]:
    path = next(path for path in sorted(folder.glob("*.yml")) if line_of(path, entry.id))
    return path.name, line_of(path, entry.id)


def _held_out(folder: Path, trained: dict[str, str]) -> Iterator[Problem]:
    """A sentence that was trained measures nothing."""
    for name in ("intents", "intents_fresh", "faq", "faq_walk", "faq_walk_second", "faq_fresh", "faq_second"):
        path = folder / f"{name}.yml"
        if not path.exists():
            continue
        source = read_source(path)
        for sentences in source.data.values():
            for sentence in sentences:
                if normalise(sentence) in trained:
                    line = source.text[: source.text.index(sentence)].count("\n") + 1
                    message = f"「{sentence}」 is trained as {trained[normalise(sentence)]}"
                    yield Problem(path.name, line, message, "hold out another sentence")
