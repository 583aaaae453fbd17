"""A version stands for one text: a text changed under its version is named, and recording it is refused."""

import shutil
from pathlib import Path

import pytest

from agent.dialog.pathway_versions import record, version_problems
from agent.dialog.problems_in_chinese import in_chinese
from agent.model.problem import ContentError
from folders import PATHWAYS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "pathways"
    shutil.copytree(PATHWAYS / "stroke", copy / "stroke", ignore=shutil.ignore_patterns("cases"))
    record(copy)
    return copy


def edit(folder: Path, before: str, after: str) -> None:
    path = folder / "stroke" / "pathway.yml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_what_is_shipped_is_what_is_recorded() -> None:
    assert [str(one) for one in version_problems(PATHWAYS)] == []


def test_a_changed_text_wants_a_new_version(folder: Path) -> None:
    edit(folder, "喝水吃饭会不会呛", "吃饭喝水会不会呛")
    (problem,) = version_problems(folder)
    assert (problem.file, problem.line) == ("stroke/pathway.yml", 2)
    assert "不是" in in_chinese(problem.message) and "加大" in in_chinese(problem.remedy)
    with pytest.raises(ContentError):
        record(folder)
    edit(folder, 'version: "', 'version: "9')
    (unrecorded,) = version_problems(folder)
    assert "登记" in in_chinese(unrecorded.message) and "登记" in in_chinese(unrecorded.remedy)
    assert record(folder) == ["stroke"] and not list(version_problems(folder))


def test_comments_and_the_signature_change_no_version(folder: Path) -> None:
    edit(folder, 'approval: {who: "", when: ""}', '# signed at last\napproval: {who: "李医生", when: "2026-03-01"}')
    assert not list(version_problems(folder)) and record(folder) == []


def test_a_folder_without_a_book_is_left_alone(tmp_path: Path) -> None:
    assert not list(version_problems(tmp_path))
