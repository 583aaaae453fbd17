"""Departments see their own patients and those of none, on every store."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.contact import AttemptOutcome, Recording
from agent.model.escalation import EscalationStatus
from agent.store.ports import NotFound
from agent.store.screens import ScreenRecords, ScreenStore
from tests.fakes.rows import NOON, attempt, contact, escalation, outcome, patient, plan, turn

HEART, BONES = "心内科", "骨科"


@pytest.fixture(autouse=True)
async def people(store: ScreenStore) -> None:
    """p1 of the heart ward, p2 of the bone ward, p3 of no ward; each with a contact, a card, a call."""
    async with store.transaction() as records:
        for number, department in ((1, HEART), (2, BONES), (3, None)):
            await records.add_patient(patient(number, department=department))
            await records.add_plan(plan(number), [contact(number)])
            who = {"patient_id": f"p{number:04}", "contact_id": f"c{number:04}-3"}
            await records.add_escalation(escalation(number, **who))
            await records.add_attempt(attempt(number, outcome=AttemptOutcome.COMPLETED))
            await records.add_recording(Recording(f"r{number}", f"a{number:04}-3", who["contact_id"], "x", NOON, 1.0))
    async with store.transaction() as records:
        said = turn(1, contact_id="c0002-3", attempt_id="a0002-3")
        await records.save_turn(replace(outcome(1), stored=replace(outcome(1).stored, turn=said)))


async def test_lists_and_counts_hold_what_the_department_sees(store: ScreenStore) -> None:
    day = NOON.date()
    span = {"since": NOON - timedelta(hours=1), "until": NOON + timedelta(hours=1)}
    async with store.transaction(write=False, sees=HEART) as records:
        assert [p.id for p in await records.search_patients("病人")] == ["p0003", "p0001"]
        assert [e.id for e in await records.escalations(status=EscalationStatus.OPEN)] == ["e0001", "e0003"]
        assert (await records.escalation_counts(resolved_since=NOON)).open_red == 2
        assert [c.id for c in await records.contacts_planned(day)] == ["c0001-3", "c0003-3"]
        later = await records.contacts_carried(day + timedelta(days=1), **span)
        assert [c.id for c in later] == ["c0001-3", "c0003-3"]
        assert (await records.ledger(day, **span, overdue_before=NOON)).due == 2
        assert sorted(await records.patients_by_id({"p0001", "p0002", "p0003"})) == ["p0001", "p0003"]
        assert await records.contacts_of(["p0002"]) == []
        assert await records.turns("c0002-3") == []
    async with store.transaction(write=False) as records:
        assert len(await records.escalations(status=EscalationStatus.OPEN)) == 3


READS: tuple[Callable[[ScreenRecords, int], Awaitable[object]], ...] = (
    lambda records, n: records.patient(f"p{n:04}"),
    lambda records, n: records.contact(f"c{n:04}-3"),
    lambda records, n: records.escalation(f"e{n:04}"),
    lambda records, n: records.recording(f"r{n}"),
    lambda records, n: records.attempt(f"a{n:04}-3"),
    lambda records, n: records.plan(f"plan{n:04}"),
)


@pytest.mark.parametrize("read", READS)
async def test_what_another_department_has_does_not_exist(
    store: ScreenStore, read: Callable[[ScreenRecords, int], Awaitable[object]]
) -> None:
    async with store.transaction(write=False, sees=HEART) as records:
        await read(records, 1)
        await read(records, 3)
    with pytest.raises(NotFound):
        async with store.transaction(write=False, sees=HEART) as records:
            await read(records, 2)


async def test_who_sees_a_part_writes_her_part_and_nothing_else_is_lost(store: ScreenStore) -> None:
    async with store.transaction(sees=HEART) as records:
        card = await records.escalation("e0001")
        await records.save_escalation(replace(card, note="看过"))
    async with store.transaction(write=False) as records:
        assert (await records.escalation("e0001")).note == "看过"
        assert (await records.escalation("e0002")).note is None
        assert len(await records.turns("c0002-3")) == 1
