"""What follows a committed fact reaches everybody it concerns."""

from agent.model.record import OutboxKind, OutboxMessage
from agent.model.urgency import Urgency
from agent.schedule.weigher import Weigher
from dashboard.live import LiveHub
from tests.fakes import rows
from tests.fakes.rows import NOON
from tests.unit.schedule.test_dispatcher import World
from wiring.telling import Telling


async def test_a_card_weighs_the_patient_anew_and_a_changed_contact_wakes_whoever_asked() -> None:
    world = await World().ready()
    async with world.store.transaction() as records:
        await records.add_escalation(rows.escalation(1))
    telling, woken = Telling(LiveHub(), Weigher(world.store, lambda pathway: False, lambda: world.now)), list[str]()

    async def changed(contact_id: str) -> None:
        woken.append(contact_id)

    telling.contact_changed.append(changed)
    await telling(OutboxMessage("m1", OutboxKind.ESCALATION_RAISED, "e0001", NOON))
    await telling(OutboxMessage("m2", OutboxKind.CONTACT_CHANGED, "c0001-3", NOON))
    async with world.store.transaction(write=False) as records:
        assert (await records.contact("c0001-3")).urgency is Urgency.OPEN_RED
    assert woken == ["c0001-3"]
