"""What taking over a running call asks of the record store; part of `Records`."""

from collections.abc import Sequence
from typing import Protocol

from agent.model.take_over import TakeOver


class TakeOverRecordsPort(Protocol):
    async def ask_take_over(self, wish: TakeOver) -> None:
        """In place of an earlier wish for the same call."""
        ...

    async def take_overs_waiting(self, *, limit: int = 50) -> Sequence[TakeOver]:
        """Those that no call has heard of yet."""
        ...

    async def take_over(self, attempt_id: str) -> TakeOver | None: ...
    async def number_of_nurse(self, name: str) -> str | None:
        """The telephone that this user took a call over to last."""
        ...
