"""Whom nobody reached, and what a person does about it."""

from collections.abc import Callable

from agent.model.contact import Contact, ContactStatus
from agent.model.people import Patient
from agent.model.urgency import Urgency
from tests.unit.dashboard.conftest import START, Ward

Words = Callable[[str], str]
WHERE = "c0008-3"


async def stored(ward: Ward) -> tuple[Contact, Patient]:
    async with ward.store.transaction(write=False) as records:
        return await records.contact(WHERE), await records.patient("p0008")


async def test_the_list_says_how_it_was_tried_and_lets_the_robot_try_once_more(ward: Ward, text_of: Words) -> None:
    browser = await ward.nurse("zhaomin")
    page = text_of((await browser.get("/unreachable")).text)
    assert "周大勇" in page and "心衰出院随访 · 第 3 天" in page and "无人接听" in page and "王秀英" not in page
    answer = await browser.post(f"/contacts/{WHERE}/again", back="unreachable")
    assert answer.headers["location"] == "/unreachable?said=saved"
    contact, _ = await stored(ward)
    assert (contact.status, contact.due_at, contact.urgency) == (ContactStatus.DUE, START, Urgency.CALL_BACK)
    assert "没有未联系上的患者" in text_of((await browser.get("/unreachable")).text)
    again = await browser.post(f"/contacts/{WHERE}/again", back="unreachable")
    assert again.headers["location"] == "/unreachable?said=refused"


async def test_another_number_is_checked_kept_and_called(ward: Ward, text_of: Words) -> None:
    browser = await ward.nurse("zhaomin")
    wrong = await browser.post(f"/contacts/{WHERE}/number", phone="1390010", back="unreachable")
    assert wrong.headers["location"] == "/unreachable?said=phone_length"
    assert "手机号应为 11 位" in text_of((await browser.get("/unreachable?said=phone_length")).text)
    await browser.post(f"/contacts/{WHERE}/number", phone="139 0010 2233", back="unreachable")
    contact, patient = await stored(ward)
    assert (contact.status, patient.phone) == (ContactStatus.DUE, "+8613900102233")
    async with ward.store.transaction(write=False) as records:
        (event,) = await records.events("patient", "p0008")
    assert (event.to_status, event.reason, event.actor) == ("edited", "phone", "zhaomin")


async def test_it_is_waived_with_a_reason_or_left_alone(ward: Ward) -> None:
    auditor = await ward.nurse("audit")
    assert "/again" not in (await auditor.get("/unreachable")).text
    assert (await auditor.post(f"/contacts/{WHERE}/again")).status_code == 403
    browser = await ward.nurse()
    answer = await browser.post(f"/contacts/{WHERE}/waive", why="联系方式有误", back="unreachable")
    assert answer.headers["location"] == "/unreachable?said=saved"
    contact, _ = await stored(ward)
    assert (contact.status, contact.reason) == (ContactStatus.WAIVED, "联系方式有误")
