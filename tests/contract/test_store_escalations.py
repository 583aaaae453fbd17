"""The queue, and the outbox that tells of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.contact import AttemptOutcome
from agent.model.escalation import Disposition, EscalationKind, EscalationStatus, Evidence
from agent.model.finding import Level
from agent.model.record import Event, OutboxKind, OutboxMessage
from agent.model.turn import AudioSpan
from agent.store.ports import Duplicate, NotFound, StaleVersion, Store
from tests.fakes.rows import NOON, add_people, attempt, escalation


@pytest.fixture(autouse=True)
async def people(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 2)
        await records.add_attempt(attempt(outcome=AttemptOutcome.COMPLETED))


async def test_an_escalation_comes_back_as_it_was(store: Store) -> None:
    evidence = Evidence("心口疼", (0, 3), "t1", "a0001-3", AudioSpan(3.5, 5.0), 0.62, True)
    whole = escalation(
        kind=EscalationKind.THRESHOLD,
        level=Level.YELLOW,
        evidence=evidence,
        status=EscalationStatus.RESOLVED,
        owner="lihua",
        taken_at=NOON,
        resolved_at=NOON + timedelta(minutes=5),
        disposition=Disposition.CALLED_BACK,
        note="已回电，症状缓解",
        also=(replace(evidence, words="还是疼", audio=None), evidence),
    )
    async with store.transaction() as records:
        await records.add_escalation(whole)
    async with store.transaction(write=False) as records:
        assert await records.escalation(whole.id) == whole


async def test_red_comes_before_yellow_then_the_longest_waiting(store: Store) -> None:
    rows = [
        escalation(1, level=Level.YELLOW),
        escalation(2),
        escalation(3, created_at=NOON),
        escalation(4, level=Level.NONE, created_at=NOON),
        escalation(5, patient_id="p0002", contact_id="c0002-3", status=EscalationStatus.TAKEN),
    ]
    async with store.transaction() as records:
        for row in rows:
            await records.add_escalation(row)
    async with store.transaction(write=False) as records:
        assert [e.id for e in await records.escalations()] == ["e0003", "e0002", "e0005", "e0001", "e0004"]
        assert [e.id for e in await records.escalations(limit=2)] == ["e0003", "e0002"]
        assert [e.id for e in await records.escalations(status=EscalationStatus.TAKEN)] == ["e0005"]
        assert [e.id for e in await records.escalations(patient_id="p0002")] == ["e0005"]
        assert await records.escalations(patient_id="p0002", status=EscalationStatus.OPEN) == []


async def test_of_two_nurses_taking_one_card_one_is_told(store: Store) -> None:
    async with store.transaction() as records:
        await records.add_escalation(escalation())

    async def take(owner: str) -> bool:
        try:
            async with store.transaction() as records:
                await records.save_escalation(escalation(owner=owner, status=EscalationStatus.TAKEN))
        except StaleVersion:
            return False
        return True

    assert sorted(await asyncio.gather(take("lihua"), take("wangfang"))) == [False, True]
    async with store.transaction(write=False) as records:
        assert (await records.escalation("e0001")).version == 2


async def test_a_nurse_and_the_robot_change_one_card_and_neither_is_refused(store: Store) -> None:
    """The patient goes on talking while the nurse takes the card."""
    async with store.transaction() as records:
        await records.add_escalation(escalation())

    async def say_more(number: int) -> None:
        async with store.transaction() as records:
            (card,) = await records.escalations(patient_id="p0001")
            await asyncio.sleep(0)
            more = replace(card.evidence, words=f"还疼{number}")
            await records.save_escalation(replace(card, also=(*card.also, more)))

    async def take(owner: str) -> None:
        async with store.transaction() as records:
            card = await records.escalation("e0001")
            await asyncio.sleep(0)
            await records.save_escalation(replace(card, owner=owner, status=EscalationStatus.TAKEN))

    await asyncio.gather(
        *(say_more(number) for number in range(8)), take("lihua"), *(say_more(8 + n) for n in range(8))
    )
    async with store.transaction(write=False) as records:
        card = await records.escalation("e0001")
    assert (card.owner, len(card.also), card.version) == ("lihua", 16, 18)


async def test_an_escalation_of_nobody_and_one_twice_are_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.add_escalation(escalation(patient_id="nobody"))
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.save_escalation(escalation())
    async with store.transaction() as records:
        await records.add_escalation(escalation())
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_escalation(escalation())


async def test_events_come_in_the_order_they_happened(store: Store) -> None:
    first = Event("escalation", "e0001", None, "open", NOON, "robot", "chest_pain")
    second = Event("escalation", "e0001", "open", "taken", NOON - timedelta(hours=1), "lihua")
    async with store.transaction() as records:
        await records.add_event(first)
        await records.add_event(second)
        await records.add_event(replace(first, entity_id="e0002"))
        assert await records.events("escalation", "e0001") == [first, second]
        assert await records.events("contact", "e0001") == []


async def test_the_last_time_of_each_is_told_at_once(store: Store) -> None:
    early, late = NOON - timedelta(days=2), NOON - timedelta(hours=1)
    async with store.transaction() as records:
        for name, at in (("lijing", late), ("lijing", early), ("wangfang", early)):
            await records.add_event(Event("user", name, None, "signed_in", at, name))
        await records.add_event(Event("user", "zhoulan", None, "created", late, "admin"))
        await records.add_event(Event("contact", "c0001-3", None, "signed_in", NOON, "admin"))
        assert await records.last_events("user", "signed_in") == {"lijing": late, "wangfang": early}


async def test_a_message_is_held_for_half_a_minute_and_gone_when_done(store: Store) -> None:
    messages = [OutboxMessage(f"m{n}", OutboxKind.TURN_STORED, "c0001-3", NOON) for n in (2, 1, 3)]
    async with store.transaction() as records:
        for message in messages:
            await records.add_outbox(message)
        assert await records.claim_outbox(limit=2, now=NOON) == messages[:2]
    async with store.transaction() as records:
        assert await records.claim_outbox(limit=9, now=NOON) == messages[2:]
        await records.outbox_done("m2")
        await records.outbox_done("m2")
        await records.outbox_done("m3")
    async with store.transaction() as records:
        assert await records.claim_outbox(limit=9, now=NOON + timedelta(seconds=29)) == []
        assert await records.claim_outbox(limit=9, now=NOON + timedelta(seconds=30)) == [messages[1]]
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_outbox(messages[1])
