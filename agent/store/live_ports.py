"""What the pages of running calls and on walls ask of the record store; part of `ScreenRecords`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from agent.model.contact import Attempt
from agent.model.display import Display
from agent.model.record import StoredTurn


class LiveRecords(Protocol):
    async def calls_now(self, *, limit: int = 60) -> Sequence[Attempt]:
        """Telephone attempts that ring or are talked on, the longest-running first."""
        ...

    async def turns_now(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[StoredTurn]]:
        """The turns of many contacts in order, by contact id; of what was read in them, the alarms alone."""
        ...

    async def last_event(self) -> int:
        """A number that grows with every event, 0 before the first."""
        ...

    # pages on walls
    async def add_display(self, display: Display) -> None: ...
    async def display(self, display_id: str) -> Display: ...
    async def display_by_key(self, key_hash: str) -> Display | None: ...
    async def save_display(self, display: Display) -> None: ...
    async def displays(self) -> Sequence[Display]:
        """Withdrawn ones too, the oldest first."""
        ...
