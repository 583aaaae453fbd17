"""A discharge list in XLSX → the same rows and problems as from CSV. Never raises for what a file may hold."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from agent.exchange.columns import Columns, read_header
from agent.exchange.csv_text import Record
from agent.exchange.discharge_csv import NO_MAPPING
from agent.exchange.discharge_list import Parsed, Problem
from agent.exchange.list_rows import HEADER_WITHIN, read_rows, refused

MOST_BYTES = 400_000_000  # unpacked; a list of 100,000 patients has 40 MB
Merged = dict[int, list[tuple[int, int]]]  # the first row -> (column from 0, last row)
BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, ParseError, EOFError)


def parse(data: bytes, today: date, mapping: Mapping[str, str] = NO_MAPPING) -> Parsed:
    """Reads the sheet whose headings make out the most columns; another sheet that looks like a list is named among
    the problems. A line is the sheet's row number."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                return refused("too_large", "表格太大", "请按科室或按天分成几份导出")
        sheets = _sheets(data)
    except BROKEN:
        return refused("xlsx_broken", "打不开这个 Excel 文件", "请在 Excel 里打开后另存为 .xlsx 或“CSV UTF-8”")
    found = sorted(((*_find_header(rows, mapping), name) for name, rows in sheets.items()), key=_known, reverse=True)
    if not found:
        return refused("empty", "表格里没有工作表", "请确认导出的名单里有患者")
    header, columns, chosen = found[0]
    below = (record for record in sheets[chosen] if header and record.line > header.line)
    parsed = read_rows(header, columns, below, today)
    others = [name for _, other, name in found[1:] if not other.missing]
    return replace(parsed, problems=(*(_second_list(name, chosen) for name in others), *parsed.problems))


def _known(found: tuple[Record | None, Columns, str]) -> int:
    return len(found[1].index)


def _second_list(name: str, chosen: str) -> Problem:
    reason = f"工作表“{name}”也像一份名单，这次只读了“{chosen}”"
    return Problem(0, None, "second_sheet", reason, "请把那张表另存为一个文件再导入")


def _sheets(data: bytes) -> dict[str, list[Record]]:
    """The written rows of every visible sheet, by its name."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return {sheet.title: list(_records(sheet.iter_rows(values_only=True), _merged(data, sheet))) for sheet in shown}
    finally:
        book.close()


def _merged(data: bytes, sheet: object) -> Merged:
    """Cells of one column that were made one. A sheet that is read as a stream does not tell of them."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        written = packed.read(sheet._worksheet_path)  # type: ignore[attr-defined]
    found: Merged = {}
    for at in re.findall(rb'<(?:\w+:)?mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"', written):
        left, top, right, bottom = range_boundaries(at.decode())
        if left == right:
            found.setdefault(top, []).append((left - 1, bottom))
    return found


def _records(rows: Iterator[tuple[object, ...]], merged: Merged) -> Iterator[Record]:
    """A merged cell's words hold for every row beside it: a department is written once for its patients."""
    hold: dict[int, tuple[int, str]] = {}
    for line, row in enumerate(rows, 1):
        cells = [_written(value) for value in row]
        hold |= {column: (last, cells[column]) for column, last in merged.get(line, []) if column < len(cells)}
        if not any(cell.strip() for cell in cells):
            continue
        for column, (last, words) in hold.items():
            if line <= last and column < len(cells):
                cells[column] = words
        yield Record(line, cells)


def _written(value: object) -> str:
    """A cell as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _find_header(rows: list[Record], mapping: Mapping[str, str]) -> tuple[Record | None, Columns]:
    best: tuple[Record | None, Columns] = (None, read_header([]))
    for record in islice(rows, HEADER_WITHIN):
        columns = read_header(record.cells or [], mapping)
        if len(columns.index) > len(best[1].index):
            best = (record, columns)
    return best
