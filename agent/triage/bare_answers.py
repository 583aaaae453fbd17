"""Answers too bare to raise an alarm for a danger that was asked about: they are asked about first. Pure."""

import re

_AS_BEFORE = "只说跟以前一样，要问清"
_HUMMED = "只应了一声，要问清"
_ONLY_WHEN = "只说了时间，没说有没有，要问清"
_HUM = re.compile(r"[嗯啊哦噢唔呃哎\W]+")
_WHEN = re.compile(
    r"\W*(?:就是?|是|那|嗯)?(?:[昨前今]天|今早|昨晚|昨夜|早上|早晨|上午|中午|下午|晚上|夜里|半夜|凌晨|白天)+"
    r"的?(?:时候|那会儿)?[了啊呢吧呀\W]*"
)


def why_doubted(text: str, *, same: bool) -> str:
    """Why a bare answer is asked about before it alarms, "" where it is not. `same`: all it says is 跟以前一样."""
    if same:
        return _AS_BEFORE
    if _HUM.fullmatch(text):
        return _HUMMED
    return _ONLY_WHEN if _WHEN.fullmatch(text) else ""
