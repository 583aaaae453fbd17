"""chan_websocket's control messages in their JSON form, to and from plain values; sound is in binary messages."""

import json
from dataclasses import dataclass
from typing import Any

LONGEST_COMMAND = 128  # characters; the PBX drops a longer one without a word to us
KEYS = "0123456789*#ABCD"


class BadMessage(Exception):
    """A message that is not of the protocol. The code quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Started:
    connection_id: str
    channel_id: str
    format: str
    frame_bytes: int


@dataclass(frozen=True, slots=True)
class Digit:
    digit: str


@dataclass(frozen=True, slots=True)
class MarkPassed:
    name: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The PBX's queue is nearly full (`on` False), or has room again."""

    on: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """The PBX did not like a command of ours."""


Incoming = Started | Digit | MarkPassed | Flow | Failed


def parse(text: str) -> Incoming | None:
    """None for messages we have no use for. Raises BadMessage."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("not_json") from None
    if not isinstance(message, dict):
        raise BadMessage("not_an_object")
    event = message.get("event")
    if event == "MEDIA_START":
        return _started(message)
    if event == "DTMF_END":
        return Digit(_digit(message))
    if event == "MEDIA_MARK_PROCESSED":
        return MarkPassed(_text(message, "correlation_id"))
    if event in ("MEDIA_XOFF", "MEDIA_XON"):
        return Flow(event == "MEDIA_XON")
    return Failed() if event == "ERROR" else None


def _started(message: dict[str, Any]) -> Started:
    size = message.get("optimal_frame_size")
    if not isinstance(size, int) or isinstance(size, bool):
        raise BadMessage("bad_optimal_frame_size")
    return Started(_text(message, "connection_id"), _text(message, "channel_id"), _text(message, "format"), size)


def _digit(message: dict[str, Any]) -> str:
    digit = _text(message, "digit")
    if len(digit) != 1 or digit not in KEYS:
        raise BadMessage("bad_digit")
    return digit


def _text(message: dict[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or not value:
        raise BadMessage(f"bad_{name}")
    return value


FLUSH = json.dumps({"command": "FLUSH_MEDIA"})


def mark(name: str) -> str:
    """Raises ValueError for a name too long for the PBX."""
    command = json.dumps({"command": "MARK_MEDIA", "correlation_id": name})
    if len(command) > LONGEST_COMMAND:
        raise ValueError("mark name is too long")
    return command
