"""`./suifang import FILE`: a discharge list into patients, plans and contacts, and what was wrong with it."""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from agent.dialog.pathway_loader import load_all
from agent.exchange.column_memory import ColumnMemory, ColumnMemoryError
from agent.exchange.discharge_file import parse
from agent.exchange.discharge_import import ImportReport, import_discharges
from agent.exchange.discharge_list import Parsed
from agent.exchange.import_words import refused, summary
from agent.exchange.sample import freshen
from agent.model.clock import HOSPITAL_ZONE, utc_now
from agent.model.discharge import Planner
from agent.model.problem import ContentError
from agent.planning.when import When
from agent.schedule.calendar_file import CalendarError
from agent.store.open import migrate, open_store
from agent.store.ports import StoreError
from commands.import_lines import print_problems, print_rows, print_would_be
from folders import PATHWAYS, SAMPLE_LIST
from settings import Settings, SettingsError, load
from wiring.intake import COLUMNS_FILE, DEFAULT_SOURCE
from wiring.planning import planner_of, writing


def arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "file", nargs="?", type=Path, help="CSV or XLSX: 姓名 电话 诊断 出院日期 分层, and more if there is more"
    )
    source.add_argument("--sample", action="store_true", help="the sample list, its dates moved to today")
    parser.add_argument("--check", action="store_true", help="say what is wrong with the list and write nothing")
    parser.add_argument("--dry-run", action="store_true", help="show the contacts this list would make; write nothing")
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
        data = freshen(SAMPLE_LIST.read_bytes(), today) if args.sample else args.file.read_bytes()
    except OSError as error:
        print(f"suifang import: cannot read {args.file or SAMPLE_LIST}: {error.strerror}", file=sys.stderr)
        return 2
    try:
        settings = load()
        parsed = parse(data, today, _columns(args, settings))
        if args.check or not parsed.rows:
            print_problems(console, parsed.problems)
            console.print(f"可导入 {len(parsed.rows)} 行，有问题 {refused(parsed.problems)} 行。没有写入任何内容。")
            return 0 if not parsed.problems else 1 if parsed.rows else 2
        return _import(args, settings, parsed, console)
    except (ColumnMemoryError, ContentError, CalendarError, SettingsError, StoreError) as error:
        print(f"suifang import: {error}\n`./suifang doctor` says what is amiss", file=sys.stderr)
        return 2


def _import(args: argparse.Namespace, settings: Settings, parsed: Parsed, console: Console) -> int:
    pathways = load_all(PATHWAYS)
    when = writing(settings, "import")
    report = asyncio.run(_into_store(settings.database, parsed, planner_of(settings, pathways), when, args.dry_run))
    titles = {name: pathway.title for name, pathway in pathways.items()}
    (print_would_be if args.dry_run else print_rows)(console, report, titles, when.now)
    print_problems(console, report.problems)
    console.print(summary(report, parsed, dry=args.dry_run))
    return 1 if report.problems else 0


def _columns(args: argparse.Namespace, settings: Settings) -> Mapping[str, str]:
    """What this source calls its columns, with what was told now. Raises ColumnMemoryError."""
    memory = ColumnMemory(settings.data / COLUMNS_FILE)
    told = [pair.replace("＝", "=").partition("=") for pair in args.column]
    wrong = next((heading for heading, _, column in told if not column), None)
    if wrong is not None:
        raise ColumnMemoryError(f"--column {wrong}：请写成 名单里的列名=系统里的列名")
    if told:
        memory.remember(args.source, {heading.strip(): column.strip() for heading, _, column in told})
    return memory.of(args.source)


async def _into_store(database: str, parsed: Parsed, planner: Planner, when: When, dry: bool) -> ImportReport:
    await asyncio.to_thread(migrate, database)
    store = await open_store(database)
    try:
        return await import_discharges(store, parsed, planner, when, dry=dry)
    finally:
        await store.close()
