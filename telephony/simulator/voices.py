"""Where a patient's spoken lines come from: a pack of rendered audio, with a tone in place of a missing line."""

import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import soxr

from agent.speech.ulaw import ULAW_RATE_HZ, encode

_log = logging.getLogger("suifang.simulator")

Speak = Callable[[str, str], bytes]
"""(voice, text) -> 8 kHz mu-law."""

_TONE_HZ = 440.0
_SECONDS_PER_CHARACTER = 0.18


def tone(voice: str, text: str) -> bytes:
    """A stand-in for a line that was never rendered: a tone as long as the line, which no recogniser understands."""
    seconds = max(0.4, len(text) * _SECONDS_PER_CHARACTER)
    at = np.arange(int(seconds * ULAW_RATE_HZ)) / ULAW_RATE_HZ
    return encode((6_000 * np.sin(2 * np.pi * _TONE_HZ * at)).astype(np.int16))


def key(voice: str, text: str) -> str:
    return hashlib.sha256(f"{voice}\n{text}".encode()).hexdigest()


class Pack:
    """A folder with index.json mapping sha256(voice + newline + text) to an audio file; read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        index = folder / "index.json"
        self._files: dict[str, str] = json.loads(index.read_text(encoding="utf-8")) if index.exists() else {}

    def __call__(self, voice: str, text: str) -> bytes:
        name = self._files.get(key(voice, text))
        if name is None:
            _log.warning("no rendered audio for a line of voice %s: the patient makes a tone instead", voice)
            return tone(voice, text)
        samples, rate = soundfile.read(self._folder / name, dtype="float32", always_2d=True)
        narrow = soxr.resample(samples[:, 0], rate, ULAW_RATE_HZ)
        return encode((np.clip(narrow, -1, 1) * 32_767).astype(np.int16))
