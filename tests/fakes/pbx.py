"""An Asterisk on loopback: ARI, its event socket and chan_websocket, as its published description has them and as a
real 22.10 was seen to behave, with telephones that ring, refuse, or talk."""

import asyncio
import contextlib
import itertools
from typing import Any

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from telephony.line import FRAME_BYTES, FRAME_SECONDS
from telephony.simulator.patient import Patient
from telephony.simulator.persona import Persona
from telephony.simulator.sound import SILENT_FRAME, clip
from tests.fakes.carrier import tone
from tests.fakes.pbx_media import MediaQueue
from tests.fakes.pbx_parts import BUSY, NO_ANSWER, NORMAL, RING_SECONDS, UNALLOCATED, Channel, Ears, Telephone, stamp


class Pbx:
    """Everything the switch knows. `seen` are REST exchanges as (method, path, body, status, answer)."""

    def __init__(self, telephones: dict[str, Telephone]) -> None:
        self.telephones = telephones  # by the number as it is dialled
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, set[str]] = {}
        self.listeners: dict[str, WebSocket] = {}  # application -> its one event socket
        self.events: list[dict[str, Any]] = []
        self.ears: list[Ears] = []
        self.errors: list[str] = []
        self.dialled: list[str] = []
        self.longest_queue = 0
        self._serial = itertools.count()
        self._tasks: set[asyncio.Task[None]] = set()

    # dialling

    def originate(self, channel_id: str, body: dict[str, Any]) -> Channel | None:
        """None when there is no such trunk."""
        technology, _, rest = body["endpoint"].partition("/")
        number, _, trunk = rest.partition("@")
        if technology != "PJSIP" or trunk != "trunk":
            return None
        name = f"PJSIP/trunk-{next(self._serial):08x}"
        channel = Channel(channel_id, name, body["app"], body.get("appArgs", ""), body.get("callerId", ""))
        channel.created, channel.variables = stamp(), dict(body.get("variables", {}))
        self.channels[channel_id] = channel
        self.dialled.append(number)
        self._spawn(self._ring(channel, self.telephones.get(number, Telephone(refuses=UNALLOCATED))))
        return channel

    async def _ring(self, channel: Channel, telephone: Telephone) -> None:
        await self.dial_event(channel, "")
        if telephone.refuses is not None:
            await self.dial_event(channel, "BUSY" if telephone.refuses == BUSY else "NOANSWER")
            await self.destroy(channel, telephone.refuses)
            return
        persona = telephone.persona
        if not telephone.silent_trunk:
            channel.state = "Ringing"
            await self.emit(channel, {"type": "ChannelStateChange"})
            await self.dial_event(channel, "RINGING")
        answers = persona is not None and persona.answers and not telephone.silent_trunk
        wait = persona.pick_up_after_seconds if persona and answers else RING_SECONDS
        await self._send_early(channel, telephone.early)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(channel.hangup.wait(), wait)
        if channel.hangup.is_set():
            await self.destroy(channel, channel.cause)
        elif persona is None or not answers:
            await self.destroy(channel, NO_ANSWER)
        else:
            await self._answered(channel, persona, telephone.comfort_noise)

    async def _send_early(self, channel: Channel, ulaw: bytes) -> None:
        """Sound before the answer, in real time once somebody snoops on the channel: nobody else can hear it."""
        while ulaw and not channel.hangup.is_set() and self._snooper(channel) is None:  # noqa: ASYNC110  a bridge made
            await asyncio.sleep(FRAME_SECONDS)
        for at in range(0, len(ulaw), FRAME_BYTES):
            media = self._snooper(channel)
            if media is not None and not channel.hangup.is_set():
                await self._to_application(media, ulaw[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\xff"))
            await asyncio.sleep(FRAME_SECONDS)

    def _snooper(self, channel: Channel) -> Channel | None:
        snoop = next((each for each in self.channels.values() if each.snooped == channel.id), None)
        return self._bridged_media(snoop) if snoop is not None else None

    async def snoop(self, channel: Channel, snoop_id: str, app: str) -> Channel:
        """It has entered the application a moment later, and goes with the channel."""
        snoop = Channel(snoop_id, f"Snoop/{channel.id}-{next(self._serial):08x}", app, state="Up", snooped=channel.id)
        snoop.created = stamp()
        self.channels[snoop_id] = snoop
        self._spawn(self.enter(snoop))
        return snoop

    async def _answered(self, channel: Channel, persona: Persona, comfort_noise: bool) -> None:
        channel.state = "Up"
        await self.emit(channel, {"type": "ChannelStateChange"})
        await self.dial_event(channel, "ANSWER")
        if channel.app not in self.listeners:  # Stasis refuses a channel nobody would look after
            await self.destroy(channel, NORMAL)
            return
        await self.enter(channel)
        sounds = {line.say: clip(tone(0.1 * len(line.say), hertz=300.0)) for line in persona.lines if line.say}
        channel.ears = Ears(Patient(persona, sounds, seed=1))
        self.ears.append(channel.ears)
        await self._talk(channel, channel.ears, comfort_noise)

    async def _talk(self, channel: Channel, ears: Ears, comfort_noise: bool) -> None:
        """The patient's telephone, in real time, until somebody hangs up."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not channel.hangup.is_set():
            media = self._bridged_media(channel)
            frame = media.queue.play() if media and media.queue else None
            ears.heard.append(frame or SILENT_FRAME)
            more = bool(media and media.queue and media.queue.frames)
            tick = ears.patient.tick(frame or SILENT_FRAME, more)
            if tick.ended is not None:
                ears.said.append(tick.ended)
            if tick.digit and media and media.queue:
                ears.keyed += tick.digit
                media.queue.event("DTMF_END", digit=tick.digit)
                await self.emit(channel, {"type": "ChannelDtmfReceived", "digit": tick.digit, "duration_ms": 160})
            if media:
                await self._to_application(media, None if comfort_noise and not tick.speech else tick.ulaw)
            if tick.hung_up:
                await self.emit(channel, {"type": "ChannelHangupRequest"})
                break
            due += FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))
        await self.destroy(channel, channel.cause)

    def _bridged_media(self, channel: Channel) -> Channel | None:
        for members in self.bridges.values():
            if channel.id in members:
                return next((each for each in self._in(members) if each.queue and each.socket), None)
        return None

    def _in(self, members: set[str]) -> list[Channel]:
        return [self.channels[member] for member in members if member in self.channels]

    async def _to_application(self, media: Channel, ulaw: bytes | None) -> None:
        assert media.socket is not None and media.queue is not None
        try:
            while media.queue.out:
                await media.socket.send_text(media.queue.out.popleft())
            if ulaw is not None:
                await media.socket.send_bytes(ulaw)
        except (WebSocketDisconnect, RuntimeError):
            media.socket = None

    # media

    def open_media(self, body: dict[str, Any]) -> Channel:
        connection_id = f"5a3f0000-0000-4000-8000-{next(self._serial):012x}"
        channel = Channel(body["channelId"], f"WebSocket/INCOMING/0x{next(self._serial):x}", body["app"])
        channel.created, channel.queue, channel.connection_id = stamp(), MediaQueue(channel.id), connection_id
        channel.variables = {
            "MEDIA_WEBSOCKET_CONNECTION_ID": connection_id,
            "MEDIA_WEBSOCKET_OPTIMAL_FRAME_SIZE": "160",
        }
        self.channels[channel.id] = channel
        return channel

    async def carry_media(self, socket: WebSocket, connection_id: str) -> None:
        channel = next((each for each in self.channels.values() if each.connection_id == connection_id), None)
        if channel is None or channel.queue is None or channel.socket is not None:
            await socket.close()  # before accepting: the upgrade is refused
            return
        if socket.headers.get("sec-websocket-protocol") != "media":
            self.errors.append("media socket without its subprotocol")
        await socket.accept(subprotocol="media")
        channel.socket = socket
        channel.queue.event(
            "MEDIA_START",
            connection_id=connection_id,
            channel=channel.name,
            format="ulaw",
            optimal_frame_size=160,
            ptime=20,
            channel_variables=channel.variables,
        )
        await socket.send_text(channel.queue.out.popleft())
        channel.state = "Up"
        await self.dial_event(channel, "ANSWER")
        await asyncio.sleep(0.03)  # it is up before it has entered the application: no bridge takes it yet
        await self.enter(channel)
        await self._read_media(socket, channel.queue)
        self.errors += channel.queue.errors
        self.longest_queue = max(self.longest_queue, channel.queue.longest)
        channel.socket = None
        await self.destroy(channel, NORMAL)

    async def _read_media(self, socket: WebSocket, queue: MediaQueue) -> None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("bytes") is not None:
                queue.sound(message["bytes"])
            else:
                queue.command(message["text"])

    # events

    async def enter(self, channel: Channel) -> None:
        channel.app_name = "Stasis"
        args = channel.args.split(",") if channel.args else []
        await self.emit(channel, {"type": "ChannelVarset", "variable": "STASISSTATUS", "value": ""})
        await self.emit(channel, {"type": "StasisStart", "args": args})

    async def destroy(self, channel: Channel, cause: tuple[int, int | None]) -> None:
        if self.channels.pop(channel.id, None) is None:
            return
        for members in self.bridges.values():
            members.discard(channel.id)
        for snoop in [each for each in self.channels.values() if each.snooped == channel.id]:
            await self.destroy(snoop, NORMAL)
        if channel.in_stasis:
            await self.emit(channel, {"type": "StasisEnd"})
        sip = {} if cause[1] is None else {"tech_cause": cause[1]}
        await self.emit(channel, {"type": "ChannelDestroyed", "cause": cause[0], "cause_txt": "as published", **sip})
        if channel.socket is not None:
            with contextlib.suppress(RuntimeError):
                await channel.socket.close(1000)

    async def dial_event(self, channel: Channel, status: str) -> None:
        base = {"type": "Dial", "dialstatus": status, "dialstring": f"{self.dialled[-1:]}@trunk", "forward": ""}
        await self.emit(channel, base, member="peer")

    async def emit(self, channel: Channel, event: dict[str, Any], member: str = "channel") -> None:
        """To the one socket of the channel's application."""
        whole = {**event, member: channel.json(), "timestamp": stamp(), "application": channel.app, "asterisk_id": "00"}
        await self._send(channel.app, whole)

    async def _send(self, app: str, event: dict[str, Any]) -> None:
        self.events.append(event)
        socket = self.listeners.get(app)
        if socket is not None:
            try:
                await socket.send_json(event)
            except (WebSocketDisconnect, RuntimeError):
                self.listeners.pop(app, None)

    async def listen(self, socket: WebSocket, app: str) -> None:
        await socket.accept()
        if app in self.listeners:
            replaced = {"type": "ApplicationReplaced", "timestamp": stamp(), "application": app, "asterisk_id": "00"}
            await self._send(app, replaced)
        self.listeners[app] = socket
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await socket.receive_text()
        if self.listeners.get(app) is socket:
            del self.listeners[app]

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
