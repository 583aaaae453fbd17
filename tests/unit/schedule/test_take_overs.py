"""A nurse's wish reaches the process in which the call runs, and no other."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.model.contact import AttemptOutcome
from agent.model.record import OutboxKind
from agent.model.take_over import PATIENCE, TakeOver
from agent.schedule.take_overs import TakeOvers
from tests.fakes.memory_store import MemoryStore
from tests.fakes.rows import NOON, add_people, attempt

NUMBER = "+8613800138000"


@dataclass
class Process:
    """Its calls, and what they were told."""

    store: MemoryStore
    runs: set[str]
    now: datetime = NOON
    told: list[tuple[str, str]] = field(default_factory=list)

    def hand_over(self, attempt_id: str, number: str) -> bool:
        if attempt_id not in self.runs:
            return False
        self.told.append((attempt_id, number))
        return True

    async def beat(self) -> int:
        return await TakeOvers(self.store, self.hand_over, lambda: self.now, lambda: "told").run_once()


async def wanted() -> MemoryStore:
    store = MemoryStore()
    async with store.transaction() as records:
        await add_people(records, 1)
        await records.add_attempt(attempt(1, outcome=AttemptOutcome.ANSWERED))
        await records.ask_take_over(TakeOver("a0001-3", "c0001-3", "lijing", NUMBER, NOON))
    return store


async def wish_of(store: MemoryStore) -> TakeOver:
    async with store.transaction(write=False) as records:
        wish = await records.take_over("a0001-3")
    assert wish is not None
    return wish


async def test_the_process_with_the_call_hears_once_and_the_page_is_told() -> None:
    store = await wanted()
    elsewhere, here = Process(store, set()), Process(store, {"a0001-3"})
    assert await elsewhere.beat() == 0
    assert await here.beat() == 1 and await here.beat() == 0
    assert here.told == [("a0001-3", NUMBER)]
    assert (await wish_of(store)).settled_at == NOON and not (await wish_of(store)).late
    async with store.transaction() as records:
        told = await records.claim_outbox(limit=9, now=NOON)
    assert [(each.kind, each.subject) for each in told] == [(OutboxKind.CONTACT_CHANGED, "c0001-3")]


async def test_a_call_that_never_hears_of_it_is_not_handed_over_later() -> None:
    store = await wanted()
    here = Process(store, set())
    here.now = NOON + PATIENCE
    assert await here.beat() == 0
    here.now += timedelta(seconds=1)
    assert await here.beat() == 1 and (await wish_of(store)).late
    here.runs.add("a0001-3")
    assert await here.beat() == 0 and here.told == []
