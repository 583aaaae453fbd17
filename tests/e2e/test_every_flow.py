"""The flows of the workstation that no other file walks through, each in a real browser."""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from agent.escalation import states
from agent.escalation.clock_file import house_clocks
from agent.model.clock import hospital_day, utc_now
from agent.model.contact import Channel, Contact
from agent.model.escalation import EscalationKind, EscalationStatus
from agent.model.finding import Level
from agent.model.message import Message
from agent.model.record import OutboxKind
from agent.store.open import migrate
from agent.triage import labelled
from cli import main as suifang
from tests.e2e.dashboard_ward import CHROMIUM, RunningWard, running_ward, sign_in
from tests.fakes import seed

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")
CHARGE, DOCTOR, PAGER = "+8613800000001", "openid-of-the-doctor", "https://pager.example/x"


@pytest.fixture
def coordinator(browser: Browser, ward: RunningWard) -> Iterator[Page]:
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
    sign_in(page, ward.address, "zhaomin")
    yield page
    page.context.close()


def take(page: Page) -> None:
    page.keyboard.press("t")
    expect(page.locator(".evidence .state")).to_contain_text("我正在处理")


async def messages(ward: RunningWard) -> list[Message]:
    async with ward.store.transaction(write=False) as records:
        return list(await records.messages())


def about(message: Message) -> bool:
    """Whether it leads to the card that was left."""
    return "/escalations/left" in f"{message.link} {message.text}"


async def contacts(ward: RunningWard, patient_id: str) -> list[Contact]:
    async with ward.store.transaction(write=False) as records:
        return list(await records.contacts(patient_id=patient_id))


def test_a_red_card_that_nobody_takes_climbs_by_every_way_and_says_so(page: Page, ward: RunningWard) -> None:
    charge, doctor = house_clocks().ladder
    ladder = (replace(charge, sms=(CHARGE,), webhook=(PAGER,)), replace(doctor, wechat=(DOCTOR,)))
    policy = replace(house_clocks(), ladder=ladder)
    waits = replace(seed.escalation(7, ward.began, EscalationKind.RED_FLAG, 0), id="left", level=Level.RED)
    known = {each.to for each in ward.do(messages(ward))}
    ward.alarm(replace(waits, created_at=utc_now() - timedelta(minutes=6)))
    shown = page.locator(".card[data-id=left]")
    expect(shown).to_be_visible()
    ward.time_passes(policy, lambda card: f"{ward.address}/escalations/{card}")
    expect(shown.locator(".told")).to_have_text("已上报护士长")
    told = [each for each in ward.do(messages(ward)) if each.to not in known and about(each)]
    assert {(each.channel, each.to) for each in told} == {(Channel.SMS, CHARGE), (Channel.WEBHOOK, PAGER)}

    async def waited_longer() -> None:
        async with ward.store.transaction() as records:
            card = await records.escalation("left")
            await records.save_escalation(replace(card, created_at=utc_now() - timedelta(minutes=11)))

    ward.do(waited_longer())
    ward.time_passes(policy, lambda card: f"{ward.address}/escalations/{card}")
    expect(shown.locator(".told")).to_have_text("已上报值班医生")
    assert {each.channel for each in ward.do(messages(ward)) if each.to == DOCTOR and about(each)} == {Channel.WECHAT}
    name = page.locator(".card[data-id=left] .name").inner_text()
    assert not [each for each in ward.do(messages(ward)) if about(each) and name in each.text]
    page.goto(f"{ward.address}/escalations/left")
    take(page)
    assert ward.time_passes(policy, str) == 0 and ward.stored("left").told == 0


