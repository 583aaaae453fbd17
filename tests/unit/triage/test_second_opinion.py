"""The second opinion: what it adds to the rules, and where it must be silent."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.content import Content
from agent.triage.reader import Reader
from agent.triage.second_opinion import training
from agent.triage.second_opinion.check import check_sentences
from agent.triage.second_opinion.model import load_weights
from agent.triage.second_opinion.opinion import WEIGHTS, SecondOpinion
from agent.triage.second_opinion.sentences import FOLDER, Sentence, Sentences, bare, load_sentences
from folders import NLU_DATA


@pytest.fixture(scope="module")
def sentences(content: Content) -> Sentences:
    return load_sentences(NLU_DATA, content.concepts)


@pytest.fixture(scope="module")
def rules(content: Content) -> Reader:
    return Reader(replace(content, folder=Path()))


def taught(content: Content, sentences: Sentences, *, sure: int) -> Reader:
    """A reader whose opinion learned one danger: `sure` times as many of its words as calm ones."""
    hands = "甲乙丙丁戊己庚辛"[:sure]
    danger = [Sentence(f"布底下咕嘟咕嘟往外拱青水{hand}", "wound_infection", "present", "t") for hand in hands]
    calm = [Sentence(f"孙子明天放学{word}吃面条", "calm", "calm", "t") for word in "甲乙丙丁"]
    weights = training.train(training.labelled([*danger, *calm]))
    return Reader(content, SecondOpinion(weights, sentences.families, content))


def test_the_weights_belong_to_the_sentences(sentences: Sentences) -> None:
    assert load_weights(NLU_DATA / FOLDER / WEIGHTS).sentences == sentences.digest()


def test_the_same_sentences_give_the_same_weights(sentences: Sentences, tmp_path: Path) -> None:
    some = training.labelled(sentences.all[::20])
    first, second = training.train(some, "d"), training.train(some, "d")
    first.save(tmp_path / "w.npz")
    kept = load_weights(tmp_path / "w.npz")
    assert (first.table == second.table).all() and kept.pieces == second.pieces and kept.sentences == "d"
    assert abs(kept.table - second.table).max() <= abs(second.table).max() / 127


def test_no_sentence_is_both_danger_and_none() -> None:
    assert check_sentences(NLU_DATA) == []


def test_a_danger_the_rules_do_not_know_is_red_with_its_words(
    content: Content, sentences: Sentences, rules: Reader
) -> None:
    assert rules.read("布底下咕嘟咕嘟往外拱青水").level is Level.NONE
    reading = taught(content, sentences, sure=8).read("布底下咕嘟咕嘟往外拱青水")
    (found,) = reading.findings
    assert (reading.level, found.concept, found.surface in reading.text) == (Level.RED, "wound_infection", True)
    assert found.confidence < 1 and "按意思相近判断" in found.reason


def test_a_danger_less_sure_is_asked_about_and_kept_in_the_ledger(content: Content, sentences: Sentences) -> None:
    reading = taught(content, sentences, sure=1).read("布底下咕嘟咕嘟往外拱青水")
    assert (reading.level, reading.findings, reading.confirm) == (Level.NONE, (), "wound_infection")
    (held,) = [alarm for alarm in reading.alarms if alarm.suppressed]
    assert held.level is Level.RED and "先问病人" in held.reason


def test_the_rules_verdict_on_the_same_danger_stands(content: Content, sentences: Sentences) -> None:
    reading = taught(content, sentences, sure=8).read("伤口没有流脓，布底下没咕嘟咕嘟往外拱青水")
    assert reading.level is Level.NONE and reading.confirm is None
    assert {found.status for found in reading.findings if found.concept == "wound_infection"} == {Status.DENIED}


@pytest.mark.parametrize(
    "said", ["嗯", "没有", "还行吧", "三十七度二", "您再说一遍", "一百四，九十", "不记得了", "好的再见"]
)
def test_short_answers_and_requests_never_alarm(reader: Reader, rules: Reader, said: str) -> None:
    context = ReadingContext(question="伤口有没有红肿、流水？", asked=("wound_infection",))
    with_opinion, alone = reader.read(said, context), rules.read(said, context)
    assert (with_opinion.level, with_opinion.confirm) == (alone.level, alone.confirm)


def test_a_red_of_the_rules_is_never_silenced(reader: Reader, rules: Reader, sentences: Sentences) -> None:
    for each in sentences.all[::10]:
        if rules.read(each.text).level is Level.RED:
            assert reader.read(each.text).level is Level.RED


def test_stale_or_missing_weights_are_told(tmp_path: Path) -> None:
    shutil.copytree(NLU_DATA, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / FOLDER
    chest = folder / "chest.yml"
    chest.write_text(
        chest.read_text(encoding="utf-8") + "  new:\n    present:\n      - 胸口像灌了铅水\n", encoding="utf-8"
    )
    assert [problem.message for problem in check_sentences(tmp_path)] == [
        "the sentences changed since the weights were trained"
    ]
    (folder / WEIGHTS).unlink()
    assert [problem.message for problem in check_sentences(tmp_path)] == ["the weights are missing or broken"]


def test_the_text_is_read_without_stops() -> None:
    assert bare("胸口，闷 得慌！") == "胸口闷得慌"
