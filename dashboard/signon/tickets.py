"""What ties an answer to the browser that asked: a state in a signed cookie, nonce and verifier derived from it."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.sessions import Signer
from dashboard.signon.errors import Reason, SignOnError

TICKET_COOKIE = "suifang_sign_on"
LENGTH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Ticket:
    """`next` is where the user wanted to go. `nonce` and `verifier` never leave this server but for the provider."""

    state: str
    nonce: str
    verifier: str
    next: str

    @property
    def challenge(self) -> str:
        """S256 of the verifier (RFC 7636)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Tickets:
    """Each is good once, for ten minutes, in the browser it was issued to. Used ones are remembered by this process."""

    def __init__(self, secret_key: bytes) -> None:
        self._signer = Signer(secret_key)
        self._used: dict[str, float] = {}

    def issue(self, next: str, now: datetime) -> tuple[Ticket, str]:
        """The ticket, and the cookie that carries its state."""
        state = secrets.token_urlsafe(24)
        cookie = self._signer.packed("sign-on", {"s": state, "n": next, "e": (now + LENGTH).timestamp()})
        return self._ticket(state, next), cookie

    def use(self, cookie: str, state: str, now: datetime) -> Ticket:
        """Raises SignOnError: not ours, another browser's, too late, or used."""
        body, moment = self._signer.unpacked("sign-on", cookie), now.timestamp()
        self._used = {key: ends for key, ends in self._used.items() if ends > moment}
        if body is None or not secrets.compare_digest(body["s"].encode(), state.encode()) or body["e"] <= moment:
            raise SignOnError(Reason.EXPIRED, "state")
        if state in self._used:
            raise SignOnError(Reason.EXPIRED, "state used before")
        self._used[state] = body["e"]
        return self._ticket(state, body["n"])

    def _ticket(self, state: str, next: str) -> Ticket:
        nonce, verifier = (self._signer.sign(purpose, state) for purpose in ("nonce", "verifier"))
        return Ticket(state, nonce, verifier, next)
