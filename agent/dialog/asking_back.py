"""Words that ask back what was asked: 啥意思, 会不会啥, 就是打肚子那个针吗. They want the question again, in other
words, and no nurse's reply. Pure."""

import re

_MEANING = re.compile(r"(?<!没)(?<!没有)(?:什么|啥|么子|咩)意思")
_NOT_UNDERSTOOD = re.compile(r"(?:听|弄|看|搞)?不(?:大|太)?(?:懂|明白)|没(?:听|弄|搞)?(?:太|大)?(?:懂|明白)")
_OF_WHAT = re.compile(r"(.{2,}?)(?:到底|究竟|这)?是?(?:什么|啥|么子|咩)意思")
_TO_YOU = re.compile(r"[你您我]们?|刚才|刚刚|[说问讲]|[这那]个?|[的话是呢啊]|什么|啥")
_MEANS = re.compile(r"^(?:就?是(?:说|问|指|不是)?|[你您](?:是)?(?:说|问|指)的?是?).*(?:[吗么]|那个)$")
_WHAT = re.compile(r"(?<![没不有])(?:啥|什么)(?!都|也)")  # 不咋喘, 没啥 tell
_AROUND_WHAT = re.compile(r"[啥呢啊呀哦嗯吗么哪谁咋\W]|什么")
_ENDS = "。，？！?!. "


def asks_back(text: str, sentence: str, *, answerable: bool) -> bool:
    """True when the words ask what `sentence` means. `answerable`: an approved answer fits them, which goes before a
    mere "do you mean …?"."""
    if _MEANING.search(text):
        return not _names_something_else(text, sentence)
    words = text.strip(_ENDS)
    own = _AROUND_WHAT.sub("", words)
    if sentence and own and _WHAT.search(words) and all(letter in sentence for letter in own):
        return True
    return bool(sentence) and not answerable and _MEANS.match(words) is not None


def _names_something_else(text: str, sentence: str) -> bool:
    """报告上写的低分化是什么意思: a question of their own."""
    named = _OF_WHAT.search(text)
    subject = _TO_YOU.sub("", named[1]) if named else ""
    return sum(letter not in sentence for letter in subject) > 1


def wants_other_words(text: str) -> bool:
    """就是那个针吗, 听不懂: the same words once more would answer nothing."""
    if _NOT_UNDERSTOOD.search(text) or _MEANING.search(text):
        return True
    return re.search(r"吗$|(?<![什怎])么$", text.strip(_ENDS)) is not None
