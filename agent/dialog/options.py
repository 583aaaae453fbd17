"""Which option of a choice stands in the words. Pure."""

import re
from collections.abc import Sequence

from agent.dialog.dates import chinese_integer
from agent.model.pathway import Choice

_NOT = re.compile(r"(没有?|未|不|从不|别|无)[^，。,.;；！!？?]{0,2}$")
_NUMBERED = re.compile(r"(?:第|选|按|是|就|嗯|那|我)*([1-9一二两三四五六七八九])(?:个|号|项|种|条)?[吧啊呀呢的嘛]*")
NO_TROUBLE = re.compile("没(?:有)?(?:什么|啥)?大?(?:事|毛病)儿?")
_BARE_NO = re.compile(r"没有?|无|不")
_BUT = re.compile("(?<=[，,。 ])(?:就是|但是?|不过|可是|只是)")
_ONE_LESS = re.compile(r"[不没](?:有)?[疼痛肿红痒晕麻吐]")
_SWALLOWED = (  # a short word, and the longer ones in which it is not said
    (re.compile("血"), re.compile("血(?:压|糖|脂|常规|管|栓|氧|站|液科)|抽血|验血")),
    (re.compile("是"), re.compile("[还不就要总老只但可倒或]是")),
    (re.compile("喘"), re.compile("喘[气息](?!不)")),  # 喘气还行
    (re.compile("好"), re.compile("好[几久长大]|好一[阵会]|好[多些](?!了)")),  # 憋醒好几回
    (re.compile("天天"), re.compile("[今昨明后]天天气?|天天气")),
    (re.compile("打"), re.compile("打(?:了|过|完|电话|扰|算|听)|怕打|打不打")),
    (_BARE_NO, NO_TROUBLE),
)


def option_in_words(options: Sequence[Choice], text: str) -> str | None:
    """The key of the option whose words, the longest first, or whose label the text holds; not what is denied. What
    stands behind a but counts first: 还行，就是有点喘."""
    but = _BUT.search(text)
    weight, key = max((_said(option, text[but.end() :]) for option in options), default=(0.0, "")) if but else (0.0, "")
    if weight >= 1:
        return key
    weight, key = max((_said(option, text) for option in options), default=(0.0, ""))
    if weight:
        return key
    return next((option.key for option in options if _not_denied(option.label, text)), None)


def option_by_number(options: Sequence[Choice], text: str) -> str | None:
    """第二个, 选一, 3: the option of that place; 吃一口吐一口 counts mouthfuls."""
    found = _NUMBERED.fullmatch(text.strip(" 。，,.！"))
    place = chinese_integer(found[1]) if found else None
    return options[place - 1].key if place and place <= len(options) else None


def _said(option: Choice, text: str) -> tuple[float, str]:
    return max((_weight(word) for word in option.says if _not_denied(word, text)), default=0.0), option.key


def _weight(word: str) -> float:
    """没有 gives way to any word of another option: 没有流水，就是肿; so does one trouble less: 青了一块，不疼."""
    return 0.5 if _BARE_NO.fullmatch(word) or _ONE_LESS.fullmatch(word) else len(word)


def _not_denied(word: str, text: str) -> bool:
    for short, longer in _SWALLOWED:
        if short.fullmatch(word):
            text = longer.sub("", text)
    return word in text and not _NOT.search(text[: text.index(word)])
