"""The watch that keeps the clocks of cards, and who tells of the house's own troubles."""

from agent.model.clock import new_id, utc_now
from agent.schedule.calendar import CallingCalendar
from agent.schedule.runner import Round, Runner
from agent.schedule.troubles import Told, Troubles
from agent.schedule.watch import Watch
from agent.store.screens import ScreenStore
from machine.alarm_clocks import clocks_of
from settings import Settings
from wiring.calling_hours import PASSED_OVER_HOURS


def keep_watch(settings: Settings, store: ScreenStore, calendar: CallingCalendar, runner: Runner) -> None:
    """Raises SettingsError."""
    clocks = clocks_of(settings)
    watch = Watch(store, clocks, utc_now, new_id, lambda card: f"{settings.public}/escalations/{card}")
    told = Told(clocks.trouble, f"{settings.public}/contacts")
    troubles = Troubles(store, told, lambda now: calendar.open_hours_ago(now, PASSED_OVER_HOURS), utc_now)
    runner.give(Round.WATCH, watch.run_once)
    runner.give(Round.TROUBLES, troubles.look)
