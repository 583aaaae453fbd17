"""Login through the house's identity provider: who gets in, as whom, and every answer that is not believed."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from agent.model.record import Role, User
from dashboard.app import create
from dashboard.sessions import COOKIE
from dashboard.signon.claims import ClaimMapping
from dashboard.signon.door import Door, awaited
from dashboard.signon.provider import Provider, ProviderAccount
from dashboard.signon.sign_on import SignOn
from dashboard.signon.tickets import TICKET_COOKIE
from tests.fakes import seed
from tests.fakes.identity_provider import CLIENT, SECRET, IdentityProvider, new_key
from tests.unit.dashboard.conftest import Browser, Ward

ISSUER, BACK = "https://id.house.example", "http://ward/login/house/return"
SUBJECT = f"{ISSUER} f3a1-90"
ROLES = {"chief": Role.ADMIN, "ward-nurse": Role.NURSE, "physician": Role.DOCTOR}
BY_CLAIMS = ClaimMapping(
    roles=ROLES, department="dept", departments={"0301": seed.CARDIO, "0302": seed.SURGERY, "all": "*"}
)


@pytest.fixture
def provider(ward: Ward) -> IdentityProvider:
    return IdentityProvider(ISSUER, BACK, ward.clock)


def opens(ward: Ward, provider: IdentityProvider, mapping: ClaimMapping = BY_CLAIMS, *, makes: bool = True) -> None:
    """The ward has a button for this provider."""

    def client() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=provider.app))

    account = ProviderAccount(ISSUER, CLIENT, BACK, SECRET)
    sign_on = SignOn(Provider(account, client, ward.clock), Door(ISSUER, mapping, makes), "院内统一登录", "http://ward")
    ward.app = create(replace(ward.deps(), sign_on=sign_on))


async def way_back(browser: Browser, provider: IdentityProvider, where: str = "/queue") -> str:
    """The address that the provider sends the browser back to."""
    there = await browser.http.get("/login/house", params={"next": where})
    assert there.status_code == 303
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=provider.app)) as asking:
        answer = await asking.get(there.headers["location"])
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def comes_in(browser: Browser, provider: IdentityProvider, where: str = "/queue") -> httpx.Response:
    return await browser.get(await way_back(browser, provider, where))


async def account(ward: Ward, name: str = "lijing") -> User | None:
    async with ward.store.transaction(write=False) as records:
        return await records.user(name)


async def told(ward: Ward, name: str) -> list[tuple[str, str, str | None]]:
    async with ward.store.transaction(write=False) as records:
        return [(event.to_status, event.actor, event.reason) for event in await records.events("user", name)]


async def test_the_first_login_makes_an_account_with_the_role_and_department_of_the_claims(
    ward: Ward, provider: IdentityProvider
) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "ZhouLan", "name": "周岚"}
    browser = ward.browser()
    answer = await comes_in(browser, provider, "/patients/p0003")
    assert (answer.status_code, answer.headers["location"]) == (303, "/patients/p0003")
    assert "张桂兰" in (await browser.get("/patients/p0003")).text
    assert (await browser.get("/patients/p0004")).status_code == 404  # the surgeons' patient
    made = await account(ward, "zhoulan")
    assert made and (made.display_name, made.role, made.department, made.subject, made.must_change) == (
        "周岚", Role.NURSE, seed.CARDIO, SUBJECT, False,
    )  # fmt: skip
    assert await told(ward, "zhoulan") == [("created", "sign_on", None), ("signed_in", "zhoulan", "sign_on")]
    assert (await ward.browser().sign_in("zhoulan", "")).status_code == 401  # there is no password
    assert COOKIE in answer.headers["set-cookie"] and "HttpOnly" in answer.headers["set-cookie"]


async def test_role_and_department_follow_the_claims_at_every_login(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    await comes_in(ward.browser(), provider)
    provider.person |= {"roles": ["physician", "ward-nurse", "other"], "dept": ["x", "all"]}
    browser = ward.browser()
    await comes_in(browser, provider)
    now = await account(ward, "zhoulan")
    assert now and (now.role, now.department) == (Role.NURSE, None)  # the mapping's order decides between two roles
    assert (await browser.get("/patients/p0004")).status_code == 200
    assert ("edited", "sign_on", "claims") in await told(ward, "zhoulan")


async def test_a_prepared_account_is_its_owners_from_the_first_login_and_keeps_its_role(
    ward: Ward, provider: IdentityProvider
) -> None:
    opens(ward, provider, ClaimMapping(), makes=False)
    refused = await comes_in(ward.browser(), provider)
    assert refused.status_code == 403 and "还没有为您准备账号" in refused.text  # same name, and yet nobody's
    admin = await ward.nurse("admin")
    form = {"display_name": "李静", "role": "nurse", "department": "", "sign_on": "LiJing"}
    await admin.post("/users/lijing/edit", **form)
    assert "等待首次统一登录" in (await admin.get("/users")).text
    taken = await admin.post("/users/wangfang/edit", **form | {"display_name": "王芳"})
    assert taken.status_code == 422 and "已填给别的账号" in taken.text
    browser = ward.browser()
    assert (await comes_in(browser, provider)).status_code == 303
    user = await account(ward)
    assert user and (user.subject, user.role) == (SUBJECT, Role.NURSE)
    assert (await ward.browser().sign_in("lijing")).status_code == 303  # her password works beside
    provider.person |= {"sub": "another"}  # somebody else with her login name later
    assert (await comes_in(ward.browser(), provider)).status_code == 403
    await admin.post("/users/lijing/unbind")
    assert (await browser.get("/queue")).status_code == 303  # out at once
    assert (await account(ward) or user).subject is None


async def test_who_comes_by_the_house_is_not_asked_for_the_first_password_she_never_saw(
    ward: Ward, provider: IdentityProvider
) -> None:
    opens(ward, provider, ClaimMapping(), makes=False)
    admin = await ward.nurse("admin")
    made = {
        "name": "lijing2",
        "display_name": "李静",
        "role": "nurse",
        "department": "",
        "phone": "",
        "sign_on": "LiJing",
    }
    assert (await admin.post("/users", **made)).status_code == 200
    browser = ward.browser()
    assert (await comes_in(browser, provider)).headers["location"] == "/queue"
    assert (await browser.get("/queue")).status_code == 200


async def test_an_account_bound_to_another_person_ends_the_first_ones_sessions(
    ward: Ward, provider: IdentityProvider
) -> None:
    opens(ward, provider, ClaimMapping(), makes=False)
    admin, form = await ward.nurse("admin"), {"display_name": "李静", "role": "nurse", "department": ""}
    await admin.post("/users/lijing/edit", **form, sign_on="lijing")
    browser = ward.browser()
    await comes_in(browser, provider)
    await admin.post("/users/lijing/edit", **form)
    assert (await browser.get("/queue")).status_code == 200
    await admin.post("/users/lijing/edit", **form, sign_on="zhoulan")
    assert (await browser.get("/queue")).status_code == 303


async def test_an_account_of_that_name_is_not_taken_over(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "admin", "roles": ["chief"]}
    answer = await comes_in(ward.browser(), provider)
    assert answer.status_code == 403 and "已有账号" in answer.text
    admin = await account(ward, "admin")
    assert admin and admin.subject is None


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"roles": ["visitor"]}, "没有随访工作台的角色"),
        ({"roles": None}, "没有随访工作台的角色"),
        ({"dept": "0999"}, "没有可用的科室"),
        ({"dept": None}, "没有可用的科室"),
        ({"preferred_username": "李静"}, "没有给出可用的登录名"),
        ({"sub": "two words"}, "没有通过核对"),
        ({"sub": ""}, "没有通过核对"),
    ],
)
async def test_whom_the_mapping_does_not_know_is_told_what_is_missing(
    ward: Ward, provider: IdentityProvider, claims: dict[str, Any], says: str
) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"} | claims
    answer = await comes_in(ward.browser(), provider)
    assert answer.status_code == 403 and says in answer.text and COOKIE not in answer.headers.get("set-cookie", "")
    assert await account(ward, "zhoulan") is None


async def test_a_star_is_no_department_where_nothing_is_mapped(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider, ClaimMapping(roles=ROLES, department="dept"))
    provider.person |= {"preferred_username": "zhoulan", "dept": "*"}
    assert (await comes_in(ward.browser(), provider)).status_code == 403


async def test_whoever_is_disabled_here_stays_out(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    async with ward.store.transaction() as records:
        await records.add_user(User("gone", "x", Role.NURSE, "", disabled=True, subject=SUBJECT))
    answer = await comes_in(ward.browser(), provider)
    assert answer.status_code == 403 and "已停用" in answer.text


SPOILT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another issuer": lambda it: it | {"iss": "https://id.other.example"},
    "another audience": lambda it: it | {"aud": "another-app"},
    "an audience of several that is not ours": lambda it: it | {"aud": ["a", "b"], "azp": CLIENT},
    "several, asked for by nobody": lambda it: it | {"aud": [CLIENT, "b"]},
    "asked for by another": lambda it: it | {"aud": [CLIENT, "b"], "azp": "b"},
    "another nonce": lambda it: it | {"nonce": "0" * 64},
    "no nonce": lambda it: {key: value for key, value in it.items() if key != "nonce"},
    "expired": lambda it: it | {"exp": it["iat"] - 61},
    "no expiry": lambda it: {key: value for key, value in it.items() if key != "exp"},
    "an expiry in words": lambda it: it | {"exp": "tomorrow"},
    "from the future": lambda it: it | {"iat": it["iat"] + 120, "exp": it["exp"] + 120},
    "not valid yet": lambda it: it | {"nbf": it["iat"] + 120},
}


@pytest.mark.parametrize("spoils", SPOILT.values(), ids=SPOILT)
async def test_a_token_that_fails_one_check_lets_nobody_in(
    ward: Ward, provider: IdentityProvider, spoils: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    provider.spoils = spoils
    answer = await comes_in(ward.browser(), provider)
    assert answer.status_code == 403 and "没有通过核对" in answer.text
    assert await account(ward, "zhoulan") is None


@pytest.mark.parametrize("how", ["another key", "HS256", "none"])
async def test_a_signature_that_is_not_the_providers_lets_nobody_in(
    ward: Ward, provider: IdentityProvider, how: str
) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    provider.signs_with, provider.algorithm = (new_key(), "RS256") if how == "another key" else (None, how)
    answer = await comes_in(ward.browser(), provider)
    assert answer.status_code == 403 and "没有通过核对" in answer.text


async def test_a_new_key_is_found_and_clocks_may_differ_by_a_minute(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    assert (await comes_in(ward.browser(), provider)).status_code == 303
    provider.key, provider.key_id = new_key(), "k2"
    ward.clock.passes(minutes=1)
    provider.spoils = lambda it: it | {"iat": it["iat"] + 50}
    assert (await comes_in(ward.browser(), provider)).status_code == 303
    assert provider.asked.count("keys") == 2


async def test_what_the_token_leaves_out_is_asked_for_and_must_be_about_the_same_person(
    ward: Ward, provider: IdentityProvider
) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    provider.left_out = frozenset({"roles", "dept"})
    assert (await comes_in(ward.browser(), provider)).status_code == 303
    assert provider.asked.count("userinfo") == 1
    provider.spoils = lambda it: it | {"sub": "another"}
    assert "没有通过核对" in (await comes_in(ward.browser(), provider)).text


async def test_an_answer_is_good_once_in_one_browser_for_ten_minutes(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    browser, stranger = ward.browser(), ward.browser("10.0.0.2")
    back = await way_back(browser, provider)
    cookie = browser.http.cookies[TICKET_COOKIE]
    for thief in (stranger, ward.browser("10.0.0.3")):  # without a ticket, and with a ticket of one's own
        answer = await thief.get(back)
        assert answer.status_code == 403 and "已过期或已经用过" in answer.text
        await way_back(thief, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    assert (await browser.get(back)).status_code == 303
    again = await ward.browser().get(back, cookie=f"{TICKET_COOKIE}={cookie}")
    assert again.status_code == 403 and "已过期或已经用过" in again.text
    late = await way_back(browser, provider)
    ward.clock.passes(minutes=11)
    assert "已过期或已经用过" in (await browser.get(late)).text


async def test_a_code_is_worth_nothing_without_the_verifier_of_its_ticket(
    ward: Ward, provider: IdentityProvider
) -> None:
    opens(ward, provider)
    victim, thief = ward.browser(), ward.browser("10.0.0.2")
    stolen = parse_qs(urlsplit(await way_back(victim, provider)).query)["code"][0]
    own = parse_qs(urlsplit(await way_back(thief, provider)).query)["state"][0]
    answer = await thief.get(f"/login/house/return?state={own}&code={stolen}")
    assert answer.status_code == 503 and COOKIE not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("query", ["&error=access_denied", "", "&code=x&iss=https://id.other.example"])
async def test_who_is_sent_back_without_a_code_or_by_another_reads_why(
    ward: Ward, provider: IdentityProvider, query: str
) -> None:
    opens(ward, provider)
    browser = ward.browser()
    state = parse_qs(urlsplit(await way_back(browser, provider)).query)["state"][0]
    answer = await browser.get(f"/login/house/return?state={state}{query}")
    assert answer.status_code == 403 and re.search("没有放行|没有通过核对", answer.text)
    assert 'name="password"' in answer.text  # passwords work all the same


@pytest.mark.parametrize(
    "discovery",
    [{"issuer": "https://id.other.example"}, {"token_endpoint": "http://id.house.example/token"}, {"jwks_uri": None}],
)
async def test_a_document_that_cannot_be_trusted_sends_nobody_anywhere(
    ward: Ward, provider: IdentityProvider, discovery: dict[str, Any]
) -> None:
    provider.discovery = discovery
    opens(ward, provider)
    answer = await ward.browser().get("/login/house")
    assert answer.status_code == 503 and "暂时连不上" in answer.text


async def test_whom_the_provider_let_in_is_sent_back_to_it_after_eight_hours(
    ward: Ward, provider: IdentityProvider
) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    browser = ward.browser()
    answer = await comes_in(browser, provider)
    assert f"Max-Age={8 * 3600}" in answer.headers["set-cookie"]
    ward.clock.passes(hours=7, minutes=59)
    assert (await browser.get("/queue")).status_code == 200
    ward.clock.passes(minutes=2)
    assert (await browser.get("/queue")).status_code == 303


async def test_a_login_never_leads_to_another_site(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    answer = await comes_in(ward.browser(), provider, "https://evil.example/")
    assert answer.headers["location"] == "/queue"


async def test_the_button_stands_there_only_where_there_is_a_provider(ward: Ward, provider: IdentityProvider) -> None:
    assert "house-login" not in (await ward.browser().get("/login")).text
    assert (await ward.browser().get("/login/house")).headers["location"].startswith("/login?")
    opens(ward, provider)
    assert "院内统一登录" in (await ward.browser().get("/login")).text


async def test_logging_out_names_the_providers_own_session(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    browser = ward.browser()
    await comes_in(browser, provider)
    answer = await browser.post("/logout", scripted=False)
    assert answer.headers["location"] == "/login?left=house"
    assert (await browser.get("/queue")).status_code == 303
    assert "/login/house/leave" in (await browser.get("/login?left=house")).text
    leave = (await browser.get("/login/house/leave")).headers["location"]
    assert leave.startswith(f"{ISSUER}/leave?") and "http%3A%2F%2Fward%2Flogin" in leave
    assert (await (await ward.nurse()).post("/logout", scripted=False)).headers["location"] == "/login"


async def test_codes_that_the_provider_does_not_take_are_braked(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    guesser = ward.browser()

    async def guess() -> int:
        there = (await guesser.get("/login/house")).headers["location"]
        state = parse_qs(urlsplit(there).query)["state"][0]
        return (await guesser.get(f"/login/house/return?state={state}&code=guessed")).status_code

    assert {await guess() for _ in range(30)} == {503}
    assert await guess() == 429


async def test_junk_that_never_reached_the_provider_locks_nobody_out(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    junk = ward.browser()
    answers = {(await junk.get("/login/house/return?state=x&code=y")).status_code for _ in range(40)}
    assert answers == {403}
    assert (await comes_in(ward.browser(), provider)).status_code == 303  # from the same address


async def test_the_last_administrator_stays_one_whatever_the_claims_say(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan", "roles": ["chief"]}
    await comes_in(ward.browser(), provider)
    async with ward.store.transaction() as records:
        for user in await records.users():
            if user.role is Role.ADMIN and user.name != "zhoulan":
                await records.save_user(replace(user, disabled=True))
    provider.person |= {"roles": ["ward-nurse"]}
    assert (await comes_in(ward.browser(), provider)).status_code == 303
    kept = await account(ward, "zhoulan")
    assert kept and kept.role is Role.ADMIN and ("kept", "sign_on", "last_admin") in await told(ward, "zhoulan")
    async with ward.store.transaction() as records:
        await records.add_user(replace(kept, name="another", subject=None))
    await comes_in(ward.browser(), provider)
    assert (await account(ward, "zhoulan") or kept).role is Role.NURSE


async def ended_by(ward: Ward, token: str) -> int:
    answer = await ward.browser().http.post("/login/house/ended", data={"logout_token": token})
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code


async def test_whose_sessions_the_provider_ends_is_out_at_once(ward: Ward, provider: IdentityProvider) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    browser, nurse = ward.browser(), await ward.nurse()
    await comes_in(browser, provider)
    assert (await browser.get("/queue")).status_code == 200
    assert await ended_by(ward, provider.logout_token()) == 200
    assert (await browser.get("/queue")).status_code == 303 and (await nurse.get("/queue")).status_code == 200
    assert ("signed_out", "sign_on", None) in await told(ward, "zhoulan")
    assert await ended_by(ward, provider.logout_token(sub="nobody-here")) == 200  # nothing to end


@pytest.mark.parametrize(
    "spoilt",
    [{"nonce": "n"}, {"events": {}}, {"events": None}, {"sub": None}, {"aud": "another"}, {"iss": "https://other"},
     {"jti": None}, {"iat": 1_000}, {"iat": "now"}, {"exp": 1_000}],
    ids=str,
)  # fmt: skip
async def test_a_logout_token_that_fails_one_check_ends_nothing(
    ward: Ward, provider: IdentityProvider, spoilt: dict[str, object]
) -> None:
    opens(ward, provider)
    provider.person |= {"preferred_username": "zhoulan"}
    browser = ward.browser()
    await comes_in(browser, provider)
    assert await ended_by(ward, provider.logout_token(**spoilt)) == 400
    provider.signs_with = new_key()
    assert await ended_by(ward, provider.logout_token()) == 400
    assert (await browser.get("/queue")).status_code == 200


def test_what_waits_for_an_owner_is_no_subject_of_a_provider() -> None:
    assert awaited(ISSUER, "LiJing") == f"{ISSUER} awaits lijing"
