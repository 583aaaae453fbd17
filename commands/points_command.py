"""`./suifang points`: the points that patients earned, as a CSV that a spreadsheet opens."""

import argparse
import asyncio
import sys
from datetime import date, timedelta
from pathlib import Path

from agent.exchange.points_out import HEAD, Days, points_rows
from agent.exchange.table_out import csv_table
from agent.model.clock import HOSPITAL_ZONE, utc_now
from agent.store.open import open_store
from agent.store.ports import StoreError
from settings import Settings, SettingsError, load


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first day (default: 90 days ago)")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last day (default: today)")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write it there (default: print it)")


def run(args: argparse.Namespace) -> int:
    last = args.last or utc_now().astimezone(HOSPITAL_ZONE).date()
    days = (args.first or last - timedelta(days=90), last)
    try:
        table = asyncio.run(_table(load(), days))
    except (SettingsError, StoreError) as error:
        print(f"suifang points: {error}\n`./suifang doctor` says what is amiss", file=sys.stderr)
        return 1
    if args.csv is None:
        print(table.decode("utf-8-sig"), end="")
    else:
        args.csv.write_bytes(table)
    return 0


async def _table(settings: Settings, days: Days) -> bytes:
    store = await open_store(settings.database)
    try:
        async with store.transaction(write=False) as records:
            return csv_table(HEAD, await points_rows(records, days))
    finally:
        await store.close()
