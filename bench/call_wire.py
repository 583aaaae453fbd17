"""The carrier's side of a media stream for benchmarks: what is sent is made beforehand, sending costs little."""

import asyncio
import json
import os
import random
import struct
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.utils import apply_mask

from agent.model.clock import utc_now
from agent.speech.pack import Pack
from agent.speech.ulaw import ULAW_RATE_HZ
from telephony.audio import encode, line_noise, phone_noise
from telephony.line import FRAME_BYTES, FRAME_SECONDS
from telephony.simulator.config import VOICES
from telephony.simulator.notify import sign
from telephony.twilio.settings import MEDIA_PATH, TwilioSettings
from telephony.twilio.tokens import Tokens

ACCOUNT = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "token of the benchmark's carrier"
QUIET_SECONDS = 4.0  # between two utterances: the robot's sentence and the wait
_NOISE_RMS = 60.0  # about 45 dB under full speech


def settings(port: int) -> TwilioSettings:
    return TwilioSettings(f"http://127.0.0.1:{port}", ACCOUNT, AUTH_TOKEN, "+861088880000")


def caller(seed: int, seconds: float) -> list[bytes]:
    """Frames of one patient's side: packed lines of the simulated patients with line noise between them. The first
    silence differs, so that callers who begin together do not all speak together."""
    pack, chance = Pack(VOICES), random.Random(seed)
    sound: list[bytes] = []
    keys, wanted = sorted(pack.entries), int(seconds * ULAW_RATE_HZ)
    while sum(map(len, sound)) < wanted:
        quiet_seconds = QUIET_SECONDS if sound else 2 * QUIET_SECONDS * chance.random()
        quiet = line_noise(int(quiet_seconds * ULAW_RATE_HZ), _NOISE_RMS, chance.randrange(1_000))
        spoken = pack.ulaw(chance.choice(keys)) if keys else None
        sound += [encode(quiet.astype(np.int16)), phone_noise(spoken or b"", 25.0)]
    whole = b"".join(sound)[:wanted]
    return [whole[at : at + FRAME_BYTES] for at in range(0, len(whole) - FRAME_BYTES + 1, FRAME_BYTES)]


def media(stream: str, chunk: int, frame: bytes) -> str:
    inside = {"track": "inbound", "chunk": str(chunk), "timestamp": str((chunk - 1) * 20)}
    message = {"event": "media", "sequenceNumber": str(chunk + 1), "streamSid": stream}
    return json.dumps(message | {"media": inside | {"payload": b64encode(frame).decode()}})


def tails(frames: Sequence[bytes]) -> list[bytes]:
    """The part of the media messages that lines with the same voice share."""
    made = []
    for number, frame in enumerate(frames):
        inside = {"track": "inbound", "chunk": str(number + 1), "timestamp": str(number * 20)}
        made.append(json.dumps({"media": inside | {"payload": b64encode(frame).decode()}})[1:].encode())
    return made


class RawMedia:
    """Media messages down to the bytes of the socket, put together in a microsecond: what the carrier's side needs of
    the machine is not ours."""

    def __init__(self, stream: str) -> None:
        self._head = f'{{"event":"media","streamSid":"{stream}",'.encode()
        self._key = os.urandom(4)

    def frame(self, tail: bytes) -> bytes:
        """A client's WebSocket frame of 126 to 65,535 bytes (RFC 6455)."""
        body = self._head + tail
        return struct.pack("!BBH", 0x81, 0x80 | 126, len(body)) + self._key + apply_mask(body, self._key)


@dataclass(slots=True)
class Outcome:
    """One stream from the carrier's side: frames sent, clears, and what ended it. `moments`: when each
    frame left, by the machine's clock; `behind`: how much later than it should have."""

    sent: int = 0
    moments: list[float] = field(default_factory=list)
    behind: list[float] = field(default_factory=list)
    clears: int = 0
    ended: str = ""


class LoadedLine:
    """One stream. Marks come back when the audio queued before them would have been played."""

    def __init__(self, port: int, number: int) -> None:
        self._settings, self._number = settings(port), number
        self.stream, self.call_sid, self.attempt = f"MZ{number:032x}", f"CA{number:032x}", f"attempt-{number}"
        self._played_until = 0.0
        self._marks: list[asyncio.Task[None]] = []
        self.outcome = Outcome()

    async def open(self) -> ClientConnection:
        """Raises OSError, InvalidHandshake."""
        url = self._settings.socket_url(MEDIA_PATH)
        headers = {"X-Twilio-Signature": sign(AUTH_TOKEN, url, {})}
        return await connect(url, additional_headers=headers, compression=None, proxy=None, close_timeout=1)

    def start(self) -> str:
        token = Tokens(AUTH_TOKEN, 120).issue(attempt_id=self.attempt, carrier_ref=self.call_sid, now=utc_now())
        inside = {
            "accountSid": ACCOUNT, "streamSid": self.stream, "callSid": self.call_sid, "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"attempt": self.attempt, "token": token},
        }  # fmt: skip
        return json.dumps({"event": "start", "sequenceNumber": "1", "streamSid": self.stream, "start": inside})

    async def run(self, tails: Sequence[bytes]) -> Outcome:
        """Sends what `tails` made in real time, each at its moment."""
        media = RawMedia(self.stream)
        try:
            socket = await self.open()
        except (OSError, InvalidHandshake) as error:
            self.outcome.ended = type(error).__name__
            return self.outcome
        loop = asyncio.get_running_loop()
        hearing = asyncio.create_task(self.hear(socket))
        try:
            await socket.send(self.start())
            began = loop.time()
            for number, tail in enumerate(tails, 1):
                await asyncio.sleep(max(0.0, began + number * FRAME_SECONDS - loop.time()))
                if hearing.done():
                    break
                moment = loop.time()
                self.outcome.moments.append(moment)
                self.outcome.behind.append(moment - began - number * FRAME_SECONDS)
                socket.transport.write(media.frame(tail))
                self.outcome.sent += 1
            await socket.send(json.dumps({"event": "stop", "streamSid": self.stream, "stop": {}}))
            self.outcome.ended = "patient"
        except ConnectionClosed:
            self.outcome.ended = "robot"
        finally:
            await self.close(socket, hearing)
        return self.outcome

    async def close(self, socket: ClientConnection, hearing: asyncio.Task[None]) -> None:
        await socket.close()
        for task in (hearing, *self._marks):
            task.cancel()
        await asyncio.gather(hearing, *self._marks, return_exceptions=True)

    async def hear(self, socket: ClientConnection) -> None:
        loop = asyncio.get_running_loop()
        async for text in socket:
            message = json.loads(text)
            if message["event"] == "media":
                size = len(message["media"]["payload"]) * 3 // 4
                self._played_until = max(self._played_until, loop.time()) + size / ULAW_RATE_HZ
            elif message["event"] == "clear":
                self.outcome.clears += 1
                self._played_until = loop.time()
            elif message["event"] == "mark":
                self._marks.append(asyncio.create_task(self._mark(socket, message["mark"]["name"])))

    async def _mark(self, socket: ClientConnection, name: str) -> None:
        await asyncio.sleep(max(0.0, self._played_until - asyncio.get_running_loop().time()))
        await socket.send(json.dumps({"event": "mark", "streamSid": self.stream, "mark": {"name": name}}))
