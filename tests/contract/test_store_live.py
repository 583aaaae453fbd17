"""Calls that run now, alike on every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.contact import AttemptOutcome, Channel
from agent.model.display import Display
from agent.model.finding import Alarm, Finding, Level, Reading, Status
from agent.model.record import Event, StoredTurn
from agent.model.take_over import TakeOver
from agent.store.ports import Duplicate, NotFound
from agent.store.screens import ScreenStore
from dashboard.following import Following
from dashboard.live import RESYNC, LiveHub
from tests.fakes.rows import NOON, add_people, attempt, outcome, patient, turn

ALARM = Alarm("chest_pain", Level.RED, "胸痛", ("chest_pain",), "胸口疼", (1, 4), 0.9)
FINDING = Finding("chest_pain", "胸痛", "胸口疼", (1, 4), Status.PRESENT, "说有")


async def test_calls_that_ring_or_are_talked_on_the_longest_running_first(store: ScreenStore) -> None:
    live = {
        1: dict(outcome=AttemptOutcome.ANSWERED, created_at=NOON + timedelta(seconds=9)),
        2: dict(outcome=AttemptOutcome.DIALLED),
        3: dict(outcome=AttemptOutcome.INTENDED),
        4: dict(outcome=AttemptOutcome.ANSWERED, channel=Channel.WEBCHAT),
        5: dict(outcome=AttemptOutcome.COMPLETED),
    }
    async with store.transaction() as records:
        await add_people(records, 5)
        for number, changes in live.items():
            await records.add_attempt(attempt(number, **changes))
    async with store.transaction(write=False) as records:
        assert [call.id for call in await records.calls_now()] == ["a0002-3", "a0001-3"]
        assert [call.id for call in await records.calls_now(limit=1)] == ["a0002-3"]


async def test_the_turns_of_many_calls_with_their_alarms(store: ScreenStore) -> None:
    stored = StoredTurn(2, turn(2, text="我胸口疼"), "answer", Reading("我胸口疼", (FINDING,), alarms=(ALARM,)),
                        outcome(2).stored.reply)  # fmt: skip
    async with store.transaction() as records:
        await add_people(records, 2)
        await records.add_attempt(attempt(1))
        await records.save_turn(outcome(1))
        await records.save_turn(replace(outcome(2), stored=stored))
    async with store.transaction(write=False) as records:
        found = await records.turns_now(["c0001-3", "c0002-3", "nothing"])
        assert list(found) == ["c0001-3"]
        assert [each.turn.text for each in found["c0001-3"]] == ["还好", "我胸口疼"]
        assert [each.reading.alarms for each in found["c0001-3"]] == [(), (ALARM,)]
        assert found["c0001-3"][1].reading.findings == ()
        assert await records.turns_now([]) == {}


async def test_another_departments_calls_do_not_exist(store: ScreenStore) -> None:
    async with store.transaction() as records:
        await add_people(records, 2)
        await records.save_patient(patient(1, department="胃肠外科"))
        for number in (1, 2):
            await records.add_attempt(attempt(number, outcome=AttemptOutcome.ANSWERED))
        await records.save_turn(outcome(1))
    async with store.transaction(write=False, sees="心血管内科") as records:
        assert [call.id for call in await records.calls_now()] == ["a0002-3"]
        assert await records.turns_now(["c0001-3"]) == {}


async def test_the_latest_wish_for_a_call_waits_until_it_is_settled(store: ScreenStore) -> None:
    first = TakeOver("a0001-3", "c0001-3", "lijing", "+8613800138000", NOON)
    again = replace(first, asked_by="wangfang", number="+8657188000001", asked_at=NOON + timedelta(seconds=5))
    async with store.transaction() as records:
        await add_people(records, 1)
        await records.add_attempt(attempt(1))
        await records.ask_take_over(first)
        await records.ask_take_over(again)
        assert list(await records.take_overs_waiting()) == [again] and await records.take_over("a0001-3") == again
        await records.ask_take_over(replace(again, settled_at=NOON + timedelta(seconds=6)))
    async with store.transaction(write=False) as records:
        assert list(await records.take_overs_waiting()) == []
        assert await records.take_over("other") is None
        assert await records.number_of_nurse("wangfang") == "+8657188000001"
        assert await records.number_of_nurse("lijing") is None
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.ask_take_over(replace(first, attempt_id="nothing"))


async def test_a_display_is_found_by_its_key_and_keeps_that_it_was_withdrawn(store: ScreenStore) -> None:
    display = Display("d1", "护士站", "a" * 64, "admin", NOON, "心血管内科")
    async with store.transaction() as records:
        await records.add_display(display)
        await records.add_display(replace(display, id="d2", key_hash="b" * 64, made_at=NOON + timedelta(seconds=1)))
        await records.save_display(replace(display, revoked_at=NOON))
    async with store.transaction(write=False, sees="胃肠外科") as records:
        assert (await records.display("d1")).revoked_at == NOON
        assert await records.display_by_key("a" * 64) == replace(display, revoked_at=NOON)
        assert await records.display_by_key("c" * 64) is None
        assert [each.id for each in await records.displays()] == ["d1", "d2"]
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_display(replace(display, id="d3"))


async def test_events_are_counted_on(store: ScreenStore) -> None:
    async with store.transaction(write=False) as records:
        before = await records.last_event()
    async with store.transaction() as records:
        await records.add_event(Event("display", "d1", None, "made", NOON, "admin"))
    async with store.transaction(write=False, sees="胃肠外科") as records:
        assert await records.last_event() > before == 0


async def test_pages_of_one_process_hear_what_another_changed(store: ScreenStore) -> None:
    here = LiveHub()
    following = Following(store, here)
    async with here.subscribe() as page:
        assert await following.run_once() == 0
        async with store.transaction() as records:  # another process
            await records.add_event(Event("escalation", "e1", "open", "taken", NOON, "lijing"))
        assert await following.run_once() == 1 and await following.run_once() == 0
        assert await page.next(timeout_seconds=30) == RESYNC
