"""What those on a rung of the ladder are sent: the words of a card that nobody takes, or of a trouble of the house."""

from collections.abc import Iterator
from datetime import datetime

from agent.escalation.clocks import Rung
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind


def to_everyone(rung: Rung, text: str, link: str, now: datetime, stem: str) -> Iterator[Message]:
    """One for each address of the rung. Their ids begin with `stem`, the occasion's own: told twice it is stored
    once."""
    ways = ((Channel.SMS, rung.sms), (Channel.WECHAT, rung.wechat), (Channel.WEBHOOK, rung.webhook))
    for channel, addresses in ways:
        for number, address in enumerate(addresses):
            yield Message(
                id=f"{stem}-{channel}-{number}",
                channel=channel,
                to=address,
                kind=MessageKind.STAFF,
                text=text,
                created_at=now,
                link=link,
            )
