"""The drill's calls, one function each: dial, wait for the end, say what was seen."""

import asyncio
import contextlib
import logging
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.schedule.ports import CarrierStatus
from drills.asterisk.processes import Pbx, Phone
from drills.asterisk.sound import falls_silent, first_sound, loud_frames
from drills.asterisk.talk import GOODBYE, KEYS, LONG, QUESTION, Notes, caller
from folders import ROOT
from machine.speech import Speech
from telephony.asterisk import AsteriskExchange, AsteriskSettings
from telephony.line import CallFactory

ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
TALKS, BUSY, AWAY, NOBODY, REJECTS, CONGESTED, SLOW, STAYS = (f"1380000000{digit}" for digit in range(1, 9))
NURSE, NURSE_AWAY = "057188000001", "057188000002"
RING_SECONDS = 5
LONGEST_ALONE_SECONDS = 10
REFUSALS = {BUSY: 486, NOBODY: 404, REJECTS: 603, CONGESTED: 503}
EXPECTED = {BUSY: "busy", AWAY: "no-answer", NOBODY: "failed", REJECTS: "no-answer", CONGESTED: "failed"}


class Told(logging.Handler):
    """CarrierEvents that keeps statuses, and the reasons that the channel logs."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.seen: list[CarrierStatus] = []
        self.reasons: dict[str, str] = {}
        self.transfers: list[bool] = []
        self._news = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith("call ended") and isinstance(record.args, tuple):
            self.reasons[str(record.args[0])] = str(record.args[2])

    async def status_changed(self, status: CarrierStatus) -> None:
        self.seen.append(status)
        self._news.set()

    async def transfer_ended(self, attempt_id: str, *, taken: bool) -> None:
        self.transfers.append(taken)

    async def ended(self, attempt_id: str, seconds: float) -> str:
        """The final word. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                for status in self.seen:
                    if status.attempt_id == attempt_id and status.status in ENDED:
                        return status.status
                self._news.clear()
                await self._news.wait()


@dataclass
class Stage:
    """Everything a scene needs."""

    pbx: Pbx
    phone: Phone
    speech: Speech
    folder: Path
    told: Told = field(default_factory=Told)
    notes: dict[str, Notes] = field(default_factory=dict)

    def exchange(self, app: str = "suifang", ring_seconds: int = RING_SECONDS) -> AsteriskExchange:
        places = self.pbx.places
        settings = AsteriskSettings(
            "suifang",
            places.password,
            places.robot_url,
            app,
            ca_file=self.pbx.ca_file,
            ring_seconds=ring_seconds,
        )
        return AsteriskExchange(settings)

    def calls(self) -> CallFactory:
        return caller(self.speech, self.folder, self.notes, lambda attempt_id: [QUESTION, KEYS, LONG, GOODBYE])


async def conversation(stage: Stage, exchange: AsteriskExchange, number: int) -> dict[str, Any]:
    """Question and answer, keys, a long speech that the patient interrupts, goodbye, hung up by the robot."""
    attempt = f"talk{number}"
    asked = time.time()
    await exchange.dialler.dial(attempt_id=attempt, to="+86" + TALKS)
    placed = time.time()
    status = await stage.told.ended(attempt, 120)
    over = await stage.phone.heard("over", TALKS, skip=number)
    await asyncio.sleep(0.5)  # the telephone closes its file
    notes, phone = stage.notes[attempt], stage.phone
    rang, picked_up = phone.at("rings", asked) or 0.0, phone.at("answers", asked) or 0.0
    loud, began = loud_frames(Path(over["recording"])), phone.at("recording", asked) or 0.0
    spoke = phone.at("does", asked, lambda each: each["after"] == "sound") or 0.0
    silent = falls_silent(loud, spoke - began)
    clears = [at for at in notes.cleared_at if spoke <= at and (silent is None or at <= began + silent)]
    cleared, lowered = (clears[-1], clears[0]) if clears else (None, None)
    sound = first_sound(loud)
    return {
        "status": status,
        "reason": stage.told.reasons.get(attempt),
        "sip_status_at_the_phone": over["status"],
        "dial_accepted_seconds": round(placed - asked, 3),
        "set_up_seconds": round(rang - asked, 3),
        "answer_to_patients_sound_seconds": round(notes.first_frame_at - picked_up, 3),
        "answer_to_robots_voice_seconds": None if sound is None else round(began + sound - picked_up, 3),
        "frames_from_patient": notes.frames,
        "frames_to_patient": notes.frames_sent,
        "robot_heard_seconds": round(float(loud.sum()) * 0.02, 2),
        "keys": notes.digits,
        "turns": notes.turns,
        "patient_speaks_to_lowered_voice_seconds": None if lowered is None else round(lowered - spoke, 3),
        "patient_speaks_to_clear_seconds": None if cleared is None else round(cleared - spoke, 3),
        "patient_speaks_to_silence_seconds": None if silent is None else round(began + silent - spoke, 3),
        "clear_to_silence_seconds": None if cleared is None or silent is None else round(began + silent - cleared, 3),
        "hang_up_to_patients_phone_seconds": round(over["at"] - notes.hung_up_at, 3),
        "recording_seconds": round(notes.recording_seconds, 2),
        "call_seconds": round(over["at"] - picked_up, 2),
    }


