"""One account at a simulated vendor: what was approved for it, what it sent, and whom its pushes reach."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

MOBILE = re.compile(r"1[3-9]\d{9}")
ADDRESS = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:com|cn|net|org)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Account:
    """`templates` by code, their text with the vendor's own places; `per_day` messages of one template
    to one number."""

    key_id: str
    key_secret: str
    sign_name: str
    templates: Mapping[str, str]
    app_id: str = ""
    per_day: int = 50
    names_sessions: bool = True  # reports name the customer's id: switched on for this house


@dataclass(slots=True)
class Sent:
    """One message the vendor took. `own_id` is the customer's, `ref` the vendor's."""

    ref: str
    own_id: str
    number: str  # eleven digits
    template: str
    text: str
    at: datetime
    reported: bool = False


@dataclass(slots=True)
class Book:
    """What the vendor has; `fails` are the refusals of the next requests, in order, whatever they ask."""

    sent: list[Sent] = field(default_factory=list)
    fails: list[str] = field(default_factory=list)
    loses: int = 0  # so many requests are obeyed and never answered

    def today(self, number: str, template: str, now: datetime) -> int:
        same = (each for each in self.sent if (each.number, each.template) == (number, template))
        return sum(each.at.date() == now.date() for each in same)


class Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
