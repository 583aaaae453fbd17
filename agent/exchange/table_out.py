"""A table for people's spreadsheets: CSV that Excel reads as Chinese, or XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with the mark that Excel wants."""
    out = io.StringIO()
    csv.writer(out).writerows([head, *([_cell(value) for value in row] for row in rows)])
    return out.getvalue().encode("utf-8-sig")


def xlsx_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(head))
    for row in rows:
        sheet.append([_cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cut_told(rows: Sequence[Sequence[str]], total: int) -> list[Sequence[str]]:
    """The rows, and where they are fewer than `total` a last line that says so."""
    told = f"只导出了前 {len(rows)} 行，共 {total} 行；请缩短时间，或按科室、路径分开导出"
    return [*rows, (told,)] if len(rows) < total else list(rows)


def _cell(value: object) -> object:
    """Words that a spreadsheet would run as a formula are kept as words; what no spreadsheet can hold is left out."""
    if not isinstance(value, str):
        return value
    words = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{words}" if words.startswith(FORMULA) else words
