"""Calls judged together are told what each would be told alone, a tick later at most."""

import asyncio
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
import soxr

from agent.speech.onnx_vad import SCALE, OnnxSileroVad, network_file
from agent.speech.onnx_weights import read_weights
from agent.speech.pack import Pack
from agent.speech.silero_network import SileroNetwork
from agent.speech.vad import CHUNK_SAMPLES, VadFrame
from agent.speech.vad_together import TICK_SECONDS, OneOfMany, VadTogether
from machine.virtual_time import run_virtual
from telephony.audio import decode, phone_noise
from telephony.simulator.config import VOICES

CHUNK = np.random.default_rng(3).normal(0, 3_000, CHUNK_SAMPLES).astype(np.int16).tobytes()
PIECES = (160, 320, 640, 2_000, 4_000)  # bytes


def spoken(lines: int) -> list[bytes]:
    """16 kHz PCM of the demo's patients with the telephone's noise."""
    pack = Pack(VOICES)
    found = []
    for key in list(pack.entries)[:lines]:
        phone = decode(phone_noise(pack.ulaw(key) or b"", 20.0))
        found.append(soxr.resample(phone, 8_000, 16_000, quality="MQ").tobytes())
    return found


@pytest.fixture(scope="module")
def network() -> SileroNetwork:
    file = network_file()
    assert file is not None, "faster-whisper belongs to the test environment"
    return SileroNetwork(read_weights(file))


async def told_to(vad: OneOfMany, pcm: bytes, chance: Random) -> list[VadFrame]:
    """Feeds the sound in pieces, each when the one before was judged."""
    frames: list[VadFrame] = []
    at = 0
    while at < len(pcm):
        size, judged = chance.choice(PIECES), asyncio.Event()

        def told(found: list[VadFrame], judged: asyncio.Event = judged) -> None:
            frames.extend(found)
            judged.set()

        if vad.ask(pcm[at : at + size], told):
            await judged.wait()
        else:
            await asyncio.sleep(0.001)
        at += size
    return frames


def test_together_each_is_told_what_it_is_told_alone(network: SileroNetwork) -> None:
    calls = spoken(20)  # more than one run takes
    alone = [OnnxSileroVad(network).feed(pcm) for pcm in calls]

    async def main() -> list[list[VadFrame]]:
        together = VadTogether(network, SCALE)
        asking = (told_to(together.new_vad(), pcm, Random(number)) for number, pcm in enumerate(calls))
        return await asyncio.gather(*asking)

    for by_itself, in_company in zip(alone, run_virtual(main()), strict=True):
        assert [frame.at for frame in in_company] == [frame.at for frame in by_itself]
        ours, theirs = ([frame.probability for frame in side] for side in (in_company, by_itself))
        assert ours == pytest.approx(theirs, abs=1e-5) and max(ours) > 0.9


def test_it_is_told_a_tick_later_and_at_once_when_settled(network: SileroNetwork) -> None:
    async def main() -> None:
        loop, together, told_at = asyncio.get_running_loop(), VadTogether(network, SCALE), list[float]()
        first, second = together.new_vad(), together.new_vad()

        def told(frames: list[VadFrame]) -> None:
            told_at.append(loop.time())

        began = loop.time()
        assert not first.ask(CHUNK[:100], told)  # completes nothing
        assert first.ask(CHUNK[100:], told)
        await asyncio.sleep(TICK_SECONDS / 2)
        assert second.ask(CHUNK * 3, told) and told_at == []
        await asyncio.sleep(TICK_SECONDS)
        assert told_at == pytest.approx([began + TICK_SECONDS] * 2)
        assert first.ask(CHUNK, told) and len(told_at) == 2
        first.settle()
        assert len(told_at) == 3
        await asyncio.sleep(1.0)
        assert len(told_at) == 3

    run_virtual(main())


def test_one_calls_error_is_not_the_others(network: SileroNetwork) -> None:
    async def main() -> None:
        together, heard = VadTogether(network, SCALE), list[str]()
        failures: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context["exception"]))

        def tells(name: str) -> Callable[[list[VadFrame]], None]:
            return lambda frames: heard.append(name)

        def fails(frames: list[VadFrame]) -> None:
            raise RuntimeError("this call's own")

        for told in (tells("first"), fails, tells("third")):
            together.new_vad().ask(CHUNK, told)
        await asyncio.sleep(1.0)
        assert heard == ["first", "third"] and [str(each) for each in failures] == ["this call's own"]

    run_virtual(main())
