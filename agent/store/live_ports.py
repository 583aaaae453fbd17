"""What the page of running calls asks of the record store; part of `ScreenRecords`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from agent.model.contact import Attempt
from agent.model.record import StoredTurn


class LiveRecords(Protocol):
    async def calls_now(self, *, limit: int = 60) -> Sequence[Attempt]:
        """Telephone attempts that ring or are talked on, the longest-running first."""
        ...

    async def turns_now(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[StoredTurn]]:
        """The turns of many contacts in order, by contact id; of what was read in them, the alarms alone."""
        ...
