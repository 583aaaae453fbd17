"""Who may open the practice call's socket: what the table of rights says, whatever the page shows."""

from typing import Any, cast

import pytest
from starlette.websockets import WebSocket

from agent.model.record import Role, User
from dashboard.sessions import COOKIE
from telephony.browser import PracticeRefused, Wanted
from tests.fakes import seed
from tests.unit.dashboard.conftest import Browser, Ward
from wiring.practice import Room


async def asks(ward: Ward, browser: Browser) -> None:
    """Opens the socket as the page would. Raises PracticeRefused."""
    cookie = f"{COOKIE}={browser.http.cookies[COOKIE]}".encode()
    scope = {"type": "websocket", "headers": [(b"cookie", cookie)], "state": {}}
    nothing = cast(Any, None)
    room = Room(nothing, nothing, nothing, nothing, nothing, nothing, ward.app.state.web)
    wanted = Wanted(await browser.token(), "heart_failure", 7)
    await room.admit(WebSocket(scope, nothing, nothing), wanted)


async def test_a_nurse_may_practise(ward: Ward, nurse: Browser) -> None:
    await asks(ward, nurse)


async def test_whoever_only_reads_may_not_though_they_know_the_address(ward: Ward) -> None:
    async with ward.store.transaction() as records:
        await records.add_user(User("auditor", "审计员", Role.AUDITOR, seed.HASHED))
    with pytest.raises(PracticeRefused, match="不能练习"):
        await asks(ward, await ward.nurse("auditor"))
