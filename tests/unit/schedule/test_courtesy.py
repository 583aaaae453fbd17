"""No patient is disturbed more often than the house allows; the contact waits, and says why."""

from datetime import timedelta

from agent.model.contact import AttemptOutcome, ContactStatus
from agent.schedule.calendar import CallingCalendar
from agent.schedule.courtesy import Courtesy
from tests.fakes import rows
from tests.fakes.rows import NOON
from tests.unit.schedule.test_dispatcher import World

HOUSE = Courtesy(per_day=2, per_week=4)


def made(*ago: timedelta, outcome: AttemptOutcome = AttemptOutcome.NO_ANSWER) -> list:  # type: ignore[type-arg]
    return [rows.attempt(id=f"a{n}", created_at=NOON - each, outcome=outcome) for n, each in enumerate(ago)]


def test_a_patient_who_was_left_in_peace_may_be_called() -> None:
    assert HOUSE.hold([], NOON) is None
    assert HOUSE.hold(made(timedelta(hours=1)), NOON) is None
    assert HOUSE.hold(made(timedelta(hours=13), timedelta(hours=14)), NOON) is None  # that was yesterday


def test_after_the_days_attempts_the_next_is_tomorrow() -> None:
    held = HOUSE.hold(made(timedelta(hours=1), timedelta(hours=2)), NOON)
    assert held is not None and held.reason == "daily_cap"
    assert held.until == CallingCalendar().next_day(NOON)


def test_after_the_weeks_attempts_the_next_is_when_the_oldest_is_a_week_old() -> None:
    days = made(*(timedelta(days=day) for day in (1, 2, 3, 6)))
    held = HOUSE.hold(days, NOON)
    assert held is not None and held.reason == "weekly_cap"
    assert held.until == NOON + timedelta(days=1)


def test_calls_that_never_rang_and_calls_the_patient_asked_for_do_not_count() -> None:
    for outcome in (AttemptOutcome.FAILED, AttemptOutcome.TECHNICAL, AttemptOutcome.POSTPONED):
        assert HOUSE.hold(made(timedelta(hours=1), timedelta(hours=2), outcome=outcome), NOON) is None


async def test_the_dispatcher_gives_the_contact_its_next_date_and_the_reason() -> None:
    world = await World(courtesy=Courtesy(per_day=1)).ready()
    async with world.store.transaction() as records:
        await records.add_attempt(rows.attempt(created_at=NOON - timedelta(hours=3), outcome=AttemptOutcome.BUSY))
    assert await world.dispatch() == 0
    async with world.store.transaction(write=False) as records:
        contact = await records.contact("c0001-3")
        assert contact.status is ContactStatus.DUE and contact.reason == "daily_cap"
        assert contact.due_at == CallingCalendar().next_day(NOON)
        assert [event.reason for event in await records.events("contact", contact.id)] == ["daily_cap"]
    assert world.carrier.calls == {}
    world.now = contact.due_at
    assert await world.dispatch() == 1


async def test_attempts_of_more_than_a_week_ago_hold_nobody() -> None:
    world = await World(courtesy=Courtesy(per_week=2)).ready()
    async with world.store.transaction() as records:
        for days in (8, 9):
            long_ago = NOON - timedelta(days=days)
            ended = {"outcome": AttemptOutcome.NO_ANSWER, "ended_at": long_ago}
            await records.add_attempt(rows.attempt(id=f"past{days}", created_at=long_ago, **ended))
    assert await world.dispatch() == 1
