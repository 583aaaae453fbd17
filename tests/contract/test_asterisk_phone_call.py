"""A whole call of ours over the fake PBX: the patient hears the question, answers it, and the call ends by itself."""

import wave
from pathlib import Path

import numpy as np

from agent.model.turn import TurnKind
from agent.speech.segmenter import Segmenter
from machine.virtual_time import BEGINNING
from telephony.audio import TwoChannelRecorder
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from telephony.line import Line as Wire
from telephony.simulator.persona import Line, Persona
from tests.contract.benches import asterisk
from tests.fakes.carrier import PATIENT
from tests.fakes.one_call import QUESTION, Prompts, Talk
from tests.fakes.phone import LoudVad, PlainUpsampler, Says, ScriptedRecogniser

ANSWER = Line("one two three", think_seconds=0.2)


async def test_a_question_is_asked_answered_and_recorded(tmp_path: Path) -> None:
    talk, recogniser = Talk([QUESTION]), ScriptedRecogniser([Says(0, 1, "没有")])
    ids = iter(f"turn-{n}" for n in range(100))
    parts = CallParts(
        conversation=talk,
        prompts=Prompts(),
        new_ear=lambda on_change: Ear(recogniser, LoudVad(), Segmenter(), PlainUpsampler(), on_change),
        new_recorder=TwoChannelRecorder,
        recordings=tmp_path,
        now=lambda: BEGINNING,
        new_id=ids.__next__,
        apology="抱歉。",
    )

    def make(line: Wire, attempt_id: str) -> PhoneCall:
        return PhoneCall(line, attempt_id, parts)

    patient = Persona(PATIENT, "patient", "tone", (ANSWER,), pick_up_after_seconds=0.0, noise_db=None)
    async with asterisk([patient], make) as side:
        assert await side.call(PATIENT) == "completed"
        seen = await side.patient_side()
    assert [(kind, text) for _, kind, text in talk.turns] == [(TurnKind.START, ""), (TurnKind.SPEECH, "没有")]
    assert seen.lines_said == [0] and seen.errors == []
    assert 3.9 <= seen.loud_seconds <= 4.1  # the question and the goodbye, each 2 s, each whole
    with wave.open(str(tmp_path / f"{BEGINNING:%Y-%m-%d}" / "a1.wav")) as recording:
        assert recording.getnchannels() == 2
        samples = np.frombuffer(recording.readframes(recording.getnframes()), np.int16).reshape(-1, 2)
    patient_seconds, robot_seconds = (np.abs(samples) > 300).sum(axis=0) / 8_000
    assert patient_seconds > 1.0 and 3.8 <= robot_seconds <= 4.1
