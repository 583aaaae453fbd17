"""The second pass, given its recordings and a recogniser of its own."""

import logging
from functools import partial

from agent.model.clock import new_id, utc_now
from agent.model.turn import AudioSpan
from agent.second_pass.listening import Listening
from agent.second_pass.work import Parts, SecondPassWork
from agent.speech.choose import Choice
from agent.speech.onnx_vad import new_vad
from agent.speech.ports import Recogniser
from agent.speech.second_choice import load_second_pass, plan_second_pass
from agent.speech.segmenter import Segmenter
from agent.speech.speech_spans import speech_spans
from agent.store.ports import Store
from agent.turn.ports import Pathways, Reads
from machine.speech import Speech
from settings import Settings
from telephony.tape import RecordingsOnDisk

log = logging.getLogger("suifang.server")


def second_pass_for(
    settings: Settings, store: Store, reads: Reads, pathways: Pathways, speech: Speech
) -> SecondPassWork | None:
    """None where recordings are not heard again."""
    choice = plan_second_pass(settings.second_pass, speech.hearing, settings.sherpa_model, settings.data)
    if choice.name == "none":
        if settings.second_pass != "off":
            log.warning("recordings are not heard again: %s", choice.why)
        return None
    load = partial(_load, choice, settings, speech.recogniser)
    tapes = RecordingsOnDisk(settings.recordings_folder)
    listening = Listening(tapes, load, _speech_in)
    return SecondPassWork(Parts(store, tapes, listening, reads, pathways, utc_now, new_id))


def _load(choice: Choice, settings: Settings, live: Recogniser) -> Recogniser:
    return load_second_pass(choice, settings.data, live)


def _speech_in(pcm: bytes) -> list[AudioSpan]:
    return speech_spans(pcm, new_vad(), Segmenter())
