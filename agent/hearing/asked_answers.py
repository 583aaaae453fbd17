"""The short answers in a question's own words, held against the sound: 不肿 and 有点肿 to 脚肿不肿, however written.

Both kinds are judged, and one is believed only where it is much likelier than the other and hardly less likely than
what the recogniser wrote.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.hearing.phrases import syllables_of
from agent.hearing.syllables import costs
from agent.model.turn import Hypothesis
from agent.speech.short_answers import ANSWERS

_SENSED = "肿 喘 疼 痛 晕 闷 憋 烧 咳 吐 摔 破 涨 麻 痒 呛 漏"  # a bare one says enough: 不肿
_NAMED = "出血 模糊 头疼 头晕 心慌 气短 发烧 溃疡 恶心 便血"
_DENIED, _DENIED_OF_WORDS = ("不{}", "没{}", "没有{}"), ("没{}", "没有{}")
_AFFIRMED = ("{}", "{}了", "有点{}", "有{}")
_MOST_WORDS = 2  # of a question: each is seven texts to judge
_MOST_SYLLABLES = 6
_APART = 4.0  # log-probability between a no and a yes
_LOSS = 8.0  # of either against the recogniser's own best text
_UNLIKE = 0.45  # mean cost of a syllable
_LONE = 0.7  # a syllable without its like
_PLAIN = ANSWERS - {"嗯"}
_STOPS = "。，！？,!?. "

LogProbabilities = Callable[[Sequence[str]], list[float]]


@dataclass(frozen=True, slots=True)
class Settled:
    """`text` is what was said; `denied`: a no."""

    text: str
    denied: bool
    confidence: float


def settle(hypotheses: Sequence[Hypothesis], question: str, log_probabilities: LogProbabilities) -> Settled | None:
    """What the sound makes of a short answer that was not written in the question's words; None where it makes
    neither a yes nor a no of it."""
    words = words_of(question)
    if not hypotheses or not words or _is_plain(hypotheses[0].text, words):
        return None
    denials = _texts(words, denied=True)
    answers = [*denials, *_texts(words, denied=False)]
    if all(_unlike(hypotheses, text) > _UNLIKE for text in answers):
        return None
    own = [each.text for each in hypotheses[:2]]
    scores = log_probabilities([*own, *(f"{text}。" for text in answers)])
    best, score = max(scores[: len(own)]), dict(zip(answers, scores[len(own) :], strict=True))
    text = max(answers, key=lambda each: score[each])
    other = max(score[each] for each in answers if (each in denials) is not (text in denials))
    if score[text] - other < _APART or best - score[text] > _LOSS or _unlike(hypotheses, text) > _UNLIKE:
        return None
    return Settled(f"{text}。", text in denials, round(1.0 - max(0.0, best - score[text]) / (2 * _LOSS), 3))


def words_of(question: str) -> list[str]:
    """The sensations that a question names."""
    named = [word for word in _NAMED.split() if word in question]
    rest = question
    for word in named:
        rest = rest.replace(word, "")
    return [*named, *(word for word in _SENSED.split() if word in rest)][:_MOST_WORDS]


def _is_plain(text: str, words: Sequence[str]) -> bool:
    spoken = text.strip(_STOPS)
    return spoken in _PLAIN or len(syllables_of(text)[0]) > _MOST_SYLLABLES or any(word in spoken for word in words)


def _texts(words: Sequence[str], *, denied: bool) -> list[str]:
    found = []
    for word in words:
        forms = (_DENIED if len(word) == 1 or word == "模糊" else _DENIED_OF_WORDS) if denied else _AFFIRMED
        found += [form.format(word) for form in forms]
    return found


def _unlike(hypotheses: Sequence[Hypothesis], text: str) -> float:
    return min(_distance(each.text, text) for each in hypotheses[:3])


def _distance(one: str, other: str) -> float:
    """Mean cost of a syllable in the cheapest alignment of the whole of both."""
    unlike, heard, meant = costs(), syllables_of(one)[0], syllables_of(other)[0]
    row = [at * _LONE for at in range(len(meant) + 1)]
    for syllable in heard:
        above, row = row, [row[0] + _LONE]
        for at, each in enumerate(meant):
            row.append(min(above[at] + float(unlike[syllable, each]), above[at + 1] + _LONE, row[at] + _LONE))
    return row[-1] / max(1, len(heard), len(meant))
