"""Which option of a choice stands in the words. Pure."""

import re
from collections.abc import Sequence

from agent.model.pathway import Choice

_NOT = re.compile(r"(没有?|未|不|从不|别|无)[^，。,.;；！!？?]{0,2}$")
_BARE_NO = re.compile(r"没有?|无|不")


def option_in_words(options: Sequence[Choice], text: str) -> str | None:
    """The key of the option whose words, the longest first, or whose label the text holds; not what is denied."""
    length, key = max((_said(option, text) for option in options), default=(0, ""))
    if length:
        return key
    return next((option.key for option in options if _not_denied(option.label, text)), None)


def _said(option: Choice, text: str) -> tuple[int, str]:
    return max((len(word) for word in option.says if _holds(word, text)), default=0), option.key


def _holds(word: str, text: str) -> bool:
    """没有 itself counts only where it is not 没有 of something: 没有流水 chooses nothing."""
    if _BARE_NO.fullmatch(word):
        return re.search(rf"{word}[了啊呀呢吧的]*(?:$|[，。,.；;！!])", text) is not None
    return _not_denied(word, text)


def _not_denied(word: str, text: str) -> bool:
    return word in text and not _NOT.search(text[: text.index(word)])
