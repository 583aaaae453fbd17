"""Accounts: made, changed, closed; what an administrator cannot do."""

import asyncio
import re
from collections.abc import Callable

import pytest

from agent.model.record import Role, User
from tests.fakes import seed
from tests.unit.dashboard.conftest import Browser, Ward

Words = Callable[[str], str]


async def user(ward: Ward, name: str) -> User:
    async with ward.store.transaction(write=False) as records:
        found = await records.user(name)
    assert found is not None
    return found


def secret(html: str) -> str:
    found = re.search(r'class="secret">([^<]+)<', html)
    assert found
    return found[1]


async def test_a_new_user_logs_in_with_the_password_that_was_shown_once(ward: Ward, text_of: Words) -> None:
    admin = await ward.nurse("admin")
    made = await admin.post("/users", name="Bones", display_name="骨科护士", role="nurse", department="骨科")
    password = secret(made.text)
    assert password not in (await admin.get("/users")).text
    assert (await user(ward, "bones")).department == "骨科"
    browser = ward.browser()
    answer = await browser.sign_in("bones", password)
    assert answer.headers["location"] == "/password"
    assert "骨科护士 bones 护士 骨科" in text_of((await admin.get("/users")).text)
    async with ward.store.transaction(write=False) as records:
        told = [(event.to_status, event.actor) for event in await records.events("user", "bones")]
    assert told == [("created", "admin"), ("signed_in", "bones")]
    again = await admin.post("/users", name="bones", display_name="另一位", role="nurse")
    assert again.status_code == 422 and "已有人用" in again.text
    assert (await admin.post("/users", name="骨科", display_name="x", role="nurse")).status_code == 422
    assert (await admin.post("/users", name="fine", display_name="x", role="king")).status_code == 422


async def test_whoever_is_disabled_is_out_at_once_and_stays_out(ward: Ward, nurse: Browser, text_of: Words) -> None:
    admin = await ward.nurse("admin")
    assert (await admin.post("/users/lijing/disable")).headers["location"] == "/users?said=disabled"
    assert (await nurse.get("/queue")).headers["location"].startswith("/login")
    answer = await ward.browser().sign_in("lijing")
    assert answer.status_code == 403 and "已停用" in text_of(answer.text)
    case = (await (await ward.nurse("wangfang")).get("/escalations/e0001")).text
    assert 'value="lijing"' not in case  # nobody gives a card to her
    await admin.post("/users/lijing/enable")
    assert (await ward.browser().sign_in("lijing")).status_code == 303


async def test_signing_out_ends_every_session_and_a_reset_password_too(ward: Ward, nurse: Browser) -> None:
    admin = await ward.nurse("admin")
    await admin.post("/users/lijing/sign-out")
    assert (await nurse.get("/queue")).status_code == 303
    fresh = await ward.nurse()
    password = secret((await admin.post("/users/lijing/password")).text)
    assert (await fresh.get("/queue")).status_code == 303
    assert (await ward.browser().sign_in("lijing", password)).headers["location"] == "/password"


async def test_another_role_holds_from_the_next_page_on(ward: Ward, nurse: Browser) -> None:
    admin = await ward.nurse("admin")
    assert (await nurse.get("/insight")).status_code == 403
    await admin.post("/users/lijing/edit", display_name="李静", role="doctor", department="")
    assert (await nurse.get("/insight")).status_code == 200


async def test_the_last_administrator_stays_one(ward: Ward) -> None:
    admin = await ward.nurse("admin")
    for what, form in (("disable", {}), ("edit", {"display_name": "管理员", "role": "nurse"})):
        answer = await admin.post(f"/users/admin/{what}", **form)
        assert answer.status_code == 422 and "至少要留一个" in answer.text
    assert (await user(ward, "admin")).role is Role.ADMIN
    assert (await admin.post("/users/nobody/disable")).status_code == 404
    assert (await admin.post("/users/lijing/promote")).status_code == 404
    coordinator = await ward.nurse("zhaomin")
    assert (await coordinator.get("/users")).status_code == 403
    assert (await coordinator.post("/users/lijing/disable")).status_code == 403


@pytest.mark.parametrize("deed", ["disable", "sign-out"])
async def test_a_password_changed_while_the_account_is_closed_opens_it_for_nobody(
    ward: Ward, nurse: Browser, deed: str
) -> None:
    admin, new = await ward.nurse("admin"), "another-long-password"
    form = {"token": await nurse.token(), "old": seed.PASSWORD, "new": new, "again": new}
    hashing = ward.app.state.web.hashing
    async with hashing, hashing:  # her password waits to be checked
        changing = asyncio.ensure_future(nurse.http.post("/password", data=form))
        for _ in range(200):
            await asyncio.sleep(0)
        await admin.post(f"/users/lijing/{deed}")
    assert (await changing).status_code in (303, 401)
    now = await user(ward, "lijing")
    assert now.disabled == (deed == "disable") and now.seal and now.password_hash == seed.HASHED
    assert (await nurse.get("/queue")).headers["location"].startswith("/login")


async def test_what_an_administrator_changed_meanwhile_is_not_written_over(ward: Ward, nurse: Browser) -> None:
    admin, new = await ward.nurse("admin"), "another-long-password"
    form = {"token": await nurse.token(), "old": seed.PASSWORD, "new": new, "again": new}
    hashing = ward.app.state.web.hashing
    async with hashing, hashing:
        changing = asyncio.ensure_future(nurse.http.post("/password", data=form))
        for _ in range(200):
            await asyncio.sleep(0)
        await admin.post("/users/lijing/edit", display_name="李静", role="auditor", department="骨科")
    assert (await changing).headers["location"] == "/queue"
    now = await user(ward, "lijing")
    assert (now.role, now.department) == (Role.AUDITOR, "骨科") and now.password_hash != seed.HASHED
