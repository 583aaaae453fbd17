"""The drill's calls that are handed to a nurse: she takes it, or nobody does and the robot is back."""

import asyncio
from pathlib import Path
from typing import Any

from drills.asterisk.scenes import NURSE, NURSE_AWAY, RING_SECONDS, STAYS, Stage
from drills.asterisk.sound import loud_frames
from telephony.line import Line

_TONE = bytes([0x20, 0xA0] * 40) * 50  # half a second of a loud 1 kHz square


class HandsOver:
    """telephony.line.CallHandler: a word, then the nurse; on a line that came back a word, then the end."""

    def __init__(self, line: Line, to: str, again: bool) -> None:
        self._line, self._to, self._again = line, to, again
        self._said, self._over = asyncio.Event(), asyncio.Event()

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        return None

    def digit(self, digit: str) -> None:
        return None

    def marked(self, name: str) -> None:
        self._said.set()

    def ended(self) -> None:
        self._over.set()

    async def run(self) -> None:
        await self._line.play(_TONE)
        await self._line.mark("said")
        await self._said.wait()
        if self._again:
            await self._line.hang_up()
            return
        await self._line.transfer(self._to, RING_SECONDS)
        await self._over.wait()


async def transfers(stage: Stage) -> dict[str, Any]:
    """On exchanges of their own application, for their calls say something else."""
    taken = await _one(stage, "taken", NURSE)
    away = await _one(stage, "away", NURSE_AWAY)
    held = taken["told"] == [True] and taken["lines"] == 1 and taken["patient_hears_the_nurse_seconds"] > 0.5
    return {"held": held and away["told"] == [] and away["lines"] == 2, "taken": taken, "nobody_takes_it": away}


async def _one(stage: Stage, attempt: str, to: str) -> dict[str, Any]:
    lines: list[HandsOver] = []

    def make(line: Line, attempt_id: str) -> HandsOver:
        lines.append(HandsOver(line, "+86" + to.removeprefix("0"), bool(lines)))
        return lines[-1]

    exchange = stage.exchange(app=f"drill-{attempt}")
    exchange.open(stage.told, make)
    await exchange.wait_up(10)
    before = sum(each["event"] == "over" and each["number"] == STAYS for each in stage.phone.events)
    ringing = sum(each["event"] == "rings" and each["number"] == to for each in stage.phone.events)
    told = len(stage.told.transfers)
    await exchange.dialler.dial(attempt_id=attempt, to="+86" + STAYS)
    rang = await stage.phone.heard("rings", to, skip=ringing)
    over = await stage.phone.heard("over", STAYS, skip=before)
    await asyncio.sleep(0.5)  # the telephone closes its file
    await exchange.close()
    recording = await stage.phone.heard("recording", STAYS, skip=before)
    loud = loud_frames(Path(over["recording"]))
    came = stage.phone.at("up", rang["at"], lambda each: each["number"] == to)

    def heard(since: float, until: float) -> float:
        begin, end = (max(0, int((moment - recording["at"]) * 50)) for moment in (since, until))
        return round(float(loud[begin:end].sum()) * 0.02, 2)

    return {
        "told": stage.told.transfers[told:],
        "lines": len(lines),
        "patient_hears_ringing_seconds": heard(rang["at"], came or rang["at"] + RING_SECONDS),
        "patient_hears_the_nurse_seconds": heard(came, over["at"]) if came else 0.0,
        "call_seconds": round(over["at"] - recording["at"], 1),
    }
