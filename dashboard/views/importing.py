"""A discharge list before and after it is taken in: what each column means, what it would make, what is wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from agent.exchange.columns import ALIASES, REQUIRED, UNUSED
from agent.exchange.discharge_import import ImportReport
from agent.exchange.discharge_list import Parsed, Problem, Row
from agent.exchange.import_words import planned, refused, result
from agent.exchange.planned_discharge import RowResult
from agent.model.contact import ContactStatus
from dashboard import times
from dashboard.deps import DashboardDeps
from dashboard.words import TIERS

ROWS = 200
DAYS = 14
CHOICES = (*ALIASES, UNUSED)
RESULTS = {
    RowResult.NEW_PATIENT: "新患者",
    RowResult.NEW_PLAN: "再次出院",
    RowResult.UNCHANGED: "已在系统中，不改动",
}
_MAPPABLE = frozenset({"column_missing", "column_unknown", "column_twice"})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list with what it makes."""

    line: int
    patient_id: str
    name: str
    tier: str
    pathways: str
    result: str
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """`days`: calls due on each of the days ahead, the rest of them in `later`."""

    lines: tuple[Line, ...]
    more: int  # lines that are not shown
    problems: tuple[Problem, ...]
    wrong: int  # lines with a problem
    results: tuple[tuple[str, int], ...]
    pathways: tuple[tuple[str, int], ...]
    calls: int
    days: tuple[tuple[date, int], ...]
    later: int
    fitting: int


def for_department(parsed: Parsed, department: str | None) -> Parsed:
    """Somebody of a department brings in its patients only; a row that names none is theirs."""
    if department is None:
        return parsed
    mine: list[Row] = []
    problems = list(parsed.problems)
    for row in parsed.rows:
        named = row.discharge.department
        if named in (None, department):
            mine.append(replace(row, discharge=replace(row.discharge, department=department)))
        else:
            reason, remedy = "这一行是别的科室的患者", f"请只导入 {department} 的患者，或请管理员导入"
            problems.append(Problem(row.line, "科室", "other_department", reason, remedy, named or ""))
    return replace(parsed, rows=tuple(mine), problems=tuple(problems))


def missing(parsed: Parsed) -> tuple[str, ...]:
    """The columns a list must have and this one has not."""
    there = {heading.column for heading in parsed.headings}
    return tuple(name for name in REQUIRED if name not in there)


def in_page_words(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The parser's remedies speak of the terminal where a column is not known; here there is a list to choose from."""
    remedy = "请在“列的对应”里选好每一列，再看一次"
    return tuple(replace(each, remedy=remedy) if each.code in _MAPPABLE else each for each in problems)


def of_report(report: ImportReport, deps: DashboardDeps) -> Preview:
    due = [contact for contact in report.contacts if contact.status is ContactStatus.DUE]
    days = Counter(times.day_of(contact.due_at) for contact in due)
    shown = sorted(days)[:DAYS]
    results = Counter(row.result for row in report.rows)
    pathways = Counter(name for row in report.rows if row.contacts for name in row.pathways)
    return Preview(
        lines=_lines(report, deps),
        more=max(0, len(report.rows) - ROWS),
        problems=in_page_words(report.problems),
        wrong=refused(report.problems),
        results=tuple((label, results[key]) for key, label in RESULTS.items() if results[key]),
        pathways=tuple((deps.pathway_titles(name), count) for name, count in pathways.most_common()),
        calls=len(due),
        days=tuple((day, days[day]) for day in shown),
        later=len(due) - sum(days[day] for day in shown),
        fitting=report.imported,
    )


def _lines(report: ImportReport, deps: DashboardDeps) -> tuple[Line, ...]:
    now = deps.now()
    changed_first = sorted(report.rows, key=lambda row: (row.result is RowResult.UNCHANGED, row.line))
    return tuple(
        Line(
            row.line,
            row.patient.id,
            row.patient.name,
            TIERS[row.patient.tier],
            "、".join(deps.pathway_titles(name) for name in row.pathways),
            result(row),
            tuple(planned(contact, now) for contact in row.contacts),
        )
        for row in changed_first[:ROWS]
    )
