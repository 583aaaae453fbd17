"""What is read of many contacts at once, one statement for all of them; part of `ScreenRecords`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from agent.model.answer import Answer
from agent.model.contact import Attempt, Recording
from agent.model.record import StoredTurn


class HistoryReads(Protocol):
    """Each by contact id, in the order that the same read of one contact has; contacts with none are left out."""

    async def attempts_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Attempt]]: ...
    async def recordings_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Recording]]: ...
    async def turns_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[StoredTurn]]: ...
    async def answers_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Answer]]:
        """Those that stand."""
        ...
