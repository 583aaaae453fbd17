import shutil
from pathlib import Path

import pytest

from agent.dialog.nlu_check import check_content
from agent.model.problem import Problem
from folders import NLU_DATA


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of our content to spoil."""
    for name in ("intents", "faq", "held_out"):
        shutil.copytree(NLU_DATA / name, tmp_path / name)
    return tmp_path


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def only(problems: list[Problem]) -> Problem:
    (problem,) = problems
    return problem


def test_our_content_is_fine() -> None:
    assert check_content(NLU_DATA) == []


def test_a_sentence_under_two_moves(content: Path) -> None:
    append(content / "intents" / "refuse.yml", "      - 没 有！\n")
    problem = only(check_content(content))
    assert (problem.file, "deny.yml" in problem.message) == ("refuse.yml", True)
    assert problem.line == len((content / "intents" / "refuse.yml").read_text(encoding="utf-8").splitlines())


def test_an_intent_that_is_no_move(content: Path) -> None:
    (content / "intents" / "dance.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: dance\n    examples: |\n      - 跳支舞\n', encoding="utf-8"
    )
    problem = only(check_content(content))
    assert (problem.file, problem.line, problem.message) == ("dance.yml", 5, "dance is no move")


def test_a_move_without_enough_sentences(content: Path) -> None:
    (content / "intents" / "wait.yml").unlink()
    assert only(check_content(content)).message == "wait has 0 sentences"


def test_a_held_out_sentence_that_is_trained(content: Path) -> None:
    append(content / "intents" / "wait.yml", "      - 你先等等我去把血压计拿来\n")
    problem = only(check_content(content))
    assert (problem.file, "trained as wait" in problem.message) == ("intents.yml", True)


def test_an_answer_too_long_to_listen_to(content: Path) -> None:
    path = content / "faq" / "diet.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("answer: 清淡一点", f"answer: {'清淡' * 40}"), encoding="utf-8")
    problem = only(check_content(content))
    assert (problem.file, "what_to_eat" in problem.message) == ("diet.yml", True)


def test_a_question_under_two_entries(content: Path) -> None:
    path = content / "faq" / "diet.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("[\n        吃什么好,", "[\n        能洗头吗,"), encoding="utf-8"
    )
    assert "能洗头吗" in only(check_content(content)).message


def test_a_file_that_is_no_yaml(content: Path) -> None:
    append(content / "faq" / "diet.yml", "  - [\n")
    problem = only(check_content(content))
    assert problem.file == "diet.yml"
    assert problem.message.startswith("not readable as YAML")
    assert problem.line > 1


def test_a_topic_written_twice(content: Path) -> None:
    append(content / "faq" / "diet.yml", "\ntopic: again\n")
    assert "written twice" in only(check_content(content)).message


def test_intents_that_are_no_yaml_are_named_as_such(content: Path) -> None:
    append(content / "intents" / "wait.yml", "  - [\n")
    problem = only(check_content(content))
    assert (problem.file, problem.message.partition(":")[0]) == ("wait.yml", "not readable as YAML")
