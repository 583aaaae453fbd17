"""Checks the second opinion's sentences: labels that contradict each other, weights of other sentences."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

from agent.model.problem import ContentError, Problem
from agent.triage.content import load
from agent.triage.second_opinion.model import load_weights
from agent.triage.second_opinion.opinion import WEIGHTS
from agent.triage.second_opinion.sentences import FOLDER, Sentence, Sentences, bare, load_sentences


def check_sentences(nlu_data: Path) -> list[Problem]:
    """Every problem of the folder; empty when all is well, and while the lexicon itself cannot be loaded."""
    try:
        content = load(nlu_data)
    except ContentError:
        return []
    try:
        sentences = load_sentences(nlu_data, content.concepts)
    except ContentError as error:
        return [error.problem]
    return [*_twice(sentences), *_stale(nlu_data, sentences)]


def _twice(sentences: Sentences) -> Iterator[Problem]:
    first: dict[str, Sentence] = {}
    sources = {Path(source.name).stem: source for source in sentences.sources}
    for each in sentences.all:
        known = first.setdefault(bare(each.text), each)
        if known.label != each.label:
            source = sources[each.family]
            message = f"「{each.text}」 stands under {known.label} and {each.label}"
            yield Problem(source.name, source.line_of(each.text), message, "keep it under one of them")


def _stale(nlu_data: Path, sentences: Sentences) -> Iterator[Problem]:
    path = nlu_data / FOLDER / WEIGHTS
    remedy = "Run `./suifang train reading`"
    try:
        weights = load_weights(path)
    except (FileNotFoundError, ValueError, KeyError, BadZipFile):
        yield Problem(f"{FOLDER}/{WEIGHTS}", 0, "the weights are missing or broken", remedy)
        return
    if weights.sentences != sentences.digest():
        yield Problem(f"{FOLDER}/{WEIGHTS}", 0, "the sentences changed since the weights were trained", remedy)
