"""Holds candidate words against the sound: the recogniser as a judge of texts it did not write itself."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from agent.hearing.asked_answers import settle
from agent.hearing.danger_phrases import asked_phrases, danger_phrases, dangerous_concepts
from agent.hearing.farewells import farewell
from agent.hearing.number_phrases import NUMERALS, number_phrases, with_spoken_digits
from agent.hearing.phrases import PhraseBook
from agent.hearing.pressure_heard import Decode, pressure
from agent.hearing.questions import context_of
from agent.hearing.touches import Touch, touches
from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis, Origin
from agent.triage.reader import Reader

LogProbabilities = Callable[[Sequence[str]], list[float]]

_MOST_TOUCHES = 8
_MOST_ASKED = 4
_MOST_GLIMPSED = 4  # of both, in a quick look: the work grows with their number
_ASKED_COST = 0.4
_MOST_NUMBERS = 4
_NUMBER_COST = 0.25
_MOST_TOLD = 4
_SURE_COST, _SURE_COST_ASKED = 0.13, 0.28
_ALLOWED_PER_SYLLABLE = 3.4
_ASKED_FACTOR = 1.25  # a finding that was asked about is likelier to be the answer
_DOUBT = 0.49
_LEAST_HEARD = 0.25  # confidence of the recogniser's best; against words that fit the sound no better, any phrase fits
_IS_NUMBER = re.compile(rf"[\d{NUMERALS}点]+")  # 七十八 said of a pressure is not 去死吧
LEAST_DOUBTFUL = 0.2  # confidence from which a touch is told at all


class Verifier:
    """Built once. `find` is pure but for what it asks of `log_probabilities`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._danger = PhraseBook(danger_phrases(reader.content))
        self._dangerous = dangerous_concepts(reader.content)
        self._asked_book = lru_cache(maxsize=200)(self._asked_book_of)
        self._number_book = lru_cache(maxsize=200)(self._number_book_of)

    def find(
        self, hypotheses: Sequence[Hypothesis], question: str, log_probabilities: LogProbabilities
    ) -> list[Hypothesis]:
        """Texts with a phrase of danger in them that the sound speaks for, or does not rule out; likeliest first."""
        found = self._dangers(hypotheses, question) + self._numbers(hypotheses, question)
        return _judged(hypotheses, found, log_probabilities)

    def find_danger(
        self, hypotheses: Sequence[Hypothesis], question: str, log_probabilities: LogProbabilities
    ) -> list[Hypothesis]:
        """`find` of the few worthiest dangers, without the values that the question asks for."""
        found = sorted(self._dangers(hypotheses, question), key=lambda touch: -touch.worth)
        few = list(dict.fromkeys(touch.text for touch in found))[:_MOST_GLIMPSED]
        return _judged(hypotheses, [touch for touch in found if touch.text in few], log_probabilities)

    def settled(
        self, hypotheses: Sequence[Hypothesis], question: str, log_probabilities: LogProbabilities
    ) -> list[Hypothesis]:
        """The hypotheses with the short answer that the sound makes of them before them. A danger that was asked about
        is never raised by it, nor dismissed where the sound bore it at all: both are doubts, and asked about."""
        recognised = [each for each in hypotheses if each.origin is not Origin.VERIFIED]
        found = settle(recognised, question, log_probabilities)
        if found is None:
            return list(hypotheses)
        context = context_of(question, self._reader)
        if not found.denied and not self._dangerous.isdisjoint(context.asked):
            return [*hypotheses, Hypothesis(found.text, min(found.confidence, _DOUBT), Origin.VERIFIED)]
        borne = [each for each in hypotheses if each not in recognised and self._names_asked(each, context)]
        if not borne:
            return [Hypothesis(found.text, found.confidence), *hypotheses]
        return [
            replace(each, confidence=min(each.confidence, _DOUBT)) if each in borne else each for each in hypotheses
        ]

    def taking_leave(self, hypotheses: Sequence[Hypothesis], log_probabilities: LogProbabilities) -> list[Hypothesis]:
        """The hypotheses with the farewell that the sound makes of them before them; never where a symptom was heard
        or a danger may have been."""
        if any(self._reader.read(each.text).findings for each in hypotheses):
            return list(hypotheses)
        found = farewell(hypotheses, log_probabilities)
        return list(hypotheses) if found is None else [found, *hypotheses]

    def pressure(self, hypotheses: Sequence[Hypothesis], question: str, decode: Decode) -> Hypothesis | None:
        """The blood pressure that was asked for, where what was heard freely is not two sure numbers."""
        return pressure(hypotheses, context_of(question, self._reader), self._reader, decode)

    def _names_asked(self, verified: Hypothesis, context: ReadingContext) -> bool:
        """Whether the text is red for something that was asked about."""
        alarms = self._reader.read(verified.text, context).red_words
        return any(concept in context.asked for alarm in alarms for concept in alarm.concepts)

    def _dangers(self, hypotheses: Sequence[Hypothesis], question: str) -> list[Touch]:
        found = [touch for touch in touches(hypotheses, self._danger, _MOST_TOUCHES) if _may_be_told(touch)]
        if self._number_book(question) is not None:
            found = [touch for touch in found if not _IS_NUMBER.fullmatch(touch.heard)]
        book = self._asked_book(question)
        return found + (touches(hypotheses, book, _MOST_ASKED, asked=True, limit=_ASKED_COST) if book else [])

    def _numbers(self, hypotheses: Sequence[Hypothesis], question: str) -> list[Touch]:
        book = self._number_book(question)
        spoken = [replace(h, text=with_spoken_digits(h.text)) for h in hypotheses]
        return touches(spoken, book, _MOST_NUMBERS, limit=_NUMBER_COST) if book else []

    def spells_danger(self, text: str) -> bool:
        """Whether the words themselves, not a value in them, raise a red alarm, whatever else they sound like."""
        return any(not alarm.by_sound for alarm in self._reader.read(text).red_words)

    def _asked_book_of(self, question: str) -> PhraseBook | None:
        phrases = asked_phrases(self._reader.content, context_of(question, self._reader).asked)
        return PhraseBook(phrases) if phrases else None

    def _number_book_of(self, question: str) -> PhraseBook | None:
        phrases = number_phrases(context_of(question, self._reader).measurements)
        return PhraseBook(phrases) if phrases else None


