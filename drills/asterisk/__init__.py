"""`./suifang drill asterisk`: our dialler and our call against a real Asterisk and a real SIP telephone."""

import argparse
import asyncio
import logging
import shutil
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drills.asterisk import scenes
from drills.asterisk.config import Places
from drills.asterisk.early import announcements, numbers
from drills.asterisk.install import NotHere, Program, asterisk, phone_python
from drills.asterisk.processes import Pbx, telephone
from drills.asterisk.sound import loud_seconds, write_wav
from drills.asterisk.talk import GOODBYE, KEYS, LONG, QUESTION
from drills.asterisk.transfer import transfers
from folders import ROOT
from machine.speech import Speech, load_speech
from settings import load
from telephony.simulator.persona import load_persona
from telephony.simulator.voices import packed

_SIMULATOR = ROOT / "telephony" / "simulator"
_PATIENT, _ANSWER, _INTERRUPTION = "li_jianguo.yml", 2, 3  # lines of a recorded patient
_SECONDS = 900


def run(rest: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang drill asterisk", description=__doc__)
    parser.add_argument("--calls", type=int, default=3, help="whole conversations (half a minute each; default 3)")
    parser.add_argument("--comfort-noise", action="store_true", help="the telephone sends nothing while it is silent")
    parser.add_argument("--tls", action="store_true", help="https and wss with a certificate made for the drill")
    parser.add_argument("--mirror", help="where debootstrap fetches Debian from (default: its own)")
    args = parser.parse_args(rest)
    settings = load()
    try:
        folder = settings.data / "asterisk"
        program, python = asterisk(folder, args.mirror), phone_python(folder)
        with tempfile.TemporaryDirectory(prefix="suifang-drill-") as scratch:
            speech = load_speech(settings)
            options = Options(Path(scratch), args.calls, args.comfort_noise, args.tls)
            return asyncio.run(_drill(program, python, speech, options))
    except NotHere as error:
        return {"held": False, "not_here": str(error)}


@dataclass(frozen=True, slots=True)
class Options:
    folder: Path
    calls: int
    comfort_noise: bool
    tls: bool


async def _drill(program: Program, python: Path, speech: Speech, options: Options) -> dict[str, Any]:
    folder = options.folder
    said = [each for reply in (QUESTION, KEYS, LONG, GOODBYE) for each in reply.sentences]
    await speech.prompts.render_all(said)
    prompts = [await speech.prompts.ulaw(sentence) for sentence in said]
    pbx = Pbx(program, Places(tls=options.tls))
    started = await pbx.start()
    try:
        early = await numbers(speech, folder)
        async with telephone(python, _plan(pbx.places, options, early), folder) as phone:
            stage = scenes.Stage(pbx, phone, speech, folder)
            report = await _play(stage, options.calls)
    finally:
        await pbx.stop()
        shutil.rmtree(program.root / pbx.places.run, ignore_errors=True)
        await speech.recogniser.close()
        await speech.prompts.close()
    about = {
        "asterisk": program.version,
        "tls": options.tls,
        "started_in_seconds": round(started, 1),
        "recogniser": speech.about["recogniser"],
        "voice": speech.about["voice"],
        "prompts_loud_seconds": round(sum(map(loud_seconds, prompts)), 2),
    }
    return {"held": _held(report), **about, **report}


async def _play(stage: scenes.Stage, calls: int) -> dict[str, Any]:
    log = logging.getLogger("suifang.asterisk")
    log.setLevel(logging.INFO)
    log.addHandler(stage.told)
    restarted = await scenes.restart_while_it_rings(stage)
    killed = await scenes.process_killed(stage)
    exchange = stage.exchange()
    exchange.open(stage.told, stage.calls())
    await exchange.wait_up(10)
    try:
        talks = [await scenes.conversation(stage, exchange, number) for number in range(calls)]
        return {
            "median": _medians(talks),
            "outcomes": await scenes.refusals(stage, exchange),
            "restart_while_it_rings": restarted,
            "process_killed_in_a_call": killed,
            "pbx_killed_in_a_call": await scenes.pbx_killed(stage, exchange),
            "transfer": await transfers(stage),
            "before_the_answer": await announcements(stage),
            "dead_trunk": await scenes.dead_trunk(stage, exchange),
            "conversations": talks,
        }
    finally:
        await exchange.close()
        log.removeHandler(stage.told)


def _plan(places: Places, options: Options, early: dict[str, Any]) -> dict[str, Any]:
    """What the telephone does at which number."""
    folder = options.folder
    persona = load_persona(_SIMULATOR / "patients" / _PATIENT)
    speak = packed(_SIMULATOR / "voices")
    sounds = [speak(persona.voice, persona.lines[line].say) or b"" for line in (_ANSWER, _INTERRUPTION)]
    answer, interruption = (write_wav(folder / f"{n}.wav", sound) for n, sound in enumerate(sounds))
    talks = [
        {"after": "silence", "seconds": 0.9, "play": answer},
        {"after": "silence", "seconds": 0.9, "keys": "12#"},
        {"after": "sound", "seconds": 3.0, "play": interruption},
    ]
    does: dict[str, Any] = {number: {"code": code} for number, code in scenes.REFUSALS.items()}
    does[scenes.TALKS] = {"answer_after": 0.5, "steps": talks}
    does[scenes.SLOW] = {"answer_after": 3.0, "steps": [{"after": "silence", "seconds": 0.9, "hang_up": True}]}
    does[scenes.STAYS] = {"answer_after": 0.3}
    does[scenes.AWAY] = does[scenes.NURSE_AWAY] = {}
    speaks = [{"after": "up", "seconds": 0.5, "play": answer}, {"after": "up", "seconds": 4.0, "hang_up": True}]
    does[scenes.NURSE] = {"answer_after": 2.0, "steps": speaks}
    plan = {"port": places.phone, "folder": str(folder), "numbers": does | early, "seconds": _SECONDS}
    return {**plan, "comfort_noise": options.comfort_noise}


def _medians(talks: list[dict[str, Any]]) -> dict[str, float]:
    names = [name for name in talks[0] if name.endswith("_seconds")]
    found = {name: [each[name] for each in talks if each[name] is not None] for name in names}
    return {name: round(statistics.median(values), 3) for name, values in found.items() if values}


def _held(report: dict[str, Any]) -> bool:
    restart, killed = report["restart_while_it_rings"], report["pbx_killed_in_a_call"]
    return all(
        (
            all(each["status"] == "completed" and each["keys"] == "12#" for each in report["conversations"]),
            all(each["clear_to_silence_seconds"] is not None for each in report["conversations"]),
            all(each["status"] == each["expected"] for each in report["outcomes"].values()),
            report["transfer"]["held"],
            report["before_the_answer"]["held"],
            restart["found"] and restart["telephone_rang"] == 1 and restart["talked_after_the_restart"],
            killed["call_ended_after_seconds"] is not None and not killed["dialled_meanwhile"],
            report["dead_trunk"]["status"] == "failed",
            report["process_killed_in_a_call"]["let_go_by_the_next_process_after_seconds"] < 10,
            report["process_killed_in_a_call"]["ended_by_the_pbx_alone_after_seconds"] <= scenes.LONGEST_ALONE_SECONDS,
        )
    )
