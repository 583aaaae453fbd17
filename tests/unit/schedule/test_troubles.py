"""What those who keep the house running are told: lines that are down, contacts adrift, messages that stay."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agent.escalation.clocks import Rung
from agent.model.contact import Channel, ContactStatus
from agent.model.message import Message, MessageKind
from agent.model.trunk import Circuit
from agent.schedule.troubles import Told, Troubles
from tests.fakes.memory_store import MemoryStore
from tests.fakes.rows import NOON, add_people, contact

IT, PAGER = "+8613800000009", "https://pager.example/it"
RUNG = Rung("信息科", timedelta(minutes=5), sms=(IT,), webhook=(PAGER,))
HOUR = timedelta(hours=1)


class House:
    def __init__(self, rung: Rung | None = RUNG) -> None:
        self.store, self.now = MemoryStore(), NOON
        self.troubles = Troubles(self.store, Told(rung, "http://ward/contacts"), self.overdue, lambda: self.now)

    def overdue(self, now: datetime) -> datetime:
        return now - timedelta(days=1)

    async def trunk(self, circuit: Circuit) -> None:
        async with self.store.transaction() as records:
            trunk = await records.hold_trunk("main", self.now)
            await records.save_trunk(replace(trunk, circuit=circuit, changed_at=self.now, reason="sip_503"))

    async def texts(self, channels: Collection[Channel] = (Channel.SMS,)) -> list[str]:
        async with self.store.transaction(write=False) as records:
            return [each.text for each in await records.messages() if each.channel in channels]


@pytest.fixture
def house() -> House:
    return House()


async def test_a_line_that_stays_down_is_told_once_a_day(house: House) -> None:
    await house.trunk(Circuit.OPEN)
    assert await house.troubles.look() == 0  # it may mend itself
    house.now += timedelta(minutes=5)
    assert await house.troubles.look() == 1
    house.now += HOUR
    assert await house.troubles.look() == 0
    (text,) = await house.texts()
    assert "线路 main 不通（12:00），已停止外呼" in text
    assert len(await house.texts((Channel.WEBHOOK,))) == 1
    house.now += timedelta(days=1)
    await house.troubles.look()  # tells of its own message too, which nobody sends here
    await house.trunk(Circuit.CLOSED)
    house.now += timedelta(days=2)
    await house.troubles.look()
    assert sum("线路" in each for each in await house.texts()) == 2


async def test_contacts_that_nothing_moves_are_told_by_number_alone(house: House) -> None:
    async with house.store.transaction() as records:
        await add_people(records, 2)
        await records.save_contact(contact(1, status=ContactStatus.IN_PROGRESS))
    assert await house.troubles.look() == 1
    (text,) = await house.texts()
    assert "1 项随访没有人推进" in text and "病人" not in text


async def test_messages_that_stay_are_told(house: House) -> None:
    async with house.store.transaction() as records:
        await records.add_message(Message("m1", Channel.SMS, IT, MessageKind.STAFF, "演习", NOON - 2 * HOUR))
    assert await house.troubles.look() == 1
    assert "1 条消息一小时以上没有发出" in (await house.texts())[-1]


async def test_where_nobody_is_named_it_is_an_event_and_no_message() -> None:
    house = House(None)
    await house.trunk(Circuit.OPEN)
    assert await house.troubles.look() == 1 and await house.texts() == []
    async with house.store.transaction(write=False) as records:
        (told,) = await records.events_since("trouble", NOON)
    assert (told.entity_id, told.to_status) == ("trunk main", "told")


async def test_what_another_worker_told_at_the_same_moment_is_told_once(house: House) -> None:
    await house.trunk(Circuit.OPEN)
    house.now += HOUR
    theirs = Message("trouble-trunk main-20261121-sms-0", Channel.SMS, IT, MessageKind.STAFF, "演习", house.now)
    async with house.store.transaction() as records:
        await records.add_message(theirs)
    assert await house.troubles.look() == 0
    assert await house.texts() == [theirs.text] and await house.texts((Channel.WEBHOOK,)) == []
