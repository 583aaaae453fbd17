"""A farewell at the end of what was heard that was written in other words: 就这样把再紧, 我先管了, 谢谢大家.

Whoever says goodbye and is asked on is held on the line. A farewell is believed where the end of the text sounds like
one and the sound bears it about as well; of 再见 alone nothing is made, 在家 sounds the same.
"""

from collections.abc import Callable, Sequence

from agent.hearing.phrases import Phrase, PhraseBook, syllables_of
from agent.hearing.touches import Touch, touches
from agent.model.turn import Hypothesis

LogProbabilities = Callable[[Sequence[str]], list[float]]

_FAREWELLS = (
    "先挂了 我先挂了 有事先挂了 挂了再见 先挂了再见 不说了挂了 就这样挂了 就这样吧再见 就这样再见 "
    "好再见 好的再见 谢谢再见"
)
_BEHIND = frozenset("啊呢吧呀哈哦的")  # may follow: 先挂了啊
_HIGHEST_COST = 0.25
_MOST = 6
_LOSS = 5.0  # log-probability against the recogniser's own best text
_ENDINGS = ("再见", "拜拜", "挂了", "挂了啊")
_STOPS = "。，！？,!?. "

BOOK = PhraseBook(Phrase(text, "farewell") for text in _FAREWELLS.split())


def farewell(hypotheses: Sequence[Hypothesis], log_probabilities: LogProbabilities) -> Hypothesis | None:
    """What was heard with the farewell at its end as it was said, or None."""
    if not hypotheses or hypotheses[0].text.rstrip(_STOPS).endswith(_ENDINGS):
        return None
    found = [touch for touch in touches(hypotheses, BOOK, _MOST, limit=_HIGHEST_COST) if _ends(touch, hypotheses)]
    if not found:
        return None
    own, *scores = log_probabilities([hypotheses[0].text, *(touch.text for touch in found)])
    score, text = max(zip(scores, (touch.text for touch in found), strict=True))
    return Hypothesis(text, hypotheses[0].confidence) if own - score <= _LOSS else None


def _ends(touch: Touch, hypotheses: Sequence[Hypothesis]) -> bool:
    """Whether nothing is said behind it: 先挂了个号 is no farewell."""
    text = hypotheses[touch.source].text
    _, places = syllables_of(text)
    return all(text[at] in _BEHIND for at in places[touch.likeness.end :])
