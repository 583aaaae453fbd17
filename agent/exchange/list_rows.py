"""Records under known columns → rows and problems. Pure: a row is wholly right or refused with every reason."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any, TypeVar

from agent.exchange import cells
from agent.exchange.cells import BadCell
from agent.exchange.columns import ALIASES, REQUIRED, Columns, plain
from agent.exchange.csv_text import Record
from agent.exchange.discharge_list import Heading, Parsed, Problem, Row
from agent.model.discharge import Discharge

Value = TypeVar("Value")
HEADINGS = {"姓名", *ALIASES["姓名"]}
SUMS = {"合计", "总计", "小计", "共计"}
HEADER_WITHIN = 10  # records; a title or a note may stand above the headings


def read_rows(header: Record | None, columns: Columns, below: Iterable[Record], today: date) -> Parsed:
    """What the records under `header` say; `today` is the hospital's day: a discharge after it is refused."""
    if header is None:
        return refused("header", "没有找到表头", f"第一行应写列名：{'、'.join(REQUIRED)}")
    rows = iter(below)
    first = next(rows, None)
    parsed = _read(header, columns, chain([first] if first else [], rows), today)
    return replace(parsed, headings=_headings(header, columns, first))


def _headings(header: Record, columns: Columns, first: Record | None) -> tuple[Heading, ...]:
    meaning = {index: name for name, index in columns.index.items()}
    samples = (first.cells if first else None) or []
    return tuple(
        Heading(cell.strip(), meaning.get(index), samples[index].strip() if index < len(samples) else "")
        for index, cell in enumerate(header.cells or [])
        if cell.strip()
    )


def _read(header: Record, columns: Columns, below: Iterable[Record], today: date) -> Parsed:
    if columns.missing:
        return _wrong_header(header, columns)
    if columns.twice:
        named = "、".join(columns.twice)
        return refused(
            "column_twice", f"表头有不止一列像是：{named}", "请只留一列，或把要用的那列改成这个名字", header.line
        )
    reader = _RowReader(columns, today)
    for record in below:
        reader.read(record)
    if not reader.rows and not reader.problems:
        return refused("empty", "表头下面没有内容", "请确认导出的名单里有患者")
    return Parsed(tuple(reader.rows), tuple(reader.problems), columns.ignored)


def _wrong_header(header: Record, columns: Columns) -> Parsed:
    reason = f"表头缺少：{'、'.join(columns.missing)}；找到的列：{'、'.join(columns.found)}"
    if not columns.ignored:
        return refused("column_missing", reason, "请补上缺少的列，或把列名改成上面的写法", header.line)
    unknown = "、".join(f"“{heading}”" for heading in columns.ignored)
    example = f"{columns.ignored[0]}={columns.missing[0]}"
    remedy = f"如果其中一列就是，请告诉系统一次（以后都记得）：--column {example}；或把列名改成上面的写法"
    return refused("column_unknown", f"{reason}；不认识的列：{unknown}", remedy, header.line)


def refused(code: str, reason: str, remedy: str, line: int = 0) -> Parsed:
    """The list as a whole cannot be read."""
    return Parsed(problems=(Problem(line, None, code, reason, remedy),))


class _RowReader:
    """Gathers rows and problems in the file's order."""

    def __init__(self, columns: Columns, today: date) -> None:
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self._columns = columns
        self._today = today
        self._seen: dict[tuple[str, str], int] = {}

    def read(self, record: Record) -> None:
        if record.cells is None:
            self._refuse(record.line, None, BadCell("quotes", "引号没有配对", "请删掉这一行里多余的引号"))
            return
        if self._no_patient(record):
            return
        if any(cell.strip() for cell in record.cells[self._columns.width :]):
            self._refuse(
                record.line,
                None,
                BadCell("too_many_cells", "内容比表头多，可能有列错位", "请把含逗号的内容用引号括起来"),
            )
            return
        before = len(self.problems)
        discharge = self._discharge(record)
        if discharge is None or len(self.problems) > before:
            return
        first = self._seen.setdefault((discharge.name, discharge.phone), record.line)
        if first != record.line:
            twin = BadCell(
                "duplicate", f"与第 {first} 行是同一位患者（姓名和电话相同）", "请只保留最近一次出院的那一行"
            )
            self._refuse(record.line, "姓名", twin)
            return
        self.rows.append(Row(record.line, discharge))

    def _no_patient(self, record: Record) -> bool:
        """A sum below the list, or its headings once more at the head of a printed page."""
        if plain(self._cell(record, "姓名")) in HEADINGS:
            return True
        first = next((cell.strip() for cell in record.cells or [] if cell.strip()), "")
        return plain(first) in SUMS and not self._cell(record, "电话")

    def _discharge(self, record: Record) -> Discharge | None:
        """None where a required column is wrong; wrong optional ones are in `problems` all the same."""
        name = self._required(record, "姓名", cells.name)
        phone = self._required(record, "电话", cells.phone)
        diagnosis = self._required(record, "诊断", cells.words)
        discharged = self._required(record, "出院日期", lambda cell: cells.past_day(cell, self._today))
        tier = self._required(record, "分层", cells.tier)
        optional: dict[str, Any] = {
            "sex": self._optional(record, "性别", cells.sex),
            "id_last4": self._optional(record, "身份证后四位", cells.id_last4)
            or self._optional(record, "身份证号", cells.id_last4_of_whole),
            "department": self._optional(record, "科室", cells.words),
            "hospital_number": self._optional(record, "住院号", cells.words),
            "caregiver_name": self._optional(record, "家属姓名", cells.name),
            "caregiver_phone": self._optional(record, "家属电话", cells.phone),
            "procedure": self._optional(record, "手术", cells.words),
            "icd10": self._optional(record, "诊断编码", cells.icd10) or (),
            "tags": self._optional(record, "标签", cells.tags) or (),
        }
        born = self._optional(record, "出生年份", lambda cell: cells.birth_year(cell, self._today)) or self._optional(
            record, "出生日期", lambda cell: cells.past_day(cell, self._today).year
        )
        for column in ("诊断", *cells.DEAD_CODES):
            self._optional(record, column, lambda cell, column=column: cells.alive(cell, column))  # type: ignore[misc]
        if name is None or phone is None or diagnosis is None or discharged is None or tier is None:
            return None
        return Discharge(name, phone, diagnosis, discharged, tier, birth_year=born, **optional)

    def _required(self, record: Record, column: str, read: Callable[[str], Value]) -> Value | None:
        if not self._cell(record, column):
            self._refuse(record.line, column, BadCell("empty", f"没有填{column}", f"请填写{column}"))
            return None
        return self._optional(record, column, read)

    def _optional(self, record: Record, column: str, read: Callable[[str], Value]) -> Value | None:
        cell = self._cell(record, column)
        if not cell:
            return None
        try:
            return read(cell)
        except BadCell as bad:
            self._refuse(record.line, column, bad, cell)
            return None

    def _cell(self, record: Record, column: str) -> str:
        index = self._columns.index.get(column)
        row = record.cells or []
        return row[index].strip() if index is not None and index < len(row) else ""

    def _refuse(self, line: int, column: str | None, bad: BadCell, value: str = "") -> None:
        self.problems.append(Problem(line, column, bad.code, bad.reason, bad.remedy, value))
