"""What the platform's return codes mean to us."""

from collections.abc import Mapping

from agent.schedule.ports import SendFailed

SYSTEM_BUSY = -1
TOKEN_REFUSED = frozenset({40001, 40014, 42001})
NOT_A_FOLLOWER = frozenset({40003, 43004})
WINDOW_CLOSED = frozenset({45015, 45047})
"""No message of the patient within 48 hours, or five already sent since the last one."""

_MEANINGS: Mapping[int, tuple[str, bool]] = {
    SYSTEM_BUSY: ("provider_down", True),
    **dict.fromkeys(TOKEN_REFUSED, ("unauthorised", True)),
    40013: ("unauthorised", False),  # app id
    40125: ("unauthorised", False),  # app secret
    40164: ("unauthorised", False),  # our address is not on the account's list
    48001: ("unauthorised", False),  # the account has no right to this API
    45009: ("rate_limited", True),
    45011: ("rate_limited", True),
    **dict.fromkeys(WINDOW_CLOSED, ("window_closed", False)),
    40003: ("bad_address", False),
    43004: ("bad_address", False),  # not a follower any more
    43101: ("no_template", False),  # no consent, or it was used up
    40037: ("no_template", False),
}


class WechatRefused(Exception):
    """The platform answered with a return code other than 0."""

    def __init__(self, errcode: int) -> None:
        super().__init__(f"errcode {errcode}")
        self.errcode = errcode

    def as_send_failed(self) -> SendFailed:
        code, retryable = _MEANINGS.get(self.errcode, ("rejected", False))
        return SendFailed(code, retryable=retryable)


class WechatDown(Exception):
    """No answer that makes sense. `unsure`: the request may have arrived all the same."""

    def __init__(self, why: str, *, unsure: bool) -> None:
        super().__init__(why)
        self.unsure = unsure

    def as_send_failed(self) -> SendFailed:
        return SendFailed("provider_down", retryable=True, unsure=self.unsure)
