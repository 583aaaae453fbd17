"""A decoder that also tells which dangerous words the sound allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.hearing.verifier import LogProbabilities, Verifier
from agent.model.turn import Hypothesis
from agent.speech.whisper_decoder import NotWanted, Sound, Wanted, WhisperSettings, always

Find = Callable[[Sequence[Hypothesis], str, LogProbabilities], list[Hypothesis]]


class Judging(Protocol):
    """A decoder that can say how likely any text is, given the sound."""

    @property
    def settings(self) -> WhisperSettings: ...

    def listen(self, pcm: bytes, wanted: Wanted) -> tuple[tuple[Hypothesis, ...], Sound | None]: ...

    def glance(self, pcm: bytes, wanted: Wanted) -> tuple[tuple[Hypothesis, ...], Sound | None]: ...

    def log_probabilities(self, sound: Sound, texts: Sequence[str]) -> list[float]: ...

    def pressures(self, sound: Sound, before: str) -> list[tuple[str, float]]: ...


@dataclass(frozen=True, slots=True)
class VerifyingDecoder:
    """Decodes for one question; verified texts come behind the recogniser's own, a short answer in the question's words
    that the sound settles before them."""

    decoder: Judging
    verifier: Verifier
    question: str = ""

    @property
    def settings(self) -> WhisperSettings:
        return self.decoder.settings

    def asked(self, question: str) -> "VerifyingDecoder":
        return VerifyingDecoder(self.decoder, self.verifier, question)

    def decode(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        """Raises RecogniserFailed, and NotWanted between two steps."""
        hypotheses, sound = self.decoder.listen(pcm, wanted)
        if sound is not None:
            hypotheses = self._with_pressure(hypotheses, sound)
        verified = self._verified(self.verifier.find, hypotheses, sound, wanted)
        if sound is None:
            return verified
        known = sound

        def judge(texts: Sequence[str]) -> list[float]:
            return self.decoder.log_probabilities(known, texts)

        return tuple(self.verifier.taking_leave(self.verifier.settled(verified, self.question, judge), judge))

    def _with_pressure(self, hypotheses: tuple[Hypothesis, ...], sound: Sound) -> tuple[Hypothesis, ...]:
        found = self.verifier.pressure(hypotheses, self.question, lambda before: self.decoder.pressures(sound, before))
        return hypotheses if found is None else (found, *hypotheses)

    def glimpse(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        """One text at half the work, held against the sound for dangers where it does not spell one itself."""
        hypotheses, sound = self.decoder.glance(pcm, wanted)
        if hypotheses and self.verifier.spells_danger(hypotheses[0].text):
            return hypotheses
        return self._verified(self.verifier.find_danger, hypotheses, sound, wanted)

    def _verified(
        self, find: Find, hypotheses: tuple[Hypothesis, ...], sound: Sound | None, wanted: Wanted
    ) -> tuple[Hypothesis, ...]:
        if sound is None:
            return hypotheses
        known = sound  # for the type of what the closure sees
        if not wanted():
            raise NotWanted
        found = find(hypotheses, self.question, lambda texts: self.decoder.log_probabilities(known, texts))
        return (*hypotheses, *found)
