"""What conversations by message are made of; the composition root fills it in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from agent.chat.content import ChatContent, Say
from agent.chat.nearest import Nearest, as_it_is
from agent.chat.place import Allowed
from agent.chat.quiet import QUIET
from agent.model.clock import NewId, Now
from agent.model.contact import Channel, Contact
from agent.model.education import LessonPicture
from agent.model.pathway import Pathway
from agent.model.reading_context import Limit
from agent.model.step import Opening
from agent.model.turn import Hypothesis, Reply, Turn
from agent.store.ports import Store
from agent.turn.ports import Hospital, Reads


class Receives(Protocol):
    async def receive(self, turn: Turn) -> Reply:
        """The reply, given once everything the turn brought is on record; the same turn id gives the stored one."""
        ...

    async def beginning(self, contact_id: str, channel: Channel) -> tuple[Opening, Pathway]:
        """What a conversation on this contact would start from, and the pathway it would run."""
        ...


Hears = Callable[[str], Awaitable[tuple[Hypothesis, ...]]]
"""A voice note's file below the data folder → what was said, best first; nothing where no word was recognised."""
LinkFor = Callable[[Contact], str]
"""The address of the web chat for one contact, signed and expiring; "" where the house has none."""
LimitsFor = Callable[[Contact], Sequence[Limit]]
"""The limits of the contact's pathway, which its readings are drawn with."""
PictureOf = Callable[[Contact, str], LessonPicture | None]
"""The picture of a lesson of the contact's pathway, as it stood in the version the contact ran."""


def without_pictures(contact: Contact, lesson: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class ChatParts:
    store: Store
    conversation: Receives
    reads: Reads
    content: ChatContent
    hospital: Hospital
    allowed: Allowed
    link_for: LinkFor
    hears: Hears
    limits_for: LimitsFor
    now: Now
    new_id: NewId
    quiet: Mapping[Channel, timedelta] = field(default_factory=lambda: dict(QUIET))
    nearest: Nearest = as_it_is  # by which way a message goes that is no answer
    picture_of: PictureOf = without_pictures
    points: bool = True  # whether this house gives points
    any_words: bool = True  # whether the SMS vendor carries whatever we write; else approved sentences and the link

    def way_to_the_picture(self, contact: Contact) -> str:
        """Where the readings of the last days stand as a curve; "" where the house has no page."""
        return self.say(Say.PICTURE, contact) if self.link_for(contact) else ""

    def say(self, which: Say, contact: Contact | None = None, value: str = "") -> str:
        """A standing reply; `contact` where it holds a link."""
        link = self.link_for(contact) if contact else ""
        return self.content.say(
            which, hospital=self.hospital.name, callback=self.hospital.callback, link=link, value=value
        )
