"""The voices of simulated patients: rendered ahead where the lines can be foreseen, else while the patient thinks."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from agent.speech.choose import fallback_voice
from agent.speech.kokoro_voice import DEFAULT_STYLE, KokoroEngine, KokoroVoice, styles
from agent.speech.prompts import PromptCache
from agent.speech.weights import KOKORO, ensure

SPEED = 1.0  # patients speak faster than the robot


class PatientVoices:
    """One voice a patient, by number; none is the robot's. Raises ModelMissing."""

    def __init__(self, data: Path) -> None:
        engine = KokoroEngine(ensure(KOKORO, data), threads=2)
        others = [style for style in styles() if style != DEFAULT_STYLE]
        self._caches = [
            PromptCache(data / "rehearsal" / "voices", KokoroVoice(engine, style, SPEED), fallback_voice())
            for style in others
        ]

    def of(self, number: int) -> PromptCache:
        return self._caches[number % len(self._caches)]

    async def render(self, lines: Sequence[tuple[int, str]], progress: Callable[[int], None]) -> None:
        """(patient's number, text) of every line to have ready."""
        for done, (number, text) in enumerate(dict.fromkeys(lines), 1):
            await self.of(number).ulaw(text)
            progress(done)

    async def close(self) -> None:
        await asyncio.gather(*(cache.close() for cache in self._caches))


def lines_of(numbers_and_texts: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Without repeats and without silence."""
    return list(dict.fromkeys((number, text) for number, text in numbers_and_texts if text))
