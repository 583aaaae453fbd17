"""What a listener murmurs to say "go on": no interruption, and no answer to what he has not heard yet."""

import re

_MURMURS = "嗯 哦 噢 喔 啊 呃 唔 哎 欸 诶 唉 好 好的 好好 对 对的 对对 是 是的 行 行行 知道 知道了 明白 明白了 哈 呵 嗨"
_NOT_WORDS = re.compile(r"[\W_]+")
_BACKCHANNEL = re.compile(f"(?:{'|'.join(sorted(_MURMURS.split(), key=len, reverse=True))})+")
_MOST_CHARACTERS = 6


def is_backchannel(text: str) -> bool:
    """True for 嗯, 哦哦, 好的好的 and the like; false for no words at all."""
    words = _NOT_WORDS.sub("", text)
    return 0 < len(words) <= _MOST_CHARACTERS and _BACKCHANNEL.fullmatch(words) is not None
