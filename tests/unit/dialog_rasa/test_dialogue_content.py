"""Intents, rules, domain and moves are the same words; the held-out sentences are held out."""

from pathlib import Path

import pytest
import yaml

from agent.content_yaml import read_source
from agent.dialog import training
from agent.dialog.spelling import normalise
from agent.model.move import MoveKind

WITHOUT_WORDS = {
    MoveKind.SILENCE, MoveKind.HANGUP, MoveKind.START, MoveKind.TRANSFER, MoveKind.TAKE_OVER, MoveKind.MACHINE,
}  # fmt: skip
SPOKEN = {str(kind) for kind in MoveKind} - WITHOUT_WORDS
HELD_OUT = training.NLU_DATA / "held_out"


def read(path: Path) -> dict:
    return read_source(path).data


def trained() -> dict[str, str]:
    """Every training sentence → its intent."""
    items = yaml.safe_load(training.Trainer().data())["nlu"]
    return {line[2:]: item["intent"] for item in items for line in item["examples"].splitlines()}


def test_the_domain_knows_every_move() -> None:
    intents = [next(iter(item)) for item in read(training.DIALOGS / "domain" / "domain.yml")["intents"]]
    assert set(intents) == SPOKEN


def test_every_move_has_its_rule() -> None:
    steps = [rule["steps"] for rule in read(training.DIALOGS / "rules.yml")["rules"]]
    assert {step[0]["intent"] for step in steps} == SPOKEN | {"nlu_fallback"}
    assert {step[1]["action"] for step in steps} == {"action_turn"}


def test_every_move_has_sentences() -> None:
    examples = training.intent_examples(training.NLU_DATA / "intents")
    assert set(examples) == SPOKEN - {MoveKind.ASK}  # questions come from the FAQ
    assert [name for name, sentences in examples.items() if len(sentences) < 60] == []


def test_no_sentence_is_two_moves() -> None:
    owners: dict[str, str] = {}
    for intent, sentences in training.intent_examples(training.NLU_DATA / "intents").items():
        for sentence in sentences:
            assert owners.setdefault(normalise(sentence), intent) == intent


LISTS = sorted(path.name for path in HELD_OUT.glob("*.yml") if not path.name.startswith("moves_in_context"))


@pytest.mark.parametrize("file", LISTS)
def test_no_held_out_sentence_was_trained(file: str) -> None:
    sentences = {normalise(text) for texts in read(HELD_OUT / file).values() for text in texts}
    assert sentences & set(trained()) == set()


@pytest.mark.parametrize("file", ["intents.yml", "intents_fresh.yml"])
def test_enough_is_held_out(file: str) -> None:
    sentences = read(HELD_OUT / file)
    assert set(sentences) == SPOKEN
    assert [name for name, texts in sentences.items() if len(texts) < 15] == []


def test_enough_is_held_out_in_all() -> None:
    files = [read(HELD_OUT / file) for file in ("intents.yml", "intents_fresh.yml")]
    assert sum(len(texts) for file in files for texts in file.values()) >= 400


def test_moments_name_known_moves() -> None:
    for file in HELD_OUT.glob("moves_in_context*.yml"):
        turns = read(file)["turns"]
        named = {move for moment in turns.values() for right in moment.values() for move in right.split("|")}
        assert named <= SPOKEN
