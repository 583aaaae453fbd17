"""Media Streams messages, to and from plain values: the only place that knows their JSON."""

import json
from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

_MESSAGE_LIMIT = 65_536  # characters; a media message has about 350
_ENCODING = ("audio/x-mulaw", 8_000, 1)


class BadMessage(Exception):
    """A message that is not of the protocol. `code` is stable and quotes nothing of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Started:
    stream_sid: str
    call_sid: str
    parameters: Mapping[str, str]


class Media(NamedTuple):
    """One piece of the patient's audio: `chunk` counts from 1, `at_ms` since the stream began."""

    chunk: int
    at_ms: int
    ulaw: bytes


@dataclass(frozen=True, slots=True)
class Digit:
    digit: str


@dataclass(frozen=True, slots=True)
class MarkReached:
    name: str


@dataclass(frozen=True, slots=True)
class Stopped:
    pass


Incoming = Started | Media | Digit | MarkReached | Stopped


def parse(text: str) -> Incoming | None:
    """None for messages we have no use for (connected, other tracks, events of later versions). Raises BadMessage."""
    if len(text) > _MESSAGE_LIMIT:
        raise BadMessage("too_long")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("not_json") from None
    event = message.get("event") if isinstance(message, dict) else None
    if not isinstance(event, str):
        raise BadMessage("no_event")
    if event == "stop":
        return Stopped()
    reader = _READERS.get(event)
    if reader is None:
        return None
    body = message.get(event)
    if not isinstance(body, dict):
        raise BadMessage(f"no_{event}_body")
    return reader(body)


def _media(body: dict[str, Any]) -> Media | None:
    if body.get("track", "inbound") != "inbound":
        return None
    try:
        ulaw = a2b_base64(_text(body, "payload"), strict_mode=True)
    except (Base64Error, ValueError):
        raise BadMessage("bad_payload") from None
    if not ulaw:
        raise BadMessage("bad_payload")
    return Media(_number(body, "chunk"), _number(body, "timestamp"), ulaw)


def _started(body: dict[str, Any]) -> Started:
    form = body.get("mediaFormat")
    if not isinstance(form, dict) or (form.get("encoding"), form.get("sampleRate"), form.get("channels")) != _ENCODING:
        raise BadMessage("other_media_format")
    parameters = body.get("customParameters") or {}
    if not isinstance(parameters, dict):
        raise BadMessage("bad_customParameters")
    return Started(_text(body, "streamSid"), _text(body, "callSid"), {k: str(v) for k, v in parameters.items()})


def _digit(body: dict[str, Any]) -> Digit:
    digit = _text(body, "digit")
    if digit not in "0123456789*#ABCD" or len(digit) != 1:
        raise BadMessage("bad_digit")
    return Digit(digit)


def _mark(body: dict[str, Any]) -> MarkReached:
    return MarkReached(_text(body, "name"))


_READERS = {"media": _media, "start": _started, "dtmf": _digit, "mark": _mark}


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadMessage(f"bad_{name}")
    return value


def _number(body: dict[str, Any], name: str) -> int:
    """The carrier writes numbers as strings; a bare number is taken too."""
    value = body.get(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 16:
        number = int(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    else:
        raise BadMessage(f"bad_{name}")
    if number < 0:
        raise BadMessage(f"bad_{name}")
    return number


class Outgoing:
    """Messages to the carrier on one stream. Media, sent 50 times a second, is put together from a ready prefix."""

    def __init__(self, stream_sid: str) -> None:
        self._sid = stream_sid
        self._media_prefix = f'{{"event":"media","streamSid":{json.dumps(stream_sid)},"media":{{"payload":"'

    def media(self, ulaw: bytes) -> str:
        return self._media_prefix + b64encode(ulaw).decode("ascii") + '"}}'

    def mark(self, name: str) -> str:
        return json.dumps({"event": "mark", "streamSid": self._sid, "mark": {"name": name}})

    def clear(self) -> str:
        return json.dumps({"event": "clear", "streamSid": self._sid})
