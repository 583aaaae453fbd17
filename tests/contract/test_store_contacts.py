"""Contacts, leases, attempts, recordings."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.contact import AttemptOutcome, Channel, Contact, ContactStatus, Recording
from agent.store.ports import Duplicate, NotFound, StaleVersion, Store
from tests.fakes.rows import NOON, add_people, attempt, contact, plan

LEASE = timedelta(minutes=5)


async def claim(store: Store, worker: str = "w1", *, after: timedelta = timedelta(), limit: int = 10) -> list[Contact]:
    now = NOON + after
    async with store.transaction() as records:
        return list(await records.claim_due(now=now, lease_until=now + LEASE, worker=worker, limit=limit))


async def people(store: Store, count: int = 1, days: tuple[int, ...] = (3, 7)) -> None:
    async with store.transaction() as records:
        await add_people(records, count, days)


async def test_contacts_come_by_due_time_patient_and_status(store: Store) -> None:
    await people(store, 2)
    async with store.transaction() as records:
        await records.save_contact(contact(1, 7, status=ContactStatus.WAIVED, reason="imported_late"))
        assert [c.id for c in await records.contacts()] == ["c0001-3", "c0002-3", "c0001-7", "c0002-7"]
        assert [c.id for c in await records.contacts(limit=1)] == ["c0001-3"]
        assert [c.id for c in await records.contacts(patient_id="p0002")] == ["c0002-3", "c0002-7"]
        (waived,) = await records.contacts(status=ContactStatus.WAIVED)
        assert waived == contact(1, 7, status=ContactStatus.WAIVED, reason="imported_late", version=2)


async def test_a_contact_is_written_only_over_the_version_that_was_read(store: Store) -> None:
    await people(store)
    async with store.transaction() as records:
        first = await records.save_contact(contact(status=ContactStatus.IN_PROGRESS))
    assert first.version == 2
    with pytest.raises(StaleVersion):
        async with store.transaction() as records:
            await records.save_contact(contact(status=ContactStatus.WAIVED))
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.save_contact(contact(9))
    async with store.transaction(write=False) as records:
        assert await records.contact("c0001-3") == first


async def test_what_is_due_is_claimed_once_until_the_lease_ends(store: Store) -> None:
    await people(store, 3)
    assert [c.id for c in await claim(store, limit=2)] == ["c0001-3", "c0002-3"]
    assert [c.id for c in await claim(store, "w2")] == ["c0003-3"]
    assert await claim(store, "w3") == []
    assert len(await claim(store, "w3", after=LEASE)) == 3


async def test_what_is_not_due_is_left_alone(store: Store) -> None:
    await people(store)
    assert await claim(store, after=timedelta(seconds=-1)) == []


async def test_saving_ends_the_lease(store: Store) -> None:
    await people(store)
    (claimed,) = await claim(store)
    async with store.transaction() as records:
        await records.save_contact(claimed)
    assert [c.id for c in await claim(store, "w2")] == ["c0001-3"]


async def test_a_patient_has_one_contact_claimed_at_a_time(store: Store) -> None:
    await people(store)
    late = timedelta(days=5)
    assert [c.id for c in await claim(store, after=late)] == ["c0001-3"]
    assert await claim(store, "w2", after=late) == []


async def test_a_patient_in_touch_is_not_claimed(store: Store) -> None:
    await people(store, 2)
    async with store.transaction() as records:
        await records.add_attempt(attempt(1, 7, outcome=AttemptOutcome.ANSWERED))
    assert [c.id for c in await claim(store)] == ["c0002-3"]
    async with store.transaction() as records:
        await records.save_attempt(attempt(1, 7, outcome=AttemptOutcome.COMPLETED))
    assert [c.id for c in await claim(store)] == ["c0001-3"]


async def test_a_script_passed_over_keeps_nobody_back(store: Store) -> None:
    """Neither others nor the same patient's next contact; one that has begun, or of another version, is no such."""
    async with store.transaction() as records:
        await add_people(records, 4, (3,))
        await records.save_contact(contact(2, attempts_made=1))
        await records.save_contact(contact(3, pathway_version="2"))
        await records.add_plan(
            plan(4, id="other", pathway="stroke"), [contact(4, id="c0004-other", plan_id="other", pathway="stroke")]
        )
    late = NOON + timedelta(hours=1)
    async with store.transaction() as records:
        claimed = await records.claim_due(
            now=late, lease_until=late + LEASE, worker="w", limit=3, passing_over={contact().script}
        )
    assert [each.id for each in claimed] == ["c0002-3", "c0003-3", "c0004-other"]


