"""A source's own headings: told once, kept in a file a person can edit."""

from datetime import date
from pathlib import Path

import pytest

from agent.exchange.column_memory import ColumnMemory, ColumnMemoryError
from agent.exchange.discharge_file import parse

TODAY = date(2026, 11, 21)
LIST = "姓名,电话,出院小结诊断,离院,分层,床号\n王秀兰,13490000001,心力衰竭,2026-11-18,高,12\n".encode()


def test_an_unknown_heading_is_named_with_the_remedy_and_told_once(tmp_path: Path) -> None:
    refused = parse(LIST, TODAY)
    (problem,) = refused.problems
    assert (problem.code, refused.rows) == ("column_unknown", ())
    assert "“出院小结诊断”" in problem.reason and "“床号”" in problem.reason
    assert "--column 出院小结诊断=诊断" in problem.remedy
    memory = ColumnMemory(tmp_path / "columns.yml")
    memory.remember("心内科", {"出院小结诊断": "诊断", "离院": "出院日期"})
    memory.remember("心内科", {"床号": "不用"})
    again = ColumnMemory(tmp_path / "columns.yml")
    parsed = parse(LIST, TODAY, again.of("心内科"))
    assert [row.discharge.diagnosis for row in parsed.rows] == ["心力衰竭"]
    assert parsed.ignored == ()
    assert parse(LIST, TODAY, again.of("骨科")).rows == ()


def test_what_was_told_outranks_the_houses_own_names() -> None:
    data = "姓名,电话,家属手机,诊断,出院日期,分层\n王秀兰,13490000001,13490000002,心力衰竭,2026-11-18,高\n".encode()
    (row,) = parse(data, TODAY, {"家属手机": "电话", "电话": "家属电话"}).rows
    assert (row.discharge.phone, row.discharge.caregiver_phone) == ("+8613490000002", "+8613490000001")


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("心内科:\n  离院: 出院日子\n", "出院日子"),
        ("心内科: 诊断\n", "两层"),
        ("a: b: c\n  - d", "第 1 行"),
        ("心内科:\n  离院: 诊断\n心内科:\n  床号: 不用\n", "第 3 行.*只写一遍"),
    ],
)
def test_a_file_that_somebody_broke_is_named_not_ignored(tmp_path: Path, written: str, named: str) -> None:
    path = tmp_path / "columns.yml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ColumnMemoryError, match=named):
        ColumnMemory(path).of("心内科")


def test_a_column_that_does_not_exist_is_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "columns.yml"
    with pytest.raises(ColumnMemoryError, match="可以写"):
        ColumnMemory(path).remember("心内科", {"离院": "出院日子"})
    assert not path.exists()
