"""A yes or no to what the robot put itself, by the sound of words that were not understood: 递的没错 is 对的，没错, and
部队 is 不对.

Every hypothesis counts, so that 我对 with 不对 beside it is neither. A yes is believed only where nothing sounds like
a no; whoever is not believed is asked once more.
"""

import re
from collections.abc import Collection, Sequence

from agent.hearing.number_phrases import NUMERALS
from agent.hearing.phrases import Indices, syllables_of
from agent.hearing.syllables import costs
from agent.model.finding import Polarity
from agent.model.turn import Hypothesis
from agent.triage.syllables import table

_ASSENTS = (
    "对的没错 对没错 是的没错 是没错 嗯没错 没错 没错没错 对对 对对对 一对 你对 是对的 是对 对的 是的 是的是的 对啊 "
    "对是这样 是这样的 是这样 就是这样 就是这个数 是这个数 就是这个 是我 对是我 嗯是我 是我你说 我就是 对我就是 对我是 "
    "可以你问吧 可以继续吧 行你说 方便你说"
)
_REFUSALS = (
    "不对 不是 不对不对 不是不是 不是的 不对啊 错了 说错了 听错了 你听错了 不是这个 不是这个数 没对 没有对 不是我 "
    "不是没错 有没有错 没错吧 是没错吧 没说 没说过 不是对的 不是的没错 不方便"
)
_MOST_HYPOTHESES = 5
_MOST_SYLLABLES = 7
_LATER = 0.03  # dearer for each hypothesis before it
_YES, _NO = 0.17, 0.2  # mean cost of a syllable up to which either is believed
_LEAST_NO = 0.25  # confidence of a no that only the words hold: 你的没 was the beginning of 对的没错
_APART = 0.1  # by which the nearer one must be nearer
_LONE = 0.7  # a syllable without its like
_UNKNOWN_BEFORE = re.compile("[^不没未别无非有吗吧么呢]{1,2}的?没有?错[啊呀的]?")
_BEFORE_RIGHT = re.compile("([^都就不])[对队堆][的啊呀了]?")
_NUMBER = re.compile(rf"[{NUMERALS}点\d]{{2}}")
_NOT_SPOKEN = re.compile(r"[\W_]+")


def settled(written: Polarity, hypotheses: Sequence[Hypothesis], open_to: Collection[Polarity]) -> Polarity:
    """What was answered: what is `written`, what the sound says where the words say nothing and the moment is
    `open_to` it, and UNKNOWN where the two contradict each other."""
    heard = by_sound(hypotheses)
    if written is Polarity.YES and any(_perhaps_not_right(text) for text in _spoken(hypotheses)):
        return Polarity.UNKNOWN
    unsure = bool(hypotheses) and hypotheses[0].confidence < _LEAST_NO
    if written is Polarity.NO and heard is not Polarity.NO and unsure:
        return Polarity.UNKNOWN
    if written in (Polarity.YES, Polarity.NO):
        return written if heard in (written, Polarity.UNKNOWN) else Polarity.UNKNOWN
    return heard if heard in open_to else written


def by_sound(hypotheses: Sequence[Hypothesis]) -> Polarity:
    """YES or NO where the words as a whole sound like one and like nothing of the other kind; else UNKNOWN."""
    texts = _spoken(hypotheses)
    if not texts or not 0 < len(texts[0]) <= _MOST_SYLLABLES or _NUMBER.search(texts[0]):
        return Polarity.UNKNOWN
    yes = min(_cost(text, _PHRASES[Polarity.YES]) + at * _LATER for at, text in enumerate(texts))
    no = min(_cost(text, _PHRASES[Polarity.NO]) + at * _LATER for at, text in enumerate(texts))
    if any(_UNKNOWN_BEFORE.fullmatch(text) for text in texts[:2]):
        yes = 0.0
    if yes <= _YES and no - yes >= _APART and not any(_perhaps_not_right(text) for text in texts):
        return Polarity.YES
    return Polarity.NO if no <= _NO and yes - no >= _APART else Polarity.UNKNOWN


def _spoken(hypotheses: Sequence[Hypothesis]) -> list[str]:
    return [_NOT_SPOKEN.sub("", each.text) for each in hypotheses[:_MOST_HYPOTHESES]]


def _perhaps_not_right(text: str) -> bool:
    """我对, 普对 and 又对 may be 不对; 以对 and 你对 are a hummed 嗯 before it."""
    found = _BEFORE_RIGHT.fullmatch(text)
    return found is not None and table().get(found[1], "").endswith(("u", "o"))


def _cost(text: str, phrases: Sequence[Indices]) -> float:
    heard = syllables_of(text)[0]
    return min((_distance(heard, phrase) / max(len(heard), len(phrase)) for phrase in phrases), default=_LONE)


def _distance(heard: Indices, phrase: Indices) -> float:
    """Cheapest alignment of the whole of both."""
    unlike = costs()
    row = [at * _LONE for at in range(len(phrase) + 1)]
    for syllable in heard:
        above, row = row, [row[0] + _LONE]
        for at, meant in enumerate(phrase):
            row.append(min(above[at] + float(unlike[syllable, meant]), above[at + 1] + _LONE, row[at] + _LONE))
    return row[-1]


_PHRASES = {
    polarity: [syllables_of(phrase)[0] for phrase in phrases.split()]
    for polarity, phrases in ((Polarity.YES, _ASSENTS), (Polarity.NO, _REFUSALS))
}
