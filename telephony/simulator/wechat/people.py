"""A follower's telephone: what the account sent is in `received`, what the follower does goes to the account."""

from dataclasses import dataclass, field
from typing import Any

from telephony.simulator.wechat.windows import Window


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one push to the account went: `status` of the last try (None: no answer in time), `pushes` how many."""

    message: dict[str, str | int]
    status: int | None
    pushes: int
    seconds: float  # until the account's first answer
    fault_shown: bool  # the follower read that the account's service is out of order


@dataclass
class Follower:
    openid: str
    subscribed: bool = False
    window: Window = field(default_factory=Window)
    accepts: set[str] = field(default_factory=set)  # ids of templates consented to once each
    blocks_templates: bool = False
    received: list[dict[str, Any]] = field(default_factory=list)

    def pictures(self) -> list[str]:
        """Media ids of the customer-service pictures, oldest first."""
        return [each["image"]["media_id"] for each in self.received if each.get("msgtype") == "image"]

    def texts(self) -> list[str]:
        """Words of the customer-service texts, oldest first."""
        return [each["text"]["content"] for each in self.received if each.get("msgtype") == "text"]
