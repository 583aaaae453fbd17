"""The simulated patients can answer whatever a pathway may ask, and what they say is drawn by seed."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from agent.dialog.pathway_loader import PathwayShelf
from agent.dialog.wording import reach
from agent.model.answer import AnswerType, Scalar
from agent.model.finding import Level
from agent.model.pathway import Pathway, Question
from bench.rehearsal.mishearing import misheard
from bench.rehearsal.persona import Persona, cast, load_personas
from bench.rehearsal.truth import draw, level_of
from bench.rehearsal.words import Words
from folders import PATHWAYS

NAMES = sorted(path.parent.name for path in PATHWAYS.glob("*/pathway.yml"))
SHELF = PathwayShelf(PATHWAYS)
CLOSED: dict[AnswerType, tuple[Scalar, ...]] = {AnswerType.YES_NO: (True, False)}


def values(question: Question) -> tuple[Scalar, ...]:
    return CLOSED.get(question.type) or tuple(option.key for option in question.options)


@pytest.mark.parametrize("name", NAMES)
def test_there_are_words_for_every_answer(name: str) -> None:
    pathway, words = SHELF.get(name), Words()
    for key in {key for node in pathway.nodes for key in reach(pathway, node.questions)}:
        for value in values(pathway.questions[key]):
            assert words.answer(pathway.id, pathway.questions[key], value, Random(1)), key


@pytest.mark.parametrize("name", NAMES)
def test_one_truth_a_seed(name: str) -> None:
    pathway, words, today = SHELF.get(name), Words(), date(2026, 3, 2)

    def drawn(seed: str) -> dict[str, Scalar]:
        return draw(pathway, pathway.nodes[-1], words, Random(seed), today).values

    assert drawn("a") == drawn("a")
    assert len({str(drawn(str(seed))) for seed in range(12)}) > 1


def test_some_patients_are_in_danger_and_most_are_not() -> None:
    pathway: Pathway = SHELF.get("heart_failure")
    reds, words = 0, Words()
    for seed in range(60):
        truth = draw(pathway, pathway.nodes[0], words, Random(seed), date(2026, 3, 2))
        asked = [pathway.questions[key] for key in pathway.nodes[0].questions]
        reds += any(level_of(question, truth.values[question.id]) is Level.RED for question in asked)
    assert 4 <= reds <= 24


def test_the_level_of_an_answer() -> None:
    questions = SHELF.get("heart_failure").questions
    assert level_of(questions["breath"], True) is Level.RED
    assert level_of(questions["breath"], False) is Level.NONE
    assert level_of(questions["pressure"], "185/80") is Level.RED
    assert level_of(questions["pressure"], "180/80") is Level.RED
    assert level_of(questions["pressure"], "155/80") is Level.YELLOW
    assert level_of(questions["pressure"], "120/112") is Level.RED
    assert level_of(questions["medicine"], "stopped") is Level.YELLOW


def test_personas_are_met_in_their_shares() -> None:
    personas = load_personas()
    everybody = cast(personas, sum(persona.share for persona in personas))
    assert {persona.id: everybody.count(persona) for persona in personas} == {p.id: p.share for p in personas}
    sharing = [persona for persona in personas if persona.share]
    assert len({persona.id for persona in everybody[: len(sharing)]}) == len(sharing)


def test_who_has_no_share_calls_when_asked_for_by_name() -> None:
    nobody_else = tuple(persona for persona in load_personas() if persona.id == "says_nothing")
    assert [persona.id for persona in cast(nobody_else, 2)] == ["says_nothing", "says_nothing"]


def test_an_unknown_trait_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "personas.yml"
    path.write_text("- {id: x, title: x, shouts: 0.5}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="shouts"):
        load_personas(path)


def test_mishearing_changes_characters_by_sound_and_by_seed() -> None:
    text = "胸口这两天老是闷着疼"
    assert misheard(text, 0.0, Random(1)) == (text, 0.0)
    heard, wrong = misheard(text, 0.5, Random(1))
    assert heard != text and 0 < wrong < 1
    assert misheard(text, 0.5, Random(1)) == (heard, wrong)
    assert misheard("130/85", 1.0, Random(1))[0] == "130/85"


def test_plain_patients_have_no_trait() -> None:
    plain = next(persona for persona in load_personas() if persona.id == "plain")
    assert plain == Persona(plain.id, plain.title, plain.share)
