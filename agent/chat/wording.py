"""How a reply is written: its sentences, and the choices of a closed question as "1 有 2 没有" (pure)."""

import re
from collections.abc import Sequence

from agent.model.contact import Channel
from agent.model.turn import Expect, Option, Reply

_V_NOT_V = re.compile(r"([\u4e00-\u9fff]{1,2})不\1")
_EVER = re.compile(r"过[^，。；]{0,4}吗[？?]?$")  # 发过烧吗
_YES_NO_LABELS = {"是", "不是"}
BUTTONS = frozenset({Channel.WEBCHAT})
"""Channels whose page shows the choices itself."""


def labelled(reply: Reply) -> tuple[Option, ...]:
    """The options with the question's own verb for a yes and a no: 喘不喘 → 喘, 不喘; 有没有 → 有, 没有."""
    if {option.label for option in reply.options} != _YES_NO_LABELS:
        return reply.options
    yes, no = _verb(reply.sentences[-1] if reply.sentences else "")
    return tuple(Option(option.key, yes if option.label == "是" else no) for option in reply.options)


def _verb(question: str) -> tuple[str, str]:
    if "有没有" in question:
        return "有", "没有"
    doubled = _V_NOT_V.search(question)
    if doubled and doubled[1] not in ("是", "能"):
        return doubled[1], f"不{doubled[1]}"
    if _EVER.search(question):
        return "有", "没有"
    if question.rstrip("？?").endswith("了吗"):
        return "是", "没有"
    return "是", "不是"


def as_text(reply: Reply, channel: Channel) -> str:
    """The reply as one message; "" for a reply without a word."""
    said = reply.text
    if channel in BUTTONS or reply.expect not in (Expect.YES_NO, Expect.CHOICE) or not reply.options:
        return said
    return f"{said} {_listed(labelled(reply))}"


def _listed(options: Sequence[Option]) -> str:
    return " ".join(f"{option.key} {option.label}" for option in options)
