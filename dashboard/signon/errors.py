"""Why a login through the house's identity provider came to nothing."""

from enum import StrEnum


class Reason(StrEnum):
    UNREACHABLE = "unreachable"  # no answer, or one that is not what the specification says
    REFUSED = "refused"  # the provider let nobody in: cancelled, or not allowed there
    EXPIRED = "expired"  # begun too long ago, in another browser, or used before
    UNTRUSTED = "untrusted"  # its answer failed a check: signature, issuer, audience, nonce, times
    NO_NAME = "no_name"  # it does not tell a usable login name
    NO_ROLE = "no_role"
    NO_DEPARTMENT = "no_department"
    NO_ACCOUNT = "no_account"
    NAME_TAKEN = "name_taken"
    DISABLED = "disabled"
    TOO_OFTEN = "too_often"


class SignOnError(Exception):
    """`detail` is for the house's IT: which check failed, never a token or a person's name."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason, self.detail = reason, detail
