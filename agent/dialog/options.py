"""Which option of a choice stands in the words. Pure."""

import re
from collections.abc import Sequence

from agent.model.pathway import Choice

_NOT = re.compile(r"(没有?|未|不|从不|别|无)[^，。,.;；！!？?]{0,2}$")
_NUMERALS = "零一二三四五六七八九"
_NUMBERED = re.compile(r"(?:第|选|按|是|就|嗯|那|我)*([1-9一二两三四五六七八九])(?:个|号|项|种|条)?[吧啊呀呢的嘛]*")
_BARE_NO = re.compile(r"没有?|无|不")


def option_in_words(options: Sequence[Choice], text: str) -> str | None:
    """The key of the option whose words, the longest first, or whose label the text holds; not what is denied."""
    weight, key = max((_said(option, text) for option in options), default=(0.0, ""))
    if weight:
        return key
    return next((option.key for option in options if _not_denied(option.label, text)), None)


def option_by_number(options: Sequence[Choice], text: str) -> str | None:
    """第二个, 选一, 3: the option of that place; 吃一口吐一口 counts mouthfuls."""
    found = _NUMBERED.fullmatch(text.strip(" 。，,.！"))
    place = (int(found[1]) if found[1].isdigit() else _NUMERALS.index(found[1].replace("两", "二"))) if found else 0
    return options[place - 1].key if 1 <= place <= len(options) else None


def _said(option: Choice, text: str) -> tuple[float, str]:
    return max((_weight(word) for word in option.says if _not_denied(word, text)), default=0.0), option.key


def _weight(word: str) -> float:
    """没有 gives way to any word of another option: 没有流水，就是肿."""
    return 0.5 if _BARE_NO.fullmatch(word) else len(word)


def _not_denied(word: str, text: str) -> bool:
    return word in text and not _NOT.search(text[: text.index(word)])
