"""Who gets in, for how long, and what a forged request achieves."""

import re
from dataclasses import replace

import pytest
from fastapi import FastAPI

from agent.escalation.clock_file import house_clocks
from dashboard.accounts import FIRST_USER, ensure_first_user, password_fits
from dashboard.app import create
from dashboard.sessions import COOKIE
from tests.fakes import seed
from tests.fakes.memory_store import MemoryStore
from tests.unit.dashboard.conftest import START, Browser, Ward, meta_token, token_in

GUARDED = (
    "/queue", "/queue/list", "/calls", "/calls/list", "/calls/acalling/sound",
    "/escalations/e0001", "/patients", "/search", "/patients/p0001", "/contacts",
    "/contacts/c0001-7",
    "/recordings/rc0001-7.wav", "/recordings/rc0001-7/peaks", "/live", "/password", "/nothing-here",
)  # fmt: skip


@pytest.mark.parametrize("path", GUARDED)
async def test_nothing_is_shown_before_a_login(ward: Ward, path: str) -> None:
    answer = await ward.browser().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert "王秀英" not in answer.text
    scripted = await ward.browser().fragment(path)
    assert (scripted.status_code, scripted.text) == (401, "")


async def test_the_health_check_needs_no_login_and_reveals_nothing(ward: Ward) -> None:
    answer = await ward.browser().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_a_login_leads_to_the_page_asked_for(ward: Ward) -> None:
    browser = ward.browser()
    asked = await browser.get("/patients/p0003")
    assert asked.headers["location"] == "/login?next=%2Fpatients%2Fp0003"
    answer = await browser.sign_in("lijing", where="/patients/p0003")
    assert (answer.status_code, answer.headers["location"]) == (303, "/patients/p0003")
    assert "张桂兰" in (await browser.get("/patients/p0003")).text


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_a_login_never_leads_to_another_site(ward: Ward, where: str) -> None:
    answer = await ward.browser().sign_in("lijing", where=where)
    assert answer.headers["location"] == "/queue"


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(ward: Ward) -> None:
    plain = (await ward.browser().sign_in("lijing")).headers["set-cookie"]
    assert "HttpOnly" in plain and "SameSite=lax" in plain and "Secure" not in plain
    secure = await ward.browser(base="https://ward").sign_in("lijing")
    assert "Secure" in secure.headers["set-cookie"] and "strict-transport-security" in secure.headers


@pytest.mark.parametrize(("name", "password"), [("lijing", "wrong"), ("nobody", seed.PASSWORD), ("", "")])
async def test_wrong_names_and_passwords_are_told_apart_by_nobody(ward: Ward, name: str, password: str) -> None:
    answer = await ward.browser().sign_in(name, password)
    assert answer.status_code == 401
    assert "用户名或密码不正确" in answer.text
    assert COOKIE not in answer.headers.get("set-cookie", "")


async def test_guessing_is_braked_by_name_and_address_and_the_brake_loosens(ward: Ward) -> None:
    guesser = ward.browser()
    for _ in range(5):
        assert (await guesser.sign_in("lijing", "wrong")).status_code == 401
    refused = await guesser.sign_in("lijing")
    assert refused.status_code == 429 and "分钟后再试" in refused.text
    assert (await ward.browser("10.0.0.2").sign_in("lijing")).status_code == 303  # the nurse herself is not locked out
    ward.clock.passes(minutes=11)
    assert (await guesser.sign_in("lijing")).status_code == 303


async def test_a_new_password_has_no_wrong_tries_behind_it(ward: Ward, nurse: Browser) -> None:
    guesser, fresh = ward.browser(), "一个新的长密码2026"
    for _ in range(4):
        await guesser.sign_in("lijing", "wrong")
        await nurse.post("/password", old="wrong", new=fresh, again=fresh)
    assert (await nurse.post("/password", old=seed.PASSWORD, new=fresh, again=fresh)).status_code == 303
    assert [(await guesser.sign_in("lijing", "wrong")).status_code for _ in range(2)] == [401, 401]
    assert (await guesser.sign_in("lijing", fresh)).status_code == 303
    other = "又一个新的长密码2027"
    assert (await nurse.post("/password", old="wrong", new=other, again=other)).status_code == 422
    assert (await nurse.post("/password", old=fresh, new=other, again=other)).status_code == 303


async def test_a_password_given_by_an_administrator_opens_the_door_at_once(ward: Ward) -> None:
    admin, guesser = await ward.nurse("admin"), ward.browser()
    for _ in range(5):
        await guesser.sign_in("lijing", "wrong")
    assert (await guesser.sign_in("lijing")).status_code == 429
    given = re.search(r'class="secret">([^<]+)<', (await admin.post("/users/lijing/password")).text)
    assert given and (await guesser.sign_in("lijing", given[1])).headers["location"] == "/password"
    assert "data-told" not in (await guesser.get("/password")).text  # nothing is listened to that would not be told
    assert "data-told" in (await admin.get("/password")).text


async def test_guessing_many_names_from_one_address_is_braked(ward: Ward) -> None:
    guesser = ward.browser()
    names = [name for name, *_ in seed.USERS for _ in range(5)] + [f"user{number}" for number in range(6)]
    answers = [(await guesser.sign_in(name, "wrong")).status_code for name in names]
    assert answers == [401] * 30 + [429]


async def test_a_session_ends_with_the_shift(ward: Ward, nurse: Browser) -> None:
    ward.clock.passes(hours=11, minutes=59)
    assert (await nurse.get("/queue")).status_code == 200
    ward.clock.passes(minutes=2)
    assert (await nurse.get("/queue")).status_code == 303


