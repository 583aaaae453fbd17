"""What a person changes in a patient's plan, the drawn readings, and the printed summary."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from agent.model.contact import Contact, ContactStatus
from agent.model.record import Role, User
from dashboard import times
from dashboard.views.charts import HEIGHT, WIDTH, Flag, charts_of
from dashboard.views.readings import Point, Series
from tests.fakes import seed
from tests.unit.dashboard.conftest import START, Browser, Ward

Words = Callable[[str], str]


async def contact(ward: Ward, contact_id: str) -> Contact:
    async with ward.store.transaction(write=False) as records:
        return await records.contact(contact_id)


async def test_the_robot_calls_now_what_is_due_next(ward: Ward, nurse: Browser, text_of: Words) -> None:
    answer = await nurse.post("/patients/p0003/call", scripted=False)
    assert answer.headers["location"] == "/patients/p0003?said=called"
    assert (await contact(ward, "c0003-30")).due_at == START
    assert "已排到最前" in text_of((await nurse.get("/patients/p0003?said=called")).text)
    async with ward.store.transaction() as records:
        for each in await records.contacts(patient_id="p0003", status=ContactStatus.DUE):
            await records.save_contact(replace(each, status=ContactStatus.WAIVED))
    assert (await nurse.post("/patients/p0003/call")).headers["location"].endswith("said=nobody")
    assert (await nurse.post("/patients/nobody/call")).status_code == 404


async def test_a_contact_is_moved_or_waived_with_a_reason(ward: Ward, nurse: Browser, text_of: Words) -> None:
    before = await contact(ward, "c0003-30")
    day = times.day_of(START) + timedelta(days=3)
    told = {"day": day.isoformat(), "why": "患者要求改期"}
    assert (await nurse.post("/contacts/c0003-30/move", **told)).headers["location"].endswith("said=saved")
    moved = await contact(ward, "c0003-30")
    assert (times.day_of(moved.due_at), moved.planned_for, moved.reason) == (day, before.planned_for, "患者要求改期")
    assert (await nurse.post("/contacts/c0003-30/waive", why="已再次住院")).headers["location"].endswith("said=saved")
    waived = await contact(ward, "c0003-30")
    assert (waived.status, waived.reason) == (ContactStatus.WAIVED, "已再次住院")
    page = text_of((await nurse.get("/contacts/c0003-30")).text)
    assert f"李静 改期到 {day} 患者要求改期" in page and "李静 免除 已再次住院" in page
    async with ward.store.transaction(write=False) as records:
        told = [(e.to_status, e.actor, e.reason) for e in await records.events("contact", "c0003-30")]
    assert told == [
        ("due", "lijing", f"moved_by_hand {day} 患者要求改期"), ("waived", "lijing", "waived_by_hand 已再次住院"),
    ]  # fmt: skip


async def test_what_cannot_be_changed_says_so_and_changes_nothing(ward: Ward, nurse: Browser) -> None:
    refused = [
        await nurse.post("/contacts/c0003-14/waive", why="已再次住院"),
        await nurse.post("/contacts/c0003-14/move", day="2026-12-24", why="等检查结果"),
        await nurse.post("/contacts/c0003-30/move", day=date(2020, 1, 1).isoformat(), why="x"),
    ]
    assert {answer.headers["location"] for answer in refused} == {"/patients/p0003?said=refused"}
    assert (await nurse.post("/contacts/c0003-30/move", day="soon", why="x")).status_code == 400
    assert (await nurse.post("/contacts/c0003-30/move", day="2026-12-24")).status_code == 400  # no reason
    assert (await nurse.post("/contacts/c0003-30/waive", why="")).status_code == 400


async def test_an_auditor_sees_no_buttons_and_may_not_press_them(ward: Ward, text_of: Words) -> None:
    auditor = await ward.nurse("audit")
    assert "现在由机器人拨打" not in text_of((await auditor.get("/patients/p0003")).text)
    assert (await auditor.post("/patients/p0003/call")).status_code == 403


async def test_another_departments_plan_is_out_of_reach(ward: Ward) -> None:
    async with ward.store.transaction() as records:
        await records.add_user(User("bones", "骨科护士", Role.NURSE, seed.HASHED, department="骨科"))
    stranger = await ward.nurse("bones")
    assert (await stranger.post("/patients/p0003/call")).status_code == 404
    assert (await stranger.post("/contacts/c0003-30/move", day="2026-12-24", why="x")).status_code == 404
    assert (await stranger.get("/patients/p0003/summary")).status_code == 404


async def test_the_summary_holds_what_happened(nurse: Browser, text_of: Words) -> None:
    page = (await nurse.get("/patients/p0003/summary")).text
    words = text_of(page)
    for said in ("健康阶段总结", "张桂兰", "慢性心力衰竭", "第 14 天", "152/88 mmHg", "三天体重增加", "签名"):
        assert said in words, said
    assert page.count('<figure class="chart">') == 3


def test_readings_are_drawn_within_their_frame_with_limits_and_flags() -> None:
    day = timedelta(days=1)
    points = tuple(Point(START + n * day, (value,), str(value), value > 140, "") for n, value in enumerate((120, 180)))
    series = Series("血压", "mmHg", points, (), None, "90–140", (90, 140))
    flag = Flag(START + day / 2, "alarm", "高")
    (chart,) = charts_of([series], [flag, Flag(START - day, "alarm", "以前")])
    assert [mark.kind for mark in chart.points] == ["", "outside"]
    assert [mark.title for mark in chart.flags] == ["高"]
    assert chart.points[0].x < chart.flags[0].x < chart.points[1].x <= WIDTH
    assert all(0 <= mark.y <= HEIGHT for mark in (*chart.points, *chart.values, *chart.days))
    assert chart.band is not None and chart.points[1].y < chart.band[0] < chart.points[0].y
    assert charts_of([replace(series, points=points[:1])], []) == ()


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((120, 180), ["100", "120", "140", "160", "180", "200"]),
        ((58.2, 61.2), ["57", "58", "59", "60", "61", "62"]),
        ((36.5, 36.5), ["35.5", "36", "36.5", "37", "37.5"]),
    ],
)
def test_the_value_axis_names_round_numbers(values: tuple[float, float], named: list[str]) -> None:
    points = tuple(Point(START + timedelta(days=n), (value,), str(value), False, "") for n, value in enumerate(values))
    (chart,) = charts_of([Series("读数", "", points, (), None, "", (None, None))], [])
    assert [mark.text for mark in chart.values] == named
