"""A discharge list in CSV → rows and problems. Pure, never raises."""

from collections.abc import Mapping
from datetime import date

from agent.exchange.columns import Columns, read_header
from agent.exchange.csv_text import DELIMITERS, NotText, Record, decode, records
from agent.exchange.discharge_list import Parsed
from agent.exchange.list_rows import HEADER_WITHIN, read_rows, refused

NO_MAPPING: Mapping[str, str] = {}


def parse(data: bytes, today: date, mapping: Mapping[str, str] = NO_MAPPING) -> Parsed:
    """`today` is the hospital's day; `mapping` names columns by headings of this source's own."""
    try:
        text = decode(data)
    except NotText:
        return refused("encoding", "认不出文件的编码", "请在 Excel 里另存为“CSV UTF-8”")
    delimiter, header, columns = _find_header(text, mapping)
    below = (record for record in records(text, delimiter) if header and record.line > header.line)
    return read_rows(header, columns, below, today)


def _find_header(text: str, mapping: Mapping[str, str]) -> tuple[str, Record | None, Columns]:
    """The delimiter and record that make out the most columns."""
    best: tuple[str, Record | None, Columns] = (",", None, read_header([]))
    for delimiter in DELIMITERS:
        for number, record in enumerate(records(text, delimiter)):
            if number == HEADER_WITHIN:
                break
            columns = read_header(record.cells or [], mapping)
            if len(columns.index) > len(best[2].index):
                best = (delimiter, record, columns)
    return best
