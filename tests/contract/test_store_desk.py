"""What the clocks look for, labelled sentences, and a contact more, on every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.escalation import EscalationStatus, LeftAlone
from agent.model.finding import Level
from agent.model.labelled_case import CaseLabel, LabelledCase
from agent.store.ports import NotFound, Store
from tests.fakes.rows import NOON, add_people, contact, escalation

TAKEN, SNOOZED = EscalationStatus.TAKEN, EscalationStatus.SNOOZED


@pytest.fixture(autouse=True)
async def people(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 2)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


async def test_the_clocks_find_what_their_time_has_come_for(store: Store) -> None:
    rows = [
        escalation(1, created_at=NOON),
        escalation(2, created_at=NOON, touched_at=NOON + minutes(6)),  # came back a moment ago
        escalation(3, created_at=NOON, told=2),  # nobody left to tell
        escalation(4, created_at=NOON, level=Level.YELLOW),
        escalation(5, created_at=NOON, status=TAKEN, owner="a", taken_at=NOON),
        escalation(6, created_at=NOON, status=TAKEN, owner="a", taken_at=NOON, touched_at=NOON + minutes(6)),
        escalation(7, created_at=NOON, status=SNOOZED, snoozed_until=NOON + minutes(9), level=Level.YELLOW),
        escalation(8, created_at=NOON, status=SNOOZED, snoozed_until=NOON + minutes(11)),
    ]
    async with store.transaction() as records:
        for row in rows:
            await records.add_escalation(row)
    now = NOON + minutes(10)
    left = LeftAlone(now, taken_before=now - minutes(8), open_before=now - minutes(5), rungs=2)
    async with store.transaction(write=False) as records:
        assert [row.id for row in await records.escalations_left(left)] == ["e0001", "e0005", "e0007"]
        assert [row.id for row in await records.escalations_left(left, limit=1)] == ["e0001"]
        assert await records.escalation("e0008") == rows[7]


def case(number: int, **changes: object) -> LabelledCase:
    made = LabelledCase(
        f"k{number}", CaseLabel.MISSED, "t0001", "c0001-3", "p0001", "胸口憋得慌", "", "您有胸闷吗？", "lijing",
        NOON + minutes(number),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


async def test_a_label_is_kept_once_for_each_turn_and_rule(store: Store) -> None:
    async with store.transaction() as records:
        assert await records.add_labelled_case(case(1)) is True
        assert await records.add_labelled_case(case(2)) is False
        other = case(3, label=CaseLabel.FALSE_ALARM, rule="chest_pain", contact_id="c0002-3", patient_id="p0002")
        assert await records.add_labelled_case(other) is True
    async with store.transaction(write=False) as records:
        assert await records.labelled_cases() == [case(1), other]
        assert await records.labelled_cases(since=NOON + minutes(2)) == [other]
        assert await records.labelled_cases(contact_id="c0001-3") == [case(1)]
        assert await records.labelled_cases(limit=1) == [case(1)]


async def test_a_contact_more_of_a_plan_that_exists(store: Store) -> None:
    again = contact(1, 3, id="again", due_at=NOON + timedelta(days=1), reason="recall")
    async with store.transaction() as records:
        await records.add_contact(again)
    async with store.transaction(write=False) as records:
        assert await records.contact("again") == again
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.add_contact(replace(again, id="x", plan_id="nobody's"))
