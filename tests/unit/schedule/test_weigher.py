"""Clinical risk decides who is called first, and a new alarm moves a patient to the front."""

from dataclasses import replace

import pytest

from agent.model.escalation import EscalationStatus
from agent.model.people import Tier
from agent.model.urgency import Risk, Urgency, urgency_of
from agent.schedule.weigher import Weigher
from tests.fakes import rows
from tests.unit.schedule.test_dispatcher import World


@pytest.mark.parametrize(
    ("risk", "urgency"),
    [
        (Risk(Tier.LOW, open_red=True), Urgency.OPEN_RED),
        (Risk(Tier.LOW, open_yellow=True), Urgency.WATCHED),
        (Risk(Tier.MIDDLE, earlier_red=True), Urgency.WATCHED),
        (Risk(Tier.HIGH), Urgency.HIGH),
        (Risk(Tier.MIDDLE), Urgency.MIDDLE),
        (Risk(Tier.LOW), Urgency.LOW),
    ],
)
def test_danger_comes_before_tier(risk: Risk, urgency: Urgency) -> None:
    assert urgency_of(risk) is urgency


def test_a_one_off_list_waits_for_everybody_else_but_not_with_a_danger() -> None:
    assert urgency_of(Risk(Tier.HIGH), one_off=True) is Urgency.LOW
    assert urgency_of(Risk(Tier.HIGH, open_red=True), one_off=True) is Urgency.OPEN_RED
    assert urgency_of(Risk(Tier.LOW), urgent_pathway=True) is Urgency.HIGH


async def test_an_alarm_moves_the_patient_to_the_front_and_its_end_back() -> None:
    world = await World(patients=3, max_calls=1).ready()
    weigher = Weigher(world.store, lambda pathway: False, lambda: world.now)
    card = rows.escalation(1, patient_id="p0003", contact_id="c0003-3")
    async with world.store.transaction() as records:
        await records.add_escalation(card)
    assert [await weigher.weigh_new(), await weigher.weigh_new()] == [3, 0]
    async with world.store.transaction() as records:
        assert (await records.contact("c0003-3")).urgency is Urgency.OPEN_RED
        assert (await records.contact("c0001-3")).urgency is Urgency.HIGH
    await world.dispatch()
    attempt, _ = await world.only_attempt()
    assert attempt.patient_id == "p0003"


async def test_a_resolved_alarm_is_watched_for_and_a_nurses_wish_stays_first() -> None:
    world = await World(patients=2).ready()
    weigher = Weigher(world.store, lambda pathway: False, lambda: world.now)
    card = rows.escalation(1, created_at=world.now)
    async with world.store.transaction() as records:
        await records.add_escalation(card)
    await weigher.card_changed(card.id)
    async with world.store.transaction() as records:
        await records.save_escalation(replace(card, status=EscalationStatus.RESOLVED))
        await records.weigh({"c0002-3": Urgency.CALL_BACK})
    await weigher.card_changed(card.id)
    await weigher.patient_changed("p0002")
    async with world.store.transaction(write=False) as records:
        assert (await records.contact("c0001-3")).urgency is Urgency.WATCHED
        assert (await records.contact("c0002-3")).urgency is Urgency.CALL_BACK