async def test_many_workers_never_claim_the_same(store: Store) -> None:
    await people(store, 40)
    late = timedelta(days=5)  # both contacts of each patient are due
    rounds = await asyncio.gather(*(claim(store, f"w{n}", after=late, limit=5) for n in range(12)))
    claimed = [c for batch in rounds for c in batch]
    assert len({c.id for c in claimed}) == len(claimed)
    assert len({c.patient_id for c in claimed}) == len(claimed)
    rest = await claim(store, "last", after=late, limit=100)
    assert len(claimed) + len(rest) == 40


async def test_a_patient_has_one_live_attempt_whoever_asks(store: Store) -> None:
    await people(store)
    async with store.transaction() as records:
        await records.add_attempt(attempt(day=3, outcome=AttemptOutcome.NO_ANSWER))
        await records.add_attempt(attempt(day=7))
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_attempt(attempt(id="second", day=3))
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.save_attempt(attempt(day=3, outcome=AttemptOutcome.DIALLED))
    async with store.transaction(write=False) as records:
        assert [a.id for a in await records.attempts(live_only=True)] == ["a0001-7"]


async def test_of_two_workers_dialling_one_patient_one_is_stopped(store: Store) -> None:
    await people(store)

    async def begin(day: int) -> bool:
        try:
            async with store.transaction() as records:
                await records.add_attempt(attempt(day=day))
        except Duplicate:
            return False
        return True

    assert sorted(await asyncio.gather(begin(3), begin(7))) == [False, True]


async def test_an_attempt_comes_back_as_it_was(store: Store) -> None:
    await people(store, 2)
    whole = attempt(
        channel=Channel.WECHAT,
        outcome=AttemptOutcome.HUNG_UP,
        carrier_ref="CA1",
        answered_at=NOON + timedelta(seconds=9, microseconds=123_456),
        ended_at=NOON + timedelta(seconds=60),
        detail="busy_line",
    )
    async with store.transaction() as records:
        await records.add_attempt(attempt(carrier_ref="CA1"))
        await records.save_attempt(whole)
        await records.add_attempt(attempt(2, created_at=NOON - timedelta(days=1)))
    async with store.transaction() as records:
        assert await records.attempt(whole.id) == whole
        assert await records.attempt_by_carrier_ref("CA1") == whole
        assert await records.attempt_by_carrier_ref("CA2") is None
        assert [a.id for a in await records.attempts()] == ["a0002-3", "a0001-3"]
        assert await records.attempts(contact_id="c0001-3") == [whole]
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.save_attempt(attempt(9))
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.add_attempt(attempt(9))
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.save_attempt(replace(attempt(2), carrier_ref="CA1"))


async def test_recordings(store: Store) -> None:
    await people(store)
    second = Recording("r2", "a0001-3", "c0001-3", "2026/11/r2.wav", NOON + timedelta(hours=1), 61.25)
    first = replace(second, id="r1", path="2026/11/r1.wav", started_at=NOON)
    async with store.transaction() as records:
        await records.add_attempt(attempt())
        await records.add_recording(second)
        await records.add_recording(first)
        assert await records.recording("r2") == second
        assert await records.recordings(contact_id="c0001-3") == [first, second]
        assert await records.recordings(contact_id="c0001-7") == []
        await records.save_recording(replace(second, seconds=61.5))
        assert (await records.recording("r2")).seconds == 61.5


async def test_attempts_of_some_patients_since_a_moment(store: Store) -> None:
    await people(store, 3)
    async with store.transaction() as records:
        for number, hours in ((1, 30), (1, 3), (2, 2), (3, 1)):
            begun = NOON - timedelta(hours=hours)
            made = attempt(number, id=f"a{number}-{hours}", created_at=begun, outcome=AttemptOutcome.NO_ANSWER)
            await records.add_attempt(made)
    async with store.transaction(write=False) as records:
        found = await records.attempts_since(NOON - timedelta(hours=24), {"p0001", "p0002"})
        assert [each.id for each in found] == ["a1-3", "a2-2"]
        assert list(await records.attempts_since(NOON - timedelta(hours=24), set())) == []
