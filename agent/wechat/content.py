"""Reads nlu_data/chat/wechat.yml: standing replies, the words obeyed, and the account's menu."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from agent.chat.content import approval_of, bare, may_be_said, refuse_gaps, section
from agent.content_yaml import read_source
from agent.model.pathway import Approval

FILE = Path("chat") / "wechat.yml"
MINE = "mine"  # the key of the button that opens the contact
SAYS = "say:"  # a button's key that stands for words


class Command(StrEnum):
    FAMILY = "family"
    FAMILY_END = "family_end"
    UNBIND = "unbind"


class Say(StrEnum):
    WELCOME = "welcome"
    HOW_TO_BIND = "how_to_bind"
    BOUND_SELF = "bound_self"
    BOUND_CAREGIVER = "bound_caregiver"
    MOVED = "moved"
    NOT_FOUND = "not_found"
    TOO_OFTEN = "too_often"
    BAD_CODE = "bad_code"
    DANGER = "danger"
    FAMILY_CODE = "family_code"
    FAMILY_ENDED = "family_ended"
    UNBOUND = "unbound"
    NEXT_DATE = "next_date"
    NO_DATE = "no_date"
    MEDIA_LOST = "media_lost"
    CANNOT_READ = "cannot_read"


@dataclass(frozen=True, slots=True)
class WechatContent:
    """`menu` is the body that the platform's menu call takes."""

    commands: Mapping[str, Command]
    replies: Mapping[Say, str]
    menu: Mapping[str, Any]
    approval: Approval

    def command(self, text: str) -> Command | None:
        return self.commands.get(bare(text))

    def say(self, which: Say, **facts: str) -> str:
        known = {"hospital": "", "callback": "", "name": "", "date": "", "link": ""}
        return self.replies[which].format(**{**known, **facts})


def load(folder: Path, *, drafts: bool) -> WechatContent:
    """The content below the nlu_data folder; without signature its sentences are said only where `drafts` may be.
    Raises ContentError naming what is missing."""
    raw = read_source(folder / FILE, str(FILE)).data
    words, replies = section(raw, FILE, "words"), section(raw, FILE, "replies")
    refuse_gaps(FILE, Command, words)
    refuse_gaps(FILE, Say, replies)
    approval = approval_of(raw)
    said = may_be_said(approval, FILE, drafts=drafts)
    return WechatContent(
        commands={bare(word): command for command in Command for word in words[command]},
        replies={say: "".join(replies[say]) if said or say is Say.DANGER else "" for say in Say},
        approval=approval,
        menu={"button": [_button(each) for each in raw.get("menu", [])]},
    )


def _button(raw: Mapping[str, Any]) -> dict[str, Any]:
    if "below" in raw:
        return {"name": raw["name"], "sub_button": [_button(each) for each in raw["below"]]}
    key = f"{SAYS}{raw['say']}" if "say" in raw else raw["key"]
    return {"type": "click", "name": raw["name"], "key": key}
