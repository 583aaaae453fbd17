"""Changes reach every open page; a page that falls behind is told to ask anew."""

import pytest

from dashboard.live import QUEUE_LIMIT, RESYNC, Change, LiveHub
from dashboard.routes import stream
from dashboard.sessions import COOKIE
from tests.unit.dashboard.conftest import Browser, Ward


async def test_every_subscription_hears_every_change_in_order() -> None:
    hub = LiveHub()
    async with hub.subscribe() as one, hub.subscribe() as two:
        hub.publish("escalation_raised", "e1")
        hub.publish("escalation_changed", "e1")
        for page in (one, two):
            assert await page.next(timeout_seconds=1) == Change("escalation_raised", "e1")
            assert await page.next(timeout_seconds=1) == Change("escalation_changed", "e1")
    assert len(hub) == 0


async def test_silence_times_out_and_loses_nothing() -> None:
    hub = LiveHub()
    async with hub.subscribe() as page:
        with pytest.raises(TimeoutError):
            await page.next(timeout_seconds=0)
        hub.publish("contact_changed", "c1")
        assert await page.next(timeout_seconds=1) == Change("contact_changed", "c1")


async def test_a_page_that_falls_behind_is_told_to_resync() -> None:
    hub = LiveHub()
    async with hub.subscribe() as page:
        for number in range(QUEUE_LIMIT + 1):
            hub.publish("turn_stored", str(number))
        assert await page.next(timeout_seconds=1) == RESYNC
        assert await page.next(timeout_seconds=1) == Change("turn_stored", str(QUEUE_LIMIT))


async def test_closing_ends_open_pages_and_later_ones() -> None:
    hub = LiveHub()
    async with hub.subscribe() as early:
        hub.close()
        assert await early.next(timeout_seconds=1) is None
    async with hub.subscribe() as late:
        assert await late.next(timeout_seconds=1) is None


async def test_the_stream_tells_kinds_and_ids_beats_and_says_goodbye(ward: Ward, nurse: Browser) -> None:
    events = stream.events(ward.app.state.web, nurse.http.cookies[COOKIE], ward.live.told, beat_seconds=0)
    assert "event: beat" in await anext(events)
    ward.live.publish("escalation_raised", "e0001")
    assert await anext(events) == 'event: change\ndata: {"kind": "escalation_raised", "subject": "e0001"}\n\n'
    assert "event: beat" in await anext(events)
    ward.clock.passes(hours=13)
    assert "event: bye" in await anext(events)
    assert [event async for event in events] == [] and len(ward.live) == 0


async def test_what_happens_before_the_stream_begins_is_asked_for(ward: Ward, nurse: Browser) -> None:
    made = ward.live.told
    ward.live.publish("escalation_raised", "e0001")
    events = stream.events(ward.app.state.web, nurse.http.cookies[COOKIE], made, beat_seconds=0)
    assert "event: beat" in await anext(events)
    assert '"resync"' in await anext(events)
    await events.aclose()


async def test_a_page_says_at_which_count_it_was_made(ward: Ward, nurse: Browser) -> None:
    ward.live.publish("escalation_raised", "e0001")
    assert f'data-told="{ward.live.told}"' in (await nurse.get("/queue")).text
