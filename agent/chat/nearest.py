"""By which of the patient's ways a message goes: the one that is read soonest and costs nothing comes first."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from agent.model.contact import Channel
from agent.model.message import Message
from agent.model.wechat import BindingRole
from agent.store.ports import Records

Nearest = Callable[[Records, Message], Awaitable[Message]]
"""A message by SMS → the same, or by a nearer way."""


async def by_wechat_first(records: Records, message: Message) -> Message:
    """To the patient's own WeChat where it is bound. Where WeChat then cannot reach the patient, its messenger sends
    the link by SMS after all."""
    if message.channel is not Channel.SMS or message.patient_id is None:
        return message
    own = (each for each in await records.wechat_bindings(message.patient_id) if each.role is BindingRole.SELF)
    binding = next(own, None)
    return message if binding is None else replace(message, channel=Channel.WECHAT, to=binding.openid)


async def as_it_is(records: Records, message: Message) -> Message:
    return message
