"""What screens read about a pathway, also about one that is gone."""

import pytest

from agent.dialog.pathway_loader import PathwayShelf
from agent.dialog.pathway_words import NO_LABEL, NO_TITLE, PathwayWords
from folders import PATHWAYS


@pytest.fixture(scope="module")
def words() -> PathwayWords:
    return PathwayWords(PathwayShelf(PATHWAYS))


def test_a_known_pathway_is_called_by_its_own_words(words: PathwayWords) -> None:
    shelf = PathwayShelf(PATHWAYS)
    pathway = shelf.get("heart_failure")
    assert words.title("heart_failure") == pathway.title
    assert words.question("heart_failure", pathway.version, "heart_rate") == "心率"
    for question in pathway.questions.values():
        for option in question.options:
            assert words.option("heart_failure", pathway.version, question.id, option.key) == option.label
    assert words.limits("heart_failure", pathway.version, "heart_rate") == (55, 100)


def test_a_version_that_was_not_kept_is_read_by_the_present_one(words: PathwayWords) -> None:
    assert words.question("heart_failure", "0-gone", "heart_rate") == "心率"


def test_an_answer_kept_under_a_former_id_is_still_named(words: PathwayWords) -> None:
    assert words.question("heart_failure", "0-gone", "alone") == "身边有人"
    assert words.question("joint_replacement", "0-gone", "fall_hurt") == "跌倒后还能走"
    assert words.question("stroke", "0-gone", "fall_hurt") == "跌倒受伤"


def test_what_is_gone_has_a_general_word(words: PathwayWords) -> None:
    assert words.title("gone") == NO_TITLE
    assert words.question("gone", "1", "x") == words.question("heart_failure", "1", "gone") == NO_LABEL
    assert words.option("heart_failure", "1", "heart_rate", "x") is None
    assert words.limits("gone", "1", "x") == words.limits("heart_failure", "1", "medicine") == (None, None)
