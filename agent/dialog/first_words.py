"""What people say when they pick up: 喂, 你好, 哪位, 找谁, 什么事. No answer yet and nothing misheard. Pure."""

import re

_STOPS = re.compile(r"[\s，。,.！!？?、；;~～…]+")
_FILLER = r"(?:喂|嗯|哎|诶|唉|啊|呀|呢|嘛|吗|吧|哦|噢|那|那个|请问|你好|您好)*"
_YOU = r"(?:你|您|你们|侬|恁)?"
_WHO = (
    rf"{_YOU}(?:这边|这|那边)?(?:是|系)?(?:谁|哪位|哪个|哪里|哪儿|哪家|哪边|什么人|啥人|啥子人|边个|(?:什么|啥|哪个)(?:单位|地方|医院|公司|部门))"
    rf"(?:的|打来的|打的|打电话)?"
)
_WHOM = rf"{_YOU}(?:要|想|是)?找(?:谁|哪位|哪个|边个|什么人)"
_WHY = (
    rf"{_YOU}(?:有)?(?:什么|啥|啥子|么子|乜)事(?:情|儿)?|{_YOU}有事(?:情|儿)?|{_YOU}(?:是)?(?:干|做|搞)(?:什么|啥|嘛|啥子)(?:的)?"
    rf"|{_YOU}(?:打|来)(?:这个)?电话(?:来)?(?:干|做|有)(?:什么|啥|嘛)(?:事|的)?"
)
_ASKS = re.compile(rf"{_FILLER}(?:(?:{_WHO}|{_WHOM}|{_WHY}){_FILLER})+{_YOU}")
_CALLS = re.compile(
    r"(?:喂|你好|您好|哈[啰喽]|听着呢|听得[见到]|在听|在呢|讲话|说话)[呀啊吧呢]*(?:(?:喂|你好|您好|哎|诶)[呀啊]*)*"
)


def asks_who_calls(text: str) -> bool:
    """True for 哪位, 你找谁, 什么事 and the like, and nothing beside them."""
    return _ASKS.fullmatch(_STOPS.sub("", text)) is not None


def only_calls(text: str) -> bool:
    """True for 喂 and 你好, said to hear whether somebody is there."""
    return _CALLS.fullmatch(_STOPS.sub("", text)) is not None
