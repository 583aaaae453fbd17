"""Signed addresses of the web chat: bound to one contact, expiring, and short enough for an SMS (pure)."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MAC_BYTES = 10
_HOUR = 3600
PATH = "/c/"


class BadLink(Exception):
    """`code`: "invalid" (not ours, or altered) or "expired"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Links:
    """`key` at least 32 bytes, of which nobody outside knows; `base` the address patients reach us at."""

    key: bytes
    base: str
    valid_for: timedelta = timedelta(days=14)

    def address(self, contact_id: str, now: datetime) -> str:
        return f"{self.base}{PATH}{self.token(contact_id, now)}"

    def token(self, contact_id: str, now: datetime) -> str:
        """Expiry in whole hours (3 bytes), the contact's id, 80 bits of HMAC-SHA256: 35 letters for an id of ours."""
        hours = int((now + self.valid_for).timestamp()) // _HOUR
        body = hours.to_bytes(3, "big") + _packed(contact_id)
        return base64.urlsafe_b64encode(body + self._mac(body)).rstrip(b"=").decode()

    def contact(self, token: str, now: datetime) -> str:
        """The contact's id. Raises BadLink."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            raise BadLink("invalid") from None
        body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if len(body) < 5 or not hmac.compare_digest(mac, self._mac(body)):
            raise BadLink("invalid")
        if datetime.fromtimestamp(int.from_bytes(body[:3], "big") * _HOUR, UTC) <= now:
            raise BadLink("expired")
        return _unpacked(body[3:])

    def ticket(self, contact_id: str) -> str:
        """What the page holds once the patient has shown who they are; of no use without a valid link."""
        return base64.urlsafe_b64encode(self._mac(b"ticket:" + contact_id.encode())).rstrip(b"=").decode()

    def knows(self, ticket: str, contact_id: str) -> bool:
        return hmac.compare_digest(ticket.encode(), self.ticket(contact_id).encode())

    def _mac(self, body: bytes) -> bytes:
        return hmac.new(self.key, b"chat-link:" + body, hashlib.sha256).digest()[:_MAC_BYTES]


def _packed(contact_id: str) -> bytes:
    """Hex ids take half the room."""
    try:
        packed = bytes.fromhex(contact_id)
    except ValueError:
        return b"t" + contact_id.encode()
    return b"h" + packed if packed.hex() == contact_id else b"t" + contact_id.encode()


def _unpacked(raw: bytes) -> str:
    return raw[1:].hex() if raw[:1] == b"h" else raw[1:].decode()
