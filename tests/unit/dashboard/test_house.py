"""The pages about the house: lines, calling hours, pathways."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import ContactStatus
from agent.model.education import LessonPicture
from agent.model.record import Role, User
from agent.model.trunk import Circuit, Trunk
from dashboard.app import create
from folders import PATHWAYS
from settings import Settings
from tests.fakes import desk, seed
from tests.fakes.memory_store import MemoryStore
from tests.unit.dashboard.conftest import START, Browser, Ward
from wiring.calling_hours import calendar_of
from wiring.house import HoursFile, Pathways

Words = Callable[[str], str]


def form_of(page: httpx.Response) -> dict[str, str]:
    """The table as the page shows it."""
    found = re.findall(r'name="((?:days|hours|name)-\d+)" value="([^"]*)"', page.text)
    return dict(found)


async def test_another_hour_holds_from_the_next_call_on(ward: Ward, tmp_path: Path, text_of: Words) -> None:
    calendar = calendar_of(Settings(data=tmp_path))  # as the scheduler has held it since the start
    sunday = datetime(2027, 1, 3, 16, 0, tzinfo=HOSPITAL_ZONE)
    assert calendar.open_at(sunday)
    browser = await ward.nurse("zhaomin")
    form = form_of(await browser.get("/hours"))
    line = next(key for key, value in form.items() if value == "周日").removeprefix("days-")
    form[f"hours-{line}"] = "10:00-11:30"
    assert (await browser.post("/hours", **form)).headers["location"] == "/hours?said=saved"
    assert not calendar.open_at(sunday) and calendar.open_at(sunday.replace(hour=10))
    assert "10:00-11:30" in (await browser.get("/hours")).text and "除夕、初一" in (await browser.get("/hours")).text
    async with ward.store.transaction(write=False) as records:
        (event,) = await records.events("house", "calling_hours")
    assert (event.actor, event.to_status) == ("zhaomin", "changed")


async def test_calls_at_any_time_are_told_as_such_and_show_no_table(ward: Ward, tmp_path: Path) -> None:
    table, deps = HoursFile(Settings(data=tmp_path, calling_hours="always")), ward.deps()
    ward.app = create(replace(deps, house=replace(deps.house, hours=table)))
    page = await (await ward.nurse("zhaomin")).get("/hours")
    assert not form_of(page) and "任何时间都会拨打" in page.text and "SUIFANG_CALLING_HOURS=always" in page.text


async def test_a_line_that_cannot_be_read_changes_nothing_and_says_what_to_write(
    ward: Ward, tmp_path: Path, text_of: Words
) -> None:
    browser = await ward.nurse("zhaomin")
    form = form_of(await browser.get("/hours"))
    for key, value in (("hours-2", "早上"), ("days-3", "")):
        form[key] = value
    page = await browser.post("/hours", **form)
    words = text_of(page.text)
    assert page.status_code == 422 and 'value="早上"' in page.text
    assert "看不懂“早上”；请写成 9:00-12:00" in words and "没有保存" in words
    assert not (tmp_path / "calling_hours.csv").exists()
    form |= {"hours-2": "不打", "days-3": "", "hours-3": "", "name-3": ""}
    assert "缺少：周四" in text_of((await browser.post("/hours", **form)).text)
    nurse = await ward.nurse()
    assert (await nurse.get("/hours")).status_code == 403 and (await nurse.post("/hours", **form)).status_code == 403


async def test_a_line_says_what_it_carries_and_what_is_wrong_with_it(ward: Ward, text_of: Words) -> None:
    browser = await ward.nurse("zhaomin")
    words = text_of((await browser.get("/lines")).text)
    assert "Twilio 正常" in words and "0 / 5 路" in words and "问卷完成" in words
    async with ward.store.transaction() as records:
        await records.hold_trunk("twilio", START)
        broken = Trunk("twilio", Circuit.OPEN, START - timedelta(minutes=4), 1.0, START, "carrier_down")
        await records.save_trunk(broken)
    words = text_of((await browser.get("/lines")).text)
    assert "停用中" in words and "运营商没有响应" in words and "每分钟自动试拨" in words


async def test_a_line_without_calls_says_that_it_has_made_none(tmp_path: Path, text_of: Words) -> None:
    empty = Ward(MemoryStore(), tmp_path)
    async with empty.store.transaction() as records:
        await records.add_user(User("zhaomin", "赵敏", Role.COORDINATOR, seed.HASHED))
    words = text_of((await (await empty.nurse("zhaomin")).get("/lines")).text)
    assert "Twilio 还没有拨过" in words and "正常" not in words


class Emptied(Pathways):
    """A folder whose pictures go between the moment they are found and that in which they are read."""

    def picture(self, name: str, lesson: str) -> LessonPicture:
        return LessonPicture(Path("gone.png"), lesson)


async def test_pathways_show_who_signed_and_what_runs_on_which_version(
    ward: Ward, nurse: Browser, text_of: Words
) -> None:
    words = text_of((await nurse.get("/pathways")).text)
    assert "心" in words and "草稿" in words
    assert "待随访" in words  # the ward's own contacts
    page = await nurse.get("/pathways/heart_failure")
    assert page.status_code == 200 and "问题全文" in page.text and "<style" not in page.text
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert "body {" in (await nurse.get("/pathways/style.css")).text
    assert (await nurse.get("/pathways/nothing")).status_code == 404
    assert 'src="/pathways/heart_failure/pictures/weigh_daily"' in page.text
    picture = await nurse.get("/pathways/heart_failure/pictures/weigh_daily")
    assert picture.status_code == 200, picture.text[:300]
    assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    for nothing in ("heart_failure/pictures/activity", "heart_failure/pictures/..%2Fpathway.yml", "no/pictures/a"):
        assert (await nurse.get(f"/pathways/{nothing}")).status_code == 404
    ward.app = create(
        replace(ward.deps(), house=replace(desk.house(ward.folder), pathways=Emptied(PathwayShelf(PATHWAYS))))
    )
    assert (await (await ward.nurse()).get("/pathways/heart_failure/pictures/weigh_daily")).status_code == 404
    async with ward.store.transaction() as records:
        begun = await records.contact("c0001-14")
        await records.save_contact(replace(begun, status=ContactStatus.IN_PROGRESS))
    assert "进行中 1" in text_of((await nurse.get("/pathways")).text)
