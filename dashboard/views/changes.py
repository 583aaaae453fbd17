"""What people of the house changed about one contact by hand: who, when, what, and why in their words."""

from dataclasses import dataclass
from datetime import datetime

from agent.model.contact import Contact
from agent.store.screens import ScreenRecords
from dashboard import words


@dataclass(frozen=True, slots=True)
class Changed:
    """`said`: the reason as it was given, with the new day before it where there is one; "" where none was asked."""

    at: datetime
    by: str
    what: str
    said: str


async def load(records: ScreenRecords, contact: Contact) -> tuple[Changed, ...]:
    """In the order in which it was done."""
    names = {user.name: user.display_name for user in await records.users()}
    told = [(event, *(event.reason or "").partition(" ")[::2]) for event in await records.events("contact", contact.id)]
    return tuple(
        Changed(event.at, names.get(event.actor, event.actor), words.BY_HAND[word], said)
        for event, word, said in told
        if word in words.BY_HAND
    )
