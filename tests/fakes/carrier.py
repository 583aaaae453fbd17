"""The simulated carrier and our Twilio channel on loopback in one test, and a call handler that talks in tones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
from fastapi import FastAPI

from agent.model.clock import utc_now
from agent.schedule.ports import CarrierStatus
from agent.speech.ulaw import decode, encode
from machine.served import bound_socket, served
from telephony.line import CallFactory, Line, LineClosed
from telephony.simulator.app import create_app
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.persona import Persona
from telephony.simulator.voices import Speak
from telephony.twilio import TwilioDialler, TwilioSettings, media_router, router

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a secret of the tests"
ROBOT = "+861060000000"
PATIENT = "+8613800000001"


def tone(seconds: float, hertz: float = 440.0, loudness: int = 8_000) -> bytes:
    """8 kHz mu-law of a steady tone."""
    at = np.arange(int(seconds * 8_000)) / 8_000
    return encode((loudness * np.sin(2 * np.pi * hertz * at)).astype(np.int16))


def loud(ulaw: bytes) -> bool:
    return bool(np.abs(decode(ulaw).astype(np.int32)).max(initial=0) > 4_000)


class Statuses:
    """CarrierEvents that keeps what it was told."""

    def __init__(self) -> None:
        self.seen: list[CarrierStatus] = []
        self.transfers: list[tuple[str, bool]] = []

    async def status_changed(self, status: CarrierStatus) -> None:
        self.seen.append(status)

    async def transfer_ended(self, attempt_id: str, *, taken: bool) -> None:
        self.transfers.append((attempt_id, taken))

    def words(self) -> list[str]:
        return [status.status for status in self.seen if status.answered_by is None]


class ToneHandler:
    """A CallHandler: plays a prompt, and after each utterance of the patient an answer; hangs up after `answers`."""

    def __init__(self, line: Line, attempt_id: str, answers: int = 1, prompt: bytes = b"") -> None:
        self.line, self.attempt_id, self._left = line, attempt_id, answers
        self._prompt = prompt or tone(1.0)
        self.frames: list[tuple[int, bytes]] = []
        self.digits: list[str] = []
        self.marks: list[str] = []
        self.was_ended = False
        self._speaking = self._silence = 0
        self._utterance = asyncio.Event()
        self._marked = asyncio.Event()
        self._over = asyncio.Event()

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        self.frames.append((at_ms, ulaw))
        if loud(ulaw):
            self._speaking, self._silence = self._speaking + 1, 0
        else:
            self._silence += 1
        if self._speaking >= 5 and self._silence == 10:
            self._speaking = 0
            self._utterance.set()

    def digit(self, digit: str) -> None:
        self.digits.append(digit)

    def marked(self, name: str) -> None:
        self.marks.append(name)
        self._marked.set()

    def ended(self) -> None:
        self.was_ended = True
        self._over.set()

    async def run(self) -> None:
        try:
            await self._say(self._prompt)
            while self._left and await self._either(self._utterance):
                self._utterance.clear()
                self._left -= 1
                await self._say(tone(0.5, hertz=600.0 + self._left))
            await self.line.hang_up()
        except LineClosed:
            return

    async def _say(self, ulaw: bytes) -> None:
        self._marked.clear()
        await self.line.play(ulaw)
        await self.line.mark(f"said-{len(self.marks) + 1}")
        await self._either(self._marked)

    async def _either(self, event: asyncio.Event) -> bool:
        """True if `event` came before the end of the call."""
        waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self._over.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return event.is_set()


@dataclass
class Loopback:
    """Both ends of the carrier's line."""

    settings: TwilioSettings
    statuses: Statuses
    carrier_url: str
    handlers: list[ToneHandler] = field(default_factory=list)

    async def reports(self) -> list[dict[str, Any]]:
        async with httpx.AsyncClient(trust_env=False) as client:
            reports: list[dict[str, Any]] = (await client.get(f"{self.carrier_url}/simulator/calls")).json()
            return reports

    async def ended(self, carrier_ref: str, seconds: float = 20.0) -> dict[str, Any]:
        """The call's report once it is over."""
        over = {"completed", "busy", "failed", "no-answer", "canceled"}
        async with asyncio.timeout(seconds):
            while True:
                report = next(each for each in await self.reports() if each["sid"] == carrier_ref)
                if report["status"] in over and self.statuses.words()[-1:] == [report["status"]]:
                    return report
                await asyncio.sleep(0.05)


@asynccontextmanager
async def loopback(
    personas: list[Persona], make_call: CallFactory | None = None, answers: int = 1, speak: Speak | None = None
) -> AsyncIterator[Loopback]:
    """The simulator with these patients (who speak in tones unless told), and our webhooks and media stream."""
    ours, theirs = bound_socket(), bound_socket()
    carrier_url = f"http://127.0.0.1:{theirs.getsockname()[1]}"
    public_url = f"http://127.0.0.1:{ours.getsockname()[1]}"
    settings = TwilioSettings(public_url, ACCOUNT, TOKEN, ROBOT, carrier_base_url=carrier_url, ring_seconds=1)
    line = Loopback(settings, Statuses(), carrier_url)

    def tone_call(wire: Line, attempt_id: str) -> ToneHandler:
        handler = ToneHandler(wire, attempt_id, answers)
        line.handlers.append(handler)
        return handler

    app = FastAPI()
    app.include_router(router(settings, line.statuses, utc_now))
    dialler = TwilioDialler(settings)
    app.include_router(media_router(settings, tone_call if make_call is None else make_call, utc_now, dialler.transfer))
    config = SimulatorConfig(ACCOUNT, TOKEN, ring_delay_seconds=0.05)
    people = {persona.phone: persona for persona in personas}
    carrier = create_app(config, people, speak or (lambda voice, text: tone(0.1 * len(text), hertz=300.0)))
    async with served(app, ours), served(carrier, theirs):
        yield line
    await dialler.close()
