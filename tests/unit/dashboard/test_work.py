"""The queue, the evidence, and what nurses do to a card, alone and two at once."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agent.escalation import states, under_way
from agent.model.escalation import Disposition, Escalation, EscalationStatus, Evidence
from agent.model.record import Event, OutboxKind
from agent.store.ports import StaleVersion
from dashboard.actions import Actions
from dashboard.views.case import clip_of
from tests.fakes import seed
from tests.unit.dashboard.conftest import START, Browser, Ward

Words = Callable[[str], str]


def names_in(html: str) -> list[str]:
    return re.findall(r'<b class="name">([^<]+)</b>', html)


async def stored(ward: Ward, escalation_id: str = "e0001") -> Escalation:
    async with ward.store.transaction(write=False) as records:
        return await records.escalation(escalation_id)


async def test_red_cards_come_first_then_the_longest_waiting_then_what_is_taken(nurse: Browser) -> None:
    page = await nurse.get("/queue")
    assert names_in(page.text) == ["陈志明", "王秀英", "张桂兰", "刘淑珍", "李国强", "何丽华", "赵建华"]


async def test_ones_own_taken_cards_come_first_and_a_link_leads_there(ward: Ward, nurse: Browser) -> None:
    async with ward.store.transaction() as records:
        one, _ = states.take(await records.escalation("e0003"), "lijing", ward.clock())  # yellow
        await records.save_escalation(one)
        other, _ = states.take(await records.escalation("e0001"), "wangfang", ward.clock())
        await records.save_escalation(other)
    page = (await nurse.get("/queue")).text
    assert '<a class="to-taken" href="#taken">处理中 3</a>' in page
    taken = page.split('id="taken"')[1]
    assert re.findall(r'data-id="(e\d+)"', taken)[0] == "e0003"


async def test_the_first_red_card_is_open_on_arrival(nurse: Browser, text_of: Words) -> None:
    page = await nurse.get("/queue")
    assert 'data-id="e0004"' in page.text.split('id="case"')[1]
    assert "术后第 7 天高热，伤口红肿渗液" in text_of(page.text)


async def test_a_card_shows_the_patients_words_with_the_phrase_marked(nurse: Browser) -> None:
    cards = (await nurse.fragment("/queue/list")).text
    assert '开始<mark class="alarm red">心口疼</mark>，一阵' in cards
    assert "我这药到底要吃多久，你让大夫给我说" in cards  # a request: no phrase of it is the reason


async def test_the_evidence_tells_findings_apart_by_status(ward: Ward, nurse: Browser, text_of: Words) -> None:
    pane = (await nurse.fragment("/escalations/e0001")).text
    words = text_of(pane)
    assert "平卧憋气 否认" in words and "胸痛 有" in words and "脚肿 既往" in words
    start, end = clip_of(await stored(ward)) or (0, 0)
    assert f'data-from="{start}" data-to="{end}"' in pane and "<html" not in pane


async def test_words_are_text_never_markup(ward: Ward, nurse: Browser) -> None:
    async with ward.store.transaction() as records:
        row = await records.escalation("e0001")
        nasty = Evidence("<script>alert(1)</script>", (0, 8), "t", "a", None, 1.0, False)
        await records.save_escalation(replace(row, evidence=nasty, reason="<img src=x>"))
    page = (await nurse.get("/escalations/e0001")).text
    assert "<script>alert" not in page and "<img" not in page and "&lt;script&gt;" in page


async def test_taking_resolving_and_the_notes_on_the_way(ward: Ward, nurse: Browser, text_of: Words) -> None:
    taken = await nurse.post("/escalations/e0001/take")
    assert taken.status_code == 200 and "我正在处理" in text_of(taken.text)
    ward.clock.passes(minutes=3)
    assert (await nurse.post("/escalations/e0001/note", note="家属已叫车")).status_code == 200
    done = await nurse.post("/escalations/e0001/resolve", disposition="emergency_called", note="已送急诊")
    assert "李静已处理 · 已呼叫急救" in text_of(done.text)
    row = await stored(ward)
    assert (row.status, row.owner, row.disposition) == (
        EscalationStatus.RESOLVED,
        "lijing",
        Disposition.EMERGENCY_CALLED,
    )
    assert (row.taken_at, row.resolved_at) == (START, START + timedelta(minutes=3))
    assert row.note == "11-21 11:03 李静：家属已叫车\n11-21 11:03 李静：已送急诊"
    async with ward.store.transaction(write=False) as records:
        steps = [(event.to_status, event.reason) for event in await records.events("escalation", "e0001")]
        assert steps == [("taken", None), ("taken", "note"), ("resolved", "emergency_called")]
    async with ward.store.transaction() as records:
        told = await records.claim_outbox(limit=10, now=ward.clock.at)
        assert [(m.kind, m.subject) for m in told] == [(OutboxKind.ESCALATION_CHANGED, "e0001")] * 3


async def test_the_second_nurse_is_told_who_has_it(ward: Ward, nurse: Browser, text_of: Words) -> None:
    other = await ward.nurse("wangfang")
    assert (await nurse.post("/escalations/e0001/take")).status_code == 200
    for action, form in (("take", {}), ("release", {}), ("resolve", {"disposition": "advised"})):
        refused = await other.post(f"/escalations/e0001/{action}", **form)
        assert refused.status_code == 409 and "李静 已接手，正在处理" in text_of(refused.text)
    assert (await stored(ward)).owner == "lijing"
    plain = await other.post("/escalations/e0001/take", scripted=False)
    assert plain.status_code == 409 and "李静 已接手" in plain.text and "<html" in plain.text


async def test_of_two_nurses_at_the_same_moment_one_gets_it(ward: Ward, nurse: Browser) -> None:
    other = await ward.nurse("wangfang")
    tokens = [await nurse.token(), await other.token()]
    answers = await asyncio.gather(
        *(
            browser.http.post("/escalations/e0001/take", data={"token": token}, headers={"x-fragment": "1"})
            for browser, token in zip((nurse, other), tokens, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_taking_twice_and_releasing(ward: Ward, nurse: Browser, text_of: Words) -> None:
    for _ in range(2):
        assert (await nurse.post("/escalations/e0001/take")).status_code == 200
    assert (await nurse.post("/escalations/e0001/release")).status_code == 200
    assert (await stored(ward)).status is EscalationStatus.OPEN
    again = await nurse.post("/escalations/e0001/release")
    assert again.status_code == 409 and "没有人接手" in text_of(again.text)


async def test_an_administrator_gives_back_a_colleagues_card(ward: Ward) -> None:
    boss = await ward.nurse("admin")
    assert (await boss.post("/escalations/e0006/release")).status_code == 200
    assert (await stored(ward, "e0006")).owner is None


async def test_a_false_alarm_is_one_tap(ward: Ward, nurse: Browser) -> None:
    assert (await nurse.post("/escalations/e0011/resolve", disposition="false_alarm")).status_code == 200
    row = await stored(ward, "e0011")
    assert row.disposition is Disposition.FALSE_ALARM and row.taken_at == row.resolved_at


async def test_a_finished_card_stays_finished(ward: Ward, nurse: Browser, text_of: Words) -> None:
    before = await stored(ward, "e0010")
    refused = await nurse.post("/escalations/e0010/resolve", disposition="advised")
    assert refused.status_code == 409 and "王芳 已处理完这条预警" in text_of(refused.text)
    assert await stored(ward, "e0010") == before


async def test_an_unknown_disposition_and_an_unknown_card(nurse: Browser) -> None:
    assert (await nurse.post("/escalations/e0001/resolve", disposition="eaten")).status_code == 400
    assert (await nurse.post("/escalations/none/take")).status_code == 404
    assert "没有找到" in (await nurse.get("/escalations/none")).text


async def test_a_plain_form_comes_back_to_the_page(nurse: Browser) -> None:
    answer = await nurse.post("/escalations/e0001/take", scripted=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/escalations/e0001")


async def test_an_action_is_told_to_every_open_page(ward: Ward, nurse: Browser) -> None:
    async with ward.live.subscribe() as page:
        await nurse.post("/escalations/e0001/take")
        change = await page.next(timeout_seconds=1)
        assert change and (change.kind, change.subject) == ("escalation_changed", "e0001")


async def test_a_write_in_between_is_decided_anew(ward: Ward) -> None:
    async with ward.store.transaction(write=False) as records:
        user = await records.user("lijing")
    assert user
    actions, tries = Actions(ward.deps(), user), []

    def change(before: Escalation, now: datetime) -> tuple[Escalation, Event]:
        tries.append(before.version)
        if len(tries) == 1:
            raise StaleVersion("escalation")
        return states.take(before, "lijing", now)

    await actions._apply("e0001", change)
    assert tries == [1, 1] and (await stored(ward)).owner == "lijing"


async def test_an_empty_queue_says_so(ward: Ward, nurse: Browser, text_of: Words) -> None:
    for each in seed.escalations(START):
        if each.status is not EscalationStatus.RESOLVED:
            who = await ward.nurse("wangfang") if each.owner else nurse
            await who.post(f"/escalations/{each.id}/resolve", disposition="advised")
    page = await nurse.get("/queue")
    assert "没有待处理的预警" in text_of(page.text) and "今日已处理 8 条" in text_of(page.text)
    done = await nurse.get("/queue?show=resolved")
    assert len(names_in(done.text)) == 8


async def test_a_card_says_how_sure_its_words_are_where_they_are_not(ward: Ward, nurse: Browser) -> None:
    cards = re.split(r'<li><a class="card', (await nurse.get("/queue/list")).text)
    doubted = {name for name in (person.name for person in seed.PEOPLE) for card in cards
               if name in card and "把握" in card}  # fmt: skip
    async with ward.store.transaction(write=False) as records:
        patients = {each.id: each.name for each in await records.patients()}
        stored = [each for each in await records.escalations() if each.status is not EscalationStatus.RESOLVED]
    unsure = [each for each in stored if each.evidence.words and each.evidence.confidence < 0.8]
    expected = {patients[each.patient_id] for each in unsure}
    assert doubted == expected and doubted


@pytest.mark.parametrize(
    ("added", "badge", "english"),
    [
        ("", "", ""),
        (under_way.UNDER_WAY, "患者还在说", "the patient is still speaking"),
        (under_way.CUT_OFF, "后面的话没有听清", "what followed was not understood"),
        ("；听完整句后：患者否认", "听完整句后：患者否认", "after the whole words: the patient says no"),
        (f"；听完整句后：{under_way.NOT_AGAIN}", "听完整句后：没有再听到", "after the whole words: not heard again"),
    ],
)
async def test_a_card_of_words_under_way_says_what_became_of_them(
    ward: Ward, nurse: Browser, added: str, badge: str, english: str
) -> None:
    async with ward.store.transaction() as records:
        card = await records.escalation("e0001")
        await records.save_escalation(replace(card, reason=f"术后第 7 天高热，发热{added}"))
    for language, shown in (("zh", badge), ("en", english)):
        await nurse.post("/language", language=language)
        pages = re.split(r'<li><a class="card', (await nurse.get("/queue/list")).text)
        (its_own,) = (each for each in pages if 'data-id="e0001"' in each)
        badges = re.findall(r'<span class="spoken">([^<]+)</span>', its_own)
        assert badges == ([shown] if shown else [])
        assert its_own.split('<span class="why">')[1].split("</span>")[0].endswith("术后第 7 天高热，发热")


async def test_what_joined_another_card_is_no_work_and_leads_there(ward: Ward, nurse: Browser, text_of: Words) -> None:
    async with ward.store.transaction() as records:
        card = await records.escalation("e0001")
        half = replace(card.evidence, words="胸口有点闷", span=(0, 5))
        joined = states.joined(replace(card, id="early", rule="chest_discomfort", evidence=half), ward.clock())
        await records.add_escalation(joined)
        await records.save_escalation(replace(card, also=(half,)))
    pane = (await nurse.fragment("/escalations/early")).text
    assert '<a href="/escalations/e0001">并入同一句话的预警</a>' in pane and 'id="take"' not in pane
    whole = text_of((await nurse.fragment("/escalations/e0001")).text)
    assert "话没说完时听成：" in whole and "胸口有点闷" in whole and "还说过" not in whole
    assert "又说" not in (await nurse.fragment("/queue/list")).text
    assert "early" not in (await nurse.fragment("/queue/list?show=resolved")).text


async def test_nobody_joins_cards_by_hand(nurse: Browser, ward: Ward) -> None:
    assert (await nurse.post("/escalations/e0001/resolve", disposition="joined")).status_code == 400
    assert (await stored(ward)).status is EscalationStatus.OPEN
