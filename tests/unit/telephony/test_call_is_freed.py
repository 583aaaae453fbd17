"""A call that is over is gone at once, recording, ears and all: nobody waits for the garbage collector."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.speech.onnx_vad import vads_for_calls
from agent.speech.segmenter import Segmenter
from agent.speech.vad import AnyVad
from machine.virtual_time import BEGINNING, run_virtual
from telephony.audio import TwoChannelRecorder
from telephony.call import PhoneCall
from telephony.call_parts import CallParts
from telephony.ear import Ear
from tests.fakes.one_call import GOODBYE, QUESTION, Prompts, Talk
from tests.fakes.phone import LoudVad, PlainUpsampler, Says, ScriptedLine, ScriptedRecogniser


@pytest.mark.parametrize("new_vad", [LoudVad, vads_for_calls()])
def test_a_call_leaves_nothing_for_the_collector(tmp_path: Path, new_vad: Callable[[], AnyVad]) -> None:
    script = [Says(3.0, 1.0, "没有")]
    ids = iter(f"turn-{n}" for n in range(100))
    parts = CallParts(
        conversation=Talk([QUESTION, GOODBYE]),
        prompts=Prompts(),
        new_ear=lambda on_change: Ear(ScriptedRecogniser(script), new_vad(), Segmenter(), PlainUpsampler(), on_change),
        new_recorder=TwoChannelRecorder,
        recordings=tmp_path,
        now=lambda: BEGINNING,
        new_id=ids.__next__,
        apology="",
    )
    left: list[bool] = []

    async def main() -> None:
        line = ScriptedLine(script)
        call = PhoneCall(line, "attempt", parts)
        seen = weakref.ref(call)
        await line.drive(call)
        del call, line
        left.append(seen() is not None)

    gc.collect()
    gc.disable()
    try:
        run_virtual(main())
    finally:
        gc.enable()
    assert left == [False]
