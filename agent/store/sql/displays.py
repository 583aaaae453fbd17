"""Pages on walls."""

from collections.abc import Sequence

from sqlalchemy import select

from agent.model.display import Display
from agent.store.sql.statements import Statements, as_row, columns
from agent.store.tables import displays


class DisplayRecords(Statements):
    async def add_display(self, display: Display) -> None:
        await self._add(displays, as_row(display))

    async def display(self, display_id: str) -> Display:
        return await self._by_key(Display, displays, display_id)

    async def display_by_key(self, key_hash: str) -> Display | None:
        return await self._found(Display, displays, displays.c.key_hash == key_hash)

    async def save_display(self, display: Display) -> None:
        await self._save(displays, display)

    async def displays(self) -> Sequence[Display]:
        return await self._many(Display, select(*columns(displays, Display)).order_by(displays.c.made_at))
