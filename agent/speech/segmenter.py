"""Turn-taking: from the probability of speech over time to where an utterance begins, pauses and ends. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TurnTaking:
    """How patient the listener is. The two probabilities give hysteresis: speech begins at or above
    `speech_probability` and lasts until below `silence_probability`."""

    onset_seconds: float = 0.096  # speech heard before it counts: a click or a cough's start does not
    pause_seconds: float = 0.3  # silence after which decoding on suspicion pays
    end_silence_seconds: float = 0.7
    unfinished_seconds: float = 0.8  # added to the end silence while the partial text ends in mid-air
    max_utterance_seconds: float = 20.0
    speech_probability: float = 0.5
    silence_probability: float = 0.35


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
_IN_MID_AIR = (
    "嗯",
    "呃",
    "额",
    "那个",
    "这个",
    "就是",
    "然后",
    "还有",
    "大概",
    "好像",
    "因为",
    "但是",
    "点",
    "百",
    "和",
)
_TAIL = " ，,、。.…"


def in_mid_air(partial: str) -> bool:
    """True when the words so far end where a speaker goes on: a filler, a joining word, a number cut open."""
    return partial.rstrip(_TAIL).endswith(_IN_MID_AIR)


class Segmenter:
    """Fed once per frame with the frame's end in seconds (growing) and its probability of speech."""

    def __init__(self, turn_taking: TurnTaking | None = None) -> None:
        self.turn_taking = turn_taking or TurnTaking()
        self._patience: float | None = None
        self._now = 0.0
        self._voiced = False
        self._onset_start = 0.0
        self._onset_voiced = 0.0
        self._last_voice = 0.0
        self._start: float | None = None  # of the utterance under way
        self._paused = False

    @property
    def speaking(self) -> bool:
        """An utterance is under way, a pause within it included."""
        return self._start is not None

    def listen(self, end_silence_seconds: float | None = None) -> None:
        """The question's own patience from now on; None for the configured one."""
        self._patience = end_silence_seconds

    def feed(self, at: float, probability: float, partial: str = "") -> list[SpeechEvent]:
        """Takes one frame; `partial` is the text recognised so far, where the recogniser streams."""
        frame_start = max(self._now, at - _LONGEST_FRAME_SECONDS)
        self._now = at
        threshold = self.turn_taking.silence_probability if self._voiced else self.turn_taking.speech_probability
        self._voiced = probability >= threshold
        if self._start is None:
            return self._wait(frame_start, at)
        return self._follow(self._start, frame_start, at, partial)

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
        self._start = self._onset_start
        return [SpeechStarted(self._start)]

    def _follow(self, start: float, frame_start: float, at: float, partial: str) -> list[SpeechEvent]:
        events: list[SpeechEvent] = []
        silence = at - self._last_voice
        if self._voiced:
            if self._paused:
                events.append(Resumed(frame_start))
            self._paused, self._last_voice, silence = False, at, 0.0
        enough = self._enough_silence(partial)
        if not self._paused and silence >= min(self.turn_taking.pause_seconds, enough) - 1e-9:
            self._paused = True
            events.append(Paused(self._last_voice))
        if self._paused and silence >= enough - 1e-9:
            events.append(SpeechEnded(start, self._last_voice))
            self._reset()
        elif at - start >= self.turn_taking.max_utterance_seconds:
            events.append(SpeechEnded(start, at, cut=True))
            self._reset()
        return events

    def _enough_silence(self, partial: str) -> float:
        patience = self.turn_taking.end_silence_seconds if self._patience is None else self._patience
        return patience + (self.turn_taking.unfinished_seconds if in_mid_air(partial) else 0.0)

    def _reset(self) -> None:
        self._start, self._paused, self._onset_voiced = None, False, 0.0
