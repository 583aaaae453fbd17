"""Who is cut off, and what not cutting costs: hesitant answers through turn-taking, on a clock of 32 ms frames."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from agent.speech.segmenter import Paused, Resumed, Segmenter, SpeechEnded, TurnTaking
from bench.hesitant import Hesitant, fluent, hesitant, second_set

FRAME = 0.032
SECONDS_PER_CHARACTER = 0.22
PARTIAL_LAG = 0.25  # a streaming recogniser's words come so much after they were said
LAST_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Timed:
    """When each character of an answer was said."""

    said: Hesitant
    spans: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, said: Hesitant) -> "Timed":
        at, spans = 1.0, []
        for piece, pause in zip(said.pieces, (*said.pauses, 0.0), strict=True):
            spans.append((at, at + len(piece) * SECONDS_PER_CHARACTER))
            at = spans[-1][1] + pause
        return cls(said, tuple(spans))

    @property
    def end(self) -> float:
        return self.spans[-1][1]

    def speaking(self, at: float) -> bool:
        return any(start < at <= end for start, end in self.spans)

    def words(self, until: float) -> str:
        """What had been said by then."""
        heard = []
        for piece, (start, _) in zip(self.said.pieces, self.spans, strict=True):
            heard.append(piece[: max(0, int((until - start) / SECONDS_PER_CHARACTER + 1e-6))])
        return "".join(heard)


@dataclass
class Streaming:
    """Words come along, a little late."""

    timed: Timed

    def at(self, now: float, events: Iterable[object]) -> tuple[str, bool]:
        return self.timed.words(now - PARTIAL_LAG), False


@dataclass
class AfterPause:
    """A recogniser without partial texts: it decodes while a pause lasts; the longer the utterance the longer it takes.
    The seconds are those of whisper base on one free core."""

    timed: Timed
    _due: float | None = None
    _known: str | None = None
    _until: float = 0.0

    def at(self, now: float, events: Iterable[object]) -> tuple[str | None, bool]:
        for event in events:
            if isinstance(event, Paused):
                self._until = event.at
                self._due = now + 0.45 + 0.06 * (event.at - self.timed.spans[0][0])
            elif isinstance(event, Resumed):
                self._due, self._known = None, None
        if self._due is not None and now >= self._due:
            self._due, self._known = None, self.timed.words(self._until + 0.1)
        return self._known, self._due is not None


@dataclass
class NoWords:
    timed: Timed

    def at(self, now: float, events: Iterable[object]) -> tuple[str | None, bool]:
        return None, False


@dataclass
class Outcome:
    cut: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    answers: int = 0

    def report(self) -> dict[str, Any]:
        return {
            "answers": self.answers,
            "cut_off": len(self.cut),
            "cut_off_percent": round(100 * len(self.cut) / self.answers, 1),
            "added_delay_mean_ms": round(1000 * statistics.mean(self.delays)),
            "added_delay_p50_ms": round(1000 * statistics.median(self.delays)),
            "added_delay_p95_ms": round(1000 * sorted(self.delays)[int(0.95 * (len(self.delays) - 1))]),
        }


def listen(said: Hesitant, taking: TurnTaking, words: Callable[[Timed], Any], *, adaptive: bool) -> tuple[bool, float]:
    """(cut off before the end, seconds from the end of speech to the last decision)."""
    timed = Timed.of(said)
    segmenter, hears = Segmenter(taking), words(timed)
    if adaptive:
        segmenter.listen(said.awaited)
    ends: list[float] = []
    events: list[object] = []
    for number in range(1, int((timed.end + LAST_WAIT) / FRAME)):
        now = number * FRAME
        partial, coming = hears.at(now, events)
        events = list(segmenter.feed(now, 0.95 if timed.speaking(now) else 0.02, partial, coming=coming))
        ends += [now for event in events if isinstance(event, SpeechEnded)]
    return ends[0] < timed.end, ends[-1] - timed.end


def through(answers: list[Hesitant], taking: TurnTaking, words: Callable[[Timed], Any], *, adaptive: bool) -> Outcome:
    outcome = Outcome(answers=len(answers))
    for said in answers:
        cut, delay = listen(said, taking, words, adaptive=adaptive)
        outcome.delays.append(delay)
        if cut:
            outcome.cut.append("|".join(said.pieces))
    return outcome


def plain(seconds: float) -> TurnTaking:
    """Voice activity alone: the same silence whatever was said."""
    return TurnTaking(
        finished_seconds=seconds,
        value_seconds=seconds,
        open_seconds=seconds,
        open_number_seconds=seconds,
        open_told_seconds=seconds,
        unfinished_seconds=seconds,
    )


def measure() -> dict[str, Any]:
    """The sixty by words as they come, by words after a pause, without words, and by plain voice activity."""
    ours: dict[str, Any] = {}
    for name, words in (("streaming_words", Streaming), ("words_after_a_pause", AfterPause), ("no_words", NoWords)):
        slow = through(hesitant(), TurnTaking(), words, adaptive=True)
        fresh = through(second_set(), TurnTaking(), words, adaptive=True)
        quick = through(fluent(), TurnTaking(), words, adaptive=True)
        ours[name] = {
            "hesitant": slow.report() | {"cut": slow.cut},
            "second_set": fresh.report() | {"cut": fresh.cut},
            "fluent": quick.report(),
        }
    vad = {
        f"{seconds:g}_s": {
            "hesitant": through(hesitant(), plain(seconds), NoWords, adaptive=False).report(),
            "fluent": through(fluent(), plain(seconds), NoWords, adaptive=False).report(),
        }
        for seconds in (0.5, 0.7, 0.9, 1.1, 1.3, 1.6)
    }
    return {"scripted": ours, "plain_voice_activity": vad}
