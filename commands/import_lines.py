"""What an import did, or would do, as a coordinator reads it in the terminal."""

from datetime import datetime

from rich.console import Console
from rich.table import Column, Table

from agent.exchange.discharge_import import ImportReport, RowReport
from agent.exchange.discharge_list import Parsed, Problem
from agent.exchange.planned_discharge import RowResult
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Contact, ContactStatus
from agent.model.people import Tier
from agent.planning.node_dates import EDUCATION_ONLY

RESULTS = {
    RowResult.NEW_PATIENT: "新患者",
    RowResult.NEW_PLAN: "再次出院，新计划",
    RowResult.UNCHANGED: "已在系统中，未改动",
}
TIERS = {Tier.HIGH: "高", Tier.MIDDLE: "中", Tier.LOW: "低"}


def table_of(title: str, *headings: str) -> Table:
    """Long Chinese goes on in the next line: there are no spaces to break it at."""
    return Table(*(Column(heading, overflow="fold") for heading in headings), title=title, title_justify="left")


def print_rows(console: Console, report: ImportReport, titles: dict[str, str], now: datetime) -> None:
    table = table_of("导入结果", "行", "姓名", "分层", "路径", "结果", "接下来", "补录免除")
    for row in report.rows:
        named = "、".join(titles[name] for name in row.pathways)
        tier = TIERS[row.patient.tier]
        table.add_row(
            str(row.line), row.patient.name, tier, named, _result(row), _next(row, now), _waived(row.contacts)
        )
    if report.rows:
        console.print(table)


def print_would_be(console: Console, report: ImportReport, titles: dict[str, str], now: datetime) -> None:
    """Every contact the list would make, patient by patient."""
    table = table_of("这份名单会产生这些联系（没有写入任何内容）", "行", "姓名", "分层", "路径", "结果", "联系")
    for row in report.rows:
        for name in row.pathways:
            mine = [contact for contact in row.contacts if contact.pathway == name]
            table.add_row(
                str(row.line), row.patient.name, TIERS[row.patient.tier], titles[name], _result(row),
                "\n".join(_planned(contact, now) for contact in mine),
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


def refused(problems: tuple[Problem, ...]) -> int:
    return len({problem.line for problem in problems})


def summary(report: ImportReport, parsed: Parsed, *, dry: bool = False) -> str:
    due = sum(contact.status is ContactStatus.DUE for contact in report.contacts)
    lessons = sum(contact.reason == EDUCATION_ONLY for contact in report.contacts)
    late = len(report.contacts) - due - lessons
    ignored = f"未用到的列：{'、'.join(parsed.ignored)}。" if parsed.ignored else ""
    education = f"、{lessons} 次只发宣教" if lessons else ""
    return (
        f"{'将' if dry else ''}新建计划 {report.plans} 份，随访任务 {due} 个待做{education}、{late} 个因补录过晚免除；"
        f"未改动 {report.unchanged} 行；有问题 {refused(report.problems)} 行。{ignored}"
    )


def _result(row: RowReport) -> str:
    differs = f"（名单中的{'、'.join(row.differs)}与系统不同）" if row.differs else ""
    return RESULTS[row.result] + differs


def _next(row: RowReport, now: datetime) -> str:
    due = [contact for contact in row.contacts if contact.status is ContactStatus.DUE]
    return _dated(min(due, key=lambda contact: contact.due_at), now) if due else ""


def _waived(contacts: tuple[Contact, ...]) -> str:
    late = [c for c in contacts if c.status is ContactStatus.WAIVED and c.reason != EDUCATION_ONLY]
    return " ".join(f"第{contact.node_day}天" for contact in late)


def _dated(contact: Contact, now: datetime) -> str:
    when = contact.due_at.astimezone(HOSPITAL_ZONE)
    return f"第{contact.node_day}天 {'现在' if contact.due_at <= now else f'{when:%m-%d %H:%M}'}"


def _planned(contact: Contact, now: datetime) -> str:
    if contact.status is ContactStatus.DUE:
        return _dated(contact, now)
    if contact.reason == EDUCATION_ONLY:
        return f"{_dated(contact, now)} 只发宣教"
    return f"第{contact.node_day}天 补录过晚，免除"
