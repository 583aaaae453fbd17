"""News of attempts that share a transaction, and looks at what is due that share a round."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.record import OutboxKind, OutboxMessage
from agent.schedule.outbox import Outbox
from agent.schedule.ports import CarrierStatus
from agent.store.ports import NotFound
from agent.store.screens import ScreenRecords
from tests.fakes import rows
from tests.fakes.memory_store import MemoryStore
from tests.unit.schedule.test_dispatcher import World


class Counting(MemoryStore):
    """Counts transactions that write, and gives others time to arrive meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.written = 0

    @asynccontextmanager
    async def transaction(self, *, write: bool = True, sees: str | None = None) -> AsyncIterator[ScreenRecords]:
        self.written += write
        async with super().transaction(write=write, sees=sees) as records:
            await asyncio.sleep(0)
            yield records


class Crowd(World):
    store_kind = Counting


async def test_a_crowd_is_begun_dialled_and_ended_in_a_handful_of_transactions() -> None:
    crowd = await Crowd(patients=20, max_calls=20).ready()
    before = crowd.store.written
    assert await crowd.dispatch() == 20
    async with crowd.store.transaction(write=False) as records:
        live = await records.attempts(live_only=True)
    assert [each.outcome for each in live] == [AttemptOutcome.DIALLED] * 20
    busy = (CarrierStatus(each.id, each.carrier_ref or "", "busy", crowd.now) for each in live)
    await asyncio.gather(*map(crowd.dispatcher.status_changed, busy))
    async with crowd.store.transaction(write=False) as records:
        assert {each.outcome for each in await records.attempts()} == {AttemptOutcome.BUSY}
        contacts = await records.contacts()
        assert {(each.status, each.attempts_made) for each in contacts} == {(ContactStatus.DUE, 1)}
        words = [(event.from_status, event.to_status) for event in await records.events("attempt", live[0].id)]
    assert words == [(None, "intended"), ("intended", "dialled"), ("dialled", "busy")]
    assert crowd.store.written - before <= 6


async def test_news_of_an_unknown_attempt_spoil_nobody_elses() -> None:
    crowd = await Crowd(patients=2, max_calls=2).ready()
    assert await crowd.dispatch() == 2
    async with crowd.store.transaction(write=False) as records:
        ids = [each.id for each in await records.attempts()]
    said = [CarrierStatus(each, "", "busy", crowd.now) for each in (ids[0], "nobody", ids[1])]
    results = await asyncio.gather(*map(crowd.dispatcher.status_changed, said), return_exceptions=True)
    assert [type(each) for each in results] == [type(None), NotFound, type(None)]
    async with crowd.store.transaction(write=False) as records:
        assert await records.attempts(live_only=True) == []


async def test_whoever_asks_while_a_round_is_under_way_gets_one_more_round_for_all() -> None:
    crowd = await Crowd(patients=3, max_calls=1).ready()
    before = crowd.store.written
    begun = await asyncio.gather(*(crowd.dispatcher.dispatch() for _ in range(10)))
    await crowd.dispatcher.idle()
    assert sorted(begun) == [0] * 9 + [1]
    assert crowd.store.written - before <= 3  # two rounds, and the word that the call is dialled


async def test_what_cannot_be_told_keeps_nothing_else_back_and_is_told_later() -> None:
    crowd = await Crowd().ready()
    told: list[str] = []
    unreached = ["m1"]

    async def tell(message: OutboxMessage) -> None:
        if message.id in unreached:
            raise NotFound("contacts")
        told.append(message.id)

    async with crowd.store.transaction() as records:
        for number in range(3):
            await records.add_outbox(
                OutboxMessage(f"m{number}", OutboxKind.CONTACT_CHANGED, rows.contact().id, crowd.now)
            )
    outbox = Outbox(crowd.store, tell, lambda: crowd.now)
    with pytest.raises(NotFound):
        await outbox.drain()
    assert told == ["m0", "m2"] and await outbox.drain() == 0
    unreached.clear()
    crowd.now += timedelta(seconds=30)
    assert await outbox.drain() == 1 and told == ["m0", "m2", "m1"]
