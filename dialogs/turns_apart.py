"""Every turn by itself: Rasa keeps no conversation, so it costs no database and no patient's words lie in one.

Where a conversation stands travels with each turn (agent/model/move.py), and a rule needs nothing but the move of this
turn (docs/decisions/0071).
"""

from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker


class TurnsApart(TrackerStore):
    """Gives each turn a conversation that has just begun and listens."""

    def __init__(self, domain: Any, event_broker: Any = None, **given: Any) -> None:
        super().__init__(domain, event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        begun = (ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME))
        tracker = self.init_tracker(sender_id)
        for event in begun:
            tracker.update(event, self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Nothing is kept."""

    async def keys(self) -> list[str]:
        return []
