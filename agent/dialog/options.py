"""Which option of a choice stands in the words. Pure."""

import re
from collections.abc import Sequence

from agent.model.pathway import Choice

_NOT = re.compile(r"(没有?|未|不|从不|别|无)[^，。,.;；！!？?]{0,2}$")
_NUMERALS = "零一二三四五六七八九"
_NUMBERED = re.compile(r"(?:第|选|按|是|就|嗯|那|我)*([1-9一二两三四五六七八九])(?:个|号|项|种|条)?[吧啊呀呢的嘛]*")
_BLOOD, _NOT_BLOOD = "血", re.compile("血(?:压|糖|脂|常规|管|栓|氧|站|液科)|抽血|验血")
_NO_YES = re.compile("[还不就要总老只但可倒或]是")
_NO_TROUBLE = re.compile("没(?:有)?(?:什么|啥)?大?(?:事|毛病)")
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
    if word == _BLOOD:
        text = _NOT_BLOOD.sub("", text)
    if word == "是":
        text = _NO_YES.sub("", text)
    if _BARE_NO.fullmatch(word):
        text = _NO_TROUBLE.sub("", text)
    return word in text and not _NOT.search(text[: text.index(word)])
