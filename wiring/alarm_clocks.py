"""The watch that keeps the clocks of cards."""

from agent.model.clock import new_id, utc_now
from agent.schedule.watch import Watch
from agent.store.ports import Store
from machine.alarm_clocks import clocks_of
from settings import Settings


def watch_for(settings: Settings, store: Store) -> Watch:
    return Watch(store, clocks_of(settings), utc_now, new_id, lambda card: f"{settings.public}/escalations/{card}")
