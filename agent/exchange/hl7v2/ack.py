"""The answer to a message: MSH, MSA and, for what went wrong, ERR (HL7 v2.5.1 chapter 2, tables 0008 and 0357)."""

from datetime import datetime

from agent.exchange.hl7v2.charset import encoder
from agent.exchange.hl7v2.message import header_of
from agent.exchange.notice import Fault
from agent.model.clock import HOSPITAL_ZONE

ACCEPT, ERROR, REJECT = "AA", "AE", "AR"
CONDITIONS = {
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
    "204": "Unknown key identifier",
    "205": "Duplicate key identifier",
    "207": "Application internal error",
}
_BY_FAULT = {
    "not_hl7": "100",
    "segment_missing": "100",
    "frame": "100",
    "charset_unknown": "103",
    "type_unsupported": "200",
    "event_unsupported": "201",
    "processing_unsupported": "202",
    "version_unsupported": "203",
    "no_pathway": "103",
    "doubt": "204",
    "stopped": "204",
    "overtaken": "204",
    "control_id_reused": "205",
    "internal": "207",
    "unforeseen": "207",
}
REJECTED = frozenset(
    {"type_unsupported", "event_unsupported", "processing_unsupported", "version_unsupported", "internal"}
)
"""What table 0008 calls a reject: the message type, processing id or version, or a trouble of ours."""


def acknowledge(raw: bytes, fault: Fault | None, now: datetime, own_id: str) -> bytes:
    """In the sender's charset, with its separators left at their usual. A sender of the enhanced mode that wants the
    accept acknowledgment alone gets CA, CE or CR."""
    header, (charset, codec) = header_of(raw), encoder(raw)
    code = ACCEPT if fault is None else REJECT if fault.code in REJECTED else ERROR
    if header.accept_ack in ("AL", "ER", "SU") and header.application_ack in ("", "NE"):
        code = f"C{code[1]}"
    stamp = now.astimezone(HOSPITAL_ZONE).strftime("%Y%m%d%H%M%S%z")
    kind = f"ACK^{header.event}^ACK" if header.event else "ACK"
    version = header.version or "2.5.1"
    msh = [
        "MSH", "^~\\&", header.receiver, header.sender, stamp, "", kind, own_id, header.processing or "P", version,
        "", "", "", "", "", charset,
    ]  # fmt: skip
    segments = ["|".join(msh).rstrip("|"), "|".join(("MSA", code, _escaped(header.control_id)))]
    if fault is not None:
        segments.append(_error(fault, modern=version >= "2.5"))
    return ("\r".join(segments) + "\r").encode(codec, "replace")


def _error(fault: Fault, *, modern: bool) -> str:
    """ERR-2 ERR-3 ERR-4 and ERR-8 since 2.5; one ERR-1 before."""
    condition = "101" if fault.missing and fault.code != "segment_missing" else _BY_FAULT.get(fault.code, "102")
    segment, _, field = fault.place.partition("-")
    place = f"{segment}^1^{field.partition('.')[0]}" if field else f"{segment}^1"
    words = CONDITIONS[condition]
    if not modern:
        return f"ERR|{place}^{condition}&{words}&HL70357"
    return f"ERR||{place}|{condition}^{words}^HL70357|E||||{_escaped(fault.told)}"


def _escaped(text: str) -> str:
    for sign, escape in (("\\", "\\E\\"), ("|", "\\F\\"), ("^", "\\S\\"), ("&", "\\T\\"), ("~", "\\R\\")):
        text = text.replace(sign, escape)
    return text.replace("\r", " ").replace("\n", " ")
