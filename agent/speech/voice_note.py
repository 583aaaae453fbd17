"""A recorded voice note (AMR, Opus in WebM or Ogg, AAC) → 16 kHz PCM → what was said."""

import asyncio
from pathlib import Path

from agent.model.turn import Hypothesis
from agent.speech.ports import PCM_RATE_HZ, Recogniser, RecogniserFailed

LONGEST_SECONDS = 120.0
_CHUNK_BYTES = PCM_RATE_HZ // 5 * 2


class NoSound(Exception):
    """The file holds no sound that can be decoded."""


def decode(path: Path) -> bytes:
    """16 kHz, 16 bit, mono; at most LONGEST_SECONDS of it. Blocks. Raises NoSound."""
    try:
        import av  # comes with faster-whisper; a house that hears with another recogniser may be without it
    except ImportError:
        raise NoSound("no decoder") from None
    resampler = av.AudioResampler(format="s16", layout="mono", rate=PCM_RATE_HZ)
    most = int(LONGEST_SECONDS * PCM_RATE_HZ) * 2
    pcm = bytearray()
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(audio=0):
                for piece in resampler.resample(frame):
                    pcm += piece.to_ndarray().tobytes()
                if len(pcm) >= most:
                    break
    except (av.FFmpegError, IndexError, ValueError, OSError):
        raise NoSound("not decoded") from None
    if not pcm:
        raise NoSound("empty")
    return bytes(pcm[:most])


async def hear_note(path: Path, recogniser: Recogniser) -> tuple[Hypothesis, ...]:
    """Best hypothesis first; nothing where no word was recognised or the file is no sound."""
    try:
        pcm = await asyncio.to_thread(decode, path)
        utterance = recogniser.utterance()
        for start in range(0, len(pcm), _CHUNK_BYTES):
            utterance.feed(pcm[start : start + _CHUNK_BYTES])
        return (await utterance.finish()).hypotheses
    except (NoSound, RecogniserFailed):
        return ()
