"""WeChat's side of a patient: what came in from an openid, and whose openid it is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    """What somebody did in WeChat."""

    TEXT = "text"
    VOICE = "voice"
    PHOTO = "photo"
    FOLLOWED = "followed"
    SCANNED = "scanned"
    LEFT = "left"  # follows no more
    CLICKED = "clicked"
    TEMPLATE_DONE = "template_done"  # what became of a template message
    OTHER = "other"  # a message nobody here can read: a place, a film, a link
    NOTED = "noted"  # an event that asks for nothing


SAID = frozenset({Deed.TEXT, Deed.VOICE, Deed.PHOTO, Deed.OTHER})
"""Messages: each opens the 48 hours in which we may write. The others open one minute."""


KNOCKED = "template."
"""A message's provider reference that begins so: the patient was told that there is something, not what."""


@dataclass(frozen=True, slots=True)
class WechatInbound:
    """`id` is "wechat." and the platform's MsgId, or of an event sender, time and kind, so that the same push twice is
    one. `text` is what was written, or WeChat's own recognition of a voice message; `key` a code's scene, a button's
    key or a template message's number; `media` the platform's id of sound or picture. `repr` shows neither address
    nor words."""

    id: str
    openid: str = field(repr=False)
    deed: Deed
    at: datetime
    text: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    media: str = ""


class BindingRole(StrEnum):
    SELF = "self"
    CAREGIVER = "caregiver"


@dataclass(frozen=True, slots=True)
class WechatBinding:
    """`consent`: how the patient agreed that a caregiver answers: "patient_code" (the patient gave the code away) or
    "staff:<user>" (on paper, noted by that user); empty for the patient's own openid."""

    id: str
    openid: str = field(repr=False)
    patient_id: str
    role: BindingRole
    bound_at: datetime
    unbound_at: datetime | None = None
    consent: str = ""