def test_a_card_is_given_back_put_off_and_comes_back_by_itself(page: Page, ward: RunningWard) -> None:
    page.goto(f"{ward.address}/escalations/e0003")
    take(page)
    page.get_by_role("button", name="释放").click()
    expect(page.locator(".evidence .state")).to_contain_text("待接手")
    page.keyboard.press("m")
    page.select_option("[name=minutes]", "15")
    page.fill("[name=why]", "等家属回电")
    page.keyboard.press("Enter")
    expect(page.locator(".card[data-id=e0003]")).to_have_class(re.compile("snoozed"))
    asleep = ward.stored("e0003")
    assert asleep.status is EscalationStatus.SNOOZED and asleep.snoozed_until

    async def its_time_came() -> None:
        async with ward.store.transaction() as records:
            card = await records.escalation("e0003")
            await records.save_escalation(replace(card, snoozed_until=utc_now() - timedelta(seconds=1)))

    ward.do(its_time_came())
    ward.time_passes(house_clocks(), str)
    expect(page.locator(".card[data-id=e0003]")).to_have_class(re.compile("open"))


def test_a_card_joined_to_another_leads_there_while_it_is_open(page: Page, ward: RunningWard) -> None:
    card = ward.stored("e0001")
    half = replace(card.evidence, words="胸口有点闷", span=(0, 5))
    ward.alarm(replace(card, id="early", rule="chest_discomfort", evidence=half, created_at=utc_now()))
    page.goto(f"{ward.address}/escalations/early")
    expect(page.locator(".evidence .state")).to_contain_text("待接手")

    async def joined() -> None:
        async with ward.store.transaction() as records:
            await records.save_escalation(states.joined(await records.escalation("early"), utc_now()))
            await records.save_escalation(replace(await records.escalation("e0001"), also=(half,)))
        for changed in ("early", "e0001"):
            ward.live.publish(OutboxKind.ESCALATION_CHANGED.value, changed)

    ward.do(joined())
    expect(page.locator(".card[data-id=early]")).to_have_count(0)
    page.get_by_role("link", name="并入同一句话的预警").click()
    expect(page.locator(".evidence")).to_have_attribute("data-id", "e0001")
    expect(page.locator(".evidence")).to_contain_text("话没说完时听成")


def test_a_call_begins_from_the_card_by_ones_own_phone_or_by_the_robot(page: Page, ward: RunningWard) -> None:
    page.goto(f"{ward.address}/escalations/e0001")
    page.keyboard.press("c")
    expect(page.locator("#call .number").first).to_have_attribute("href", re.compile(r"^tel:\+861"))
    page.locator("#call").get_by_role("button", name="现在由机器人拨打").click()
    expect(page.get_by_role("status").filter(has_text="已排到最前")).to_be_visible()


def test_tomorrows_call_and_a_moved_day_stand_in_the_plan(page: Page, ward: RunningWard) -> None:
    before = {each.id for each in ward.do(contacts(ward, "p0001"))}
    page.goto(f"{ward.address}/escalations/e0001")
    take(page)
    page.keyboard.press("r")
    page.keyboard.press("2")
    page.check("[name=recall]")
    page.locator("#resolve form button").click()
    expect(page.locator("#toast")).to_contain_text("已处理")
    (again,) = [each for each in ward.do(contacts(ward, "p0001")) if each.id not in before]
    assert again.planned_for == hospital_day(utc_now()) + timedelta(days=1)
    page.goto(f"{ward.address}/patients/p0001")
    page.get_by_text("调整计划").click()
    row = page.locator(f"form[action='/contacts/{again.id}/move']")
    day = again.planned_for + timedelta(days=3)
    row.locator("[name=day]").fill(day.isoformat())
    row.locator("[name=why]").fill("家属要求")
    row.get_by_role("button", name="改期").click()
    expect(page.get_by_role("status").first).to_be_visible()
    moved = next(each for each in ward.do(contacts(ward, "p0001")) if each.id == again.id)
    assert hospital_day(moved.due_at) == day


def test_the_sound_is_switched_on_and_stays_so(page: Page, ward: RunningWard) -> None:
    expect(page.locator("#sound")).to_have_text("提示音 关", use_inner_text=True)
    page.locator("#sound").click()
    page.reload()
    expect(page.locator("#sound")).to_have_text("提示音 开", use_inner_text=True)


