"""`./suifang drill year`: a department's year on a virtual clock. The real calendar, caps, retries, ladder, breaker,
dispatcher, weigher and campaigns; people who answer, are busy, hang up, postpone, die. Held means: the ledger closed
every day, no call outside the calling hours, nobody over the caps, nothing forgotten."""

import argparse
import asyncio
import itertools
import random
import tempfile
import time as stopwatch
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from agent.attempts.retries import RetryPolicy
from agent.attempts.ways import USES_NOTHING_UP, Ladder
from agent.campaigns import By, CampaignFiller, create, start
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.campaign import Campaign, CampaignStatus, Selection
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Attempt, Channel, ContactStatus
from agent.model.discharge import PlannedPathway
from agent.model.people import Plan, PlanStatus
from agent.planning.contacts import contacts_of
from agent.planning.node_dates import node_dates
from agent.schedule.breaker import TrunkLimits
from agent.schedule.calendar import CallingCalendar
from agent.schedule.calendar_file import read_calendar
from agent.schedule.courtesy import Courtesy
from agent.schedule.dispatcher import Dispatcher, Lines
from agent.schedule.warm_up import WarmUp, WarmUpMode
from agent.schedule.weigher import Weigher
from agent.store.open import migrate, open_store
from agent.store.screens import ScreenStore
from drills.year_calls import Endings, YearCarrier
from drills.year_people import Person, YearInvitations, fate, person
from folders import PATHWAYS
from machine.virtual_time import MovableClock
from wiring.calling_hours import HOUSE_TABLE, PASSED_OVER_HOURS

FIRST_DAY = date(2026, 1, 1)
LIVED = ("heart_failure", "coronary_stent", "hypertension")
STEP = timedelta(minutes=30)
PER_DAY, PER_WEEK, LINES = 3, 8, 60
OUTAGE_DAYS = 40  # every so many days the trunk fails for a few hours
CAMPAIGN_DAY = 200
MEMORY_DISK = Path("/dev/shm")


