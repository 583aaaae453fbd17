"""ARI's events, from JSON to plain values: the few that a call is made of."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class BadEvent(Exception):
    """A message that is not of the protocol. The code quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Alerting:
    """The trunk reacted: `ringing` when it says that a telephone rings; otherwise progress, an answer, or a refusal to
    come. `audible`: there may be sound before the answer."""

    channel_id: str
    ringing: bool
    at: datetime
    audible: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """A channel is answered and handed to us (StasisStart)."""

    channel_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """A channel exists no more; `answered` if it had been up. `sip` is the last SIP status, if the PBX names it."""

    channel_id: str
    answered: bool
    cause: int
    sip: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another connection has taken over our application: we hear nothing more."""


Event = Alerting | Entered | Gone | Replaced


def parse(text: str) -> Event | None:
    """None for events we have no use for. Raises BadEvent."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadEvent("not_json") from None
    if not isinstance(message, dict):
        raise BadEvent("not_an_object")
    if message.get("type") == "ApplicationReplaced":
        return Replaced()
    reader = _READERS.get(str(message.get("type")))
    return reader(message) if reader else None


def _dial(message: dict[str, Any]) -> Event | None:
    """A Dial event without a status says only that dialling began."""
    status = message.get("dialstatus")
    if not status:
        return None
    audible = status in ("RINGING", "PROGRESS")
    return Alerting(_channel(message, "peer"), status == "RINGING", _moment(message), audible)


def _entered(message: dict[str, Any]) -> Event:
    return Entered(_channel(message), _moment(message))


def _destroyed(message: dict[str, Any]) -> Event:
    channel_id, answered = _channel(message), message["channel"].get("state") == "Up"
    cause, sip = _number(message, "cause") or 0, _number(message, "tech_cause")
    return Gone(channel_id, answered, cause, sip, _moment(message))


_READERS: dict[str, Callable[[dict[str, Any]], Event | None]] = {
    "Dial": _dial,
    "StasisStart": _entered,
    "ChannelDestroyed": _destroyed,
}


def _channel(message: dict[str, Any], name: str = "channel") -> str:
    channel = message.get(name)
    found = channel.get("id") if isinstance(channel, dict) else None
    if not isinstance(found, str) or not found:
        raise BadEvent(f"no_{name}")
    return found


def _number(message: dict[str, Any], name: str) -> int | None:
    value = message.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise BadEvent(f"bad_{name}")


def _moment(message: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(message.get("timestamp")))
    except ValueError:
        raise BadEvent("bad_timestamp") from None
    if moment.tzinfo is None:
        raise BadEvent("bad_timestamp")
    return moment
