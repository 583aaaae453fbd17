"""A workbook as a hospital exports it, read like the CSV of the same list."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from agent.exchange.discharge_file import parse
from agent.exchange.discharge_list import Parsed

TODAY = date(2026, 11, 21)
HEADER = ("姓名", "电话", "诊断", "出院日期", "分层")
GOOD = ("王秀兰", 13490000001, "心力衰竭", datetime(2026, 11, 18, 9, 30), "高")
Fill = Callable[[openpyxl.Workbook], None]


def workbook(*rows: tuple[Any, ...], also: Fill = lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    also(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def codes(parsed: Parsed) -> list[tuple[int, str | None, str]]:
    return [(problem.line, problem.column, problem.code) for problem in parsed.problems]


def test_numbers_and_dates_of_excel_are_what_was_meant() -> None:
    parsed = parse(workbook(("出院名单",), HEADER, GOOD), TODAY)
    assert codes(parsed) == []
    (row,) = parsed.rows
    assert (row.line, row.discharge.phone, row.discharge.discharge_date) == (3, "+8613490000001", date(2026, 11, 18))


def test_a_wrong_row_is_named_by_its_row_in_the_sheet() -> None:
    bad = (*GOOD[:3], datetime(2026, 12, 1), "高")
    parsed = parse(workbook(HEADER, (None,) * 5, bad, GOOD), TODAY)
    assert codes(parsed) == [(3, "出院日期", "date_future")]
    assert [row.line for row in parsed.rows] == [4]


def test_the_sheet_with_the_list_is_found_and_a_second_list_is_not_passed_over_silently() -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.active.title = "说明"
        for name in ("一病区", "二病区"):
            sheet = book.create_sheet(name)
            sheet.append(HEADER)
            sheet.append(GOOD)
        book.create_sheet("旧").sheet_state = "hidden"

    parsed = parse(workbook(("本表由系统导出",), also=more), TODAY)
    assert len(parsed.rows) == 1
    assert codes(parsed) == [(0, None, "second_sheet")]
    assert "二病区" in parsed.problems[0].reason


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 not really", "xlsx_broken"),
        (workbook(HEADER, GOOD)[:-200], "xlsx_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (workbook(), "header"),
        (workbook(HEADER), "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_as_a_whole(data: bytes, code: str) -> None:
    parsed = parse(data, TODAY)
    assert [problem.code for problem in parsed.problems] == [code]
    assert parsed.problems[0].remedy and parsed.rows == ()


def test_codes_operations_and_tags_are_read() -> None:
    header, row = (
        (*HEADER, "诊断编码", "手术名称", "标签"),
        (*GOOD, "I50.0, i10x001", "冠状动脉支架置入术", "独居、吸烟"),
    )
    (found,) = parse(workbook(header, row), TODAY).rows
    assert found.discharge.icd10 == ("I50.0", "I10.X001")
    assert (found.discharge.procedure, found.discharge.tags) == ("冠状动脉支架置入术", ("独居", "吸烟"))


def test_a_department_merged_over_its_patients_holds_for_each_of_them() -> None:
    def merge(book: openpyxl.Workbook) -> None:
        book.active.merge_cells("A1:F1")
        book.active.merge_cells("F3:F4")

    others = (("陈淑珍", 13490000003, *GOOD[2:]), ("赵德明", 13490000004, *GOOD[2:]))
    list_rows = ((*GOOD, "心内科"), *others)
    parsed = parse(workbook(("出院名单",), (*HEADER, "科室"), *list_rows, also=merge), TODAY)
    assert [row.discharge.department for row in parsed.rows] == ["心内科", "心内科", None]
