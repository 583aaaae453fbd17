"""`./suifang warmup`: first calls with and without a message before them, and how many were answered."""

import argparse
import asyncio
import json
import sys
from datetime import datetime, timedelta
from typing import Any

from agent.model.clock import utc_now
from agent.schedule.warm_up import LAST_CALLS, Arm, answer_rate, effect
from agent.store.open import open_store
from agent.store.ports import StoreError
from settings import Settings, SettingsError, load


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=int, default=90, help="how far back patients were drawn (default 90)")


def run(args: argparse.Namespace) -> int:
    try:
        report = asyncio.run(_load(load(), utc_now() - timedelta(days=args.days)))
    except (SettingsError, StoreError) as error:
        print(f"suifang warmup: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


async def _load(settings: Settings, since: datetime) -> dict[str, Any]:
    store = await open_store(settings.database)
    try:
        found = await effect(store, since)
        async with store.transaction(write=False) as records:
            rolling = answer_rate(await records.recent_calls(limit=LAST_CALLS))
    finally:
        await store.close()
    bounds = found.difference()
    return {
        "since": since.isoformat(timespec="minutes"),
        "rolling_answer_rate": None if rolling is None else round(rolling, 3),
        **{
            f"{arm}_message": {
                "first_calls": found.called[arm],
                "answered": found.answered[arm],
                "rate": None if found.rate(arm) is None else round(found.rate(arm) or 0.0, 3),
            }
            for arm in Arm
        },
        "effect_95_percent": None if bounds is None else [round(bound, 3) for bound in bounds],
    }
