"""Reads nlu_data/chat/chat.yml: words that are commands, emoji, and the standing replies."""

import logging
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from agent.content_yaml import read_source
from agent.model.pathway import Approval
from agent.model.problem import ContentError

log = logging.getLogger("suifang.chat")

FILE = Path("chat") / "chat.yml"
_AROUND = re.compile(r"[\s\W_]+", re.UNICODE)


class Command(StrEnum):
    """What a message of one word may ask for; the stored word is the key in the file."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    BY_TEXT = "by_text"
    BY_LINK = "by_link"
    RESEND = "resend"
    TREND = "trend"
    POINTS = "points"
    MINE = "mine"


class Say(StrEnum):
    """The standing replies; the stored word is the key in the file."""

    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    LESSONS = "lessons"
    NO_LESSONS = "no_lessons"
    READING_KEPT = "reading_kept"
    READING_OFF = "reading_off"
    READING_BY_LINK = "reading_by_link"
    PICTURE = "picture"
    NO_READINGS = "no_readings"
    POINTS = "points"
    PHOTO = "photo"
    VOICE_UNHEARD = "voice_unheard"
    NOTHING_OPEN = "nothing_open"
    LATER = "later"
    DANGER = "danger"
    INVITATION = "invitation"
    GO_ON = "go_on"
    REMINDER = "reminder"
    ANSWERED_BY_LINK = "answered_by_link"
    BY_TEXT_AGREED = "by_text_agreed"
    WARM_UP = "warm_up"
    PLEASE_CALL = "please_call"


BY_SMS = (
    Say.INVITATION, Say.GO_ON, Say.WARM_UP, Say.REMINDER, Say.LESSONS, Say.OPTED_OUT, Say.OPTED_IN, Say.DANGER,
    Say.NOTHING_OPEN, Say.LATER, Say.NO_LESSONS, Say.NO_READINGS, Say.READING_BY_LINK, Say.PHOTO,
    Say.PLEASE_CALL,
    Say.POINTS,
)  # fmt: skip
"""What may go out by SMS where the vendor carries approved templates and no words of ours."""


@dataclass(frozen=True, slots=True)
class ChatContent:
    commands: Mapping[str, Command]  # the bare word → what it asks for
    emoji: Mapping[str, str]  # one emoji → the word it stands for; any other is left out
    replies: Mapping[Say, str]  # "" where no clinician has signed and drafts may not be used; never so for DANGER
    approval: Approval

    def command(self, text: str) -> Command | None:
        return self.commands.get(bare(text))

    def say(self, which: Say, **facts: str) -> str:
        """The reply with its places filled in; a missing fact is left empty. "" for one that may not be said."""
        return self.replies[which].format(**{"hospital": "", "callback": "", "link": "", "value": "", **facts})


def bare(text: str) -> str:
    """The letters of a message alone, in one form: ＴＤ。 → td."""
    return _AROUND.sub("", unicodedata.normalize("NFKC", text)).casefold()


EMOJI_WORDS = {"affirm": "是的", "deny": "不是", "thanks": "谢谢"}


def load(folder: Path, *, drafts: bool) -> ChatContent:
    """The content below the nlu_data folder; without signature its sentences are said only where `drafts` may be, but
    for the word to call 120: nobody who writes of a danger is met with silence. Raises ContentError naming what is
    missing."""
    raw = read_source(folder / FILE, str(FILE)).data
    sentences = {**section(raw, FILE, "replies"), **section(raw, FILE, "link_only")}
    words = section(raw, FILE, "words")
    refuse_gaps(FILE, Say, sentences)
    refuse_gaps(FILE, Command, words)
    approval = approval_of(raw)
    said = may_be_said(approval, FILE, drafts=drafts)
    return ChatContent(
        commands={bare(word): command for command in Command for word in words[command]},
        emoji={one: EMOJI_WORDS[kind] for kind, all_of in section(raw, FILE, "emoji").items() for one in all_of},
        replies={say: "".join(sentences[say]) if said or say is Say.DANGER else "" for say in Say},
        approval=approval,
    )


def approval_of(raw: Mapping[str, Any]) -> Approval:
    given = raw.get("approval") or {}
    return Approval(str(given.get("who") or ""), str(given.get("when") or ""))


def may_be_said(approval: Approval, file: Path, *, drafts: bool) -> bool:
    """As with the shared sentences of the telephone: a patient reads nothing that no clinician has signed."""
    if not (drafts or approval.given):
        log.warning("%s is an unsigned draft: none of its sentences are sent (allow_drafts is off)", file)
    return drafts or approval.given


def section(raw: Any, file: Path, name: str) -> dict[str, Any]:
    """The mapping under a top key. Raises ContentError when there is none."""
    found = raw.get(name) if isinstance(raw, dict) else None
    if not isinstance(found, dict):
        raise ContentError(str(file), 1, f"{name} missing", f"write a section `{name}:`")
    return found


def refuse_gaps(file: Path, wanted: Iterable[StrEnum], given: Mapping[str, Any]) -> None:
    """Raises ContentError naming the keys that are not written or empty."""
    missing = [each.value for each in wanted if not given.get(each.value)]
    if missing:
        raise ContentError(str(file), 1, f"{', '.join(missing)} missing", "give each key its sentences or words")
