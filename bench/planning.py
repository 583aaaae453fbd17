"""Planning: a day's discharges into patients, plans and dated contacts, on SQLite and PostgreSQL.

Every discharge has one contact due on the same day and more of them ahead. The list is read in parts, so that the rate
can be compared while the tables fill with contacts ahead."""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from agent.dialog.pathway_loader import load_all
from agent.exchange.discharge_import import import_discharges
from agent.exchange.discharge_list import Parsed, Row
from agent.model.clock import HOSPITAL_ZONE, new_id
from agent.model.discharge import Discharge
from agent.model.people import Tier
from agent.planning.plan_rules_file import load_rules
from agent.planning.planner import RulePlanner
from agent.planning.when import When
from agent.schedule.calendar import CallingCalendar
from agent.store.open import migrate, open_store
from bench.peak_memory import peak_mb
from folders import PATHWAYS, ROOT
from tests.fakes.postgres import running_postgres

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
PARTS = 10
# Diagnosis, tier, and how long ago the discharge was: each has a contact due on the day after NOW.
KINDS = (
    ("慢性心力衰竭", Tier.MIDDLE, 2),
    ("冠脉支架植入术后", Tier.MIDDLE, 6),
    ("胆囊结石，腹腔镜胆囊切除术后", Tier.MIDDLE, 13),
    ("2型糖尿病", Tier.MIDDLE, 29),
)


def run(rest: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang bench planning")
    parser.add_argument("--patients", type=int, default=50_000, help="discharges, each with a contact due on one day")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    args = parser.parse_args(rest)
    found = {}
    for name in ("sqlite", "postgresql"):
        if args.only in (None, name):
            with _database(name) as url:
                migrate(url)
                found[name] = asyncio.run(_plan(url, args.patients))
    return {"patients": args.patients, **found}


@contextmanager
def _database(name: str) -> Iterator[str]:
    if name == "postgresql":
        with running_postgres() as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="suifang-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'suifang.db'}"


async def _plan(url: str, patients: int) -> dict[str, Any]:
    pathways = load_all(PATHWAYS)
    planner = RulePlanner(load_rules(ROOT / "plans" / "rules.yml", pathways), pathways)
    rows = [Row(number, _discharge(number)) for number in range(patients)]
    when = When(NOW, new_id, next_open=CallingCalendar().next_open)
    tomorrow = (NOW + timedelta(days=1)).astimezone(HOSPITAL_ZONE).date()
    store = await open_store(url)
    seconds, contacts, due = [], 0, 0
    before = round(peak_mb())
    try:
        for part in range(PARTS):
            some = tuple(rows[part * patients // PARTS : (part + 1) * patients // PARTS])
            began = time.perf_counter()
            report = await import_discharges(store, Parsed(some), planner, when)
            seconds.append(time.perf_counter() - began)
            contacts += len(report.contacts)
            due += sum(contact.planned_for == tomorrow for contact in report.contacts)
            if report.problems:
                raise RuntimeError(f"{len(report.problems)} rows were refused: {report.problems[0].code}")
    finally:
        await store.close()
    return {
        "seconds": round(sum(seconds), 1),
        "patients_per_second": round(patients / sum(seconds)),
        "contacts": contacts,
        "due_on_one_day": due,
        "part_seconds": {
            "first": round(seconds[0], 2), "median": round(median(seconds), 2), "last": round(seconds[-1], 2),
        },
        "peak_memory_mb": {"before": before, "after": round(peak_mb())},
    }  # fmt: skip


def _discharge(number: int) -> Discharge:
    diagnosis, tier, days = KINDS[number % len(KINDS)]
    left = date(2026, 11, 21) - timedelta(days=days)
    return Discharge(
        f"病人{_in_characters(number)}", f"+86134{number:08}", diagnosis, left, tier,
        birth_year=1950, id_last4=f"{number % 10000:04}", hospital_number=f"Z{number:08}",
    )  # fmt: skip


def _in_characters(number: int) -> str:
    """A name has no digits."""
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(number))
