"""`./suifang drill kill`: worker processes are killed -9 at random moments of calls, on SQLite (one worker) and on
PostgreSQL (three, one of which never comes back). Held means: no answered turn lost, no danger without its card, nobody
dialled twice, no contact left without an outcome, the ledger closed."""

import argparse
import asyncio
import contextlib
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import HOSPITAL_ZONE, new_id, utc_now
from agent.model.contact import Contact, ContactStatus
from agent.model.finding import Level
from agent.model.people import Patient, Plan, PlanStatus, Tier
from agent.store.open import migrate, open_store
from agent.store.screens import ScreenStore
from drills.kill_carrier import DrillCarrier, create_app
from drills.postgres import MISSING, postgres
from folders import PATHWAYS, ROOT
from machine.served import free_port, served

PATHWAY, NODE = "heart_failure", 3
KILL_EVERY_SECONDS = (1.5, 5.0)
ATTEMPTS_PER_CONTACT = 1.6  # what busy lines, silence and lost calls bring about
GIVE_UP_SECONDS = 900.0
FINAL = frozenset(ContactStatus) - {ContactStatus.DUE, ContactStatus.IN_PROGRESS}


@dataclass(slots=True)
class Worker:
    port: int
    command: list[str]
    log: Path
    process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        env = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
        with self.log.open("ab") as sink:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, cwd=ROOT, env=env, stdout=sink, stderr=sink
            )
        async with httpx.AsyncClient(trust_env=False) as http:
            while self.process.returncode is None:
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get(f"{self.address}/ready")).is_success:
                        return
                await asyncio.sleep(0.1)
        raise RuntimeError(f"a worker did not start: {self.log.read_text(encoding='utf-8', errors='replace')[-2000:]}")

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()


