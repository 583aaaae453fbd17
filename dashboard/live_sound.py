"""The sound of a call while it is made: the recording's new seconds as they reach the disk, both sides in one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import numpy as np

from dashboard.recordings import Wav, open_wav

BEHIND_SECONDS = 1.0  # how much of what was said already is heard first
LOOK_SECONDS = 0.25
STILL_LOOKS = 8  # looks between two questions whether the call still runs


def mixed(pcm: bytes, channels: int) -> bytes:
    """Interleaved 16-bit channels as one; louder than the loudest is cut."""
    frames = np.frombuffer(pcm, "<i2").reshape(-1, channels).astype(np.int32).sum(axis=1)
    pcm_of_both: bytes = np.clip(frames, -32768, 32767).astype("<i2").tobytes()
    return pcm_of_both


async def sound(path: Path, still: Callable[[], Awaitable[bool]]) -> AsyncIterator[bytes]:
    """16-bit mono at the recording's rate, from a moment ago until the call is over (`still` says no)."""
    wav = await asyncio.to_thread(open_wav, path)
    frame = 2 * wav.channels
    at = max(0, wav.data_bytes - round(BEHIND_SECONDS * wav.rate) * frame)
    looks = 0
    while True:
        wav = await asyncio.to_thread(open_wav, path)
        if wav.data_bytes > at:
            yield mixed(await asyncio.to_thread(_part, wav, at), wav.channels)
            at = wav.data_bytes
        looks += 1
        if looks % STILL_LOOKS == 0 and not await still():
            return
        await asyncio.sleep(LOOK_SECONDS)


def _part(wav: Wav, at: int) -> bytes:
    start = len(wav.header) + at
    return b"".join(wav.read(start, wav.size))