def _judged(
    hypotheses: Sequence[Hypothesis], found: Sequence[Touch], log_probabilities: LogProbabilities
) -> list[Hypothesis]:
    """The touches' texts that the sound speaks for or does not rule out; all of them are asked about at once."""
    if not found:
        return []
    sources = sorted({0, *(touch.source for touch in found)})
    texts = list(dict.fromkeys(touch.text for touch in found))  # two phrases may make the same text
    scores = log_probabilities([*(hypotheses[s].text for s in sources), *texts])
    own, score = max(scores[: len(sources)]), dict(zip(texts, scores[len(sources) :], strict=True))
    most = 1.0 if hypotheses[0].confidence >= _LEAST_HEARD else _DOUBT
    sure = {text: min(most, max(confidence(t, own - score[text]) for t in found if t.text == text)) for text in texts}
    verified = [Hypothesis(text, round(sure[text], 3), Origin.VERIFIED) for text in texts]
    likely = sorted((h for h in verified if h.confidence >= LEAST_DOUBTFUL), key=lambda h: -h.confidence)
    return likely[:_MOST_TOLD]


def confidence(touch: Touch, loss: float) -> float:
    """1 when the phrase makes the text no less likely, 0.5 at the loss that its length and likeness allow, 0 at twice
    that; never above 0.49 where likeness alone is too little. `loss`: log-probability lost against the recogniser's
    own best text."""
    sure = min(1.0, max(0.0, 1.0 - loss / (2 * allowance(touch))))
    return sure if _may_be_sure(touch) else min(sure, _DOUBT)


def _may_be_told(touch: Touch) -> bool:
    """Two syllables that share no character with what was heard are like any text: 口紧 is not 投井."""
    return touch.syllables > 2 or touch.shares_a_character


def _may_be_sure(touch: Touch) -> bool:
    if touch.negation_guessed or touch.follows_a_no:
        return False
    if touch.asked:
        return touch.likeness.cost <= _SURE_COST_ASKED
    return touch.likeness.cost <= _SURE_COST and (touch.syllables > 2 or touch.shares_a_character)


def allowance(touch: Touch) -> float:
    """The loss at which the sound neither speaks for the phrase nor against it."""
    unlike = max(0.15, 1.0 - 2.5 * touch.likeness.cost)
    expected = _ASKED_FACTOR if touch.asked else 1.0
    return _ALLOWED_PER_SYLLABLE * min(touch.syllables, 6) * unlike * expected