@dataclass(slots=True)
class Drill:
    database: str
    folder: Path
    contacts: int
    workers: int
    seed: int
    kills: int = 0
    crew: list[Worker] = field(default_factory=list)
    carrier: DrillCarrier = field(init=False)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.carrier, self.chance = DrillCarrier(self.seed), random.Random(self.seed + 1)

    async def run(self) -> dict[str, Any]:
        began = time.monotonic()
        migrate(self.database)
        store = await open_store(self.database)
        await self._fill(store)
        try:
            async with served(create_app(self.carrier)) as carrier:
                finished = await self._until_finished(store, carrier)
            return {"seconds": round(time.monotonic() - began, 1), **await self._verdict(store, finished)}
        finally:
            await store.close()

    async def _until_finished(self, store: ScreenStore, carrier: str) -> bool:
        try:
            self.crew = [self._worker(number, carrier) for number in range(self.workers)]
            await asyncio.gather(*(worker.start() for worker in self.crew))
            self.carrier.workers = [worker.address for worker in self.crew]
            finished = await self._until_all_have_an_outcome(store)
            await self.carrier.all_over()
            return finished
        finally:
            await asyncio.gather(*(worker.kill() for worker in self.crew))

    def _worker(self, number: int, carrier: str) -> Worker:
        port = free_port()
        options = ["--database", self.database, "--carrier", carrier, "--port", str(port)]
        command = [sys.executable, "-m", "drills.kill_worker", *options]
        return Worker(port, command, self.folder / f"worker-{number}.log")

    async def _fill(self, store: ScreenStore) -> None:
        now, version = utc_now(), PathwayShelf(PATHWAYS).get(PATHWAY).version
        today = now.astimezone(HOSPITAL_ZONE).date()
        for number in range(self.contacts):
            patient = Patient(
                new_id(), f"演习{number}", f"+861349{number:07}", "心力衰竭", Tier.HIGH, birth_year=1955, sex="male"
            )
            plan = Plan(new_id(), patient.id, PATHWAY, version, today - timedelta(days=NODE), PlanStatus.ACTIVE, now)
            contact = Contact(new_id(), plan.id, patient.id, PATHWAY, version, NODE, now, ContactStatus.DUE)
            async with store.transaction() as records:
                await records.add_patient(patient)
                await records.add_plan(plan, [contact])

    async def _until_all_have_an_outcome(self, store: ScreenStore) -> bool:
        """Kills while it waits; with several workers one stays dead from a third of the way on."""
        until = time.monotonic() + GIVE_UP_SECONDS
        gone: Worker | None = None
        while time.monotonic() < until:
            await asyncio.sleep(self.chance.uniform(*KILL_EVERY_SECONDS))
            done = await self._done(store)
            if done == self.contacts:
                return True
            if done > 0.95 * self.contacts:
                continue  # the last ones may finish in peace
            victim = self.chance.choice([worker for worker in self.crew if worker is not gone])
            self.carrier.workers = [worker.address for worker in self.crew if worker not in (victim, gone)]
            await victim.kill()
            self.kills += 1
            if gone is None and len(self.crew) > 1 and done > self.contacts / 3:
                gone = victim
                continue
            await victim.start()
            self.carrier.workers = [worker.address for worker in self.crew if worker is not gone]
        return False

    async def _done(self, store: ScreenStore) -> int:
        async with store.transaction(write=False) as records:
            contacts = await records.contacts(limit=10**6)
        return sum(contact.status in FINAL for contact in contacts)

    async def _verdict(self, store: ScreenStore, finished: bool) -> dict[str, Any]:
        async with store.transaction(write=False) as records:
            contacts = await records.contacts(limit=10**6)
            attempts = await records.attempts()
            turns = {each.turn.id for contact in contacts for each in await records.turns(contact.id)}
            cards = {card.patient_id for card in await records.escalations(limit=10**6) if card.level is Level.RED}
            now = utc_now()
            midnight = now.astimezone(HOSPITAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
            ledger = await records.ledger(
                midnight.date(), since=midnight, until=midnight + timedelta(days=1), overdue_before=now
            )
        patient_of = {attempt.id: attempt.patient_id for attempt in attempts}
        lost = [turn for turn in self.carrier.kept.turns if turn not in turns]
        without_card = [each for each in self.carrier.kept.dangers if patient_of.get(each) not in cards]
        unknown = [call.ref for call in self.carrier.calls.values() if call.attempt_id not in patient_of]
        twice = self.carrier.dialled_twice()
        return {
            "held": finished and ledger.closed and not (lost or without_card or unknown or twice),
            "workers": self.workers,
            "kills": self.kills,
            "contacts": len(contacts),
            "attempts": len(attempts),
            "calls_cut_off_by_a_kill": self.carrier.lost_calls,
            "turns_answered": len(self.carrier.kept.turns),
            "turns_lost": len(lost),
            "dangers_answered": len(self.carrier.kept.dangers),
            "dangers_without_card": len(without_card),
            "calls_without_attempt": len(unknown),
            "dialled_twice": twice,
            "contacts_by_status": dict(Counter(contact.status.value for contact in contacts)),
            "every_contact_has_an_outcome": finished,
            "ledger_closed": ledger.closed,
        }


def run(options: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang drill kill")
    parser.add_argument("--attempts", type=int, default=300, help="about how many attempts on each database")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--postgresql", help="URL of an EMPTY database (default: one started for the drill)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(options)
    contacts = max(1, round(args.attempts / ATTEMPTS_PER_CONTACT))
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="suifang-drill-") as name:
        folder = Path(name)
        if args.only != "postgresql":
            drill = Drill(f"sqlite:///{folder / 'drill.db'}", folder, contacts, 1, args.seed)
            report["sqlite"] = asyncio.run(drill.run())
        if args.only != "sqlite":
            with postgres(args.postgresql) as url:
                if url is None:
                    report["postgresql"] = {"held": False, "missing": MISSING}
                else:
                    report["postgresql"] = asyncio.run(Drill(url, folder, contacts, 3, args.seed).run())
    return {"held": all(part["held"] for part in report.values()), **report}
