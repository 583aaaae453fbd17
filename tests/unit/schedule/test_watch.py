"""Time at the nurses' desk, over the store: cards come back, red ones climb, each person is told once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agent.escalation import states
from agent.escalation.clock_file import house_clocks
from agent.escalation.clocks import ClockPolicy
from agent.model.contact import Channel
from agent.model.escalation import EscalationStatus
from agent.model.finding import Level
from agent.model.message import Message, MessageKind
from agent.schedule.watch import Watch
from tests.fakes.memory_store import MemoryStore
from tests.fakes.rows import NOON, add_people, escalation

NURSE, DOCTOR, PAGER = "+8613800000001", "+8613800000002", "https://pager.example/x"


def policy() -> ClockPolicy:
    house = house_clocks()
    charge, doctor = house.ladder
    return replace(house, ladder=(replace(charge, sms=(NURSE,), webhook=(PAGER,)), replace(doctor, sms=(DOCTOR,))))


class Desk:
    def __init__(self) -> None:
        self.store, self.now, self.ids = MemoryStore(), NOON, 0
        self.watch = Watch(self.store, policy(), lambda: self.now, self.new_id, lambda card: f"http://ward/{card}")

    def new_id(self) -> str:
        self.ids += 1
        return f"id{self.ids}"

    async def passes(self, minutes: float) -> int:
        self.now = self.now + timedelta(minutes=minutes)
        return await self.watch.run_once()

    async def card(self, card_id: str = "e0001") -> tuple[EscalationStatus, str | None, int]:
        async with self.store.transaction(write=False) as records:
            found = await records.escalation(card_id)
            return found.status, found.owner, found.told

    async def sent(self) -> list[Message]:
        async with self.store.transaction(write=False) as records:
            return list(await records.messages())

    async def take(self, at: datetime) -> None:
        async with self.store.transaction() as records:
            taken, _ = states.take(await records.escalation("e0001"), "lihua", at)
            await records.save_escalation(taken)


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    async with desk.store.transaction() as records:
        await add_people(records)
        await records.add_escalation(escalation(created_at=NOON))
        await records.add_escalation(escalation(2, created_at=NOON, level=Level.YELLOW))
    return desk


async def test_an_unacknowledged_red_one_climbs_to_the_charge_nurse_then_to_the_doctor(desk: Desk) -> None:
    assert await desk.passes(4.9) == 0
    assert await desk.passes(0.1) == 1
    first = await desk.sent()
    assert [(each.channel, each.to, each.kind) for each in first] == [
        (Channel.SMS, NURSE, MessageKind.STAFF), (Channel.WEBHOOK, PAGER, MessageKind.STAFF),
    ]  # fmt: skip
    assert first[0].link == "http://ward/e0001" and "已等 5 分钟" in first[0].text and "病人" not in first[0].text
    assert await desk.passes(4) == 0
    assert await desk.passes(1) == 1
    assert [each.to for each in await desk.sent()] == [NURSE, PAGER, DOCTOR]
    assert await desk.passes(60) == 0
    assert await desk.card() == (EscalationStatus.OPEN, None, 2)


async def test_who_took_it_is_left_alone_until_she_forgets_it(desk: Desk) -> None:
    await desk.take(NOON)
    assert await desk.passes(19) == 0
    assert await desk.passes(1) == 1
    assert await desk.card() == (EscalationStatus.OPEN, None, 0)
    assert await desk.sent() == []
    assert await desk.passes(5) == 1
    assert len(await desk.sent()) == 2


async def test_a_snoozed_one_comes_back_by_itself_and_the_pages_are_told(desk: Desk) -> None:
    async with desk.store.transaction() as records:
        away, _ = states.snooze(await records.escalation("e0002"), "lihua", NOON, NOON + timedelta(minutes=3))
        await records.save_escalation(away)
    assert await desk.passes(3) == 1
    assert await desk.card("e0002") == (EscalationStatus.OPEN, None, 0)
    async with desk.store.transaction() as records:
        told = await records.claim_outbox(limit=10, now=desk.now)
    assert [(each.kind, each.subject) for each in told] == [("escalation_changed", "e0002")]
