"""Signed session cookies, tokens against forged posts, and the brake on guessed passwords."""

import base64
import hashlib
import hmac
import json
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agent.model.clock import require_aware
from agent.model.record import User

COOKIE = "suifang_session"
LOGIN_COOKIE = "suifang_login"


@dataclass(frozen=True, slots=True)
class Session:
    """What the cookie carries. `stamp` changes with the password and with the user's seal, and ends old sessions."""

    id: str
    user: str
    stamp: str
    ends: float  # seconds since the epoch
    by_house: bool = False  # the house's provider let them in: their password here does not matter


def stamp_of(user: User) -> str:
    return hashlib.sha256((user.password_hash + user.seal).encode()).hexdigest()[:16]


class Signer:
    """What this server alone can write, and anybody may carry. A purpose keeps one thing from passing as another."""

    def __init__(self, secret_key: bytes) -> None:
        if len(secret_key) < 32:
            raise ValueError("the secret key needs at least 32 bytes")
        self._key = secret_key

    def sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()

    def packed(self, purpose: str, body: Mapping[str, Any]) -> str:
        """A cookie's value."""
        payload = base64.urlsafe_b64encode(json.dumps(body).encode()).decode()
        return f"{payload}.{self.sign(purpose, payload)}"

    def unpacked(self, purpose: str, value: str) -> dict[str, Any] | None:
        """None for what we did not write."""
        payload, _, signature = value.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self.sign(purpose, payload).encode()):
            return None
        body = json.loads(base64.urlsafe_b64decode(payload))
        assert isinstance(body, dict)
        return body


class Sessions:
    """Opens, reads and ends sessions. Ended ones are remembered by this process until they expire."""

    def __init__(self, secret_key: bytes) -> None:
        self._signer = Signer(secret_key)
        self._ended: dict[str, float] = {}

    def open(self, user: User, now: datetime, length: timedelta, *, by_house: bool = False) -> str:
        """The cookie's value for a new session."""
        ends = (require_aware(now) + length).timestamp()
        body = {"i": secrets.token_urlsafe(12), "u": user.name, "s": stamp_of(user), "e": ends, "h": by_house}
        return self._signer.packed("session", body)

    def read(self, cookie: str, now: datetime) -> Session | None:
        """The session of a cookie that we signed, that has not expired and was not ended."""
        body = self._signer.unpacked("session", cookie)
        if body is None:
            return None
        session = Session(body["i"], body["u"], body["s"], body["e"], body.get("h", False))
        alive = session.ends > now.timestamp() and session.id not in self._ended
        return session if alive else None

    def end(self, session: Session, now: datetime) -> None:
        moment = now.timestamp()
        self._ended = {key: ends for key, ends in self._ended.items() if ends > moment}
        self._ended[session.id] = session.ends

    def token(self, subject: str) -> str:
        """The token that a form of this session (or of a login nonce) must carry."""
        return self._signer.sign("form", subject)

    def token_fits(self, subject: str, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token(subject).encode())


class Throttle:
    """Counts failed logins by key within a window; holds at most `most_keys` keys, the oldest leave first. A key names
    the account first, "" for none: `tries_of`."""

    def __init__(self, *, window: timedelta = timedelta(minutes=10), most_keys: int = 10_000) -> None:
        self._window, self._most_keys = window, most_keys
        self._failures: OrderedDict[str, list[datetime]] = OrderedDict()

    def wait(self, key: str, now: datetime, *, allowed: int) -> timedelta:
        """How long this key must wait before another try; zero when it may try now."""
        recent = [at for at in self._failures.get(key, ()) if now - at < self._window]
        return recent[-allowed] + self._window - now if len(recent) >= allowed else timedelta()

    def failed(self, key: str, now: datetime) -> None:
        recent = [at for at in self._failures.pop(key, []) if now - at < self._window]
        self._failures[key] = [*recent[-99:], now]
        while len(self._failures) > self._most_keys:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        self._failures.pop(key, None)

    def forget(self, name: str) -> None:
        """The account has a new password: tries at the old one, from wherever they came, count no more."""
        for key in [each for each in self._failures if each.startswith(tries_of(name, ""))]:
            self.succeeded(key)


def tries_of(name: str, where: str) -> str:
    """A throttle's key for one account at one place."""
    return f"{name.lower()}@{where}"
