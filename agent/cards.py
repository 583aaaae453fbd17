"""Saves cards that were raised or changed, inside the transaction that read the open ones."""

from collections.abc import Sequence
from datetime import datetime

from agent.escalation import policy
from agent.model.clock import NewId
from agent.model.escalation import Escalation
from agent.store.attempt_ports import AttemptRecords


async def save_cards(
    records: AttemptRecords, raised: Sequence[Escalation], open_now: Sequence[Escalation], at: datetime, new_id: NewId
) -> None:
    """New ones are added, those among `open_now` written over under their fence, each with its event and message."""
    known = {card.id for card in open_now}
    for card in raised:
        if card.id in known:
            await records.save_escalation(card)
        else:
            await records.add_escalation(card)
    events, messages = policy.announce(raised, open_now, at, new_id)
    for event in events:
        await records.add_event(event)
    for message in messages:
        await records.add_outbox(message)
