"""Bytes of a hospital's CSV → records with their line numbers. Knows encodings and quotes, no columns."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

DELIMITERS = ",\t;，|"
LONGEST_RECORD = 10  # lines; a quote still open after that is a stray one


class NotText(Exception):
    """The bytes are in no encoding a discharge list comes in."""


@dataclass(frozen=True, slots=True)
class Record:
    """`cells` is None where the line's quotes do not close."""

    line: int
    cells: list[str] | None


def decode(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, GB 18030 (which contains GBK). Raises NotText."""
    marked = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    encodings = [encoding for mark, encoding in marked.items() if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NotText


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Every record with something in it. A stray quote spoils its own line, never the lines after it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(lines):
        reader = csv.reader((line + "\n" for line in lines[at : at + LONGEST_RECORD]), delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
            used = reader.line_num
        except csv.Error:
            yield Record(at + 1, None)
            at += 1
            continue
        if any(cell.strip() for cell in cells):
            yield Record(at + 1, cells)
        at += used
