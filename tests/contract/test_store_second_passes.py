"""Which recordings are to be heard again: each call once, by one worker, whatever dies."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.contact import AttemptOutcome, Channel
from agent.model.second_pass import Difference, Rehearing, SecondPass, SecondPassStatus
from agent.model.turn import AudioSpan
from agent.store.ports import Duplicate, NotFound, Records, Store
from agent.store.screens import ScreenStore
from tests.fakes.rows import NOON, add_people, attempt, escalation

MINUTE = timedelta(minutes=1)
DONE = AttemptOutcome.COMPLETED


async def claim(store: Store, minutes: float = 10) -> SecondPass | None:
    now = NOON + minutes * MINUTE
    async with store.transaction() as records:
        return await records.claim_second_pass(
            ended_since=NOON - timedelta(days=7), ended_before=now - MINUTE, now=now, hold_until=now + 5 * MINUTE
        )


async def add_call(records: Records, number: int, ended_minutes: float, **changes: object) -> None:
    ended = NOON + ended_minutes * MINUTE
    made = replace(attempt(number), outcome=DONE, answered_at=NOON, ended_at=ended)
    await records.add_attempt(replace(made, **changes))  # type: ignore[arg-type]


@pytest.fixture
async def calls(store: ScreenStore) -> ScreenStore:
    async with store.transaction() as records:
        await add_people(records, 5)
        await add_call(records, 1, 3)
        await add_call(records, 2, 2)
        await add_call(records, 3, 1, answered_at=None, outcome=AttemptOutcome.NO_ANSWER)
        await add_call(records, 4, 1, channel=Channel.WEBCHAT)
        await add_call(records, 5, 0, ended_at=None, outcome=AttemptOutcome.ANSWERED)
    return store


async def test_answered_calls_that_ended_each_once_the_longest_waiting_first(calls: ScreenStore) -> None:
    first, second, third = await claim(calls), await claim(calls), await claim(calls)
    assert first == SecondPass("a0002-3", "c0002-3", SecondPassStatus.DUE, NOON + 15 * MINUTE)
    assert second is not None and second.attempt_id == "a0001-3" and third is None
    assert await claim(calls, 3.5) is None


async def test_what_a_dead_worker_held_is_claimed_again(calls: ScreenStore) -> None:
    await claim(calls)
    await claim(calls)
    assert await claim(calls, 14.9) is None
    again = await claim(calls, 15.0)
    assert again is not None and (again.attempt_id, again.tries) == ("a0002-3", 2)


async def test_what_came_of_it_is_kept_and_never_claimed_again(calls: ScreenStore) -> None:
    claimed = await claim(calls)
    assert claimed is not None
    done = replace(
        claimed,
        status=SecondPassStatus.DONE,
        recogniser="whisper:base",
        finished_at=NOON + 11 * MINUTE,
        hearings=(Rehearing("t1", AudioSpan(1.25, 3.5), "胸口\n疼", 0.75), Rehearing("", AudioSpan(9, 10), "", 0.0)),
        differences=(
            Difference("weight", "t1", 61.0, 71.5, "七十一斤半"),
            Difference("breath", "t2", None, True, "喘"),
            Difference("medicine", "t3", "as_prescribed", "missed_some", "忘了两天"),
        ),
    )
    async with calls.transaction() as records:
        await records.save_second_pass(done)
    async with calls.transaction(write=False) as records:
        assert await records.second_pass("a0002-3") == done
        assert await records.second_passes("c0002-3") == [done]
        assert await records.second_passes("c0001-3") == []
        assert await records.second_pass("a0001-3") is None
        assert await records.differences(["c0002-3", "c0001-3", "unknown"]) == {"c0002-3": 3}
        assert await records.differences([]) == {}
    checked = replace(done, checked_by="lijing", checked_at=NOON + 12 * MINUTE)
    async with calls.transaction() as records:
        await records.save_second_pass(checked)
    async with calls.transaction(write=False) as records:
        assert await records.second_pass("a0002-3") == checked and await records.differences(["c0002-3"]) == {}
    taken = [await claim(calls, 60), await claim(calls, 60)]
    assert [each.attempt_id if each else None for each in taken] == ["a0001-3", None]


async def test_an_unknown_one_cannot_be_saved(calls: ScreenStore) -> None:
    with pytest.raises(NotFound):
        async with calls.transaction() as records:
            await records.save_second_pass(SecondPass("a0001-3", "c0001-3", SecondPassStatus.DONE, NOON))


async def test_workers_at_once_never_hold_the_same_call(calls: ScreenStore) -> None:
    async def worker() -> str | None:
        try:
            found = await claim(calls)
        except Duplicate:
            return None
        return found.attempt_id if found else None

    held = [each for each in await asyncio.gather(*(worker() for _ in range(6))) if each]
    assert len(held) == len(set(held)) and held


async def test_an_escalation_says_that_the_second_pass_found_it(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_escalation(escalation(1, by_second_pass=True))
        await records.add_escalation(escalation(2, rule="fever"))
    async with store.transaction(write=False) as records:
        assert [each.by_second_pass for each in await records.escalations()] == [True, False]
