"""What came of one file of the watched folder, as text for the coordinator. Pure."""

from collections.abc import Iterable

from agent.exchange.discharge_import import ImportReport
from agent.exchange.discharge_list import Parsed, Problem
from agent.model.inbound import Inbound, InboundStatus


def of_list(parsed: Parsed, report: ImportReport) -> str:
    head = f"新建计划 {report.plans} 份，随访联系 {len(report.contacts)} 个；未改动 {report.unchanged} 行。"
    ignored = [f"未用到的列：{'、'.join(parsed.ignored)}。"] if parsed.ignored else []
    return "\n".join([head, *ignored, *_problems(report.problems)]) + "\n"


def of_refused_list(problems: Iterable[Problem]) -> str:
    return "\n".join(["没有写入任何内容。", *_problems(problems)]) + "\n"


def of_messages(messages: Iterable[Inbound]) -> str:
    kept = list(messages)
    failed = [each for each in kept if each.status is InboundStatus.FAILED]
    lines = [f"消息 {each.control_id}：{each.error}（修复：./suifang intake repair {each.id}）" for each in failed]
    return "\n".join([f"共 {len(kept)} 条消息，{len(failed)} 条需要修复。", *lines]) + "\n"


def _problems(problems: Iterable[Problem]) -> list[str]:
    found = []
    for problem in problems:
        place = f"第 {problem.line} 行" if problem.line else "全文"
        column = f"「{problem.column}」" if problem.column else ""
        found.append(f"{place}{column}：{problem.reason}。{problem.remedy}。")
    return found
