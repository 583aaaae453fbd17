"""What changes a running plan, on every store: tier, red alarms, readings; only ahead, once, with an event."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from agent.attempts.transitions import Stamp, stop_everything
from agent.dialog.pathway_loader import load
from agent.model.answer import Answer, AnswerType
from agent.model.contact import AttemptOutcome, Channel, Contact, ContactStatus
from agent.model.escalation import Disposition, EscalationStatus
from agent.model.finding import Level
from agent.model.observation import Observation
from agent.model.pathway import Pathway
from agent.model.people import Plan, PlanStatus, Tier
from agent.model.plan_rules import AfterRed, Every, PlanRules, ReadingRule
from agent.planning.lessons import EducationOnly
from agent.planning.replan import Replanned, change_tier, off_target
from agent.planning.replanner import Replanner
from agent.planning.when import When
from agent.store.ports import Records, Store
from folders import PATHWAYS
from tests.fakes.rows import attempt, contact, escalation, outcome, patient, plan, turn

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DISCHARGED = date(2026, 11, 14)
PRESSURE = ReadingRule("血压", "blood_pressure", 2, 7, below=(140, 90))
RULES = PlanRules(
    closer={Tier.HIGH: Every(7, 28)},
    education_only=frozenset({Tier.LOW}),
    after_red=AfterRed(Tier.HIGH, Every(7, 28)),
    readings=(PRESSURE,),
)


@dataclass
class Source:
    rules: PlanRules = RULES

    def days_of(self, pathway: str, tier: Tier) -> tuple[int, ...]:
        return self.rules.node_days((3, 30, 90), tier)


@dataclass
class House:
    store: Store
    now: datetime = NOW
    ids: "count[int]" = field(default_factory=lambda: count(1))

    def when(self, actor: str = "rules") -> When:
        return When(self.now, lambda: f"new{next(self.ids):04}", actor)

    async def begin(self, tier: Tier = Tier.MIDDLE) -> None:
        """Day 3 was done; 30 and 90 lie ahead."""
        done = contact(1, 3, due_at=NOW - timedelta(days=4), status=ContactStatus.COMPLETED, attempts_made=1)
        ahead = [contact(1, day, due_at=at(day)) for day in (30, 90)]
        async with self.store.transaction() as records:
            await records.add_patient(patient(1, tier=tier))
            await records.add_plan(plan(1, discharge_date=DISCHARGED), [done, *ahead])

    async def change(self, tier: Tier) -> Replanned:
        async with self.store.transaction() as records:
            return await change_tier(records, patient(1).id, tier, Source(), self.when("nurse1"))

    async def contacts(self, *statuses: ContactStatus) -> list[tuple[int, str | None]]:
        async with self.store.transaction(write=False) as records:
            found = await records.contacts(patient_id=patient(1).id)
        return [(c.node_day, c.reason) for c in found if c.status in (statuses or (ContactStatus.DUE,))]

    async def plan(self) -> Plan:
        async with self.store.transaction(write=False) as records:
            return await records.plan(plan(1).id)


def at(day: int) -> datetime:
    return datetime(2026, 11, 14, 2, 0, tzinfo=UTC) + timedelta(days=day)


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


async def test_a_higher_tier_adds_ahead_and_a_lower_one_waives_what_it_added(house: House) -> None:
    await house.begin()
    assert await house.change(Tier.HIGH) == Replanned(added=2)
    assert await house.contacts() == [(14, None), (21, None), (30, None), (90, None)]  # 7 has passed, 28 is near 30
    assert await house.change(Tier.HIGH) == Replanned()
    assert await house.change(Tier.MIDDLE) == Replanned(waived=2)
    assert await house.contacts() == [(30, None), (90, None)]
    assert await house.contacts(ContactStatus.WAIVED) == [(14, "tier_changed"), (21, "tier_changed")]
    async with house.store.transaction(write=False) as records:
        told = [(e.from_status, e.to_status, e.actor) for e in await records.events("patient", patient(1).id)]
        assert (await records.patient(patient(1).id)).tier is Tier.MIDDLE
    assert told == [("middle", "high", "nurse1"), ("high", "middle", "nurse1")]


async def test_low_is_education_only_from_now_on_and_comes_back(house: House) -> None:
    await house.begin()
    tried = contact(1, 14, due_at=at(14), attempts_made=1)
    async with house.store.transaction() as records:
        await records.add_contacts([tried])
    assert await house.change(Tier.LOW) == Replanned(waived=2)
    assert await house.contacts() == [(14, None)]  # somebody was on the line with it already
    assert await house.contacts(ContactStatus.WAIVED) == [(30, "education_only"), (90, "education_only")]
    assert await house.change(Tier.MIDDLE) == Replanned(added=2, waived=2)
    assert await house.contacts() == [(14, None), (30, None), (90, None)]
    assert {reason for _, reason in await house.contacts(ContactStatus.WAIVED)} == {"tier_changed"}


async def red(house: House, number: int = 1, level: Level = Level.RED, **changes: str) -> None:
    card = escalation(number, contact_id=contact(1, 3).id, level=level, created_at=house.now, **changes)
    async with house.store.transaction() as records:
        await records.add_escalation(card)
    await Replanner(house.store, Source(), house.when).card_changed(card.id)


async def test_a_red_alarm_brings_a_month_of_weekly_contacts_once(house: House) -> None:
    await house.begin()
    await red(house)
    due = await house.contacts()
    # The high tier's 14 and 21 are there first; 28 days after discharge is two days from 30; 35 is the month's last.
    assert due == [(14, None), (21, None), (30, None), (35, "after_red"), (90, None)]
    replanner = Replanner(house.store, Source(), house.when)
    house.now += timedelta(days=3)
    await replanner.card_changed(escalation(1).id)
    assert await house.contacts() == due
    async with house.store.transaction(write=False) as records:
        assert (await records.patient(patient(1).id)).tier is Tier.HIGH


async def false_alarm(house: House, number: int = 1) -> None:
    """A nurse closes the card as one; told twice, as everything may be."""
    async with house.store.transaction() as records:
        card = await records.escalation(escalation(number).id)
        closed = {"status": EscalationStatus.RESOLVED, "disposition": Disposition.FALSE_ALARM, "resolved_at": house.now}
        await records.save_escalation(replace(card, **closed))
    for _ in range(2):
        await Replanner(house.store, Source(), house.when).card_changed(card.id)


async def test_a_false_alarm_takes_back_what_it_alone_brought(house: House) -> None:
    await house.begin()
    await red(house)
    house.now += timedelta(hours=2)
    await false_alarm(house)
    assert await house.contacts() == [(30, None), (90, None)]
    reasons = {(14, "tier_changed"), (21, "tier_changed"), (35, "false_alarm")}
    assert set(await house.contacts(ContactStatus.WAIVED)) == reasons
    async with house.store.transaction(write=False) as records:
        assert (await records.patient(patient(1).id)).tier is Tier.MIDDLE


async def test_a_false_alarm_takes_nothing_back_that_another_alarm_still_asks_for(house: House) -> None:
    await house.begin()
    await red(house)
    due = await house.contacts()
    await red(house, 2, rule="other")
    await false_alarm(house)
    assert await house.contacts() == due
    await false_alarm(house, 2)  # the last that asked: what either brought goes
    assert await house.contacts() == [(30, None), (90, None)]
    async with house.store.transaction(write=False) as records:
        assert (await records.patient(patient(1).id)).tier is Tier.MIDDLE


async def test_a_tier_that_a_person_set_since_and_a_contact_that_was_tried_stay(house: House) -> None:
    await house.begin()
    await red(house)
    await house.change(Tier.MIDDLE)
    async with house.store.transaction() as records:
        tried = next(c for c in await records.contacts(patient_id=patient(1).id) if c.reason == "after_red")
        await records.save_contact(replace(tried, attempts_made=1))
    await house.change(Tier.HIGH)
    due = await house.contacts()
    await false_alarm(house)
    assert await house.contacts() == due


async def test_a_yellow_card_changes_no_plan(house: House) -> None:
    await house.begin()
    await red(house, level=Level.YELLOW)
    assert await house.contacts() == [(30, None), (90, None)]


async def test_a_finished_plan_runs_again_after_red_and_a_cancelled_one_does_not(house: House) -> None:
    await house.begin(Tier.HIGH)
    async with house.store.transaction() as records:
        await records.save_plan(replace(await records.plan(plan(1).id), status=PlanStatus.FINISHED))
    await red(house)
    assert (await house.plan()).status is PlanStatus.ACTIVE
    async with house.store.transaction() as records:
        await stop_everything(records, patient(1).id, "opt_out", Channel.PHONE, Stamp(NOW, "robot", "m"))
    await red(house, 2, rule="other")
    assert await house.contacts() == []


async def pressure(house: House, day: int, value: str) -> Contact:
    """A contact of `day` that ended now with this pressure."""
    made = contact(1, day, due_at=house.now, status=ContactStatus.COMPLETED, attempts_made=1)
    async with house.store.transaction() as records:
        await records.add_contacts([made])
        await _answer(records, made, value)
    await Replanner(house.store, Source(), house.when).contact_changed(made.id)
    return made


async def _answer(records: Records, made: Contact, value: str) -> None:
    call = attempt(1, made.node_day, contact_id=made.id, outcome=AttemptOutcome.COMPLETED)
    await records.add_attempt(call)
    said = turn(1, id=f"t-{made.id}", contact_id=made.id, attempt_id=call.id)
    stored = replace(outcome(1).stored, turn=said)
    answer = Answer("pressure", AnswerType.BLOOD_PRESSURE, value, value, 1.0, said.id)
    await records.save_turn(replace(outcome(1), stored=stored, answers=(answer,)))


async def test_a_pressure_above_target_twice_brings_the_next_contact_in_seven_days(house: House) -> None:
    await house.begin()
    await pressure(house, 5, "150/80")
    assert await house.contacts() == [(30, None), (90, None)]
    house.now += timedelta(days=1)
    second = await pressure(house, 6, "139/90")
    assert await house.contacts() == [(15, "readings"), (30, None), (90, None)]
    replanner = Replanner(house.store, Source(), house.when)
    house.now += timedelta(days=9)
    await replanner.contact_changed(second.id)
    assert len(await house.contacts()) == 3


async def test_pressures_that_were_sent_count_like_those_that_were_asked(house: House) -> None:
    await house.begin()
    asked = await pressure(house, 5, "150/80")
    replanner = Replanner(house.store, Source(), house.when)

    async def send(source: str, systolic: float, diastolic: float) -> None:
        async with house.store.transaction() as records:
            values = {"systolic": systolic, "diastolic": diastolic}
            for name, value in values.items():
                kept = (f"{source}-{name}", patient(1).id, asked.id, name, value, house.now, Channel.SMS, source)
                await records.add_observation(Observation(*kept))
        await replanner.contact_changed(asked.id)

    await send("t1", 150, 80)  # the answer itself, kept as a reading too
    assert await house.contacts() == [(30, None), (90, None)]
    house.now += timedelta(days=1)
    await send("t2", 141, 70)
    assert await house.contacts() == [(15, "readings"), (30, None), (90, None)]


async def test_a_contact_that_is_coming_anyway_is_soon_enough(house: House) -> None:
    await house.begin()
    house.now = at(24)
    await pressure(house, 23, "150/80")
    house.now += timedelta(hours=1)
    await pressure(house, 24, "150/95")
    assert await house.contacts() == [(30, None), (90, None)]


@pytest.mark.parametrize(
    ("values", "off"),
    [
        ([(150, 80)], False),
        ([(150, 80), (139, 89)], False),
        ([(120, 70), (140, 70), (139, 90)], True),
        ([(150, 80), (120, 70), (150, 80)], False),
        ([], False),
    ],
)
def test_off_target(values: list[tuple[float, ...]], off: bool) -> None:
    assert off_target(values, PRESSURE) is off


async def test_education_of_the_low_tier_is_queued_on_its_day_once(house: House) -> None:
    await house.begin()
    await house.change(Tier.LOW)
    job = EducationOnly(house.store, Shelf(), lambda: house.now, house.when().new_id, drafts=True)
    assert await job.run_once() == 0
    house.now = at(30) + timedelta(minutes=1)
    assert await job.run_once() == 1
    assert await job.run_once() == 0
    async with house.store.transaction(write=False) as records:
        owed = await records.education(patient(1).id)
    assert [(due.item, due.sent_at) for due in owed] == [("weigh_daily", None)]
    assert (30, "education_queued") in await house.contacts(ContactStatus.WAIVED)


class Shelf:
    def get(self, name: str, version: str | None = None) -> Pathway:
        found = load(PATHWAYS / name)
        node = replace(found.nodes[0], day=30, education=("weigh_daily",))
        return replace(found, nodes=(node,))
