"""What the call asks of hearing and speaking. Audio inside the house is 16 kHz, 16 bit, mono PCM bytes;
8 kHz mu-law exists only at the edge and in the prompt cache."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from agent.model.turn import Hypothesis

PCM_RATE_HZ = 16_000


class RecogniserFailed(Exception):
    """The recogniser could not decode this utterance. `code` is stable and carries no patient words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class VoiceFailed(Exception):
    """The sentence could not be rendered; another voice may."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Best hypothesis first; empty when nothing was said. `seconds` is decoding time after the end of speech."""

    hypotheses: tuple[Hypothesis, ...]
    seconds: float

    @property
    def text(self) -> str:
        return self.hypotheses[0].text if self.hypotheses else ""


class UtteranceStream(Protocol):
    """One utterance on its way in."""

    def feed(self, pcm: bytes) -> str | None:
        """Takes 16 kHz PCM; returns the text so far when it changed; None too where it is not known yet."""
        ...

    def speculate(self) -> None:
        """A pause began: start decoding what is there, so that `finish` is quick if no more audio comes."""
        ...

    async def finish(self) -> Recognised:
        """No more audio. Raises RecogniserFailed. Never blocks the event loop."""
        ...

    def discard(self) -> None: ...


@runtime_checkable
class Attentive(Protocol):
    """An utterance that is understood better when the question is known."""

    def attend(self, question: str) -> None:
        """Tells which question is being answered; before the first pause is early enough."""
        ...


@runtime_checkable
class Foretelling(Protocol):
    """An utterance without partial texts that recognises what was said before a pause while the pause lasts: `feed`
    then returns these words as soon as they are there."""

    @property
    def coming(self) -> bool:
        """Words up to the present pause are being recognised."""
        ...

    def resume(self) -> None:
        """The pause is over: nothing is begun for it any more."""
        ...


@runtime_checkable
class Glimpsed(Protocol):
    """An utterance that can write a quick text early, good enough to notice a danger in and for nothing else."""

    def tell_glimpses(self, tell: Callable[[tuple[Hypothesis, ...]], None]) -> None:
        """From now on each quick text is told in the loop's own thread, best first, unless more was said since."""
        ...

    def glimpse(self) -> None:
        """Perhaps a pause begins: writes one of what is there, where that costs nobody else anything."""
        ...


class Recogniser(Protocol):
    name: str  # e.g. "vosk:vosk-model-small-cn-0.22", "whisper:base-int8", "none"
    streaming: bool

    def utterance(self) -> UtteranceStream: ...

    async def close(self) -> None: ...


class Voice(Protocol):
    """Turns one sentence into sound. `id` names engine, voice and settings: it is half of the cache key."""

    id: str

    def render(self, text: str) -> bytes:
        """8 kHz mu-law of the sentence, loudness normalised, about 50 ms of silence at both ends. Blocks.
        Raises VoiceFailed."""
        ...
