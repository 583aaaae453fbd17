"""Handing calls to a nurse: when it is offered, which telephone rings, and how its end reaches the conversation."""

from agent.conversation import Conversation
from agent.model.clock import new_id, utc_now
from agent.model.contact import Attempt
from agent.model.turn import TRANSFER_TAKEN, Turn, TurnKind
from agent.schedule.outbox import Outbox
from agent.schedule.settling import HungUp
from settings import Settings
from telephony.call_parts import NurseLine


def nurse_hours(settings: Settings) -> tuple[int, int]:
    """No hours where there is no line."""
    if not settings.nurse_line:
        return (0, 0)
    return (settings.nurse_from_hour, settings.nurse_until_hour)


def nurse_line(settings: Settings, outbox: Outbox) -> NurseLine:
    """The nurses' screens are told what is committed before her telephone rings."""
    return NurseLine(settings.nurse_line, settings.transfer_seconds, outbox.drain)


def taken_over(conversation: Conversation) -> HungUp:
    async def transferred(attempt: Attempt) -> None:
        """A nurse has spoken with the patient: the robot's part is over."""
        turn = Turn(
            new_id(), attempt.contact_id, attempt.id, attempt.channel, TurnKind.TRANSFER, utc_now(), TRANSFER_TAKEN
        )
        await conversation.receive(turn)

    return transferred
