"""The page on a wall: by a link that an administrator makes and withdraws, without names."""

import re

import pytest

from tests.fakes import seed, seed_live
from tests.unit.dashboard.conftest import START, Browser, Ward


async def hung(ward: Ward, **form: str) -> Browser:
    """A browser without a login that has opened a new display's link."""
    admin = await ward.nurse("admin")
    made = await admin.post("/displays", scripted=False, name="护士站", **form)
    found = re.search(r'class="secret">http://ward(/wall/[\w-]+)<', made.text)
    assert found
    assert found[1] not in (await admin.get("/displays")).text  # shown once
    screen = ward.browser()
    answer = await screen.get(found[1])
    assert answer.status_code == 303 and answer.headers["location"] == "/wall"
    return screen


async def test_the_wall_shows_what_waits_and_how_far_the_day_is(ward: Ward) -> None:
    await seed_live.running_calls(ward.store, ward.folder, START)
    screen = await hung(ward)
    html = (await screen.get("/wall")).text
    counts = re.findall(r'class="huge">(\d+)', html)
    assert counts[:3] == ["2", "4", "3"]  # red, yellow, calls
    assert "最久已等" in html and "危险信号" in html and re.search(r"应随访 \d+", html)
    assert "<html" not in (await screen.get("/wall/board")).text


async def test_nobody_is_named_and_no_word_of_a_patient_is_shown(ward: Ward) -> None:
    html = (await (await hung(ward)).get("/wall")).text
    assert not [person.name for person in seed.PEOPLE if person.name in html]
    assert "女士" not in html and "黄水" not in html
    assert re.search(r"[男女] \d+ 岁", html)


async def test_surnames_are_shown_where_the_administrator_says_so(ward: Ward) -> None:
    html = (await (await hung(ward, surnames="1")).get("/wall")).text
    assert "王女士" in html and "王秀英" not in html


async def test_a_wards_display_counts_its_own(ward: Ward) -> None:
    everybody = (await (await hung(ward)).get("/wall/board")).text
    surgeons = (await (await hung(ward, department=seed.SURGERY)).get("/wall/board")).text
    assert "心衰" in everybody and "心衰" not in surgeons and "外科" in surgeons


async def test_a_withdrawn_link_shows_nothing_more(ward: Ward) -> None:
    screen = await hung(ward)
    admin = await ward.nurse("admin")
    (display,) = re.findall(r'action="/displays/([^/]+)/revoke"', (await admin.get("/displays")).text)
    assert (await admin.post(f"/displays/{display}/revoke", scripted=False)).status_code == 303
    for path in ("/wall", "/wall/board"):
        answer = await screen.get(path)
        assert answer.status_code == 403 and "危险信号" not in answer.text
    assert "这个大屏链接不能用" in (await screen.get("/wall")).text
    async with ward.store.transaction(write=False) as records:
        events = await records.events("display", display)
    assert [(each.actor, each.to_status) for each in events] == [("admin", "made"), ("admin", "revoked")]


async def test_without_a_link_there_is_no_wall_and_the_wall_opens_nothing_else(ward: Ward) -> None:
    stranger = ward.browser()
    assert (await stranger.get("/wall")).status_code == 403
    assert (await stranger.get("/wall/board")).status_code == 403
    assert (await stranger.get("/wall/guessed")).status_code == 403
    screen = await hung(ward)
    assert (await screen.get("/queue")).status_code == 303  # to the login
    assert (await screen.get("/live")).status_code in (303, 401)


@pytest.mark.parametrize("user", ["lijing", "zhaomin", "audit"])
async def test_only_an_administrator_makes_one(ward: Ward, user: str) -> None:
    nurse = await ward.nurse(user)
    assert (await nurse.get("/displays")).status_code == 403
    assert (await nurse.post("/displays", name="护士站")).status_code == 403


async def test_a_quiet_ward_is_green_and_says_so(ward: Ward) -> None:
    html = (await (await hung(ward, department="眼科")).get("/wall/board")).text
    assert "没有待接手的紧急预警" in html and "今天没有安排" in html
