"""What an import did, or would do, in a coordinator's words. Pure."""

from datetime import datetime

from agent.exchange.discharge_import import ImportReport, RowReport
from agent.exchange.discharge_list import Parsed, Problem
from agent.exchange.planned_discharge import RowResult
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Contact, ContactStatus
from agent.planning.node_dates import EDUCATION_ONLY

RESULTS = {
    RowResult.NEW_PATIENT: "新患者",
    RowResult.NEW_PLAN: "再次出院，新计划",
    RowResult.UNCHANGED: "已在系统中，未改动",
}


def refused(problems: tuple[Problem, ...]) -> int:
    """How many lines have something wrong."""
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


def result(row: RowReport) -> str:
    differs = f"（名单中的{'、'.join(row.differs)}与系统不同）" if row.differs else ""
    return RESULTS[row.result] + differs


def dated(contact: Contact, now: datetime) -> str:
    when = contact.due_at.astimezone(HOSPITAL_ZONE)
    return f"第{contact.node_day}天 {'现在' if contact.due_at <= now else f'{when:%m-%d %H:%M}'}"


def planned(contact: Contact, now: datetime) -> str:
    """What one contact of the list is, or would be."""
    if contact.status is ContactStatus.DUE:
        return dated(contact, now)
    if contact.reason == EDUCATION_ONLY:
        return f"{dated(contact, now)} 只发宣教"
    return f"第{contact.node_day}天 补录过晚，免除"
