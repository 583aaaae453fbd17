import shutil
from pathlib import Path

import pytest

from agent.model.problem import ContentError
from agent.triage.check import check_content
from agent.triage.content import load
from agent.triage.surfaces import surfaces
from folders import NLU_DATA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("lexicon", "red_flags", "reading"):
        shutil.copytree(NLU_DATA / name, tmp_path / name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_content_has_no_problem() -> None:
    assert check_content(NLU_DATA) == []


def test_a_new_lay_word_is_one_line(folder: Path) -> None:
    change(folder / "lexicon/concepts/heart_and_breath.yml", "words: [心口疼,", "words: [心口疼, 胸脯子揪揪着,")
    assert "胸脯子揪揪着" in surfaces(load(folder), "chest_pain")
    assert check_content(folder) == []


def test_broken_yaml_names_file_line_and_remedy(folder: Path) -> None:
    change(folder / "red_flags/red_flags.yml", "chest_pain: {level: red", "chest_pain: {level: red]")
    with pytest.raises(ContentError) as caught:
        load(folder)
    assert caught.value.file == "red_flags/red_flags.yml"
    assert caught.value.line > 0
    assert caught.value.remedy


def test_a_concept_written_twice_replaces_nothing(folder: Path) -> None:
    path = folder / "lexicon/concepts/mind.yml"
    path.write_text(path.read_text(encoding="utf-8") + "  suicidal: {label: 轻生, words: [不想活]}\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(folder)
    assert caught.value.message == "concepts.suicidal is written twice"
    assert caught.value.line == path.read_text(encoding="utf-8").count("\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("lexicon/concepts/mind.yml", "words: [失眠,", "words: [失眠, 头疼死我啦, 心口疼,", "stands under"),
        ("lexicon/look_alikes.yml", "words: [退烧药,", "words: [退烧药, 心口疼,", "look-alike"),
        ("lexicon/concepts/mind.yml", "      - 自杀\n", "      - 希望死\n      - 自杀\n", "everyday 「希望是」"),
        ("red_flags/red_flags.yml", "any: [chest_pain]", "any: [toothache_of_the_soul]", "unknown"),
        ("lexicon/concepts/heart_and_breath.yml", "near_misses: [我心疼孩子,", "near_misses: [我胸口疼,", "near miss"),
        ("lexicon/concepts/heart_and_breath.yml", "心口疼,", "心口(疼,", "broken"),
    ],
)
def test_the_check_finds(folder: Path, file: str, old: str, new: str, message: str) -> None:
    change(folder / file, old, new)
    problems = check_content(folder)
    assert any(message in problem.message for problem in problems), problems
    assert all(problem.remedy for problem in problems)


def test_a_deleted_rule_silences_its_danger(folder: Path) -> None:
    from agent.model.finding import Level
    from agent.triage.reader import Reader

    rules = folder / "red_flags/red_flags.yml"
    lines = [line for line in rules.read_text(encoding="utf-8").splitlines() if not line.startswith("  black_stool:")]
    rules.write_text("\n".join(lines), encoding="utf-8")
    assert Reader(load(folder)).read("拉黑便").level is Level.NONE
