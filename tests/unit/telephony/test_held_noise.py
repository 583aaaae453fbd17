"""Noise is handled some frames at a time; nothing of it is lost, and a voice waits for nothing."""

import asyncio

import numpy as np

from agent.speech.segmenter import Segmenter
from agent.speech.ulaw import encode
from agent.speech.vad import CHUNK_SAMPLES, CHUNK_SECONDS, VadFrame
from machine.virtual_time import run_virtual
from telephony.audio import Upsampler
from telephony.ear import RESTING_SECONDS, Ear
from telephony.held_noise import HeldNoise
from telephony.line import FRAME_BYTES, FRAME_SECONDS
from tests.fakes.phone import ScriptedRecogniser

FRAMES = [bytes([number]) * FRAME_BYTES for number in range(20)]


def passed(noise: str, stamps: list[int] | None = None) -> list[tuple[bytes, int]]:
    held, out = HeldNoise(), []
    for number, kind in enumerate(noise):
        at_ms = stamps[number] if stamps else number * 20
        out += held.add(FRAMES[number], at_ms, noise=kind == "n")
    return [*out, *held.rest()]


def test_five_frames_of_noise_are_one() -> None:
    assert passed("nnnnnnn") == [(b"".join(FRAMES[:5]), 0), (b"".join(FRAMES[5:7]), 100)]


def test_a_voice_takes_what_was_held_along_and_does_not_wait() -> None:
    assert passed("vnnvv") == [(FRAMES[0], 0), (b"".join(FRAMES[1:4]), 20), (FRAMES[4], 80)]


def test_what_was_lost_between_keeps_its_place() -> None:
    assert passed("nnnn", [0, 20, 200, 220]) == [(b"".join(FRAMES[:2]), 0), (b"".join(FRAMES[2:4]), 200)]


class Gate:
    """Nobody but who is loud speaks: the line's noise is about -50 dB."""

    def __init__(self) -> None:
        self._waiting, self._chunks = bytearray(), 0

    def feed(self, pcm: bytes) -> list[VadFrame]:
        self._waiting += pcm
        found = []
        while len(self._waiting) >= 2 * CHUNK_SAMPLES:
            chunk = np.frombuffer(bytes(self._waiting[: 2 * CHUNK_SAMPLES]), np.int16)
            del self._waiting[: 2 * CHUNK_SAMPLES]
            self._chunks += 1
            found.append(VadFrame(self._chunks * CHUNK_SECONDS, float(np.abs(chunk).max() > 1_000)))
        return found


def test_only_noise_after_a_silence_can_wait() -> None:
    random = np.random.default_rng(1)
    noise = encode(random.normal(0, 60, FRAME_BYTES).astype(np.int16))
    voice = encode(random.normal(0, 5_000, FRAME_BYTES).astype(np.int16))

    async def main() -> None:
        ear = Ear(ScriptedRecogniser([]), Gate(), Segmenter(), Upsampler(), lambda: None)
        assert not ear.can_wait(noise)  # the line's noise is not known yet

        async def hears(sound: bytes, seconds: float) -> None:
            for _ in range(round(seconds / FRAME_SECONDS)):
                ear.hear(sound, ear.now)
                await asyncio.sleep(FRAME_SECONDS)

        await hears(noise, 1.0)
        assert ear.can_wait(noise) and not ear.can_wait(voice)
        await hears(voice, 0.1)  # too short for an utterance
        await hears(noise, RESTING_SECONDS - 0.1)
        assert not ear.can_wait(noise)
        await hears(voice, 0.5)
        await hears(noise, 0.6)
        assert not ear.can_wait(noise)  # its end is not known yet
        await hears(noise, 1.0)
        assert ear.can_wait(noise)

    run_virtual(main())


def test_the_line_s_clock_counts_what_is_held() -> None:
    ear = Ear(ScriptedRecogniser([]), Gate(), Segmenter(), Upsampler(), lambda: None)
    ear.hear(FRAMES[0], 0.0)
    ear.held_seconds = 0.08
    assert round(ear.now, 3) == 0.1
