"""Login through a strict identity provider, in a real browser: there, back, out, and a role that is missing."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from agent.model.clock import utc_now
from agent.model.record import Role
from dashboard.deps import DashboardDeps
from dashboard.signon.claims import ClaimMapping
from dashboard.signon.door import Door
from dashboard.signon.provider import Provider, ProviderAccount
from dashboard.signon.sign_on import SignOn
from machine.finding import Health
from settings import OidcAccount, Settings
from tests.e2e.dashboard_ward import CHROMIUM, running_ward, sign_in
from tests.fakes import seed
from tests.fakes.identity_provider import CLIENT, SECRET, IdentityProvider
from wiring.sign_on import RETURN, sign_on_check

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")
MAPPING = ClaimMapping(roles={"ward-nurse": Role.NURSE}, department="dept", departments={"0301": seed.CARDIO})


@contextmanager
def served(provider: IdentityProvider, listening: socket.socket) -> Iterator[FastAPI]:
    server = uvicorn.Server(uvicorn.Config(provider.app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield provider.app
    finally:
        server.should_exit = True
        thread.join(10)


def test_a_nurse_comes_in_by_the_house_goes_out_and_keeps_her_password_door(browser: Browser, tmp_path: Path) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
    provider = IdentityProvider(issuer, "", utc_now, asks=True)
    provider.person |= {"preferred_username": "zhoulan", "name": "周岚"}

    def fitted(deps: DashboardDeps, address: str) -> DashboardDeps:
        provider.returns_to = address + RETURN
        account = ProviderAccount(issuer, CLIENT, provider.returns_to, SECRET)
        of_the_house = Provider(account, lambda: httpx.AsyncClient(trust_env=False), utc_now)
        return replace(deps, sign_on=SignOn(of_the_house, Door(issuer, MAPPING, True), "院内统一登录", address))

    with served(provider, listening), running_ward(tmp_path, fitted=fitted) as ward:
        page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
        page.goto(f"{ward.address}/patients/p0003")
        page.get_by_role("link", name="院内统一登录").click()
        page.get_by_role("button", name="登录").click()  # at the provider's
        page.wait_for_url("**/patients/p0003")
        expect(page.locator(".me summary")).to_contain_text("周岚")
        page.goto(f"{ward.address}/escalations/e0001")
        page.keyboard.press("t")
        expect(page.locator("#release")).to_be_visible()  # forms and keys work as after a password
        page.locator(".me summary").click()
        expect(page.get_by_role("link", name="修改密码")).to_have_count(0)
        page.get_by_role("button", name="退出登录").click()
        page.get_by_role("link", name="退出院内统一登录").click()
        page.wait_for_url(re.compile("/login$"))

        provider.person |= {"roles": ["visitor"]}
        page.get_by_role("link", name="院内统一登录").click()
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_contain_text("没有随访工作台的角色")
        sign_in(page, ward.address)
        expect(page.locator(".me summary")).to_contain_text("李静")
        page.context.close()

        oidc = OidcAccount(issuer=issuer, client_id=CLIENT, return_to=ward.address, roles="nurse=ward-nurse")
        found = ward.do(sign_on_check(Settings(oidc=oidc)))
        assert found.health is Health.GOOD and ward.address in found.what
        found = ward.do(sign_on_check(Settings(oidc=oidc.model_copy(update={"accounts": "create"}))))
        assert found.health is Health.LESSER and "every department" in found.what
