"""Where a patient's spoken lines come from: a pack of rendered audio."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from agent.speech.pack import Pack, line_key
from agent.speech.ulaw import ULAW_RATE_HZ, encode
from telephony.line import FRAME_BYTES

Speak = Callable[[str, str], bytes | None]
"""(voice, text) -> clean 8 kHz mu-law, or None if the line was never rendered."""

_TONE_HZ = 440.0
_SECONDS_PER_CHARACTER = 0.18


def packed(folder: Path) -> Speak:
    """Speaks the lines of a pack; an absent one holds none."""
    pack = Pack(folder)
    return lambda voice, text: pack.ulaw(line_key(voice, text))


def beep() -> list[bytes]:
    """What a machine says before it records: 0.4 s of 1 kHz, in frames of 20 ms."""
    at = np.arange(int(0.4 * ULAW_RATE_HZ)) / ULAW_RATE_HZ
    ulaw = encode((6_000 * np.sin(2 * np.pi * 1_000.0 * at)).astype(np.int16))
    return [ulaw[start : start + FRAME_BYTES] for start in range(0, len(ulaw), FRAME_BYTES)]


def tone(text: str) -> bytes:
    """A stand-in for a line without audio: a tone as long as the line, which no recogniser understands."""
    seconds = max(0.4, len(text) * _SECONDS_PER_CHARACTER)
    at = np.arange(int(seconds * ULAW_RATE_HZ)) / ULAW_RATE_HZ
    return encode((6_000 * np.sin(2 * np.pi * _TONE_HZ * at)).astype(np.int16))
