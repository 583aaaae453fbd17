"""Access tokens by "getStableAccessToken": 7,200 s; asked again within that time it gives the same one; five minutes
before the end it gives a new one, and both are valid until then; a forced refresh kills the old one at once, at most
20 times a day and 30 s apart (sooner, it refreshes nothing)."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from telephony.simulator.wechat.errors import ApiError

LIFETIME = timedelta(seconds=7200)
EARLY = timedelta(minutes=5)
FORCED_APART = timedelta(seconds=30)
FORCED_A_DAY = 20


@dataclass
class AccessTokens:
    _until: dict[str, datetime] = field(default_factory=dict)
    _current: str = ""
    _forced: list[datetime] = field(default_factory=list)
    issued: int = 0  # how many different ones

    def give(self, now: datetime, *, force: bool) -> tuple[str, int]:
        """The token and the seconds it has left. Raises ApiError."""
        if force and self._may_force(now):
            self._forced.append(now)
            self._until.pop(self._current, None)
            self._current = ""
        until = self._until.get(self._current)
        if until is None or until - now <= EARLY:
            self._current = secrets.token_urlsafe(60)
            self._until[self._current] = until = now + LIFETIME
            self.issued += 1
        return self._current, int((until - now).total_seconds())

    def check(self, token: str | None, now: datetime) -> None:
        """Raises ApiError 41001, 40001 or 42001."""
        if not token:
            raise ApiError(41001)
        until = self._until.get(token)
        if until is None:
            raise ApiError(40001)
        if until <= now:
            raise ApiError(42001)

    def revoke(self) -> None:
        """As when the secret is reset, or another programme of the hospital forces a refresh."""
        self._until.clear()
        self._current = ""

    def _may_force(self, now: datetime) -> bool:
        if self._forced and now - self._forced[-1] < FORCED_APART:
            return False
        today: date = now.date()
        if sum(moment.date() == today for moment in self._forced) >= FORCED_A_DAY:
            raise ApiError(45009)
        return True
