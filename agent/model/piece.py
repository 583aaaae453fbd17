"""What a patient sent by message: one text, voice note or photo. Several within seconds are one turn."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from agent.model.contact import Channel


class PieceKind(StrEnum):
    TEXT = "text"
    KEY = "key"  # a button of the page: `text` is the option's key, or digits of a number pad
    VOICE = "voice"  # `media` is the sound; `text` what was recognised, once it was
    PHOTO = "photo"
    OPENED = "opened"  # the patient opened the web chat


@dataclass(frozen=True, slots=True)
class Piece:
    """`id` is the channel's word and the provider's message id (or the page's own), so that the same message twice is
    one piece. `sender` is the address a reply goes to. `at` is the provider's time and orders pieces, `seq` those of
    one time. `proven`: the channel itself has checked who writes. `repr` shows neither address nor words."""

    id: str
    channel: Channel
    sender: str = field(repr=False)
    patient_id: str
    kind: PieceKind
    at: datetime
    received_at: datetime
    seq: int = 0
    text: str = field(default="", repr=False)
    media: str = ""  # file relative to the data folder
    contact_id: str | None = None  # where the channel knows it: a link is bound to one
    answers: str | None = None  # the message whose button was pressed
    proven: bool = False
    by_caregiver: bool = False  # bound to the patient with consent: the words are about the patient
    guess: str = field(default="", repr=False)  # what the channel's own recogniser made of a voice note
    turn_id: str | None = None  # the turn it became part of
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    """The patient wants no contact from us, by no channel, until they say otherwise."""

    patient_id: str
    since: datetime
    channel: Channel  # by which they said so
