"""How many customer-service messages an account may send to one follower, and until when.

"Customer Service Messages": a message from the follower allows 5 within 48 hours; following, scanning a code and
clicking the menu allow 3 within a minute. How several of these add up is not published: here the newest of each kind
counts and nothing adds up, which is the strictest reading."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from telephony.simulator.wechat.errors import ApiError


class Deed(StrEnum):
    MESSAGE = "message"
    CLICK = "click"
    FOLLOW = "follow"
    SCAN = "scan"


ALLOWED = {
    Deed.MESSAGE: (5, timedelta(hours=48)),
    Deed.CLICK: (3, timedelta(minutes=1)),
    Deed.FOLLOW: (3, timedelta(minutes=1)),
    Deed.SCAN: (3, timedelta(minutes=1)),
}


@dataclass
class Window:
    _grants: dict[Deed, tuple[int, datetime]] = field(default_factory=dict)

    def open(self, deed: Deed, now: datetime) -> None:
        count, lasts = ALLOWED[deed]
        self._grants[deed] = (count, now + lasts)

    def close(self) -> None:
        self._grants.clear()

    def spend(self, now: datetime) -> None:
        """Takes one message from the grant that ends first. Raises ApiError 45015 or 45047."""
        live = sorted((until, deed, left) for deed, (left, until) in self._grants.items() if until > now)
        if not live:
            raise ApiError(45015)
        for until, deed, left in live:
            if left > 0:
                self._grants[deed] = (left - 1, until)
                return
        raise ApiError(45047)
