"""Turn-taking: from the probability of speech over time to where an utterance begins, pauses and ends. Pure."""

from dataclasses import dataclass

from agent.model.turn import Expect
from agent.speech.completeness import Awaited, Completeness, believable, completeness


@dataclass(frozen=True, slots=True)
class TurnTaking:
    """How patient the listener is. The two probabilities give hysteresis: speech begins at or above
    `speech_probability` and lasts until below `silence_probability`. Which silence ends an utterance depends on its
    words: `finished_seconds` after a whole answer (`value_seconds` after a value), `unfinished_seconds` in mid-air,
    otherwise `open_seconds` or that of the question's kind."""

    onset_seconds: float = 0.096  # speech heard before it counts: a click or a cough's start does not
    pause_seconds: float = 0.16  # silence after which decoding on suspicion pays
    finished_seconds: float = 0.5
    value_seconds: float = 0.35
    open_seconds: float = 0.8
    open_number_seconds: float = 1.1  # also a year of birth
    open_told_seconds: float = 1.45  # free text: lists are told with pauses
    unfinished_seconds: float = 1.8
    words_wait_seconds: float = 2.5  # words that are being recognised are waited for: without them no reply either
    unhurried: float = 1.3  # an old patient's silences last so many times as long
    max_utterance_seconds: float = 20.0
    speech_probability: float = 0.5
    silence_probability: float = 0.35

    def enough_silence(self, partial: str | None, awaited: Awaited, *, coming: bool = False) -> float:
        """Seconds of silence that end an utterance with the words `partial` (None: not known, "": a sound that was not
        understood); `coming`: more are being recognised."""
        seconds = self._silence(completeness(partial, awaited), awaited.kind)
        if awaited.unhurried:
            seconds *= self.unhurried
        return max(seconds, self.words_wait_seconds) if coming else seconds

    def _silence(self, words: Completeness, kind: Expect) -> float:
        if words is Completeness.FINISHED:
            return self.value_seconds if kind in (Expect.NUMBER, Expect.IDENTITY) else self.finished_seconds
        if words is Completeness.UNFINISHED:
            return self.unfinished_seconds
        if kind in (Expect.NUMBER, Expect.IDENTITY):
            return self.open_number_seconds
        return self.open_told_seconds if kind is Expect.FREE_TEXT else self.open_seconds


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    at: float


@dataclass(frozen=True, slots=True)
class Paused:
    """Silence since `at`: perhaps the end."""

    at: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """It was not the end: speech goes on from `at`."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """`cut`: the utterance reached its longest length, or the line closed, in mid-speech."""

    start: float
    end: float
    cut: bool = False


SpeechEvent = SpeechStarted | Paused | Resumed | SpeechEnded

_ONSET_GAP_SECONDS = 0.1  # between two syllables of a beginning
_LONGEST_FRAME_SECONDS = 0.1  # more between two frames is lost sound, not speech


class Segmenter:
    """Fed once per frame with the frame's end in seconds (growing) and its probability of speech."""

    def __init__(self, turn_taking: TurnTaking | None = None) -> None:
        self.turn_taking = turn_taking or TurnTaking()
        self._awaited = Awaited()
        self._now = 0.0
        self._voiced = False
        self._onset_start = 0.0
        self._onset_voiced = 0.0
        self._last_voice = 0.0
        self._start: float | None = None  # of the utterance under way
        self._voiced_seconds = 0.0  # of it, its pauses left out
        self._paused = False

    @property
    def speaking(self) -> bool:
        """An utterance is under way, a pause within it included."""
        return self._start is not None

    def listen(self, awaited: Awaited) -> None:
        """What is waited for from now on."""
        self._awaited = awaited

    def feed(
        self, at: float, probability: float, partial: str | None = None, *, coming: bool = False
    ) -> list[SpeechEvent]:
        """Takes one frame; `partial` is the text recognised so far, None where none is known; `coming`: words of the
        present pause are being recognised."""
        frame_start = max(self._now, at - _LONGEST_FRAME_SECONDS)
        self._now = at
        threshold = self.turn_taking.silence_probability if self._voiced else self.turn_taking.speech_probability
        self._voiced = probability >= threshold
        if self._start is None:
            return self._wait(frame_start, at)
        enough = 0.0
        if not self._voiced:
            words = believable(partial, self._voiced_seconds)
            enough = self.turn_taking.enough_silence(words, self._awaited, coming=coming)
        return self._follow(self._start, frame_start, at, enough)

    def close(self) -> list[SpeechEvent]:
        """The line is gone: ends the utterance under way."""
        if self._start is None:
            return []
        ended = SpeechEnded(self._start, self._last_voice, cut=not self._paused)
        self._reset()
        return [ended]

    def _wait(self, frame_start: float, at: float) -> list[SpeechEvent]:
        if not self._voiced:
            return []
        if frame_start - self._last_voice > _ONSET_GAP_SECONDS:
            self._onset_voiced = 0.0
        if not self._onset_voiced:
            self._onset_start = frame_start
        self._onset_voiced += at - frame_start
        self._last_voice = at
        if self._onset_voiced < self.turn_taking.onset_seconds - 1e-9:
            return []
        self._start, self._voiced_seconds = self._onset_start, self._onset_voiced
        return [SpeechStarted(self._start)]

    def _follow(self, start: float, frame_start: float, at: float, enough: float) -> list[SpeechEvent]:
        events: list[SpeechEvent] = []
        silence = at - self._last_voice
        if self._voiced:
            if self._paused:
                events.append(Resumed(frame_start))
            self._paused, self._last_voice, silence = False, at, 0.0
            self._voiced_seconds += at - frame_start
        if not self._voiced and not self._paused and silence >= min(self.turn_taking.pause_seconds, enough) - 1e-9:
            self._paused = True
            events.append(Paused(self._last_voice))
        if self._paused and silence >= enough - 1e-9:
            events.append(SpeechEnded(start, self._last_voice))
            self._reset()
        elif at - start >= self.turn_taking.max_utterance_seconds:
            events.append(SpeechEnded(start, at, cut=True))
            self._reset()
        return events

    def _reset(self) -> None:
        self._start, self._paused, self._onset_voiced = None, False, 0.0
