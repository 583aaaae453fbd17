"""What one phone call is made of in this process."""

from collections.abc import Callable
from pathlib import Path

from agent.model.clock import new_id, utc_now
from agent.speech.onnx_vad import vads_for_calls
from agent.speech.segmenter import Segmenter
from machine.speech import Speech
from telephony.audio import TwoChannelRecorder, Upsampler
from telephony.call_parts import CallParts, Conversing
from telephony.ear import Ear
from wiring.dialling import APOLOGY


def call_parts(speech: Speech, conversation: Conversing, recordings: Path) -> CallParts:
    new_vad = vads_for_calls()

    def new_ear(on_change: Callable[[], None]) -> Ear:
        return Ear(speech.recogniser, new_vad(), Segmenter(), Upsampler(), on_change)

    return CallParts(
        conversation=conversation,
        prompts=speech.prompts,
        new_ear=new_ear,
        new_recorder=TwoChannelRecorder,
        recordings=recordings,
        now=utc_now,
        new_id=new_id,
        apology=APOLOGY,
    )
