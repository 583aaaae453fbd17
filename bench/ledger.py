"""The ledger's page with a million contacts in the tables: the whole request of a signed-in coordinator."""

import argparse
import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import utc_now
from agent.model.contact import ContactStatus
from agent.model.record import Role, User
from agent.store.open import migrate, open_store
from agent.store.passwords import hash_password
from bench.crowd import Series, add_contacts, add_patients
from bench.dispatch import percentiles
from dashboard.live import LiveHub
from drills.postgres import MISSING, postgres
from folders import PATHWAYS
from settings import Settings
from wiring.pages import dashboard_for

USER, PASSWORD = "zhaomin", "银杏叶落在长凳上-2026"
DAYS = 100  # contacts of each patient, one a day around today


def _fill(url: str, contacts: int) -> int:
    now = utc_now()
    begin = now - timedelta(days=DAYS // 2)
    add_patients(url, 1, contacts // DAYS, now)
    add_contacts(url, Series(DAYS // 2, begin, status=ContactStatus.COMPLETED, apart=1.0))
    return add_contacts(url, Series(DAYS - DAYS // 2, now, apart=1.0, tag="n"))


async def _measure(url: str, folder: Path, requests: int) -> dict[str, float]:
    store = await open_store(url)
    try:
        async with store.transaction() as records:
            await records.add_user(User(USER, "赵敏", Role.COORDINATOR, hash_password(PASSWORD)))
        settings = Settings(data=folder, database_url=url)
        app = dashboard_for(settings, store, LiveHub(), PathwayShelf(PATHWAYS))
        return await _ask(app, requests)
    finally:
        await store.close()


async def _ask(app: FastAPI, requests: int) -> dict[str, float]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", headers={"accept": "text/html"}) as http:
        page = await http.get("/login")
        token = page.text.split('name="token" value="')[1].split('"')[0]
        await http.post("/login", data={"token": token, "name": USER, "password": PASSWORD, "next": "/contacts"})
        spent = []
        for _ in range(requests):
            began = time.perf_counter()
            answer = await http.get("/contacts")
            spent.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200 and "应随访" in answer.text
    return percentiles(spent[2:], "ms")


def run(options: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang bench ledger")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=22)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    args = parser.parse_args(options)
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="suifang-bench-") as name:
        folder = Path(name)
        if args.only != "postgresql":
            report["sqlite"] = _part(f"sqlite:///{folder / 'ledger.db'}", folder, args)
        if args.only != "sqlite":
            with postgres() as url:
                report["postgresql"] = {"missing": MISSING} if url is None else _part(url, folder, args)
    return report


def _part(url: str, folder: Path, args: argparse.Namespace) -> dict[str, Any]:
    migrate(url)
    made = _fill(url, args.contacts)
    return {"contacts": made, **asyncio.run(_measure(url, folder, args.requests))}
