"""What the second pass found, as a nurse sees it."""

from dataclasses import replace

from agent.model.contact import AttemptOutcome
from agent.model.second_pass import Difference, Rehearing, SecondPass, SecondPassStatus
from agent.model.turn import AudioSpan
from dashboard.views import review
from tests.unit.dashboard.conftest import START, Browser, Ward

PASSED = SecondPass(
    "ac0001-7",
    "c0001-7",
    SecondPassStatus.DONE,
    START,
    recogniser="whisper:base",
    finished_at=START,
    hearings=(Rehearing("tc0001-7-2", AudioSpan(12.0, 14.5), "有点喘", 0.8),),
    differences=(
        Difference("breath", "tc0001-7-2", "on_exertion", "none", "不怎么喘"),
        Difference("weight", "tc0001-7-9", None, 61.5, "六十一公斤半"),
    ),
)


async def stored(ward: Ward, passed: SecondPass) -> None:
    async with ward.store.transaction() as records:
        attempt = await records.attempt(passed.attempt_id)
        ended = replace(attempt, outcome=AttemptOutcome.COMPLETED, answered_at=START, ended_at=START)
        await records.save_attempt(ended)
        claimed = await records.claim_second_pass(ended_since=START, ended_before=START, now=START, hold_until=START)
        assert claimed is not None and claimed.attempt_id == passed.attempt_id
        await records.save_second_pass(passed)


async def test_answers_that_differ_are_listed_on_the_contact_s_page(ward: Ward, nurse: Browser) -> None:
    await stored(ward, PASSED)
    page = (await nurse.get("/contacts/c0001-7")).text
    assert "复听核对" in page and "2 处与通话中不一致" in page and "记录没有改动" in page
    assert "六十一公斤半" in page and "没有听清" in page
    assert 'data-start="12.0" data-end="14.5"' in page


async def test_the_day_s_list_leads_to_what_is_to_be_checked(ward: Ward, nurse: Browser) -> None:
    async with ward.store.transaction(write=False) as records:
        day = (await records.contact("c0001-7")).planned_for
    assert "待核" not in (await nurse.get(f"/contacts?day={day}")).text
    await stored(ward, PASSED)
    page = (await nurse.get(f"/contacts?day={day}")).text
    assert page.count("复听 2 处待核") == 1 and 'class="second-pass" href="/contacts/c0001-7"' in page


async def test_a_nurse_who_has_listened_ends_it_once(ward: Ward, nurse: Browser) -> None:
    await stored(ward, PASSED)
    page = (await nurse.get("/contacts/c0001-7")).text
    assert "已听录音核对" in page
    for _ in range(2):
        answer = await nurse.post("/second-passes/ac0001-7/checked")
        assert (answer.status_code, answer.headers["location"]) == (303, "/contacts/c0001-7")
    page = (await nurse.get("/contacts/c0001-7")).text
    assert "李静已核对" in page and "<table" in page and "已听录音核对" not in page
    async with ward.store.transaction(write=False) as records:
        assert await records.differences(["c0001-7"]) == {}
        (event,) = await records.events("second_pass", "ac0001-7")
    assert (event.to_status, event.actor) == ("checked", "lijing")


async def test_what_is_not_over_cannot_be_checked(ward: Ward, nurse: Browser) -> None:
    await stored(ward, replace(PASSED, status=SecondPassStatus.FAILED))
    for attempt in ("ac0001-7", "nobody"):
        assert (await nurse.post(f"/second-passes/{attempt}/checked")).status_code == 404


async def test_a_pass_that_agreed_is_one_line(ward: Ward, nurse: Browser) -> None:
    await stored(ward, replace(PASSED, differences=()))
    page = (await nurse.get("/contacts/c0001-7")).text
    assert "录音已复听，回答与通话中一致" in page and "<table" not in page


async def test_a_pass_that_is_still_due_says_nothing(ward: Ward, nurse: Browser) -> None:
    await stored(ward, replace(PASSED, status=SecondPassStatus.DUE, differences=()))
    assert "复听" not in (await nurse.get("/contacts/c0001-7")).text
    async with ward.store.transaction(write=False) as records:
        assert await review.load(records, ward.deps, await records.contact("c0001-7")) == ()


async def test_a_card_of_the_second_pass_says_so_and_what_the_call_heard(ward: Ward, nurse: Browser) -> None:
    before = await nurse.get("/escalations/e0001")
    assert "复听发现" not in before.text
    async with ward.store.transaction() as records:
        card = await records.escalation("e0001")
        again = replace(card.evidence, words="就是这两天胸口疼", span=(5, 8))
        await records.save_escalation(replace(card, by_second_pass=True, evidence=again))
    page = (await nurse.get("/escalations/e0001")).text
    assert page.count("复听发现") >= 2  # in the queue and on the card
    assert "通话中听为“" in page and "请听录音核对" in page
