"""What an import did, or would do, as a coordinator reads it in the terminal."""

from datetime import datetime

from rich.console import Console
from rich.table import Column, Table

from agent.exchange.discharge_import import ImportReport, RowReport
from agent.exchange.discharge_list import Problem
from agent.exchange.import_words import dated, planned, result
from agent.model.contact import Contact, ContactStatus
from agent.model.people import Tier
from agent.planning.node_dates import EDUCATION_ONLY

TIERS = {Tier.HIGH: "高", Tier.MIDDLE: "中", Tier.LOW: "低"}


def table_of(title: str, *headings: str) -> Table:
    """Long Chinese goes on in the next line: there are no spaces to break it at."""
    return Table(*(Column(heading, overflow="fold") for heading in headings), title=title, title_justify="left")


def print_rows(console: Console, report: ImportReport, titles: dict[str, str], now: datetime) -> None:
    table = table_of("导入结果", "行", "姓名", "分层", "路径", "结果", "接下来", "补录免除")
    for row in report.rows:
        named = "、".join(titles[name] for name in row.pathways)
        tier = TIERS[row.patient.tier]
        table.add_row(str(row.line), row.patient.name, tier, named, result(row), _next(row, now), _waived(row.contacts))
    if report.rows:
        console.print(table)


def print_would_be(console: Console, report: ImportReport, titles: dict[str, str], now: datetime) -> None:
    """Every contact the list would make, patient by patient."""
    table = table_of("这份名单会产生这些联系（没有写入任何内容）", "行", "姓名", "分层", "路径", "结果", "联系")
    for row in report.rows:
        for name in row.pathways:
            mine = [contact for contact in row.contacts if contact.pathway == name]
            table.add_row(
                str(row.line), row.patient.name, TIERS[row.patient.tier], titles[name], result(row),
                "\n".join(planned(contact, now) for contact in mine),
            )  # fmt: skip
    if report.rows:
        console.print(table)


def print_problems(console: Console, problems: tuple[Problem, ...]) -> None:
    table = table_of("需要改的地方", "行", "列", "内容", "问题", "怎么改")
    for problem in problems:
        place = str(problem.line) if problem.line else "全文"
        table.add_row(place, problem.column or "", problem.value, problem.reason, problem.remedy)
    if problems:
        console.print(table)


def _next(row: RowReport, now: datetime) -> str:
    due = [contact for contact in row.contacts if contact.status is ContactStatus.DUE]
    return dated(min(due, key=lambda contact: contact.due_at), now) if due else ""


def _waived(contacts: tuple[Contact, ...]) -> str:
    late = [c for c in contacts if c.status is ContactStatus.WAIVED and c.reason != EDUCATION_ONLY]
    return " ".join(f"第{contact.node_day}天" for contact in late)
