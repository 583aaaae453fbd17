"""Pages on walls, of the store in memory."""

from collections.abc import Sequence

from agent.model.display import Display
from agent.store.ports import Duplicate
from tests.fakes.memory_tables import MemoryWrites, one


class MemoryDisplays(MemoryWrites):
    async def add_display(self, display: Display) -> None:
        if await self.display_by_key(display.key_hash) is not None:
            raise Duplicate("unique")
        self._add(self._t.displays, display.id, display)

    async def display(self, display_id: str) -> Display:
        return one(self._t.displays, display_id)

    async def display_by_key(self, key_hash: str) -> Display | None:
        return next((each for each in self._t.displays.values() if each.key_hash == key_hash), None)

    async def save_display(self, display: Display) -> None:
        self._overwrite(self._t.displays, display.id, display)

    async def displays(self) -> Sequence[Display]:
        return sorted(self._t.displays.values(), key=lambda each: each.made_at)
