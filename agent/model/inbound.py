"""One message another system sent us, kept as it came."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class InboundStatus(StrEnum):
    APPLIED = "applied"
    NOTHING = "nothing"  # understood, and there was nothing to do
    FAILED = "failed"  # waits for repair: `code` and `error` say why


@dataclass(frozen=True, slots=True)
class Inbound:
    """`digest` is of the content without what changes when it is sent again (HL7: the MSH segment). `error` names place
    and remedy in Chinese and no word of the patient's; `raw` is the message's bytes."""

    id: str
    source: str  # "hl7" | "fhir"
    sender: str  # HL7: MSH-3 and MSH-4
    control_id: str
    digest: str
    raw: bytes = field(repr=False)
    status: InboundStatus
    received_at: datetime
    code: str | None = None
    error: str | None = None
    result: str | None = None  # a stored word such as "new_plan"
    patient_id: str | None = None
    handled_at: datetime | None = None
    tries: int = 1
