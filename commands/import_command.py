"""`./suifang import FILE`: a discharge list into patients, plans and contacts, and what was wrong with it."""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from agent.dialog.pathway_loader import PathwayError, load_all
from agent.dialog.planner import PathwayPlanner
from agent.exchange.column_memory import ColumnMemory, ColumnMemoryError
from agent.exchange.discharge_file import parse
from agent.exchange.discharge_import import ImportReport, RowReport, RowResult, import_discharges
from agent.exchange.discharge_list import Parsed, Problem
from agent.exchange.sample import freshen
from agent.model.clock import HOSPITAL_ZONE, new_id, utc_now
from agent.model.contact import Contact, ContactStatus
from agent.model.discharge import Planner
from agent.store.open import migrate, open_store
from agent.store.ports import StoreError
from settings import SettingsError, load

ROOT = Path(__file__).resolve().parent.parent
PATHWAYS = ROOT / "dialogs" / "pathways"
SAMPLE = ROOT / "samples" / "discharges.csv"
DEFAULT_SOURCE = "名单"
COLUMNS_FILE = "columns.yml"
RESULTS = {
    RowResult.NEW_PATIENT: "新患者",
    RowResult.NEW_PLAN: "再次出院，新计划",
    RowResult.UNCHANGED: "已在系统中，未改动",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "file", nargs="?", type=Path, help="CSV or XLSX: 姓名 电话 诊断 出院日期 分层, and more if there is more"
    )
    source.add_argument("--sample", action="store_true", help="the sample list, its dates moved to today")
    parser.add_argument("--check", action="store_true", help="say what is wrong with the list and write nothing")
    parser.add_argument("--source", default=DEFAULT_SOURCE, metavar="NAME", help="where the list comes from")
    parser.add_argument(
        "--column", action="append", default=[], metavar="HEADING=COLUMN",
        help="what a heading of this source means; remembered (COLUMN 不用: it is not needed)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """0: every row is in the store; 1: some rows were refused; 2: the file could not be read at all."""
    console = Console()
    today = utc_now().astimezone(HOSPITAL_ZONE).date()
    try:
        data = freshen(SAMPLE.read_bytes(), today) if args.sample else args.file.read_bytes()
    except OSError as error:
        print(f"suifang import: cannot read {args.file or SAMPLE}: {error.strerror}", file=sys.stderr)
        return 2
    try:
        parsed = parse(data, today, _columns(args))
    except (ColumnMemoryError, SettingsError) as error:
        print(f"suifang import: {error}", file=sys.stderr)
        return 2
    if args.check or not parsed.rows:
        _print_problems(console, parsed.problems)
        console.print(f"可导入 {len(parsed.rows)} 行，有问题 {_refused(parsed.problems)} 行。没有写入任何内容。")
        return 0 if not parsed.problems else 1 if parsed.rows else 2
    try:
        pathways = load_all(PATHWAYS)
        report = asyncio.run(_import(load().database, parsed, PathwayPlanner(pathways)))
    except (PathwayError, SettingsError, StoreError) as error:
        print(f"suifang import: {error}\n`./suifang doctor` says what is amiss", file=sys.stderr)
        return 2
    _print_rows(console, report, {name: pathway.title for name, pathway in pathways.items()})
    _print_problems(console, report.problems)
    console.print(_summary(report, parsed))
    return 1 if report.problems else 0


def _columns(args: argparse.Namespace) -> Mapping[str, str]:
    """What this source calls its columns, with what was told now. Raises ColumnMemoryError."""
    memory = ColumnMemory(load().data / COLUMNS_FILE)
    told = [pair.replace("＝", "=").partition("=") for pair in args.column]
    wrong = next((heading for heading, _, column in told if not column), None)
    if wrong is not None:
        raise ColumnMemoryError(f"--column {wrong}：请写成 名单里的列名=系统里的列名")
    if told:
        memory.remember(args.source, {heading.strip(): column.strip() for heading, _, column in told})
    return memory.of(args.source)


async def _import(database: str, parsed: Parsed, planner: Planner) -> ImportReport:
    await asyncio.to_thread(migrate, database)
    store = await open_store(database)
    try:
        return await import_discharges(store, parsed, planner, utc_now(), new_id)
    finally:
        await store.close()


def _print_rows(console: Console, report: ImportReport, titles: dict[str, str]) -> None:
    table = _table("导入结果", "行", "姓名", "路径", "结果", "接下来", "补录免除")
    for row in report.rows:
        table.add_row(str(row.line), row.patient.name, titles[row.pathway], _result(row), _next(row), _waived(row))
    if report.rows:
        console.print(table)


def _table(title: str, *headings: str) -> Table:
    """Long Chinese goes on in the next line: there are no spaces to break it at."""
    return Table(*(Column(heading, overflow="fold") for heading in headings), title=title, title_justify="left")


def _result(row: RowReport) -> str:
    differs = f"（名单中的{'、'.join(row.differs)}与系统不同）" if row.differs else ""
    return RESULTS[row.result] + differs


def _next(row: RowReport) -> str:
    due = [contact for contact in row.contacts if contact.status is ContactStatus.DUE]
    return _dated(due[0]) if due else ""


def _waived(row: RowReport) -> str:
    return " ".join(f"第{c.node_day}天" for c in row.contacts if c.status is ContactStatus.WAIVED)


def _dated(contact: Contact) -> str:
    when = contact.due_at.astimezone(HOSPITAL_ZONE)
    return f"第{contact.node_day}天 {'现在' if contact.due_at <= utc_now() else f'{when:%m-%d %H:%M}'}"


def _print_problems(console: Console, problems: tuple[Problem, ...]) -> None:
    table = _table("需要改的地方", "行", "列", "内容", "问题", "怎么改")
    for problem in problems:
        place = str(problem.line) if problem.line else "全文"
        table.add_row(place, problem.column or "", problem.value, problem.reason, problem.remedy)
    if problems:
        console.print(table)


def _refused(problems: tuple[Problem, ...]) -> int:
    return len({problem.line for problem in problems})


def _summary(report: ImportReport, parsed: Parsed) -> str:
    due = sum(contact.status is ContactStatus.DUE for contact in report.contacts)
    waived = len(report.contacts) - due
    ignored = f"未用到的列：{'、'.join(parsed.ignored)}。" if parsed.ignored else ""
    return (
        f"新建计划 {report.plans} 份，随访任务 {due} 个待做、{waived} 个因补录过晚免除；"
        f"未改动 {report.unchanged} 行；有问题 {_refused(report.problems)} 行。{ignored}"
    )
