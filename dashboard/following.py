"""Tells this process's pages that another process has changed something: where several share a database, each drains
only its own part of the outbox, and a page hears only its own process."""

from agent.store.screens import ScreenStore
from dashboard.live import RESYNC, LiveHub


class Following:
    """Looks at the number of the last event; pages ask for everything when it has moved on."""

    def __init__(self, store: ScreenStore, live: LiveHub) -> None:
        self._store, self._live = store, live
        self._seen: int | None = None

    async def run_once(self) -> int:
        """1 where something has changed since the last look."""
        async with self._store.transaction(write=False) as records:
            last = await records.last_event()
        moved_on = self._seen is not None and last != self._seen
        self._seen = last
        if moved_on and len(self._live):
            self._live.publish(RESYNC.kind, RESYNC.subject)
        return int(moved_on)
