"""The second language: whole on every page, and nobody's words are touched."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import astuple, replace
from html import unescape
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from agent.dialog.pathway_loader import load_all
from agent.escalation import under_way
from agent.escalation.clock_file import house_clocks
from agent.exchange.columns import ALIASES
from agent.model.finding import Alarm, Finding, Level, Reading, Status
from agent.model.record import Role, TurnOutcome, User
from agent.model.turn import TurnKind
from dashboard import words
from dashboard.app import PAGES
from dashboard.languages import HOME, LANGUAGES, RUN, STAYS, catalogue, composed, said, why
from dashboard.rights import PUBLIC
from dashboard.times import WEEKDAYS
from dashboard.web import HERE
from folders import PATHWAYS, ROOT
from tests.fakes import desk, seed, seed_live
from tests.unit.dashboard.conftest import START, Browser, Ward

Words = Callable[[str], str]
OTHERS = [language for language in LANGUAGES if language != HOME]
SERVER = [
    *HERE.rglob("*.py"),
    *(ROOT / "agent" / "exchange" / f"{name}.py" for name in (
        "cells", "discharge_csv", "discharge_file", "discharge_import", "discharge_list", "discharge_xlsx", "list_rows",
        "identity")),
    ROOT / "agent" / "schedule" / "calendar_file.py", ROOT / "agent" / "campaigns.py",
]  # fmt: skip
"""Whose Chinese is shown to users."""
INTO_THE_RECORD = {"follow_up.py", "actions.py", "__init__.py"}
"""What these write stands in a card's note for good."""
NOT_SHOWN = frozenset(
    re.findall(
        r"\w+",
        "男性 女性 年 时 年月日 风险 危险 危 层 级 出院日期 分层 家属姓名 手术 出生年份 出生日期 身份证后四位 身份证号"
        " 诊断编码 不打 休息 到至 和 一 鿿",
    )
)
"""What a list or table is written in, and letters that cells are read by."""
TABLES_NOT_SHOWN = STAYS | {"MOVES", "DEATH", "NOT_THE_PATIENTS", "DEAD_CODES", "SUMS"}
"""MOVES: the rehearsal's report; the others: what a list's cells are read by."""


