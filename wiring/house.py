"""What the pages about the house show: its lines, its calling hours, its pathways."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from agent.dialog.pathway_loader import PathwayShelf
from agent.dialog.pathway_page import page
from agent.dialog.pathway_pictures import picture_of
from agent.dialog.pathway_style import STYLE
from agent.dialog.problems_in_chinese import in_chinese
from agent.exchange.csv_text import decode, records
from agent.model.education import LessonPicture
from agent.model.problem import ContentError
from agent.schedule.calendar_file import read_calendar
from dashboard.house import HoursRow, House, Line, PathwayRow
from dashboard.words import TRUNKS
from folders import PATHWAYS
from settings import Settings
from wiring.calling_hours import own_table, table_of

HEAD = ("日期", "时段", "名称")


def house_of(settings: Settings, shelf: PathwayShelf, reached: Callable[[], bool]) -> House:
    """`reached`: whether a call made now would reach the carrier."""
    number = settings.twilio.from_number if settings.carrier == "twilio" else settings.asterisk.caller_id
    limits = (settings.max_calls, settings.calls_per_second)
    line = Line(settings.carrier, TRUNKS[settings.carrier], number, *limits, reached)
    return House((line,), HoursFile(settings), Pathways(shelf))


class HoursFile:
    """The table in the data folder; until somebody changes it, the house's own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def fixed_by(self) -> str:
        return f"SUIFANG_CALLING_HOURS={self._settings.calling_hours}" if self._settings.calling_hours else ""

    def rows(self) -> Sequence[HoursRow]:
        path = table_of(self._settings)
        if path is None:
            return ()
        read = [record.cells or [] for record in records(decode(path.read_bytes()), ",") if record.line > 1]
        return [_row(cells) for cells in read]

    def save(self, rows: Sequence[HoursRow]) -> None:
        path: Path = own_table(self._settings)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([HEAD, *((row.days, row.hours, row.name) for row in rows)])
        data = out.getvalue().encode("utf-8-sig")
        read_calendar(data, path.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.replace(path)


def _row(cells: list[str]) -> HoursRow:
    if cells and cells[0].lstrip().startswith("#"):
        return HoursRow(",".join(cell for cell in cells if cell))
    days, hours, name = (*(cell.strip() for cell in cells[:3]), "", "", "")[:3]
    return HoursRow(days, hours, name)


class Pathways:
    """What the shelf has, as a clinician reads it."""

    def __init__(self, shelf: PathwayShelf) -> None:
        self._shelf = shelf

    def rows(self) -> Sequence[PathwayRow]:
        return [self._row(name) for name in self._shelf.names()]

    def _row(self, name: str) -> PathwayRow:
        try:
            found = self._shelf.get(name)
        except ContentError as error:
            what, instead = in_chinese(error.message), in_chinese(error.remedy)
            wrong = f"{Path(error.file).name} 第 {error.line} 行：{what}。{instead}"
            return PathwayRow(name, name, wrong=wrong)
        days = tuple(node.day for node in found.nodes)
        return PathwayRow(name, found.title, found.version, days, found.draft, found.approval.by, found.approval.on)

    def page(self, name: str, version: str | None, *, stylesheet: str, before: str) -> str | None:
        if name not in self._shelf.names():
            return None
        try:
            found = self._shelf.get(name, version)
        except ContentError:
            return None
        pictures = {key: f"/pathways/{name}/pictures/{key}" for key in found.education if self.picture(name, key)}
        return page(found, stylesheet=stylesheet, before=before, pictures=pictures)

    def picture(self, name: str, lesson: str) -> LessonPicture | None:
        try:
            known = self._shelf.get(name).education if name in self._shelf.names() else {}
        except ContentError:
            return None
        return picture_of(PATHWAYS, name, known[lesson]) if lesson in known else None

    def style(self) -> str:
        return STYLE
