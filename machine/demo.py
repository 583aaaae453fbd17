"""The demo: a carrier and the product as processes of their own, a real discharge list, six real calls."""

import json
import os
import shutil
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from agent.attempts.retries import RetryPolicy
from agent.dialog import engine
from agent.dialog.pathway_loader import PathwayShelf
from agent.exchange.discharge_csv import parse
from agent.exchange.discharge_import import ImportReport, import_discharges
from agent.exchange.sample import freshen
from agent.model.clock import HOSPITAL_ZONE, new_id, utc_now
from agent.model.contact import OPEN_OUTCOMES, Channel, ContactStatus
from agent.model.discharge import Planner
from agent.planning.when import When
from agent.store.open import migrate, open_store
from agent.turn.opening import opening_for
from agent.turn.ports import Hospital
from agent.turn.records import TurnRecords
from folders import PATHWAYS, SAMPLE_LIST
from machine.demo_report import CallResult, collect
from machine.processes import Child, ChildFailed
from settings import Settings

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "demo-account-token-of-the-simulated-carrier"
FROM_NUMBER = "+8657188000000"
START_SECONDS = 150.0
CALLS_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Ports:
    server: int
    carrier: int
    rasa: int


@dataclass(frozen=True, slots=True)
class Places:
    """Where one run keeps what it makes; every run begins with an empty store."""

    folder: Path
    settings: Settings
    ports: Ports

    @classmethod
    def fresh(cls, data: Path, ports: Ports) -> "Places":
        folder = data / "demo"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        settings = Settings(
            data=data,
            database_url=f"sqlite:///{folder / 'demo.db'}",
            recordings=folder / "recordings",
            port=ports.server,
        )
        return cls(folder, settings, ports)

    @property
    def password_file(self) -> Path:
        return self.folder / "first-password"

    def environment(self) -> dict[str, str]:
        settings = self.settings
        return {
            "SUIFANG_CONFIG": os.devnull,
            "SUIFANG_DATA": str(settings.data),
            "SUIFANG_DATABASE_URL": settings.database,
            "SUIFANG_RECORDINGS": str(settings.recordings_folder),
            "SUIFANG_RASA_PORT": str(self.ports.rasa),
            "SUIFANG_MAX_CALLS": "6",
            "SUIFANG_CALLING_HOURS": "always",  # the simulated patients do not sleep
            "SUIFANG_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "SUIFANG_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "SUIFANG_TWILIO_FROM_NUMBER": FROM_NUMBER,
            "SUIFANG_TWILIO_BASE_URL": f"http://127.0.0.1:{self.ports.carrier}",
        }


def start(places: Places, stack: ExitStack, tick: Callable[[float], None]) -> None:
    """Carrier and product, each in a process of its own, both ready. Raises ChildFailed."""
    logs, env = places.folder / "logs", places.environment()
    carrier = stack.enter_context(
        Child(
            "the simulated carrier",
            [
                "-m",
                "telephony.simulator",
                "--port",
                str(places.ports.carrier),
                "--account-sid",
                ACCOUNT_SID,
                "--auth-token",
                AUTH_TOKEN,
            ],
            logs / "carrier.log",
            env,
        )
    )
    product = stack.enter_context(
        Child(
            "suifang serve",
            [
                "cli.py",
                "serve",
                "--port",
                str(places.ports.server),
                "--allow-drafts",
                "--password-file",
                str(places.password_file),
            ],
            logs / "serve.log",
            env,
        )
    )
    carrier.wait_for(lambda: get_json(places.ports.carrier, "/simulator/calls") is not None, START_SECONDS, tick)
    product.wait_for(lambda: get_json(places.ports.server, "/ready") is not None, START_SECONDS, tick)


def get_json(port: int, path: str) -> Any:
    """The JSON answer, None while there is none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return json.load(response)
    except (OSError, ValueError):
        return None


def carrier_calls(places: Places) -> list[dict[str, Any]]:
    """What the carrier's side measured of each call. Raises ChildFailed."""
    calls = get_json(places.ports.carrier, "/simulator/calls")
    if calls is None:
        raise ChildFailed("the simulated carrier does not answer any more")
    return list(calls)


def about(places: Places) -> dict[str, str]:
    return dict(get_json(places.ports.server, "/ready") or {})


async def import_sample(places: Places, planner: Planner, today: date) -> ImportReport:
    """The sample list, its dates moved to today, through the same door as any list."""
    migrate(places.settings.database)
    store = await open_store(places.settings.database)
    try:
        parsed = parse(freshen(SAMPLE_LIST.read_bytes(), today), today)
        return await import_discharges(store, parsed, planner, When(utc_now(), new_id))
    finally:
        await store.close()


async def sentences_due(places: Places) -> list[str]:
    """Every fixed sentence the robot may say in the contacts due now, what is said first coming first."""
    shelf = PathwayShelf(PATHWAYS)
    hospital = Hospital(places.settings.hospital, places.settings.callback_number, drafts=True)
    store = await open_store(places.settings.database)
    records = TurnRecords(store, shelf, RetryPolicy(), utc_now, new_id)
    texts: list[str] = []
    try:
        async with store.transaction(write=False) as reads:
            due = [c for c in await reads.contacts(status=ContactStatus.DUE) if c.due_at <= utc_now()]
        for contact in due:
            start = opening_for(await records.load(contact.id), Channel.PHONE, hospital, utc_now())
            pathway = shelf.get(contact.pathway, contact.pathway_version)
            texts += [*engine.open(start, pathway).reply.sentences, *engine.all_sentences(pathway, start)]
    finally:
        await store.close()
    return list(dict.fromkeys(texts))


async def collected(places: Places) -> list[CallResult]:
    store = await open_store(places.settings.database)
    try:
        return await collect(store)
    finally:
        await store.close()


async def all_over(places: Places, expected: int) -> tuple[int, int, bool]:
    """(calls under way, calls ended, whether everything has its outcome and every recording its length)."""
    store = await open_store(places.settings.database)
    try:
        async with store.transaction(write=False) as records:
            attempts = await records.attempts()
            recordings = [r for a in attempts for r in await records.recordings(contact_id=a.contact_id)]
    finally:
        await store.close()
    under_way = sum(attempt.outcome in OPEN_OUTCOMES for attempt in attempts)
    kept = all(recording.seconds > 0 for recording in recordings)
    return under_way, len(attempts) - under_way, len(attempts) >= expected and not under_way and kept


def hospital_today(now: datetime) -> date:
    return now.astimezone(HOSPITAL_ZONE).date()


def wait_until(done: Callable[[], bool], seconds: float, tick: Callable[[], None]) -> bool:
    """Polls twice a second; False when the time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if done():
            return True
        tick()
        time.sleep(0.5)
    return False
