"""What a listener murmurs to say "go on": no interruption, and no answer to what he has not heard yet."""

import re

_MURMURS = "嗯 哦 噢 喔 啊 呃 唔 哎 欸 诶 唉 好 好的 好好 对 对的 对对 是 是的 行 行行 知道 知道了 明白 明白了 哈 呵 嗨"
_NOT_WORDS = re.compile(r"[\W_]+")
_BACKCHANNEL = re.compile(f"(?:{'|'.join(sorted(_MURMURS.split(), key=len, reverse=True))})+")
_MOST_CHARACTERS = 6


_GUESSED_CHARACTERS = 3
_STOPPING_CHARACTERS = 5  # up to which a guess stops nobody: who says more is heard to go on
_GUESS, _WILD_GUESS = 0.5, 0.3  # of 66 murmurs in six voices no misheard one was surer than 0.47
_TELLING = frozenset(  # what an answer, a complaint or a number is made of
    "有没不无是对好行会能要吃喝睡量停忘疼痛闷喘晕血吐拉烧肿麻死憋慌冷汗抖摔难受呛堵胸头心腹肚腿脚手累酸胀痒渗流烂黑红"
    "0123456789零一二两三四五六七八九十百半几"
)


def is_murmur(text: str, confidence: float) -> bool:
    """A murmur, or a syllable or three that the recogniser makes up for one: 嗯 becomes 你呢 at 0.27."""
    return is_backchannel(text) or _guessed(text, confidence, _WILD_GUESS)


def is_sure(text: str, confidence: float) -> bool:
    """Words for which the robot may be stopped."""
    return bool(text) and not is_backchannel(text) and not _guessed(text, confidence, _GUESS, _STOPPING_CHARACTERS)


def is_murmur_over_a_question(text: str, confidence: float) -> bool:
    """The same of what is said before a question is out, where a murmur is likelier than an answer: 嗯 becomes 以下 at
    0.34 and 我 at 0.47. What may tell anything is none."""
    return is_murmur(text, confidence) or (_guessed(text, confidence, _GUESS) and _TELLING.isdisjoint(text))


def _guessed(text: str, confidence: float, least: float, characters: int = _GUESSED_CHARACTERS) -> bool:
    return 0 < len(_NOT_WORDS.sub("", text)) <= characters and confidence < least


def is_backchannel(text: str) -> bool:
    """True for 嗯, 哦哦, 好的好的 and the like; false for no words at all."""
    words = _NOT_WORDS.sub("", text)
    return 0 < len(words) <= _MOST_CHARACTERS and _BACKCHANNEL.fullmatch(words) is not None
