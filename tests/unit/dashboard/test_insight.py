"""Figures over many patients, and that each opens the list behind it."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from openpyxl import load_workbook

from agent.exchange.table_out import csv_table, xlsx_table
from agent.model.contact import ContactStatus
from agent.model.escalation import EscalationStatus
from agent.model.record import Role, User
from dashboard.routes import insight as listing
from dashboard.views.insight import LONGEST_DAYS, Rate, slice_of
from tests.fakes import seed
from tests.unit.dashboard.conftest import START, Browser, Ward

Words = Callable[[str], str]


@pytest.fixture
async def desk(ward: Ward) -> Browser:
    return await ward.nurse("zhaomin")


async def test_the_page_counts_what_happened(desk: Browser, text_of: Words) -> None:
    words = text_of((await desk.get("/insight")).text)
    for said in ("覆盖率", "完成率", "接通率", "预警与结果", "危险信号", "已转诊或约复诊 1", "从发出到接手", "血压"):
        assert said in words, said


async def test_every_figure_opens_its_list(desk: Browser, text_of: Words) -> None:
    listed = text_of((await desk.get("/insight/contacts?status=completed")).text)
    assert "已完成" in listed and "张桂兰" in listed
    cards = text_of((await desk.get("/insight/cards?kind=red_flag&outcome=referred")).text)
    assert "1 行" in cards and "已转诊或约复诊" in cards
    assert "没有符合的记录" in (await desk.get("/insight/cards?outcome=emergency_called")).text
    for wrong in ("/insight?days=soon", "/insight/contacts?status=x", "/insight?tier=x", "/insight/cards?file=x"):
        assert (await desk.get(wrong)).status_code == 404, wrong


async def test_a_list_goes_into_a_spreadsheet(desk: Browser) -> None:
    answer = await desk.get("/insight/contacts?status=completed&file=csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "姓名" and any(row[0] == "张桂兰" for row in rows)
    book = load_workbook(io.BytesIO((await desk.get("/insight/cards?file=xlsx")).content))
    assert book.active is not None and book.active["A1"].value == "姓名"


async def test_a_nurse_sees_no_figures_and_a_department_its_own(ward: Ward, nurse: Browser, text_of: Words) -> None:
    assert (await nurse.get("/insight")).status_code == 403
    async with ward.store.transaction() as records:
        theirs = (await records.patient("p0004")).department
        await records.add_user(User("chief", "外科主任", Role.DOCTOR, seed.HASHED, department=theirs))
    listed = text_of((await (await ward.nurse("chief")).get("/insight/contacts")).text)
    assert "陈志明" in listed and "张桂兰" not in listed


async def test_behind_coverage_stand_those_it_counts_and_who_was_reached(ward: Ward, desk: Browser) -> None:
    async with ward.store.transaction() as records:
        one, other = [each for each in await records.contacts_of(["p0001"]) if each.planned_for <= START.date()][:2]
        await records.save_contact(replace(one, status=ContactStatus.WAIVED))
        await records.save_contact(replace(other, status=ContactStatus.DUE))
    page = (await desk.get("/insight")).text
    found = re.search(r'<a class="figure" href="([^"]+)"><span>覆盖率</span>.*?<small>(\d+)/(\d+)', page)
    assert found
    answer = await desk.get(f"{unescape(found[1])}&file=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    reached = [row for row in rows if row["已触达"] == "是"]
    assert (len(reached), len(rows)) == (int(found[2]), int(found[3]))
    assert "已免除" not in {row["状态"] for row in rows} and len(reached) < len(rows)
    everybody = await desk.get("/insight/contacts?file=csv")
    assert "已免除" in everybody.content.decode("utf-8-sig")


def _counted(page: str) -> list[tuple[str, int]]:
    """(address, how many rows the page promises behind it)."""
    outcomes = re.findall(r'<a class="outcome" href="([^"]+)">[^<]+ (\d+)</a>', page)
    kinds = re.findall(r'<a href="(/insight/cards[^"]+)">[^<]+</a></th><td class="number">(\d+)</td>', page)
    states = re.findall(r'<a href="(/insight/contacts[^"]+)">[^<]+</a></th><td class="number">(\d+)</td>', page)
    calls = re.findall(r'<a href="(/insight/calls[^"]+)">.*?<small>\d+/(\d+)</small>', page)
    answers = re.findall(r'<a href="(/insight/answers[^"]+)">.*?<small>(\d+)/\d+</small>', page)
    return [(unescape(address), int(count)) for address, count in (*outcomes, *kinds, *states, *calls, *answers)]


async def test_each_number_is_the_length_of_its_list_on_the_page_and_in_both_files(desk: Browser) -> None:
    found = _counted((await desk.get("/insight")).text)
    assert {"contacts", "cards", "calls", "answers"} == {address.split("?")[0].split("/")[-1] for address, _ in found}
    for address, count in found:
        listed = (await desk.get(address)).text
        assert listed.split("<tbody>")[1].count("<tr>") == count, address
        rows = list(csv.reader(io.StringIO((await desk.get(f"{address}&file=csv")).content.decode("utf-8-sig"))))
        assert len(rows) == count + 1, address
        sheet = load_workbook(io.BytesIO((await desk.get(f"{address}&file=xlsx")).content)).active
        assert sheet is not None
        in_the_file = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert in_the_file == rows, address


LISTS = ("contacts?", "contacts?status=owed", "cards?", "cards?level=red", "calls?", "answers?question=体重")


@pytest.mark.parametrize("address", [f"/insight/{each}" for each in LISTS])
async def test_a_list_that_is_cut_says_how_many_of_how_many(
    desk: Browser, monkeypatch: pytest.MonkeyPatch, text_of: Words, address: str
) -> None:
    whole = list(csv.reader(io.StringIO((await desk.get(f"{address}&file=csv")).content.decode("utf-8-sig"))))[1:]
    assert whole and f"{len(whole)} 行 ·" in text_of((await desk.get(address)).text)
    monkeypatch.setattr(listing, "SHOWN", len(whole) - 1)
    page = text_of((await desk.get(address)).text)
    assert f"{len(whole)} 行，只显示前 {len(whole) - 1} 行，导出得全部" in page
    monkeypatch.setattr(listing, "EXPORTED", len(whole) - 1)
    page = text_of((await desk.get(address)).text)
    assert f"导出前 {len(whole) - 1} 行，更多请缩短时间或分开导出" in page
    cut = list(csv.reader(io.StringIO((await desk.get(f"{address}&file=csv")).content.decode("utf-8-sig"))))[1:]
    assert cut[:-1] == whole[:-1] and f"只导出了前 {len(whole) - 1} 行，共 {len(whole)} 行" in cut[-1][0]
    sheet = load_workbook(io.BytesIO((await desk.get(f"{address}&file=xlsx")).content)).active
    assert sheet is not None and str(sheet.cell(sheet.max_row, 1).value) == cut[-1][0]


async def test_nine_in_ten_are_never_quicker_than_half(ward: Ward, desk: Browser, text_of: Words) -> None:
    async with ward.store.transaction() as records:
        for card in ("e0001", "e0004"):
            open_one = await records.escalation(card)
            at = open_one.created_at + timedelta(minutes=1 if card == "e0001" else 7)
            await records.save_escalation(replace(open_one, status=EscalationStatus.TAKEN, owner="lijing", taken_at=at))
    words = text_of((await desk.get("/insight")).text)
    assert "紧急 从发出到接手：一半在 1 分钟 内，九成在 7 分钟 内" in words  # 1, 1 and 7 minutes


def test_what_a_spreadsheet_would_run_stays_words() -> None:
    assert csv_table(["a"], [["=1+1"], ["-3"], [4]]).decode("utf-8-sig").split() == ["a", "'=1+1", "'-3", "4"]
    book = load_workbook(io.BytesIO(xlsx_table(["a"], [["=1+1"]])))
    assert book.active is not None and book.active["A2"].value == "'=1+1"


def test_what_no_spreadsheet_can_hold_costs_nobody_the_list() -> None:
    book = load_workbook(io.BytesIO(xlsx_table(["a"], [["胸口\x0b疼\x07"], ["\x01=1+1"]])))
    assert book.active is not None and [book.active[cell].value for cell in ("A2", "A3")] == ["胸口疼", "'=1+1"]


def test_a_slice_is_bounded_and_a_rate_without_cases_is_none() -> None:
    today = START.date()
    assert (today - slice_of(today, {"days": "9999"}).since).days == LONGEST_DAYS - 1
    assert slice_of(today, {"days": "1"}).since == today
    assert (Rate("x", 0, 0).percent, Rate("x", 1, 4).percent) == ("—", "25%")
