"""The carrier's end of one media stream: plays to the patient's ear, sends what the patient says, in real time."""

import asyncio
import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from telephony.line import FRAME_SECONDS
from telephony.simulator.faults import BadLine
from telephony.simulator.measure import Meter
from telephony.simulator.notify import sign
from telephony.simulator.patient import Does, OnTheLine
from telephony.simulator.playback import Playback
from telephony.simulator.records import CallRecord, new_sid
from telephony.simulator.sound import audible
from telephony.simulator.twiml import ConnectStream

_MEDIA_FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
_CLOSE_SECONDS = 2.0


class StreamRefused(Exception):
    """The customer did not take the stream (the carrier's error 31920)."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is on the line, and how bad the line is."""

    call: CallRecord
    patient: OnTheLine
    bad_line: BadLine
    drop_after_seconds: float | None = None


class MediaStream:
    """One call's stream. `run` ends with the reason: "robot", "patient", "carrier" (hung up through the API) or
    "dropped"."""

    def __init__(self, parties: Parties, verb: ConnectStream, auth_token: str) -> None:
        self._parties, self._verb, self._auth_token = parties, verb, auth_token
        self._sid = new_sid("MZ")
        self._sequence = 0
        self._chunk = 0
        self._playback = Playback()
        self._started_at = 0.0
        self.meter = Meter()
        self.protocol_errors: list[str] = []

    async def run(self) -> str:
        """Raises StreamRefused."""
        try:
            socket = await connect(
                self._verb.url,
                additional_headers={"X-Twilio-Signature": sign(self._auth_token, self._verb.url, {})},
                compression=None,
                proxy=None,
                close_timeout=_CLOSE_SECONDS,
            )
        except (OSError, InvalidHandshake, TimeoutError) as error:
            raise StreamRefused(type(error).__name__) from error
        try:
            return await self._converse(socket)
        finally:
            await socket.close()

    async def _converse(self, socket: ClientConnection) -> str:
        await self._send_start(socket)
        self._started_at = asyncio.get_running_loop().time()
        hearing = asyncio.create_task(self._hear(socket))
        try:
            return await self._talk(socket, hearing)
        except ConnectionClosed:
            return "robot"
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _talk(self, socket: ClientConnection, hearing: asyncio.Task[None]) -> str:
        """Twenty milliseconds at a time, each at its moment; a late one is made up for."""
        loop = asyncio.get_running_loop()
        drop, ticks = self._parties.drop_after_seconds, 0
        while not hearing.done():
            if self._parties.call.hang_up.is_set() or self._parties.call.redirect is not None:
                await self._send_stop(socket)
                return "carrier"
            ticks += 1
            due = self._started_at + ticks * FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))
            self.meter.ran_late(loop.time() - due)
            if drop is not None and ticks * FRAME_SECONDS >= drop:
                socket.transport.abort()
                return "dropped"
            if not await self._tick(socket):
                await self._send_stop(socket)
                return "patient"
        return "robot"

    async def _tick(self, socket: ClientConnection) -> bool:
        """False once the patient has hung up."""
        now = asyncio.get_running_loop().time() - self._started_at
        frame = self._playback.next_frame()
        tick = self._parties.patient.tick(frame, not self._playback.empty)
        if audible(frame):
            self.meter.played(now, patient_speaks=tick.speech)
        for name in self._playback.reached():
            await socket.send(self._message("mark", {"name": name}))
        if tick.digit:
            self.meter.digits += tick.digit
            await socket.send(self._message("dtmf", {"track": "inbound_track", "digit": tick.digit}))
        if tick.began is not None:
            self.meter.patient_began(tick.began, now)
        for message in self._parties.bad_line.send(self._media(tick.ulaw)):
            await socket.send(message)
        if tick.ended is not None:
            self.meter.patient_ended(asyncio.get_running_loop().time() - self._started_at)
        return self._parties.patient.does is not Does.HAS_HUNG_UP

    async def _hear(self, socket: ClientConnection) -> None:
        """Takes the robot's messages until it closes the socket."""
        try:
            async for text in socket:
                for name in self._take(text):
                    await socket.send(self._message("mark", {"name": name}))
        except ConnectionClosed:
            return

    def _take(self, text: str | bytes) -> list[str]:
        """Obeys one message; returns the marks it brings back at once."""
        try:
            message = json.loads(text)
            event, sid = message["event"], message["streamSid"]
            if sid != self._sid:
                raise ValueError("streamSid")
            if event == "media":
                self._queue(b64decode(message["media"]["payload"], validate=True))
            elif event == "mark":
                self._playback.mark(str(message["mark"]["name"]))
                return self._playback.reached()
            elif event == "clear":
                return self._playback.clear()
            else:
                raise ValueError("event")
        except (ValueError, KeyError, TypeError, Base64Error) as error:
            self.protocol_errors.append(f"31951 invalid message: {type(error).__name__} {error}"[:80])
        return []

    def _queue(self, ulaw: bytes) -> None:
        self.meter.bytes_heard += len(ulaw)
        if audible(ulaw):
            self.meter.arrived(asyncio.get_running_loop().time() - self._started_at)
        self._playback.add(ulaw)

    async def _send_start(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        call = self._parties.call
        start = {
            "accountSid": call.account_sid,
            "streamSid": self._sid,
            "callSid": call.sid,
            "tracks": ["inbound"],
            "mediaFormat": _MEDIA_FORMAT,
            "customParameters": self._verb.parameters,
        }
        await socket.send(self._message("start", start))

    async def _send_stop(self, socket: ClientConnection) -> None:
        call = self._parties.call
        await socket.send(self._message("stop", {"accountSid": call.account_sid, "callSid": call.sid}))

    def _media(self, ulaw: bytes) -> str:
        self._chunk += 1
        body = {
            "track": "inbound",
            "chunk": str(self._chunk),
            "timestamp": str(round((self._chunk - 1) * FRAME_SECONDS * 1000)),
            "payload": b64encode(ulaw).decode("ascii"),
        }
        return self._message("media", body)

    def _message(self, event: str, body: dict[str, Any]) -> str:
        self._sequence += 1
        return json.dumps({"event": event, "sequenceNumber": str(self._sequence), event: body, "streamSid": self._sid})

    def report(self, ended_by: str) -> dict[str, object]:
        return {**self.meter.report(), "ended_by": ended_by, "protocol_errors": self.protocol_errors}
