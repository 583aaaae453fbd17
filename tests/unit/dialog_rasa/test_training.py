from pathlib import Path

import pytest

from agent.dialog.training import Trainer, TrainingFailed


@pytest.fixture
def trainer(tmp_path: Path) -> Trainer:
    """Content of our shape: one intent, one FAQ entry; no interpreter."""
    for name in ("intents", "faq"):
        (tmp_path / name).mkdir()
    (tmp_path / "intents" / "deny.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: deny\n    examples: |\n      - 没有\n      - 没 有\n', encoding="utf-8"
    )
    faq = "sources: [x]\nentries:\n  - id: salt\n    questions: [盐吃多少, 太淡了, 能吃咸菜吗]\n    answer: 五克。\n"
    (tmp_path / "faq" / "diet.yml").write_text(faq, encoding="utf-8")
    return Trainer(nlu_data=tmp_path, models=tmp_path, python=tmp_path / "python")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_training_data_has_one_spelling_and_no_repeats(trainer: Trainer) -> None:
    assert trainer.data().count("没有") == 1
    assert "faq/salt" in trainer.data()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("intents/deny.yml", "- 没有", "- 没得"),
        ("faq/diet.yml", "太淡了", "太淡了不行"),
        ("faq/diet.yml", "id: salt", "id: salty"),
    ],
)
def test_new_words_need_a_new_model(trainer: Trainer, file: str, old: str, new: str) -> None:
    before = trainer.model_path()
    edit(trainer.nlu_data / file, old, new)
    assert trainer.model_path() != before


def test_another_answer_needs_no_new_model(trainer: Trainer) -> None:
    before = trainer.model_path()
    edit(trainer.nlu_data / "faq/diet.yml", "五克", "不超过五克")
    assert trainer.model_path() == before


def test_a_model_that_is_there_is_not_trained_again(trainer: Trainer) -> None:
    trainer.model_path().write_bytes(b"a model")
    said: list[str] = []
    assert trainer.train(said.append) == trainer.model_path()
    assert "up to date" in said[0]


def test_without_the_environment_it_says_what_to_do(trainer: Trainer) -> None:
    with pytest.raises(TrainingFailed, match="suifang demo"):
        trainer.train(print)


def test_a_failed_training_leaves_no_model_and_says_why(trainer: Trainer) -> None:
    trainer.python.write_text("#!/bin/sh\necho the disk is full >&2; exit 4\n")
    trainer.python.chmod(0o755)
    with pytest.raises(TrainingFailed, match=r"code 4(.|\n)*the disk is full"):
        trainer.train(print)
    assert not trainer.model_path().exists()
    assert [path.name for path in trainer.models.iterdir() if path.is_dir() and path.name.startswith("tmp")] == []
