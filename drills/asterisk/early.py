"""The drill's call that a network's announcement ends before anybody answers, and the one that a tune does not."""

import asyncio
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from agent.answering import content
from agent.answering.who import WhoAnswered
from agent.model.clock import new_id, utc_now
from agent.model.contact import AttemptOutcome
from agent.model.turn import Reply, Turn
from agent.speech.onnx_vad import new_vad
from agent.speech.segmenter import Segmenter
from drills.asterisk.scenes import Stage
from drills.asterisk.sound import write_wav
from drills.asterisk.talk import GOODBYE, Notes, Talk
from folders import NLU_DATA
from machine.speech import Speech
from telephony.audio import TwoChannelRecorder, Upsampler
from telephony.before_answer import BeforeAnswer
from telephony.call_parts import CallParts
from telephony.ear import Ear

ANNOUNCED, TUNE = "13800000011", "13800000012"
ANNOUNCEMENT = "您拨打的电话已关机，请稍后再拨。"
SONG = "月亮出来亮堂堂，照着我的小村庄。"
_ANSWERS_AFTER = 3.5


class Listened(Talk):
    """What the conversation was told of machines."""

    def __init__(self, notes: Notes) -> None:
        super().__init__([], notes)
        self.machines: list[tuple[str, str, float]] = []

    async def machine(self, turn: Turn, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        self.machines.append((str(outcome), turn.text, time.time()))
        return GOODBYE


async def numbers(speech: Speech, folder: Path) -> dict[str, Any]:
    """What the telephone does at the two numbers: sound with a 183, then a 480 long after, or an answer."""
    does: dict[str, Any] = {}
    for number, words in ((ANNOUNCED, ANNOUNCEMENT), (TUNE, SONG)):
        wav = write_wav(folder / f"early-{number}.wav", await speech.prompts.ulaw(words))
        does[number] = {"code": 183, "steps": [{"after": "media", "seconds": 0.5, "play": wav}]}
    does[TUNE]["answer_after"] = _ANSWERS_AFTER
    does[TUNE]["steps"].append({"after": "up", "seconds": 1.0, "hang_up": True})
    return does


async def announcements(stage: Stage) -> dict[str, Any]:
    """On an exchange that listens before the answer."""
    talk = Listened(Notes())
    exchange = stage.exchange(app="drill-early", ring_seconds=30)
    exchange.open(stage.told, stage.calls(), partial(BeforeAnswer, parts=_parts(stage, talk)))
    await exchange.wait_up(10)
    try:
        announced = await _call(stage, exchange.dialler, "announced", ANNOUNCED)
        told, talk.machines = list(talk.machines), []
        tune = await _call(stage, exchange.dialler, "tune", TUNE)
    finally:
        await exchange.close()
    rang = stage.phone.at("does", announced["asked"]) or 0.0
    return {
        "held": [outcome for outcome, *_ in told] == ["powered_off"]
        and announced["status"] == "canceled"
        and tune["status"] == "completed"
        and not talk.machines,
        "told": [(outcome, words) for outcome, words, _ in told],
        "first_sound_to_known_seconds": round(told[0][2] - rang, 2) if told else None,
        "announced": announced["status"],
        "tune": tune["status"],
    }


async def _call(stage: Stage, dialler: Any, attempt: str, number: str) -> dict[str, Any]:
    asked = time.time()
    await dialler.dial(attempt_id=attempt, to="+86" + number)
    status = await stage.told.ended(attempt, 60)
    await asyncio.sleep(0.5)
    return {"asked": asked, "status": status}


def _parts(stage: Stage, talk: Listened) -> CallParts:
    who = partial(WhoAnswered, content.load(NLU_DATA).announcements)
    parts = CallParts(
        conversation=talk,
        prompts=stage.speech.prompts,
        new_ear=lambda on_change: Ear(stage.speech.recogniser, new_vad(), Segmenter(), Upsampler(), on_change),
        new_recorder=TwoChannelRecorder,
        recordings=stage.folder,
        now=utc_now,
        new_id=new_id,
        apology=GOODBYE.sentences[0],
    )
    return replace(parts, new_who=who)
