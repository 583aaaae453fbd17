"""A message that is written once, however often its cause is dealt with."""

from agent.model.message import Message
from agent.store.ports import NotFound, Records


async def add_once(records: Records, message: Message) -> bool:
    """False where a message of this id is on record: it stays as it is. Inside a write transaction."""
    try:
        await records.message(message.id)
    except NotFound:
        await records.add_message(message)
        return True
    return False
