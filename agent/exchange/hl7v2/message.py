"""A parsed message: fields by segment and number, unescaped, "" where nothing is written."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import hl7
from hl7 import containers, util

from agent.exchange.hl7v2.charset import decode, header_fields
from agent.exchange.notice import Fault

for _module in (containers, util):  # the library quotes the fields it complains of: patients' data
    logging.getLogger(_module.__file__).disabled = True

NULL = '""'  # "delete the value": for us the same as not said


@dataclass(frozen=True, slots=True)
class Header:
    """What an answer needs, read from the bytes alone: it is there even for a message that does not parse."""

    sender: str  # MSH-3 and MSH-4
    receiver: str  # MSH-5 and MSH-6
    kind: str  # MSH-9.1
    event: str  # MSH-9.2
    control_id: str
    processing: str  # MSH-11.1
    version: str  # MSH-12.1
    accept_ack: str  # MSH-15
    application_ack: str  # MSH-16


def header_of(raw: bytes) -> Header:
    fields = [field.decode("ascii", "replace").strip() for field in header_fields(raw)] + [""] * 20
    if not fields[0]:
        fields = [""] * 40
    component = fields[2][:1] or "^"
    kind, _, rest = fields[9].partition(component)
    return Header(
        sender=f"{fields[3]}|{fields[4]}",
        receiver=f"{fields[5]}|{fields[6]}",
        kind=kind,
        event=rest.partition(component)[0],
        control_id=fields[10],
        processing=fields[11].partition(component)[0],
        version=fields[12].partition(component)[0],
        accept_ack=fields[15],
        application_ack=fields[16],
    )


def digest_of(raw: bytes) -> str:
    """Of event and content: MSH, which changes when a message is sent again, is left out."""
    lines = raw.strip().replace(b"\r\n", b"\r").replace(b"\n", b"\r").split(b"\r")
    header = header_of(raw)
    content = [f"{header.kind}^{header.event}".encode(), *lines[1:]] if header.kind else lines
    return hashlib.sha256(b"\r".join(content)).hexdigest()


def messages_in(data: bytes) -> list[bytes]:
    """The messages of a file: each begins with MSH; batch headers and MLLP marks around them are left out."""
    lines = data.translate(None, b"\x0b\x1c").replace(b"\r\n", b"\r").replace(b"\n", b"\r").split(b"\r")
    found: list[list[bytes]] = []
    for line in lines:
        if line.startswith(b"MSH") or (line and not found and line[:3] not in (b"FHS", b"BHS")):
            found.append([])
        if found and line and line[:3] not in (b"FHS", b"BHS", b"BTS", b"FTS"):
            found[-1].append(line)
    return [b"\r".join(lines) + b"\r" for lines in found if lines]


def names_its_time(raw: bytes) -> bool:
    """Whether EVN-2 says when the event was recorded."""
    separator = [*header_fields(raw), b"", b"|"][1] or b"|"
    events = [line for line in raw.replace(b"\n", b"\r").split(b"\r") if line.startswith(b"EVN" + separator)]
    return bool(events) and len([*events[0].split(separator), b"", b""][2].strip()) >= 8


class Message:
    """Raises Fault for bytes that are no HL7 v2 message."""

    def __init__(self, raw: bytes) -> None:
        text = decode(raw).strip().replace("\r\n", "\r").replace("\n", "\r")
        try:
            self._parsed: Any = hl7.parse(text + "\r")
        except (hl7.ParseException, AssertionError, IndexError, ValueError, KeyError):
            raise Fault("not_hl7", "MSH", "不是 HL7 v2 消息", "第一段应是 MSH，段之间用回车分开") from None

    def segments(self, name: str) -> list["Segment"]:
        found = (segment for segment in self._parsed if str(segment[0]) == name)
        return [Segment(self._parsed, segment, number) for number, segment in enumerate(found, 1)]

    def segment(self, name: str) -> "Segment":
        """The first of this name. Raises Fault."""
        found = self.segments(name)
        if not found:
            raise Fault("segment_missing", name, f"没有 {name} 段", f"请让发送方带上 {name} 段", missing=True)
        return found[0]


class Segment:
    def __init__(self, parsed: Any, segment: Any, number: int) -> None:
        self._parsed, self._segment, self.number = parsed, segment, number

    def text(self, field: int, component: int = 1, repetition: int = 1) -> str:
        """One component, whose subcomponents are joined by a space."""
        try:
            part = self._segment[field][repetition - 1]
            written = part[component - 1] if not isinstance(part, str) else (part if component == 1 else "")
        except IndexError:
            return ""
        separator = self._parsed.separators[4] if len(self._parsed.separators) > 4 else "&"
        found = " ".join(str(self._parsed.unescape(piece)) for piece in str(written).split(separator) if piece)
        return "" if found == NULL else found.strip()

    def repetitions(self, field: int) -> Iterator[int]:
        """The numbers of the field's repetitions, none where it is empty."""
        if self.text(field) or any(self.text(field, component) for component in range(2, 15)) or self._count(field) > 1:
            yield from range(1, self._count(field) + 1)

    def _count(self, field: int) -> int:
        try:
            return len(self._segment[field])
        except IndexError:
            return 0
