"""What the calls are given to tell persons from machines, and what a machine may hear."""

from pathlib import Path

from agent.answering import content
from agent.answering.content import AnsweringContent
from settings import Settings


def answering_content(nlu_data: Path) -> AnsweringContent:
    """Raises ContentError."""
    return content.load(nlu_data)


def message_of(settings: Settings, answering: AnsweringContent) -> tuple[str, ...]:
    """What a machine that takes messages hears: nothing unless the house wants it and a person has approved it."""
    message = answering.message
    said = settings.voicemail_message and (settings.allow_drafts or not message.draft)
    return message.sentences if said else ()
