"""A page on a wall: who let it be shown, and to which ward it belongs."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Display:
    """`key_hash` is the SHA-256 of the secret in its link, in hex; the secret itself is kept nowhere. `surnames`: cards
    say 王女士 besides; without it nobody is named."""

    id: str
    name: str
    key_hash: str
    made_by: str
    made_at: datetime
    department: str | None = None  # whose patients it counts; None is everybody's
    surnames: bool = False
    revoked_at: datetime | None = None
