"""One person's first login through the house, in two windows at the same moment."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import httpx

from agent.model.record import Role, User
from agent.store.ports import Store
from dashboard.signon.claims import ClaimMapping
from dashboard.signon.door import Door
from dashboard.signon.provider import Provider, ProviderAccount
from dashboard.signon.sign_on import SignOn
from dashboard.signon.tickets import Tickets
from tests.fakes.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.fakes.rows import NOON

ISSUER, BACK = "https://id.house.example", "http://ward/login/house/return"


async def test_two_first_logins_at_once_are_one_account_and_both_get_in(store: Store) -> None:
    house, tickets = IdentityProvider(ISSUER, BACK, lambda: NOON), Tickets(b"a key of the tests, 32 bytes long")

    def client() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=house.app))

    provider = Provider(ProviderAccount(ISSUER, CLIENT, BACK, SECRET), client, lambda: NOON)
    mapping = ClaimMapping(roles={"ward-nurse": Role.NURSE})
    sign_on = SignOn(provider, Door(ISSUER, mapping, makes_accounts=True), "院内统一登录", "http://ward")

    async def window() -> User:
        ticket, _ = tickets.issue("/queue", NOON)
        async with client() as browser:
            back = (await browser.get(await provider.way_in(ticket))).headers["location"]
        return await sign_on.enter(store, parse_qs(urlsplit(back).query)["code"][0], ticket, lambda: NOON)

    for _ in range(5):
        first, second = await asyncio.gather(window(), window())
        assert first == second and first.name == "lijing"
        house.person["sub"] += "x"
        async with store.transaction() as records:
            assert len([user for user in await records.users() if user.role is Role.NURSE]) == 1
            await records.save_user(User("lijing", "李静", Role.NURSE, "", subject=f"{ISSUER} awaits lijing"))
