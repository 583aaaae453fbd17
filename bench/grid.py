"""What `suifang bench grid` runs: every dangerous and every calm sentence of the lexicon inside the frames of
grid_words/frames.yml, and as the answer to every question of every pathway. It counts the dangers that fall silent
and the calm words that alarm."""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from agent.dialog.pathway_loader import PathwayShelf
from agent.model.finding import Level
from agent.model.reading_context import ReadingContext
from agent.triage.content import load
from agent.triage.reader import Reader
from bench.grid_frames import CALM, DANGER, FRAMES, NOTICED, RED, Group, groups
from folders import NLU_DATA, PATHWAYS

_QUESTIONS = "answers"  # the name under which the answers to the pathways' questions stand
_SHOWN = 5  # frames of a group named in the figures, those with most faults


@dataclass(slots=True)
class Tally:
    read: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, frame: str, text: str, *, fault: bool) -> None:
        self.read += 1
        if fault:
            self.faults[frame] += 1
            self.examples.setdefault(frame, text)

    def figures(self, shown: int) -> dict[str, Any]:
        worst = self.faults.most_common(shown)
        return {
            "read": self.read,
            "faults": self.faults.total(),
            "by_frame": dict(worst),
            "examples": [self.examples[frame] for frame, _ in worst],
        }


@dataclass(frozen=True, slots=True)
class Sentences:
    danger: tuple[str, ...]
    calm: tuple[str, ...]

    def of(self, kind: str) -> tuple[str, ...]:
        return self.danger if kind == DANGER else self.calm


class Case(NamedTuple):
    """One reading: `group` and `frame` it stands for, and what must come of it."""

    group: str
    frame: str
    text: str
    context: ReadingContext
    expect: str


def run(args: Sequence[str]) -> dict[str, Any]:
    """Figures as plain data; `--share` reads a sample that `--seed` chooses."""
    return measure(Reader(load(NLU_DATA)), args)


def measure(reader: Reader, args: Sequence[str]) -> dict[str, Any]:
    """The same with a reader built elsewhere."""
    chosen = _arguments(args)
    random = Random(chosen.seed)
    sentences = _sentences(reader, chosen.sentences)
    tallies: dict[str, Tally] = defaultdict(Tally)
    answers = _as_answers(sentences) if not chosen.only or _QUESTIONS in chosen.only else ()
    for case in chain(_in_frames(chosen.groups, sentences), answers):
        if random.random() >= chosen.share:
            continue
        level = reader.read(case.text, case.context).level
        fault = "false red" if case.expect == CALM else "silent"
        tallies[f"{fault}: {case.group}"].add(case.frame, case.text, fault=not _held(level, case.expect))
    return {
        "seed": chosen.seed,
        "share": chosen.share,
        "dangers": len(sentences.danger),
        "calm": len(sentences.calm),
        "read": sum(tally.read for tally in tallies.values()),
        "silent": sum(t.faults.total() for name, t in tallies.items() if name.startswith("silent")),
        "false_red": sum(t.faults.total() for name, t in tallies.items() if name.startswith("false red")),
        "groups": {name: tally.figures(chosen.shown) for name, tally in tallies.items()},
    }


def _arguments(args: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="suifang bench grid")
    parser.add_argument("--share", type=float, default=1.0, help="part of all combinations that is read, 0 to 1")
    parser.add_argument("--seed", type=int, default=1, help="chooses the part")
    parser.add_argument("--only", default="", help=f"groups of frames.yml, comma between; {_QUESTIONS}: as answers")
    parser.add_argument("--sentences", type=Path, help="a file of your own sentences, one a line, for the lexicon's")
    parser.add_argument("--shown", type=int, default=_SHOWN, help="frames of a group to show, with one example each")
    parser.add_argument("--frames", type=Path, default=FRAMES, help="a file of frames of your own")
    chosen = parser.parse_args(args)
    chosen.only = frozenset(filter(None, chosen.only.split(",")))
    known = groups(chosen.frames)
    unknown = chosen.only - {group.name for group in known} - {_QUESTIONS}
    if unknown:
        parser.error(f"no group is called {', '.join(sorted(unknown))}")
    chosen.groups = [group for group in known if not chosen.only or group.name in chosen.only]
    return chosen


def _sentences(reader: Reader, file: Path | None) -> Sentences:
    """Those of `file` or the lexicon's own, told apart by how they read alone."""
    if file is not None:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        told = untold = [line for line in lines if line]
    else:
        tests = [concept.tests for concept in reader.content.concepts.values()]
        told = [text for test in tests for text in test.present]
        untold = [text for test in tests for text in (*test.denied, *test.near_misses)]
    return Sentences(
        tuple(text for text in _bare(told) if reader.read(text).level is Level.RED),
        tuple(text for text in _bare(untold) if reader.read(text).level is not Level.RED),
    )


def _bare(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.rstrip("。？?！!") for text in texts))


def _in_frames(framed: Iterable[Group], sentences: Sentences) -> Iterator[Case]:
    for group in framed:
        context = ReadingContext(caregiver=group.relative)
        for frame in group.frames:
            for text in sentences.of(group.say):
                yield Case(group.name, frame, group.said(frame, text), context, group.expect)


def _as_answers(sentences: Sentences) -> Iterator[Case]:
    for context in _questions(PATHWAYS):
        for expect, said in ((RED, sentences.danger), (CALM, sentences.calm)):
            for text in said:
                yield Case(_QUESTIONS, context.question, text, context, expect)


def _questions(folder: Path) -> list[ReadingContext]:
    """Each question that is put and heard differently, once."""
    shelf = PathwayShelf(folder)
    found: dict[tuple[str, tuple[str, ...]], ReadingContext] = {}
    for path in sorted(folder.glob("*/pathway.yml")):
        for question in shelf.get(path.parent.name).questions.values():
            context = ReadingContext(
                question=question.wording.voice,
                asked=question.asks,
                measurements=question.measurements,
                options=tuple(option.label for option in question.options),
            )
            found.setdefault((context.question, context.asked), context)
    return list(found.values())


def _held(level: Level, expect: str) -> bool:
    if expect == CALM:
        return level is not Level.RED
    return level is Level.RED or (expect == NOTICED and level is Level.YELLOW)
