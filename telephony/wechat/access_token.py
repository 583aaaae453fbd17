"""The account's access token, fetched once for everybody who waits.

The stable token (decision 0074): asked again within its two hours the platform gives the same one, so several of our
processes never kill each other's; it renews it five minutes early and takes both until then."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.model.clock import Now

EARLY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Fetched:
    token: str
    until: datetime


Fetch = Callable[[bool], Awaitable[Fetched]]
"""force -> a token from the platform."""


class AccessToken:
    def __init__(self, fetch: Fetch, now: Now) -> None:
        self._fetch, self._now = fetch, now
        self._kept: Fetched | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        async with self._lock:
            if self._kept is None or self._kept.until - self._now() <= EARLY:
                self._kept = await self._fetch(False)
            return self._kept.token

    async def instead_of(self, refused: str) -> str:
        """Another token than the one that was refused; forced only where the platform itself gives that one again."""
        async with self._lock:
            if self._kept is None or self._kept.token == refused:
                self._kept = await self._fetch(False)
                if self._kept.token == refused:
                    self._kept = await self._fetch(True)
            return self._kept.token