@dataclass
class Year:
    store: ScreenStore
    discharges: int
    days: int
    seed: int
    chance: random.Random = field(init=False)
    clock: MovableClock = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    not_closed: list[str] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.clock = MovableClock(datetime.combine(FIRST_DAY, time(), HOSPITAL_ZONE).astimezone(UTC))
        self._ids = itertools.count(1)
        self.calendar: CallingCalendar = read_calendar(HOUSE_TABLE.read_bytes(), HOUSE_TABLE.name)
        self.carrier = YearCarrier(self.clock)
        retries = RetryPolicy(3, ladder=Ladder(links=True, message_under_age=45), next_open=self.calendar.next_open)
        courtesy = Courtesy(self.calendar, PER_DAY, PER_WEEK)
        lines = Lines("year", TrunkLimits("year", LINES, per_second=1000.0), retries, courtesy)
        self.dispatcher = Dispatcher(self.store, self.carrier, lines, self.clock, self.new_id)
        self.warm_up = WarmUp(self.store, WarmUpMode.AUTO, self.clock)
        self.invitations = YearInvitations()
        self.dispatcher.write_to_patients(self.invitations, self.warm_up)
        self.weigher = Weigher(self.store, lambda pathway: False, self.clock)
        self.filler = CampaignFiller(self.store, self.calendar, self.clock, self.new_id)
        self.endings = Endings(
            self.store, self.dispatcher, self.carrier, retries, self.calendar, self.chance, self.new_id
        )
        self._shelf = PathwayShelf(PATHWAYS)

    def new_id(self) -> str:
        return f"{next(self._ids):012x}"

    async def run(self) -> None:
        numbers = itertools.count(1)
        per_day = Counter(self.chance.randrange(self.days) for _ in range(self.discharges))
        for ahead in range(self.days):
            day = FIRST_DAY + timedelta(days=ahead)
            self.clock.at = datetime.combine(day, time(8), HOSPITAL_ZONE).astimezone(UTC)
            await self._admit([person(next(numbers), self.chance, self.new_id) for _ in range(per_day[ahead])], day)
            if ahead == CAMPAIGN_DAY:
                await self._campaign()
            await self.filler.run_once()
            await self.warm_up.look()
            while await self.weigher.weigh_new():
                pass
            await self._work(day, outage=ahead % OUTAGE_DAYS == OUTAGE_DAYS - 1)
            await self._close(day)

    async def _admit(self, people: list[Person], day: date) -> None:
        async with self.store.transaction() as records:
            for each in people:
                pathway = self._shelf.get(self.chance.choice(LIVED))
                name = (pathway.id, pathway.version)
                plan = Plan(self.new_id(), each.patient.id, *name, day, PlanStatus.ACTIVE, self.clock())
                planned = PlannedPathway(*name, tuple(node.day for node in pathway.nodes))
                nodes = node_dates(planned, day, self.clock(), self.calendar.next_open)
                await records.add_patient(each.patient)
                await records.add_plan(plan, contacts_of(plan, nodes, self.new_id))
                self.people[each.patient.id] = each

    async def _campaign(self) -> None:
        pathway = self._shelf.get("satisfaction")
        how = (pathway.id, pathway.version, pathway.nodes[0].day, CampaignStatus.DRAFT)
        made = Campaign(self.new_id(), "演习满意度", *how, self.clock(), "drill")
        async with self.store.transaction() as records:
            await create(records, made, Selection(born_until=1945))
            await start(records, made.id, By("drill", self.clock()), self.calendar.next_open)

    async def _work(self, day: date, *, outage: bool) -> None:
        """From eight in the morning till ten at night, whatever the calendar says: it must hold by itself."""
        for step in range(int(timedelta(hours=14) / STEP)):
            self.clock.at = datetime.combine(day, time(8), HOSPITAL_ZONE).astimezone(UTC) + step * STEP
            self.carrier.down = outage and 6 <= step < 12
            while await self.dispatcher.dispatch():
                await self.dispatcher.idle()
                await self._calls_end()
                self.clock.passes(seconds=20)
            await self.dispatcher.settle()

    async def _calls_end(self) -> None:
        fresh, self.carrier.fresh = self.carrier.fresh, []
        async with self.store.transaction(write=False) as records:
            made = await records.attempts_by_id(fresh)
        words = {each: fate(self.people[made[each].patient_id], self.clock(), self.chance) for each in sorted(fresh)}
        self.words.update("carrier down" if self.carrier.down else word for word in words.values())
        for card in await self.endings.end(words, self.clock()):
            await self.weigher.card_changed(card)

    async def _close(self, day: date) -> None:
        """The day's account, and who answers the links of the day in the evening."""
        self.clock.at = datetime.combine(day, time(23), HOSPITAL_ZONE).astimezone(UTC)
        midnight = datetime.combine(day, time(), HOSPITAL_ZONE)
        async with self.store.transaction(write=False) as records:
            overdue = self.calendar.open_hours_ago(self.clock(), PASSED_OVER_HOURS)
            account = await records.ledger(
                day, since=midnight, until=midnight + timedelta(days=1), overdue_before=overdue
            )
        if not account.closed:
            self.not_closed.append(day.isoformat())
        links, self.invitations.links = self.invitations.links, []
        for contact in links:
            if self.people[contact.patient_id].answers_links:
                await self.endings.answer_link(contact.id, self.clock())
                self.words["answered by link"] += 1

    async def verdict(self) -> dict[str, Any]:
        async with self.store.transaction(write=False) as records:
            attempts = await records.attempts()
            contacts = await records.contacts(limit=10**7)
        forgotten = [
            each.id for each in contacts
            if each.status is ContactStatus.IN_PROGRESS
            or (each.status is ContactStatus.DUE and each.due_at < self.clock() - timedelta(days=2))
        ]  # fmt: skip
        outside = [attempt_id for attempt_id, _, at in self.carrier.calls if not self.calendar.open_at(at)]
        over = over_the_caps(attempts)
        held = not (self.not_closed or forgotten or outside or over)
        return {
            "held": held and len({each for each, _, _ in self.carrier.calls}) == len(self.carrier.calls),
            "days": self.days,
            "discharges": len(self.people),
            "contacts": len(contacts),
            "calls": len(self.carrier.calls),
            "attempts": len(attempts),
            "days_not_closed": self.not_closed,
            "calls_outside_the_hours": len(outside),
            "patients_over_a_cap": over,
            "forgotten": len(forgotten),
            "contacts_by_status": dict(Counter(each.status.value for each in contacts)),
            "what_became_of_calls": dict(self.words.most_common()),
        }


def over_the_caps(attempts: Iterable[Attempt]) -> list[str]:
    """Patients disturbed more often than allowed, over all channels; what never rang or was asked for does not count.
    A chat that the patient began does not either."""
    times: defaultdict[str, list[datetime]] = defaultdict(list)
    for each in attempts:
        if each.outcome not in USES_NOTHING_UP and each.channel is not Channel.WEBCHAT:
            times[each.patient_id].append(each.created_at)
    found = []
    for patient_id, moments in times.items():
        moments.sort()
        days = Counter(moment.astimezone(HOSPITAL_ZONE).date() for moment in moments)
        weeks = (late - early < timedelta(days=7) for early, late in zip(moments, moments[PER_WEEK:], strict=False))
        if max(days.values()) > PER_DAY or any(weeks):
            found.append(patient_id)
    return found


async def _drill(url: str, args: argparse.Namespace) -> dict[str, Any]:
    migrate(url)
    store = await open_store(url)
    try:
        began = stopwatch.monotonic()
        year = Year(store, args.discharges, args.days, args.seed)
        await year.run()
        return {"seconds": round(stopwatch.monotonic() - began, 1), **await year.verdict()}
    finally:
        await store.close()


def run(options: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang drill year")
    parser.add_argument("--discharges", type=int, default=8000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(options)
    # On a disk of memory where there is one: the year is about decisions, not about the disk.
    with tempfile.TemporaryDirectory(prefix="suifang-year-", dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None) as name:
        return asyncio.run(_drill(f"sqlite:///{Path(name) / 'year.db'}", args))
