"""A decoder that also tells which dangerous words the sound allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.hearing.verifier import Verifier
from agent.model.turn import Hypothesis
from agent.speech.whisper_decoder import Sound, WhisperSettings


class Judging(Protocol):
    """A decoder that can say how likely any text is, given the sound."""

    @property
    def settings(self) -> WhisperSettings: ...

    def listen(self, pcm: bytes) -> tuple[tuple[Hypothesis, ...], Sound | None]: ...

    def log_probabilities(self, sound: Sound, texts: Sequence[str]) -> list[float]: ...


@dataclass(frozen=True, slots=True)
class VerifyingDecoder:
    """Decodes for one question; verified texts come behind the recogniser's own."""

    decoder: Judging
    verifier: Verifier
    question: str = ""

    @property
    def settings(self) -> WhisperSettings:
        return self.decoder.settings

    def asked(self, question: str) -> "VerifyingDecoder":
        return VerifyingDecoder(self.decoder, self.verifier, question)

    def decode(self, pcm: bytes) -> tuple[Hypothesis, ...]:
        """Raises RecogniserFailed."""
        hypotheses, sound = self.decoder.listen(pcm)
        if sound is None:
            return hypotheses
        known = sound  # for the type of what the closure sees
        found = self.verifier.find(
            hypotheses, self.question, lambda texts: self.decoder.log_probabilities(known, texts)
        )
        return (*hypotheses, *found)
