"""A short-lived token binds a media stream to the call and attempt whose voice webhook we answered."""

import hashlib
import hmac
from datetime import datetime, timedelta

_PURPOSE = b"suifang media stream 1"


class Tokens:
    """`<expiry, seconds since 1970>.<HMAC-SHA256>`; the key is derived from the account's auth token."""

    def __init__(self, secret: str, lifetime_seconds: int) -> None:
        self._key = hmac.digest(secret.encode(), _PURPOSE, "sha256")
        self._lifetime = timedelta(seconds=lifetime_seconds)

    def issue(self, *, attempt_id: str, carrier_ref: str, now: datetime) -> str:
        expiry = str(int((now + self._lifetime).timestamp()))
        return f"{expiry}.{self._code(expiry, attempt_id, carrier_ref)}"

    def valid(self, token: str, *, attempt_id: str, carrier_ref: str, now: datetime) -> bool:
        """True if we issued it for this attempt and call and it has not expired."""
        expiry, _, code = token.partition(".")
        expected = self._code(expiry, attempt_id, carrier_ref)
        if not hmac.compare_digest(code.encode(), expected.encode()):
            return False
        return now.timestamp() < int(expiry)

    def _code(self, expiry: str, attempt_id: str, carrier_ref: str) -> str:
        message = "\n".join((expiry, attempt_id, carrier_ref)).encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()
