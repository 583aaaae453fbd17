"""What the second opinion adds on sentences of a hand it never learned from: by-writer cross-validation."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.model.finding import Level
from agent.triage.content import Content
from agent.triage.reader import Reader
from agent.triage.second_opinion import training
from agent.triage.second_opinion.opinion import SecondOpinion
from agent.triage.second_opinion.sentences import CALM, PRESENT, Sentence, Sentences, load_sentences

Line = tuple[str, tuple[bool, bool, bool]]  # PRESENT, CALM or "not_now", and what _HEARD names
_HEARD = ("red_by_rules", "red", "red_or_asked")
_LEAST = 150  # sentences of a hand worth measuring on


def run(content: Content) -> dict[str, Any]:
    """For each hand and for all: dangers that are red by the rules, red with the opinion, red or asked; the same of
    what is no danger (calm) and of dangers denied, over, supposed or another person's (not_now)."""
    sentences = load_sentences(content.folder)
    hands = Counter(each.writer for each in sentences.all)
    rules = Reader(replace(content, folder=Path()))
    told: dict[str, list[Line]] = {}
    for hand in sorted(hand for hand, lines in hands.items() if lines >= _LEAST):
        reader = Reader(content, _without(hand, sentences, content))
        told[hand] = [_read(each, rules, reader) for each in sentences.all if each.writer == hand]
    told["all"] = [line for lines in told.values() for line in lines]
    return {hand: _shares(lines) for hand, lines in told.items()}


def _without(hand: str, sentences: Sentences, content: Content) -> SecondOpinion:
    others = [each for each in sentences.all if each.writer != hand]
    return SecondOpinion(training.train(training.labelled(others)), sentences.families, content)


def _read(sentence: Sentence, rules: Reader, reader: Reader) -> Line:
    kind = sentence.status if sentence.status in (PRESENT, CALM) else "not_now"
    reading = reader.read(sentence.text)
    red = reading.level is Level.RED
    return kind, (rules.read(sentence.text).level is Level.RED, red, red or reading.confirm is not None)


def _shares(lines: list[Line]) -> dict[str, Any]:
    shares: dict[str, Any] = {}
    for kind in (PRESENT, CALM, "not_now"):
        of_kind = [heard for one, heard in lines if one == kind]
        if of_kind:
            each = {
                name: round(sum(heard[at] for heard in of_kind) / len(of_kind), 4) for at, name in enumerate(_HEARD)
            }
            shares[kind] = {"sentences": len(of_kind), **each}
    return shares