async def refusals(stage: Stage, exchange: AsteriskExchange) -> dict[str, Any]:
    found = {}
    for number, expected in EXPECTED.items():
        attempt = f"refused{number}"
        asked = time.time()
        await exchange.dialler.dial(attempt_id=attempt, to="+86" + number)
        status = await stage.told.ended(attempt, RING_SECONDS + 10)
        found[f"sip_{REFUSALS.get(number, 'rings_on')}"] = {
            "status": status,
            "expected": expected,
            "reason": stage.told.reasons.get(attempt),
            "seconds": round(time.time() - asked, 2),
        }
    return found


async def restart_while_it_rings(stage: Stage) -> dict[str, Any]:
    """The process that dialled dies between dialled and recorded; the next one asks the PBX before it dials."""
    first = stage.exchange()
    first.open(stage.told, stage.calls())
    await first.wait_up(10)
    ref = await first.dialler.dial(attempt_id="restart", to="+86" + SLOW)
    await first.close()
    second = stage.exchange()
    second.open(stage.told, stage.calls())
    await second.wait_up(10)
    found = await second.dialler.find(attempt_id="restart", to="", since=None)  # type: ignore[arg-type]
    again = await second.dialler.dial(attempt_id="restart", to="+86" + SLOW)
    status = await stage.told.ended("restart", 60)
    rings = sum(each["event"] == "rings" and each["number"] == SLOW for each in stage.phone.events)
    forgotten = await second.dialler.find(attempt_id="never dialled", to="", since=None)  # type: ignore[arg-type]
    await second.close()
    return {
        "found": found == ref,
        "dialled_again_is_the_same_call": again == ref,
        "telephone_rang": rings,
        "talked_after_the_restart": bool(stage.notes.get("restart") and stage.notes["restart"].frames),
        "status": status,
        "never_dialled_is_found": forgotten is not None,
    }


async def process_killed(stage: Stage) -> dict[str, Any]:
    """kill -9 of ours in mid-call. The next process hangs up on the patient who sits in silence; without a next one
    the PBX ends the call by itself when its longest time is over."""
    answered = sum(each["event"] == "over" and each["number"] == STAYS for each in stage.phone.events)
    begun = await _kill_a_talking_process(stage, longest_call_seconds=1_260)
    exchange = stage.exchange()
    exchange.open(stage.told, stage.calls())
    await exchange.wait_up(10)
    let_go = (await stage.phone.heard("over", STAYS, skip=answered))["at"]
    status = await exchange.dialler.status("suifang.victim1260")
    await exchange.close()
    alone = await _kill_a_talking_process(stage, longest_call_seconds=LONGEST_ALONE_SECONDS)
    ended = (await stage.phone.heard("over", STAYS, skip=answered + 1))["at"]
    return {
        "let_go_by_the_next_process_after_seconds": round(let_go - begun, 2),
        "status": status,
        "ended_by_the_pbx_alone_after_seconds": round(ended - alone, 2),
        "longest_call_seconds_then": LONGEST_ALONE_SECONDS,
    }


async def _kill_a_talking_process(stage: Stage, longest_call_seconds: int) -> float:
    """Returns when it was killed."""
    pipe, places = asyncio.subprocess.PIPE, stage.pbx.places
    command = ["-m", "drills.asterisk.victim", places.url, "+86" + STAYS, str(longest_call_seconds)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    victim = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdin=pipe, stdout=pipe, cwd=ROOT, env=environment
    )
    assert victim.stdin is not None and victim.stdout is not None
    victim.stdin.write(f"{places.password}\n".encode())
    async with asyncio.timeout(30):
        await victim.stdout.readline()
    victim.kill()
    await victim.wait()
    return time.time()


async def pbx_killed(stage: Stage, exchange: AsteriskExchange) -> dict[str, Any]:
    """kill -9 in mid-call: the call must end at once, nobody is dialled meanwhile, and all comes back by itself."""
    await exchange.dialler.dial(attempt_id="killed", to="+86" + TALKS)
    async with asyncio.timeout(30):
        while not (stage.notes.get("killed") and stage.notes["killed"].frames > 50):  # noqa: ASYNC110  a real call
            await asyncio.sleep(0.05)
    killed = time.time()
    await stage.pbx.stop(signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(20):
            while not stage.notes["killed"].ended_at or exchange.up():  # noqa: ASYNC110  a real call
                await asyncio.sleep(0.05)
    ended, up = stage.notes["killed"].ended_at, exchange.up()
    await stage.pbx.start()
    began = time.time()
    await exchange.wait_up(60)
    return {
        "call_ended_after_seconds": round(ended - killed, 3) if ended else None,
        "dialled_meanwhile": up,
        "back_after_seconds": round(time.time() - began, 2),
        "status": await exchange.dialler.status("suifang.killed"),
    }


async def dead_trunk(stage: Stage, exchange: AsteriskExchange) -> dict[str, Any]:
    """Nobody at the other end of the trunk: not the patient's "no answer"."""
    await stage.phone.stop()
    await exchange.dialler.dial(attempt_id="dead", to="+86" + TALKS)
    status = await stage.told.ended("dead", RING_SECONDS + 40)
    return {"status": status, "expected": "failed", "reason": stage.told.reasons.get("dead")}
