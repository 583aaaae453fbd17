"""Sentences that nurses marked as wrongly read: the reader learns from a file of them, and does not forget."""

import argparse
import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from agent.model.labelled_case import CaseLabel, LabelledCase
from agent.store.open import migrate, open_store
from agent.triage import content, labelled
from agent.triage.labelled import LabelledFileError, LabelledSentence, mended
from agent.triage.reader import Reader
from commands.cases_command import covered
from commands.cases_command import run as cases
from folders import NLU_DATA
from tests.fakes.rows import NOON, add_people, patient

KEPT = sorted((NLU_DATA / "labelled").glob("*.yml"))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(content.load(NLU_DATA))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_was_learned_is_not_forgotten(path: Path, reader: Reader) -> None:
    assert [each for each in labelled.load(path) if not mended(each, reader)] == []


def test_a_sentence_is_mended_when_it_reads_as_the_nurse_says(reader: Reader) -> None:
    flag = reader.read("我胸口疼得厉害").alarms[0].rule
    assert mended(LabelledSentence(CaseLabel.MISSED, "我胸口疼得厉害"), reader)
    assert not mended(LabelledSentence(CaseLabel.FALSE_ALARM, "我胸口疼得厉害", rule=flag), reader)
    assert not mended(LabelledSentence(CaseLabel.MISSED, "今天天气真好"), reader)
    assert mended(LabelledSentence(CaseLabel.FALSE_ALARM, "今天天气真好", rule=flag), reader)


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    both = (
        LabelledSentence(CaseLabel.MISSED, "胸口：疼", "有胸闷吗？"),
        LabelledSentence(CaseLabel.FALSE_ALARM, "没事", rule="chest_pain"),
    )
    labelled.write(tmp_path / "x.yml", both)
    assert labelled.load(tmp_path / "x.yml") == both
    (tmp_path / "bad.yml").write_text("- label: maybe\n  says: x\n", encoding="utf-8")
    with pytest.raises(LabelledFileError, match="cases export"):
        labelled.load(tmp_path / "bad.yml")


def test_names_and_numbers_do_not_leave_with_the_sentence() -> None:
    person = replace(patient(1), name="王秀英", caregiver_name="李强")
    assert covered("我是王秀英，我儿子李强，13800001111", person) == "我是某某，我儿子某某，某号"


def test_what_was_marked_is_exported_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)
    monkeypatch.setenv("SUIFANG_DATABASE_URL", url)
    monkeypatch.setenv("SUIFANG_CONFIG", os.devnull)

    async def mark() -> None:
        store = await open_store(url)
        async with store.transaction() as records:
            await add_people(records)
            case = LabelledCase(
                "k1", CaseLabel.MISSED, "t1", "c0001-3", "p0001", "病人1今天很好", "", "还好吗？", "a", NOON
            )
            await records.add_labelled_case(case)
        await store.close()

    asyncio.run(mark())
    out = tmp_path / "out.yml"
    assert cases(argparse.Namespace(action="export", out=out, since=None)) == 0
    assert labelled.load(out) == (LabelledSentence(CaseLabel.MISSED, "某某今天很好", "还好吗？"),)
    assert cases(argparse.Namespace(action="check", file=out)) == 1
    assert "0 of 1 are read right" in capsys.readouterr().out
