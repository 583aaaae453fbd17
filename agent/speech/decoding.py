"""What the whisper recogniser asks of a decoder, and one decoding in its threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Event
from typing import Protocol, runtime_checkable

from agent.model.turn import Hypothesis
from agent.speech.whisper_decoder import NotWanted, Wanted, WhisperSettings, always

Decode = Callable[[bytes, Wanted], tuple[Hypothesis, ...]]


class Decoder(Protocol):
    @property
    def settings(self) -> WhisperSettings: ...

    def decode(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        """Raises RecogniserFailed, and NotWanted between two steps."""
        ...


@runtime_checkable
class Asking(Protocol):
    """A decoder that does more for whom knows the question."""

    def asked(self, question: str) -> Decoder: ...


@runtime_checkable
class Glimpsing(Protocol):
    """A decoder that also writes one quick text."""

    def glimpse(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]: ...


@dataclass(frozen=True, slots=True)
class Decoding:
    """One decoding, waiting or under way."""

    result: Future[tuple[Hypothesis, ...]]
    unwanted: Event

    def give_up(self) -> None:
        """One that waits never begins, one under way ends with its present step."""
        self.unwanted.set()
        self.result.cancel()

    async def awaited(self) -> tuple[Hypothesis, ...]:
        """Raises what decoding raised; NotWanted too where it never began. Whoever waits may be cancelled."""
        try:
            return await asyncio.wrap_future(self.result)
        except asyncio.CancelledError:
            waiting = asyncio.current_task()
            if waiting is not None and waiting.cancelling():
                raise
            raise NotWanted from None

    @property
    def words(self) -> tuple[Hypothesis, ...] | None:
        """None while it lasts, and where it failed."""
        if not self.result.done() or self.result.cancelled() or self.result.exception() is not None:
            return None
        return self.result.result()
