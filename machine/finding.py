"""What one check of the doctor found."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    GOOD = "ok"
    LESSER = "lesser"  # works, in a lesser form
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    health: Health
    what: str
    remedy: str = ""
