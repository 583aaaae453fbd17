"""The words around a finding, masked and cut at its clause: what cues are looked for in."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.triage.cues import PART, SPOT
from agent.triage.spotter import STRONG_STOPS, WEAK_STOPS, Spotted

_REACH = 32  # characters: cue patterns are ambiguous, so what they read is bounded
_ENDS = STRONG_STOPS | WEAK_STOPS | {"."}


@dataclass(frozen=True, slots=True)
class Around:
    """The words around one span, masked: findings and body parts replaced, so that cues stand out."""

    text: str
    start: int
    end: int
    sentence: tuple[int, int]
    clause: tuple[int, int]
    masked: str

    @property
    def before(self) -> str:
        return self.masked[self.near : self.start]

    @property
    def near(self) -> int:
        """Where the words before begin: the clause, but no farther back than a cue can reach."""
        return max(self.clause[0], self.start - _REACH)

    @property
    def after(self) -> str:
        return self.masked[self.end : min(self.clause[1], self.end + _REACH)]

    @property
    def after_sentence(self) -> str:
        return self.masked[self.end : min(self.sentence[1], self.end + _REACH)]

    @property
    def inside(self) -> str:
        return self.text[self.start : self.end]


def mask(text: str, spotted: Spotted, spans: Sequence[tuple[int, int]] = ()) -> str:
    """The text with every finding's core, every body part and the `spans` known from elsewhere replaced by one
    private character each."""
    chars = list(text)
    for start, end in spans:
        chars[start:end] = SPOT * (end - start)
    for start, end, _ in spotted.parts:
        chars[start:end] = PART * (end - start)
    for spot in spotted.spots:
        start, end = spot.core
        chars[start:end] = SPOT * (end - start)
    return "".join(chars)


def sentence_start(text: str, at: int) -> int:
    """Where the sentence that `at` stands in begins."""
    return _left(text, at, STRONG_STOPS)


def around(text: str, masked: str, start: int, end: int) -> Around:
    sentence = (sentence_start(text, start), _right(text, end, STRONG_STOPS))
    clause = (_left(text, start, _ENDS), _right(text, end, _ENDS))
    return Around(text, start, end, sentence, clause, masked)


def _left(text: str, at: int, stops: frozenset[str] | set[str]) -> int:
    while at > 0 and text[at - 1] not in stops:
        at -= 1
    return at


def _right(text: str, at: int, stops: frozenset[str] | set[str]) -> int:
    while at < len(text) and text[at] not in stops:
        at += 1
    return at
