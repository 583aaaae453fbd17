"""The account's calls and messages as the REST API shows them."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

API_VERSION = "2010-04-01"
ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_SUBRESOURCES = ("events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions")


def new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def rfc2822(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment)


@dataclass(slots=True)
class CallRecord:
    """One call: the published fields, what its creator asked for, and what happened."""

    sid: str
    account_sid: str
    to: str
    from_: str
    request: dict[str, list[str]]
    created: datetime
    updated: datetime
    status: str = "queued"
    started: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    answered_by: str | None = None
    sequence: int = 0
    timeline: list[dict[str, object]] = field(default_factory=list)
    hang_up: asyncio.Event = field(default_factory=asyncio.Event)  # asked for through the REST API
    stream: dict[str, object] = field(default_factory=dict)  # the media stream's measurements
    redirect: dict[str, str] | None = None  # Twiml or Url asked for through the REST API, until it is obeyed
    parent_sid: str | None = None  # of a call that <Dial> made

    @property
    def seconds(self) -> int:
        if self.answered is None or self.ended is None:
            return 0
        return max(1, round((self.ended - self.answered).total_seconds()))

    @property
    def direction(self) -> str:
        return "outbound-dial" if self.parent_sid else "outbound-api"

    def asked(self, name: str, default: str = "") -> str:
        return self.request.get(name, [default])[0]

    def note(self, what: str, at: datetime, **details: object) -> None:
        """Adds to the timeline; `at_seconds` counts from the call's creation."""
        self.timeline.append({"at_seconds": round((at - self.created).total_seconds(), 3), "what": what, **details})

    def resource(self) -> dict[str, Any]:
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Calls/{self.sid}"
        ended = self.status in ENDED
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "answered_by": self.answered_by,
            "api_version": API_VERSION,
            "caller_name": None,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.updated),
            "direction": self.direction,
            "duration": str(self.seconds) if ended else None,
            "start_time": rfc2822(self.started),
            "end_time": rfc2822(self.ended),
            "forwarded_from": None,
            "from": self.from_,
            "from_formatted": self.from_,
            "group_sid": None,
            "parent_call_sid": self.parent_sid,
            "phone_number_sid": "PN" + "0" * 32,
            "price": None,
            "price_unit": "USD",
            "queue_time": "0",
            "status": self.status,
            "subresource_uris": {name: f"{uri}/{name.title()}.json" for name in _SUBRESOURCES},
            "to": self.to,
            "to_formatted": self.to,
            "trunk_sid": None,
            "uri": uri + ".json",
        }

    def report(self) -> dict[str, object]:
        """What /simulator/calls shows."""
        return {
            "sid": self.sid,
            "to": self.to,
            "status": self.status,
            "answered_by": self.answered_by,
            "seconds": self.seconds,
            "timeline": self.timeline,
            **self.stream,
        }


@dataclass(slots=True)
class MessageRecord:
    sid: str
    account_sid: str
    to: str
    from_: str | None
    service_sid: str | None
    body: str
    callback: str
    created: datetime
    updated: datetime
    status: str = "queued"
    sent: datetime | None = None

    def resource(self) -> dict[str, Any]:
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.updated),
            "date_sent": rfc2822(self.sent),
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": self.from_,
            "messaging_service_sid": self.service_sid,
            "num_media": "0",
            "num_segments": str(segments(self.body)),
            "price": None,
            "price_unit": "USD",
            "status": self.status,
            "subresource_uris": {"media": uri + "/Media.json"},
            "to": self.to,
            "uri": uri + ".json",
        }


def segments(body: str) -> int:
    """SMS segments of a text: 70 or 67 UCS-2 units with any character beyond ASCII, else 160 or 153."""
    whole, part = (160, 153) if body.isascii() else (70, 67)
    units = len(body.encode("utf-16-be")) // 2
    return 1 if units <= whole else -(-units // part)