def test_every_figure_opens_its_list_and_lists_leave_as_files(coordinator: Page, ward: RunningWard) -> None:
    page = coordinator
    page.goto(f"{ward.address}/insight")
    links = page.locator("main a[href^='/insight/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(set(links)) >= 20
    for href in dict.fromkeys(links):
        page.goto(ward.address + href)
        expect(page.get_by_role("link", name="返回洞察")).to_be_visible()
    page.goto(f"{ward.address}/insight/cards?kind=red_flag")
    rows = page.locator("table.listed tbody tr").count()
    for file, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        with page.expect_download() as got:
            page.get_by_role("link", name=file.upper()).click()
        sent = Path(got.value.path()).read_bytes()
        assert got.value.suggested_filename == f"list.{file}" and sent.startswith(begins)
        assert file != "csv" or len(sent.decode("utf-8-sig").strip().splitlines()) == rows + 1


def test_a_page_on_a_wall_shows_figures_and_no_names_until_it_is_withdrawn(browser: Browser, ward: RunningWard) -> None:
    admin, wall = (browser.new_context(locale="zh-CN").new_page() for _ in range(2))
    sign_in(admin, ward.address, "admin")
    admin.goto(f"{ward.address}/displays")
    admin.get_by_label("名称").fill("护士站")
    admin.get_by_role("button", name="建立链接").click()
    wall.goto(admin.locator(".secret").inner_text())
    expect(wall.locator("body")).to_contain_text("待接手")
    assert "王秀英" not in wall.content() and "心口疼" not in wall.content()
    admin.get_by_role("button", name="撤销").click()
    wall.reload()
    expect(wall.locator("body")).not_to_contain_text("待接手")
    for page in (admin, wall):
        page.context.close()


def test_a_session_ends_at_the_door_and_when_an_administrator_ends_it(page: Page, ward: RunningWard) -> None:
    async def sealed() -> None:
        async with ward.store.transaction() as records:
            user = await records.user("lijing")
            assert user is not None
            await records.save_user(replace(user, seal="another"))

    ward.do(sealed())
    page.goto(f"{ward.address}/patients/p0001")
    expect(page).to_have_url(re.compile("/login"))
    page.fill("[name=name]", "lijing")
    page.fill("[name=password]", seed.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".patient-head h1")).to_have_text("王秀英")
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile("/login"))
    page.go_back()
    page.goto(f"{ward.address}/queue")
    expect(page).to_have_url(re.compile("/login"))


@pytest.mark.parametrize("text", ["王秀英", "0010"])
def test_a_patient_is_found_by_name_and_by_part_of_the_number(page: Page, ward: RunningWard, text: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.locator("main a[href='/patients/p0001']").first.click()
    expect(page.locator(".patient-head h1")).to_have_text("王秀英")


def test_what_a_nurse_marks_is_a_case_that_fails_until_it_is_read_right(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, file = f"sqlite:///{tmp_path / 'suifang.db'}", tmp_path / "labelled.yml"
    migrate(url)
    monkeypatch.setenv("SUIFANG_DATABASE_URL", url)
    monkeypatch.setenv("SUIFANG_CONFIG", os.devnull)

    def run(*words: str) -> int:
        """In a thread of its own: the browser's driver holds this one's loop."""
        with ThreadPoolExecutor(1) as alone:
            return alone.submit(suifang, ["cases", *words]).result()

    with running_ward(tmp_path, url=url) as ward:
        page = browser.new_context(locale="zh-CN").new_page()
        sign_in(page, ward.address)
        page.goto(f"{ward.address}/escalations/e0001")
        line = page.locator(".line.patient").first
        line.hover()
        line.get_by_role("button", name="漏报").click()
        expect(line).to_contain_text("已记漏报")
        page.keyboard.press("f")
        expect(page.locator("#toast")).to_be_visible()
        page.context.close()
        assert run("export", "--out", str(file)) == 0
        assert {each.label for each in labelled.load(file)} == {"missed", "false_alarm"}
        assert any("心口疼" in each.words for each in labelled.load(file))
        assert run("check", str(file)) == 1  # it is still read as it was marked