def literals(path: Path) -> Iterator[str]:
    """The strings of a module, without docstrings and the tables that stay."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Assign) and any(getattr(each, "id", "") in TABLES_NOT_SHOWN for each in node.targets):
            skipped |= {id(inner) for inner in ast.walk(node.value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def runs() -> dict[str, str]:
    """Every run of Chinese that must have another wording → where it stands."""
    found = {}
    for path in [*(HERE / "templates").glob("*.html"), *(HERE / "static").glob("*.js")]:
        text = re.sub(r"//[^\n]*|{#.*?#}", "", path.read_text(encoding="utf-8"))
        found |= dict.fromkeys(RUN.findall(text), path.name)
    for path in SERVER:
        if path.name not in INTO_THE_RECORD:
            found |= {run: path.name for text in literals(path) for run in RUN.findall(text)}
    return {run: place for run, place in found.items() if run not in NOT_SHOWN}


@pytest.mark.parametrize("language", OTHERS)
def test_no_key_lacks_its_wording(language: str) -> None:
    known = catalogue(language)
    assert {run: place for run, place in runs().items() if run not in known} == {}


def test_a_tier_has_the_glossary_s_word_wherever_it_is_read() -> None:
    assert {run: place for run, place in runs().items() if "分级" in run} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_a_wording_breaks_no_attribute_and_no_string(language: str) -> None:
    assert [each for each in catalogue(language).values() if re.search("[\"'`<>{}\\\\]", each)] == []


def test_only_whole_runs_are_reworded() -> None:
    assert said("接手 接手了", "en") == "Take 接手了"
    assert composed("心衰随访 · 第 7 天", "en") == "心衰随访 · day 7"
    assert composed("女 71 岁", "en") == "f 71 y" and composed("3 分钟前", "en") == "3 min ago"
    assert composed("第 7 天", HOME) == "第 7 天"


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_added_to_an_alarm_s_reason_is_reworded_and_the_reason_stays(language: str) -> None:
    reason = "术后第 7 天高热，发热"
    endings = [
        under_way.UNDER_WAY,
        under_way.CUT_OFF,
        f"；{under_way.AFTER_THE_WHOLE}：{under_way.NOT_AGAIN}",
    ]
    endings += [
        f"；{under_way.HAD_ALARMED}，{under_way.AFTER_THE_WHOLE}：{each}" for each in under_way.TAKEN_BACK.values()
    ]
    for ending in endings:
        shown = why(reason + ending, language)
        assert shown.startswith(reason) and left(shown, reason) == set(), shown


async def test_what_is_read_on_hover_of_a_marked_phrase_keeps_its_reason(ward: Ward, nurse: Browser) -> None:
    text, reason = "发烧了，不咳嗽", "术后第 7 天高热，需当天处理"
    alarm = Alarm("fever", Level.RED, reason, ("fever",), "发烧", (0, 2))
    denied = Finding("cough", "第 2 天咳嗽", "咳嗽", (5, 7), Status.DENIED, "前有“不”")
    async with ward.store.transaction() as records:
        last = (await records.turns("c0001-7"))[-1]
        turn = replace(last.turn, id="more", kind=TurnKind.SPEECH, text=text)
        reading = Reading(text, (denied,), (), (alarm,))
        await records.save_turn(TurnOutcome(replace(last, seq=last.seq + 1, turn=turn, reading=reading), "{}"))
    await nurse.post("/language", language="en")
    page = unescape((await nurse.get("/contacts/c0001-7")).text)
    assert f'<mark class="alarm red" title="{reason}">发烧</mark>' in page
    assert '<mark class="denied" title="第 2 天咳嗽: denied. 前有“不”">咳嗽</mark>' in page


async def test_a_reason_that_somebody_wrote_stays_and_the_house_s_is_reworded(ward: Ward) -> None:
    written = "患者拒绝，第 3 天再打"
    async with ward.store.transaction() as records:
        await records.add_user(User("nora", "Nora", Role.ADMIN, seed.HASHED, language="en"))
        one, other, *_ = [each for each in await records.contacts_of(["p0001"]) if each.planned_for <= START.date()]
        await records.save_contact(replace(one, reason=written))
        await records.save_contact(replace(other, reason="tier_changed"))
    nora = await ward.nurse("nora")
    for path in ("/insight/contacts", "/patients/p0001", "/patients/p0001/summary"):
        page = (await nora.get(path)).text
        assert written in page and "tier changed, on the new tier" in page, path
    assert written in (await nora.get(f"/contacts/{one.id}")).text


async def test_a_nurse_reads_english_and_the_patients_words_stay(ward: Ward, nurse: Browser, text_of: Words) -> None:
    answer = await nurse.post("/language", language="en")
    assert answer.headers["location"] == "/queue"
    page = (await nurse.get("/queue")).text
    shown = text_of(page)
    for said_there in ("Alerts", "Urgent", "Waiting", "Take", "王秀英", "day 7", "有黄水，一股味儿"):
        assert said_there in shown, said_there
    assert '<html lang="en">' in page
    patient = text_of((await nurse.get("/patients/p0003")).text)
    assert "Contact and consent" in patient and "completed" in patient and "张桂兰" in patient
    script = re.search(r'src="(/static/[0-9a-f]+/en/)app.js"', page)
    assert script and "Handed over" in (await nurse.get(script[1] + "queue.js")).text
    assert "待接手" in text_of((await (await ward.nurse("wangfang")).get("/queue")).text)
    assert (await nurse.post("/language", language="tlh")).status_code == 400
    await nurse.post("/language", language="zh")
    assert "待接手" in text_of((await nurse.get("/queue")).text)


FILLED = {
    "patient_id": "p0003", "contact_id": "c0004-7", "escalation_id": "e0001", "attempt_id": "a-live1",
    "recording_id": "rc0001-7", "piece_id": "none", "upload_id": "none",
}  # fmt: skip
MORE = (
    "/queue?show=resolved", "/search?q=疼", "/search?q=xyzzy", "/patients?q=xyzzy", "/contacts?day=2026-01-01",
    "/escalations/e0002", "/escalations/e0003", "/escalations/e0005", "/patients/p0001", "/patients/p0003?said=refused",
    "/contacts/c0001-7", "/unreachable?said=phone_length", "/users?said=edited", "/hours?said=saved",
    "/insight/contacts?status=completed", "/insight/contacts?status=owed", "/insight/cards?kind=red_flag", "/nowhere",
)  # fmt: skip
ITS_OWN = re.compile(r"^/(pathways/|recordings|static|live$|media|wall|login|calls/\{attempt_id\}/)|^/$|/list$|csv$")
"""Documents of a pathway, sound, streams, parts of pages, and what nobody has logged in to."""


async def content(ward: Ward) -> str:
    """Everything that people said or wrote, and names of things: in no language but theirs."""
    parts: list[object] = [seed.TITLES, seed.LABELS, seed.OPTIONS, seed_live.CALLS, seed_live.ROBOT_FIRST]
    parts += [seed.BY_PATIENT, [rung.name for rung in house_clocks().ladder], WEEKDAYS]
    async with ward.store.transaction(write=False) as records:
        parts += [astuple(each) for each in await records.users()]
        people = await records.search_patients("", limit=100)
        for person in people:
            parts += [astuple(person), [astuple(each) for each in await records.escalations(patient_id=person.id)]]
            for each in await records.contacts_of([person.id]):
                parts += [astuple(turn) for turn in await records.turns(each.id)]
    parts += [list(load_all(PATHWAYS).values()), list(ALIASES), desk.LIST.decode("gb18030")]
    parts += [getattr(words, name) for name in STAYS]
    parts += [desk.house(ward.folder).hours.rows(), "名单"]  # a source is called so until somebody names it
    return repr(parts)


def left(html: str, known: str) -> set[str]:
    """Chinese of the interface: what no content holds."""
    html = re.sub(r'<form method="post" action="/language">.*?</form>', "", html, flags=re.S)
    parts = (part for run in RUN.findall(unescape(html)) for part in re.split("[，。；：、（）“”！？…—]+", run))
    return {part for part in parts if part not in known}


async def test_no_page_is_left_with_chinese_of_its_own(ward: Ward) -> None:
    await seed_live.running_calls(ward.store, ward.folder, START)
    async with ward.store.transaction() as records:
        await records.add_user(User("nora", "Nora", Role.ADMIN, seed.HASHED, language="en"))
    known = await content(ward)
    nora = await ward.nurse("nora")
    found = (route for page in PAGES for route in page.router.routes if isinstance(route, APIRoute))
    paths = {route.path for route in found if "GET" in route.methods and ("GET", route.path) not in PUBLIC}
    asked = [each.format(**FILLED, name="x") for each in sorted(paths) if not ITS_OWN.search(each)]
    wrong = {}
    for path in [*asked, *MORE]:
        answer = await nora.get(path)
        assert answer.status_code in (200, 303, 404), path
        if rest := left(answer.text, known):
            wrong[path] = rest
    assert not wrong, "\n".join(f"{path}: {rest}" for path, rest in wrong.items())


async def test_what_the_server_answers_is_english_too(ward: Ward) -> None:
    async with ward.store.transaction() as records:
        await records.add_user(User("nora", "Nora", Role.ADMIN, seed.HASHED, language="en"))
    known = await content(ward)
    nora = await ward.nurse("nora")
    token = await nora.token()
    upload = {"file": ("list.csv", desk.LIST), "source": (None, "HIS"), "token": (None, token)}
    uploaded = await nora.http.post("/import", files=upload)
    answers = [
        await nora.get(uploaded.headers["location"]),
        await nora.post("/password", scripted=False, old="x", new="short", again="short"),
        await nora.post("/password", scripted=False, old="x", new="1", again="2"),
        await nora.post("/users", name="x y", display_name="x", role="nurse"),
        await nora.post("/users", name="fine", display_name="x", role="king"),
        await nora.post("/users/lijing/edit", display_name="x", role="nurse", phone="12"),
        await nora.post("/campaigns", name=""),
        await nora.post("/hours", **{"days-0": "周一", "hours-0": "nine to five"}),
        await nora.post("/calls/none/take-over", number="1"),
        await nora.post("/escalations/e0001/release"),
        await nora.http.post("/queue"),
    ]
    found = {f"{number} {answer.url}": left(answer.text, known) for number, answer in enumerate(answers)}
    wrong = {where: rest for where, rest in found.items() if rest}
    assert not wrong, "\n".join(f"{path}: {rest}" for path, rest in wrong.items())
