"""A nurse's open page in a real browser while a call is being handed to her: the card says how it stands, by itself."""

from pathlib import Path

import pytest

from agent.model.clock import utc_now
from agent.model.escalation import EscalationStatus
from agent.model.record import Event
from tests.e2e.dashboard_ward import RunningWard, chromium, running_ward, sign_in

STEPS = {
    "transferring": "正在转接护士",
    "transfer_not_taken": "转接无人接听，已承诺回电",
    "transferred": "已转接，护士已接听",
}


async def stands(ward: RunningWard, word: str) -> str:
    """The first waiting card's attempt gets the event, and the page is told as the runner tells it."""
    async with ward.store.transaction() as records:
        card = (await records.escalations(status=EscalationStatus.OPEN))[0]
        await records.add_event(Event("attempt", card.evidence.attempt_id, "answered", word, utc_now(), "robot"))
    ward.live.publish("escalation_changed", card.id)
    return card.id


@pytest.mark.long
def test_the_card_says_how_the_transfer_stands_without_a_reload(tmp_path: Path) -> None:
    with running_ward(tmp_path) as ward, chromium() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
        sign_in(page, ward.address)
        while not len(ward.live):
            page.wait_for_timeout(50)  # the page listens
        for word, shown in STEPS.items():
            card = ward.do(stands(ward, word))
            line = page.locator(f'.card[data-id="{card}"] .transfer')
            line.filter(has_text=shown).wait_for(timeout=20_000)
            page.screenshot(path=str(tmp_path / f"{word}.png"))
        page.goto(f"{ward.address}/escalations/{card}")
        assert page.locator(".case-head .transfer").inner_text() == STEPS["transferred"]
        page.screenshot(path=str(tmp_path / "case.png"))
