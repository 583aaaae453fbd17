"""One spoken call, all of it real but the patient and Rasa: dialler → carrier → signed webhooks → media stream → voice
activity → recogniser → reading → engine → voice, and what is on record afterwards."""

import wave
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import begin_attempt
from agent.conversation import Conversation, Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import utc_now
from agent.model.contact import Attempt, AttemptOutcome, Channel
from agent.model.finding import Level
from agent.speech.choose import choose_recogniser, fallback_voice
from agent.speech.kokoro_voice import DEFAULT_SPEED, DEFAULT_STYLE, kokoro_id
from agent.speech.onnx_vad import new_vad
from agent.speech.ports import Recogniser
from agent.speech.prompts import PackedVoice, PromptCache
from agent.speech.segmenter import Segmenter
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Hospital
from folders import NLU_DATA, PATHWAYS, ROOT
from telephony.audio import TwoChannelRecorder, Upsampler
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from telephony.simulator.config import PATIENTS, VOICES
from telephony.simulator.persona import load_persona
from telephony.simulator.voices import packed
from telephony.twilio import TwilioDialler
from tests.fakes import rows
from tests.fakes.carrier import loopback
from tests.fakes.decider import ScriptedDecider
from tests.fakes.memory_store import MemoryStore


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    chosen, why = choose_recogniser(ROOT / ".suifang")
    assert chosen.name != "none", f"no recogniser: {why.why}"
    return chosen


async def the_contact(store: MemoryStore, shelf: PathwayShelf) -> Attempt:
    pathway = shelf.get("coronary_stent")
    attempt = Attempt("a1", "c1", "p1", Channel.PHONE, AttemptOutcome.INTENDED, utc_now())
    async with store.transaction() as records:
        await records.add_patient(rows.patient(1, id="p1", name="李建国", birth_year=1957, sex="male"))
        contact = rows.contact(1, 7, id="c1", patient_id="p1", pathway=pathway.id, pathway_version=pathway.version)
        await records.add_plan(rows.plan(1, patient_id="p1", pathway=pathway.id), [contact])
        await begin_attempt(records, contact, attempt)
    return attempt


async def test_a_pain_in_the_chest_said_in_passing_is_heard_and_put_on_record(
    recogniser: Recogniser, tmp_path: Path
) -> None:
    store, shelf, ids = MemoryStore(), PathwayShelf(PATHWAYS), count(1)

    def new_id() -> str:
        return f"id{next(ids):04}"

    await the_contact(store, shelf)
    hospital = Hospital("市第一人民医院", "0571-88000000", drafts=True)
    reader = Reader(content.load(NLU_DATA))
    stages = Stages(store, reader, ScriptedDecider(), shelf, hospital, RetryPolicy(), utc_now, new_id)
    voice = PackedVoice(kokoro_id(DEFAULT_STYLE, DEFAULT_SPEED))
    parts = CallParts(
        conversation=Conversation(stages),
        prompts=PromptCache(tmp_path / "prompts", voice, fallback_voice()),
        new_ear=lambda on_change: Ear(recogniser, new_vad(), Segmenter(), Upsampler(), on_change),
        new_recorder=TwoChannelRecorder,
        recordings=tmp_path,
        now=utc_now,
        new_id=new_id,
        apology="抱歉。",
    )
    patient = replace(load_persona(PATIENTS / "li_jianguo.yml"), hangs_up_after_lines=5, pick_up_after_seconds=0.3)
    async with loopback([patient], lambda line, attempt: PhoneCall(line, attempt, parts), speak=packed(VOICES)) as line:
        dialler = TwilioDialler(line.settings)
        ref = await dialler.dial(attempt_id="a1", to=patient.phone)
        report = await line.ended(ref, seconds=120)
        await dialler.close()
    async with store.transaction(write=False) as records:
        (red,) = [each for each in await records.escalations() if each.level is Level.RED]
        (recording,) = await records.recordings(contact_id="c1")
        attempt = await records.attempt("a1")
        turns = await records.turns("c1")
    assert red.rule == "chest_pain" and red.evidence.audio is not None
    began, ended = report["spoken_at"][3]  # the line about the chest, on the carrier's clock
    assert abs(red.evidence.audio.start - began) < 1.0
    assert abs(red.evidence.audio.end - ended) < 3.0  # a starved machine hears the end late
    assert attempt.outcome is AttemptOutcome.RED_FLAG
    with wave.open(str(tmp_path / recording.path)) as file:
        seconds, channels = file.getnframes() / file.getframerate(), file.getnchannels()
    assert channels == 2 and abs(seconds - float(report["seconds"])) < 2.0
    assert all(stored.turn.audio is not None for stored in turns if stored.turn.kind == "speech")
    assert report["protocol_errors"] == []
