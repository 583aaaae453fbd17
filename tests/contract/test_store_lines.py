"""Trunks, and the order in which what is due is claimed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.contact import Callee, ContactStatus
from agent.model.escalation import EscalationStatus
from agent.model.finding import Level
from agent.model.people import Tier
from agent.model.trunk import Circuit, Trunk
from agent.model.urgency import Risk, Urgency
from agent.store.ports import NotFound, Store
from tests.fakes.rows import NOON, add_people, attempt, contact, escalation

DAY = timedelta(days=1)


async def test_a_trunk_is_there_once_it_is_asked_for_and_keeps_what_was_saved(store: Store) -> None:
    async with store.transaction() as records:
        made = await records.hold_trunk("sip", NOON)
        assert made == Trunk.new("sip", NOON)
        broken = replace(made, circuit=Circuit.OPEN, reason="carrier_down", tokens=1.5)
        await records.save_trunk(broken)
    async with store.transaction() as records:
        assert await records.hold_trunk("sip", NOON + DAY) == broken
        assert await records.trunks() == [broken]
        with pytest.raises(NotFound):
            await records.save_trunk(replace(broken, name="another"))


async def test_the_more_urgent_is_claimed_first_then_the_longer_due(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 4, (3,))
        await records.weigh({"c0003-3": Urgency.OPEN_RED, "c0002-3": Urgency.LOW, "c0004-3": Urgency.LOW})
        lease = {"now": NOON, "lease_until": NOON + DAY}
        first = await records.claim_due(**lease, worker="w", limit=2)
        rest = await records.claim_due(**lease, worker="w", limit=9)
    assert [each.id for each in first] == ["c0003-3", "c0002-3"]
    assert [each.id for each in rest] == ["c0004-3", "c0001-3"]  # nobody weighed the last one
    assert first[0].urgency is Urgency.OPEN_RED


async def test_whether_anything_is_due(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 1, (3,))
        assert not await records.anything_due(NOON - timedelta(seconds=1))
        assert await records.anything_due(NOON)
        await records.save_contact(contact(1, 3, status=ContactStatus.WAIVED))
        assert not await records.anything_due(NOON)


async def test_one_patient_is_claimed_once_whatever_the_urgencies(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 1, (3, 7))
        await records.weigh({"c0001-3": Urgency.MIDDLE, "c0001-7": Urgency.CALL_BACK})
        late = NOON + 5 * DAY
        found = await records.claim_due(now=late, lease_until=late + DAY, worker="w", limit=9)
    assert [each.id for each in found] == ["c0001-7"]


async def test_the_urgency_is_written_by_weighing_alone(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 1, (3,))
        read = await records.contact("c0001-3")
        await records.weigh({read.id: Urgency.HIGH})
        saved = await records.save_contact(replace(read, due_at=NOON + DAY))
        assert saved.version == 2
        assert (await records.contact(read.id)).urgency is Urgency.HIGH


async def test_what_is_due_soon_and_not_weighed_yet(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 3, (3, 7))
        await records.weigh({"c0001-3": Urgency.LOW})
        await records.save_contact(contact(2, 3, status=ContactStatus.WAIVED))
        fresh = await records.unweighed(due_before=NOON + DAY, limit=9)
        assert [each.id for each in fresh] == ["c0003-3"]
        assert len(await records.unweighed(due_before=NOON + 9 * DAY, limit=2)) == 2


async def test_a_patients_risk_is_the_tier_and_the_cards(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 3, (3,))
        resolved = escalation(1, status=EscalationStatus.RESOLVED, created_at=NOON)
        await records.add_escalation(resolved)
        yellow = escalation(2, level=Level.YELLOW, patient_id="p0002", contact_id="c0002-3", created_at=NOON)
        await records.add_escalation(yellow)
        found = await records.risks({"p0001", "p0002", "p0003"}, red_since=NOON - DAY)
        assert found == {
            "p0001": Risk(Tier.HIGH, earlier_red=True),
            "p0002": Risk(Tier.HIGH, open_yellow=True),
            "p0003": Risk(Tier.HIGH),
        }
        assert (await records.risks({"p0001"}, red_since=NOON + DAY))["p0001"] == Risk(Tier.HIGH)


async def test_an_attempt_remembers_its_trunk_and_whose_telephone_rang(store: Store) -> None:
    made = attempt(trunk="sip", callee=Callee.CAREGIVER)
    async with store.transaction() as records:
        await add_people(records, 1, (3,))
        await records.add_attempt(made)
    async with store.transaction(write=False) as records:
        assert await records.attempt(made.id) == made
