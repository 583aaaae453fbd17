"""What a QR code carries: which patient, in which role, until when, signed by this house (pure).

`<role><patient id>.<expiry, seconds, base 36>.<signature>`, at most the 64 characters that a scene may have."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime

from agent.model.wechat import BindingRole

_PURPOSE = b"suifang wechat binding 1"
_LONGEST = 64
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a code binds; `consent` as in WechatBinding."""

    patient_id: str
    role: BindingRole
    consent: str = ""


_LETTERS = {
    ("s", BindingRole.SELF, ""),
    ("p", BindingRole.CAREGIVER, "patient_code"),
    ("n", BindingRole.CAREGIVER, "staff"),
}


class BindingCodes:
    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, _PURPOSE, "sha256")

    def issue(self, invited: Invited, until: datetime) -> str:
        """Raises ValueError for an id too long, or a role that no code gives."""
        known = {(role, consent): letter for letter, role, consent in _LETTERS}
        head = f"{known[invited.role, invited.consent]}{invited.patient_id}.{_base36(int(until.timestamp()))}"
        scene = f"{head}.{self._signature(head)}"
        if len(scene) > _LONGEST:
            raise ValueError("patient id too long for a code")
        return scene

    def read(self, scene: str, now: datetime) -> Invited | None:
        """None for a code that is not ours, was changed, or has expired."""
        head, _, signature = scene.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(head).encode()):
            return None
        who, _, until = head.rpartition(".")
        if int(until, 36) <= now.timestamp():
            return None
        return next(Invited(who[1:], role, consent) for letter, role, consent in _LETTERS if letter == who[0])

    def _signature(self, head: str) -> str:
        return base64.urlsafe_b64encode(hmac.digest(self._key, head.encode(), "sha256")[:15]).decode()


def _base36(number: int) -> str:
    made = ""
    while number:
        number, digit = divmod(number, 36)
        made = _DIGITS[digit] + made
    return made or "0"
