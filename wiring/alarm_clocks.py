"""The clocks of cards that a settings value names, and the watch that keeps them."""

from pathlib import Path

from agent.escalation.clock_file import HOUSE_FILE, ClockFileError, read_clocks
from agent.escalation.clocks import ClockPolicy
from agent.model.clock import new_id, utc_now
from agent.schedule.watch import Watch
from agent.store.ports import Store
from settings import Settings, SettingsError


def clocks_of(settings: Settings) -> ClockPolicy:
    """Raises SettingsError naming the file's entry and the remedy."""
    try:
        return read_clocks(Path(settings.alarm_clocks) if settings.alarm_clocks else HOUSE_FILE)
    except ClockFileError as error:
        raise SettingsError(f"SUIFANG_ALARM_CLOCKS: {error}") from None


def watch_for(settings: Settings, store: Store) -> Watch:
    return Watch(store, clocks_of(settings), utc_now, new_id, lambda card: f"{settings.public}/escalations/{card}")