async def test_logging_out_ends_the_session_even_for_a_copied_cookie(nurse: Browser) -> None:
    copied = nurse.http.cookies[COOKIE]
    assert (await nurse.post("/logout", scripted=False)).headers["location"] == "/login"
    nurse.http.cookies.set(COOKIE, copied)
    assert (await nurse.get("/queue")).status_code == 303


@pytest.mark.parametrize("spoil", [lambda c: c[:-1] + "x", lambda c: "x" + c, lambda c: c.split(".")[0], lambda c: "."])
async def test_a_forged_cookie_opens_nothing(nurse: Browser, spoil: object) -> None:
    assert callable(spoil)
    cookie = nurse.http.cookies[COOKIE]
    nurse.http.cookies.clear()
    assert (await nurse.get("/queue", cookie=f"{COOKIE}={spoil(cookie)}")).status_code == 303


async def test_a_post_without_this_sessions_token_changes_nothing(ward: Ward, nurse: Browser) -> None:
    other = meta_token(await (await ward.nurse("wangfang")).get("/queue"))
    for token in ("", "0" * 64, other):
        answer = await nurse.http.post("/escalations/e0001/take", data={"token": token})
        assert answer.status_code == 403
    async with ward.store.transaction(write=False) as records:
        assert (await records.escalation("e0001")).owner is None


async def test_a_login_form_of_another_browser_is_refused(ward: Ward) -> None:
    stolen = token_in((await ward.browser().get("/login")).text)
    browser = ward.browser()
    await browser.get("/login")
    form = {"token": stolen, "name": "lijing", "password": seed.PASSWORD}
    assert (await browser.http.post("/login", data=form)).status_code == 403


async def test_an_auditor_reads_and_changes_nothing(ward: Ward) -> None:
    auditor = await ward.nurse("audit")
    page = await auditor.get("/escalations/e0001")
    assert page.status_code == 200 and "可以查看，不能处理" in page.text
    for action in ("take", "release", "note", "resolve"):
        form = {"note": "x", "disposition": "advised"}
        assert (await auditor.post(f"/escalations/e0001/{action}", **form)).status_code == 403


async def test_a_new_password_ends_other_sessions_and_is_needed_from_now_on(ward: Ward) -> None:
    here, elsewhere = await ward.nurse(), await ward.nurse()
    form = {"old": seed.PASSWORD, "new": "春天的第一场雨", "again": "春天的第一场雨"}
    short = await here.post("/password", scripted=False, **form)
    assert short.status_code == 422 and "至少 10 个字符" in short.text
    form |= {"new": "春天的第一场雨下了三天", "again": "春天的第一场雨下了三天"}
    assert "当前密码不正确" in (await here.post("/password", scripted=False, **form | {"old": "wrong"})).text
    assert "不一致" in (await here.post("/password", scripted=False, **form | {"again": "other"})).text
    assert (await here.post("/password", scripted=False, **form)).headers["location"] == "/queue"
    assert (await here.get("/queue")).status_code == 200
    assert (await elsewhere.get("/queue")).status_code == 303
    assert (await ward.browser().sign_in("lijing")).status_code == 401
    assert (await ward.browser().sign_in("lijing", form["new"])).status_code == 303


async def test_the_first_user_is_made_once_and_asked_for_a_password_of_her_own(ward: Ward) -> None:
    ward.store = MemoryStore()
    ward.__post_init__()
    password = await ensure_first_user(ward.store, START)
    assert password and await ensure_first_user(ward.store, START) is None
    async with ward.store.transaction(write=False) as records:
        user = await records.user(FIRST_USER)
    assert user and password_fits(user, password) and not password_fits(replace(user, password_hash="x"), password)
    browser = ward.browser()
    assert (await browser.sign_in(FIRST_USER, password)).headers["location"] == "/password"
    for page in ("/queue", "/users", "/patients/p0001"):
        assert (await browser.get(page)).headers["location"] == "/password"
    assert (await browser.get("/password")).status_code == 200


async def test_every_answer_carries_the_strict_policy(nurse: Browser) -> None:
    for path in ("/queue", "/healthz", "/nothing-here", "/recordings/rc0001-7.wav"):
        headers = (await nurse.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "no-store" in headers["cache-control"]


async def test_a_large_form_is_refused(nurse: Browser) -> None:
    assert (await nurse.http.post("/login", data={"name": "x" * 40_000})).status_code == 413


async def test_it_works_mounted_behind_other_routes(ward: Ward) -> None:
    whole = FastAPI()
    whole.add_api_route("/ready", lambda: {"ready": True})
    whole.mount("/", ward.app)
    ward.app = whole
    nurse = await ward.nurse()
    assert (await nurse.get("/ready")).json() == {"ready": True}
    page = await nurse.get("/queue")
    assert "王秀英" in page.text and "content-security-policy" in page.headers
    assert (await nurse.get("/nothing-here")).status_code == 404


async def test_an_administrator_is_told_that_nobody_is_told(ward: Ward) -> None:
    admin = await ward.nurse("admin")
    assert "不会通知任何人：护士长、值班医生还没有填写联系方式" in (await admin.get("/queue")).text
    assert "不会通知任何人" not in (await (await ward.nurse()).get("/queue")).text
    addressed = [replace(rung, sms=("+8613800000000",)) for rung in house_clocks().ladder]
    clocks = replace(house_clocks(), ladder=tuple(addressed))
    ward.app = create(replace(ward.deps(), clocks=clocks))
    assert "不会通知任何人" not in (await (await ward.nurse("admin")).get("/queue")).text
