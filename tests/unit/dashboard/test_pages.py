"""Patients, one patient, the day's contacts, one contact."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.model.answer import Answer, AnswerType
from agent.model.contact import Channel, ContactStatus
from agent.model.education import EducationDue
from agent.model.escalation import EscalationStatus
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.record import Event, TurnOutcome
from agent.model.turn import TurnKind
from tests.fakes import seed
from tests.unit.dashboard.conftest import START, Browser, Ward

Words = Callable[[str], str]
PAGES = (
    "/queue", "/calls", "/queue?show=resolved", "/escalations/e0003", "/patients", "/patients?q=王", "/search?q=疼",
    "/patients/p0003",
    "/patients/p0012", "/contacts", "/contacts?day=2020-01-01", "/contacts/c0001-7", "/contacts/c0012-3", "/password",
    "/nothing-here",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_chinese_self_contained_and_free_of_inline_code(nurse: Browser, path: str) -> None:
    html = (await nurse.get(path)).text
    assert re.findall(r'(?:src|href)="(?!/|#|tel:)', html) == []
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! type=\"module\" src=)", html)
    shown = re.sub(r"<kbd[^>]*>[^<]*</kbd>|<[^>]+>", " ", html)
    other_language = {"English"}  # the way to it
    assert set(re.findall(r"[A-Za-z]{2,}", shown)) <= {"mmHg", "kg", "Enter", "Esc"} | other_language


async def test_every_asset_a_page_names_is_there_and_cached_for_good(nurse: Browser) -> None:
    html = (await nurse.get("/queue")).text
    names = re.findall(r'"(/static/[^"]+)"', html)
    assert len(names) >= 5
    for name in [*names, *(names[0].rsplit("/", 1)[0] + f"/{module}.js" for module in ("queue", "player", "live"))]:
        answer = await nurse.get(name)
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    assert (await nurse.get("/static/x/..%2fapp.py")).status_code == 404
    assert (await nurse.get("/static/x/app.py")).status_code == 404


async def test_patients_are_listed_and_found_by_name_and_number(nurse: Browser, text_of: Words) -> None:
    everyone = text_of((await nurse.get("/patients")).text)
    assert all(person.name in everyone for person in seed.PEOPLE) and "12 位" in everyone
    found = text_of((await nurse.get("/patients?q=王秀")).text)
    assert "王秀英" in found and "李国强" not in found
    assert "王秀英" in (await nurse.get("/patients?q=1037")).text
    assert "没有找到“查无此人”" in (await nurse.get("/patients?q=查无此人")).text
    assert "&lt;b&gt;" in (await nurse.get("/patients?q=<b>")).text


async def test_a_list_covers_phone_numbers(nurse: Browser) -> None:
    html = (await nurse.get("/patients")).text
    assert "131 **** 1037" in html and "13100101037" not in html


async def test_a_patients_page_puts_answers_side_by_side_and_draws_readings(nurse: Browser, text_of: Words) -> None:
    page = (await nurse.get("/patients/p0003")).text
    words = text_of(page)
    assert "134/80 mmHg 138/82 mmHg 152/88 mmHg" in words
    assert "按医嘱服用 按医嘱服用 有漏服" in words
    assert "三天体重增加 2.4 公斤，超过 2 公斤" in words and "今天早上称体重了吗？" in words
    assert page.count('class="spark"') == 3 and 'class="dot outside"' in page
    assert "超出" in words


@pytest.mark.parametrize(("value", "shown"), [("136/78", "136/78 mmHg"), ("136/", "高压 136 mmHg")])
async def test_what_nobody_confirmed_says_so_and_is_no_point_of_a_line(
    ward: Ward, nurse: Browser, text_of: Words, value: str, shown: str
) -> None:
    async with ward.store.transaction() as records:
        last = (await records.turns("c0003-14"))[-1]
        left = Answer("pressure", AnswerType.BLOOD_PRESSURE, value, "一百三十六七十八", 0.6, last.turn.id,
                      unit="mmHg", unconfirmed=True)  # fmt: skip
        turn = replace(last.turn, id="left", kind=TurnKind.HANGUP)
        await records.save_turn(TurnOutcome(replace(last, seq=last.seq + 1, turn=turn), "{}", (left,)))
    words = text_of((await nurse.get("/patients/p0003")).text)
    assert f"134/80 mmHg 138/82 mmHg {shown}（未核对）" in words
    assert "152/88" not in words and words.count("136") == 1
    assert f"{shown}（未核对）" in text_of((await nurse.get("/escalations/e0003")).text)
    assert f"{shown}（未核对）" in text_of((await nurse.get("/patients/p0003/summary")).text)
    await nurse.post("/language", language="en")
    assert "（未核对）" not in text_of((await nurse.get("/patients/p0003")).text)


async def test_a_patient_with_nothing_yet_says_so(nurse: Browser, text_of: Words) -> None:
    words = text_of((await nurse.get("/patients/p0012")).text)
    assert "还没有读数" in words and "没有预警" in words
    assert "还没有触达" in (await nurse.get("/contacts/c0012-3")).text


async def test_the_days_contacts_are_a_ledger(nurse: Browser, text_of: Words) -> None:
    words = text_of((await nurse.get("/contacts")).text)
    assert "应随访 12 待随访 1 已完成 5 部分完成 5 未联系上 1" in words
    assert "周大勇 男 66 岁 心衰出院随访 · 第 3 天 未联系上 无人接听 1 无人接听" in words
    assert "11月21日 周六" in words
    assert "这一天没有随访任务" in (await nurse.get("/contacts?day=2020-01-01")).text
    assert (await nurse.get("/contacts?day=gestern")).status_code == 404


async def test_a_contact_that_nobody_moves_is_an_alarm_on_the_days_page(
    nurse: Browser, ward: Ward, text_of: Words
) -> None:
    assert "账已结平" in text_of((await nurse.get("/contacts")).text)
    async with ward.store.transaction() as records:
        stuck = await records.contact("c0012-3")
        await records.save_contact(replace(stuck, status=ContactStatus.IN_PROGRESS))
    words = text_of((await nurse.get("/contacts")).text)
    assert "有 1 项没有人推进" in words and "账已结平" not in words
    assert "有 1 项没有人推进" in text_of((await nurse.get("/contacts?day=2020-01-01")).text)


async def test_a_contact_names_its_pathways_version_and_that_nobody_signed_it(nurse: Browser, text_of: Words) -> None:
    for page in ("/contacts/c0004-7", "/patients/p0004"):
        words = text_of((await nurse.get(page)).text)
        assert "版本 1" in words and "草稿" in words


async def test_a_contact_shows_the_call_with_its_recording(nurse: Browser, text_of: Words) -> None:
    page = (await nurse.get("/contacts/c0004-7")).text
    assert 'data-src="/recordings/rc0004-7.wav"' in page and page.count('class="hear"') == 9
    assert "昨天晚上三十八度七，吃了退烧药" in text_of(page)
    for unknown in ("/contacts/none", "/patients/none"):
        assert (await nurse.get(unknown)).status_code == 404


async def test_a_card_says_how_the_transfer_to_a_nurse_stands(ward: Ward, nurse: Browser) -> None:
    async with ward.store.transaction() as records:
        card = (await records.escalations(status=EscalationStatus.OPEN))[0]
        attempt_id = card.evidence.attempt_id
        await records.add_event(Event("attempt", attempt_id, "answered", "transferring", START, "robot"))
    for page in ("/queue/list", f"/escalations/{card.id}"):
        assert "正在转接护士" in (await nurse.fragment(page)).text
    async with ward.store.transaction() as records:
        await records.add_event(Event("attempt", attempt_id, "answered", "transfer_not_taken", START, "robot"))
    page = (await nurse.fragment("/queue/list")).text
    assert "转接无人接听，已承诺回电" in page and "正在转接护士" not in page


async def test_a_patients_page_shows_the_education_that_waits_to_be_sent(
    nurse: Browser, ward: Ward, text_of: Words
) -> None:
    async with ward.store.transaction() as records:
        due = EducationDue("d1", "c0004-7", "p0004", "wound_care", "伤口护理", "保持干净。", ward.clock())
        await records.add_education(due)
        await records.add_education(replace(due, id="d2", item="diet", title="饮食", sent_at=ward.clock()))
    page = text_of((await nurse.get("/patients/p0004")).text)
    assert "伤口护理保持干净。待发送" in page and "饮食保持干净。已发送" in page


async def test_a_lesson_is_shown_with_its_picture(nurse: Browser, ward: Ward) -> None:
    async with ward.store.transaction() as records:
        due = EducationDue("d1", "c0001-7", "p0001", "weigh_daily", "每天称体重", "早上称。", ward.clock())
        await records.add_education(due)
        await records.add_education(replace(due, id="d2", item="activity", title="活动"))
    page = (await nurse.get("/patients/p0001")).text
    (address,) = re.findall(r'<img src="(/pathways/[^"]+)" alt="[^"]+"', page)
    picture = await nurse.get(address)
    assert address == "/pathways/heart_failure/pictures/weigh_daily" and picture.content.startswith(b"\x89PNG")


async def test_the_days_messages_stand_in_one_sum_with_the_reasons_of_failures(
    nurse: Browser, ward: Ward, text_of: Words
) -> None:
    message = Message("m1", Channel.SMS, "+8613900000001", MessageKind.NOTICE, "演习", START)
    failed = replace(message, id="m2", status=MessageStatus.FAILED, failed_why="bad_address")
    async with ward.store.transaction() as records:
        for each in (message, failed, replace(failed, id="m3", failed_why="30003")):
            await records.add_message(each)
    words = text_of((await nurse.get("/contacts")).text)
    assert "消息 3 条：待发送 1，未送达 2（号码或账号不对 1，30003 1）" in words and "没有发出" not in words
    ward.clock.passes(hours=1, seconds=1)
    assert "有 1 条消息一小时以上没有发出" in text_of((await nurse.get("/contacts")).text)
