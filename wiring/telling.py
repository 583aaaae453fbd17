"""What follows a committed fact: pages are told, the order of dialling is weighed anew, the dispatcher is woken."""

from agent.model.record import OutboxKind, OutboxMessage
from agent.schedule.weigher import Weigher
from dashboard.live import LiveHub
from wiring.wakeups import ContactChanged

CARDS = frozenset({OutboxKind.ESCALATION_RAISED, OutboxKind.ESCALATION_CHANGED})


class Telling:
    """The outbox's `Tell`: each part is safe to repeat. `contact_changed` and `card_changed` are filled in by
    the composition root."""

    def __init__(self, live: LiveHub, weigher: Weigher) -> None:
        self._live, self._weigher = live, weigher
        self.contact_changed: list[ContactChanged] = []
        self.card_changed: list[ContactChanged] = []

    async def __call__(self, message: OutboxMessage) -> None:
        self._live.publish(message.kind, message.subject)
        if message.kind in CARDS:
            await self._weigher.card_changed(message.subject)
            for told in self.card_changed:
                await told(message.subject)
        if message.kind is OutboxKind.CONTACT_CHANGED:
            for changed in self.contact_changed:
                await changed(message.subject)
