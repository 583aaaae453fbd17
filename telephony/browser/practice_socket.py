"""The page's WebSocket: one connection is one practice call, driven by one CallHandler."""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from telephony.browser.browser_line import BrowserLine
from telephony.line import FRAME_BYTES, FRAME_SECONDS, CallHandler

_log = logging.getLogger("suifang.browser")

PRACTICE_PATH = "/practice/call"
MOST_AT_ONCE = 2  # each takes a recogniser that a patient's call may need
_START_SECONDS = 10.0
_HANDLER_GRACE_SECONDS = 60.0
_POLICY_VIOLATION = 1008
_KEYS = frozenset("0123456789*#")


class PracticeRefused(Exception):
    """No practice call for this page; the text is Chinese and shown on it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page asks for; `token` is that of the login's forms."""

    token: str
    pathway: str
    node: int


class PracticeRoom(Protocol):
    """Who may practise, and with which conversation; the composition root knows."""

    async def admit(self, socket: WebSocket, wanted: Wanted) -> None:
        """Raises PracticeRefused unless the socket's cookie and the token are those of somebody signed in."""
        ...

    async def begin(self, wanted: Wanted, line: BrowserLine) -> CallHandler:
        """A contact of its own and its call. Raises PracticeRefused."""
        ...


class PracticeCalls:
    def __init__(self, room: PracticeRoom) -> None:
        self._room, self._under_way = room, 0

    async def endpoint(self, socket: WebSocket) -> None:
        if not _same_site(socket):
            await socket.close(_POLICY_VIOLATION)  # before accepting: the upgrade is answered with 403
            return
        await socket.accept()
        try:
            await self._admit(socket)
        except PracticeRefused as refusal:
            await _tell(socket, {"event": "refused", "why": str(refusal)})
            await _close(socket, _POLICY_VIOLATION)

    async def _admit(self, socket: WebSocket) -> None:
        """Carries one call, once the page has said what it wants and may have it."""
        wanted = await _read_start(socket)
        if wanted is None:
            raise PracticeRefused("页面的请求无法理解，请刷新重试")
        await self._room.admit(socket, wanted)
        if self._under_way >= MOST_AT_ONCE:
            raise PracticeRefused("已有人在试听，请稍后再试")
        self._under_way += 1
        try:
            line = BrowserLine()
            await _Call(socket, line, await self._room.begin(wanted, line)).carry()
        finally:
            self._under_way -= 1


class _Call:
    """Reader, writer and handler of one call; the first to end ends the others."""

    def __init__(self, socket: WebSocket, line: BrowserLine, handler: CallHandler) -> None:
        self._socket, self._line, self._handler = socket, line, handler
        self._frames = 0

    async def carry(self) -> None:
        self._line.show({"event": "connected"})  # from here on the page sends what it hears
        run = asyncio.create_task(self._handler.run())
        wire = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]
        try:
            await asyncio.wait([run, *wire], return_when=asyncio.FIRST_COMPLETED)
            if run.done():
                await asyncio.wait([wire[1]], timeout=1.0)  # the goodbye's last messages
        finally:
            self._line.gone()
            if not run.done():
                self._handler.ended()
            for task in wire:
                task.cancel()
            await asyncio.gather(*wire, return_exceptions=True)
            await asyncio.wait([run], timeout=_HANDLER_GRACE_SECONDS)
            await _tell(self._socket, {"event": "ended"})
            await _close(self._socket)
        if not run.done():
            _log.error("practice call: the handler did not end in %.0f s", _HANDLER_GRACE_SECONDS)
            run.cancel()
        await asyncio.gather(run)

    async def _read(self) -> None:
        """Frames in the order they came: a socket loses none. The page's clock is its count of frames."""
        while (message := await _receive(self._socket)) is not None:
            if isinstance(message, bytes):
                if len(message) == FRAME_BYTES:
                    self._handler.heard(message, round(self._frames * FRAME_SECONDS * 1000))
                    self._frames += 1
                continue
            event = _parse(message)
            if event.get("event") == "mark":
                self._handler.marked(str(event.get("name", "")))
            elif event.get("event") == "digit" and event.get("digit") in _KEYS:
                self._handler.digit(str(event["digit"]))
            elif event.get("event") == "stop":
                return

    async def _write(self) -> None:
        async def send(message: bytes | str) -> None:
            if isinstance(message, bytes):
                await self._socket.send_bytes(message)
            else:
                await self._socket.send_text(message)

        try:
            await self._line.write_to(send)
        except (WebSocketDisconnect, RuntimeError, OSError):
            return  # the page is gone: the same as hanging up


def _same_site(socket: WebSocket) -> bool:
    """A page of another site may open a socket with our cookie; its origin gives it away."""
    origin = urlsplit(socket.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == socket.headers.get("host", "")


async def _read_start(socket: WebSocket) -> Wanted | None:
    try:
        async with asyncio.timeout(_START_SECONDS):
            message = await _receive(socket)
    except TimeoutError:
        return None
    event = _parse(message) if isinstance(message, str) else {}
    token, pathway, node = event.get("token"), event.get("pathway"), event.get("node")
    if event.get("event") != "start" or not isinstance(token, str) or not isinstance(pathway, str):
        return None
    return Wanted(token, pathway, node) if isinstance(node, int) else None


def _parse(text: str) -> dict[str, Any]:
    try:
        event = json.loads(text)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


async def _receive(socket: WebSocket) -> bytes | str | None:
    """The next message, None at the end."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    sound: bytes | None = message.get("bytes")
    return sound if sound is not None else message.get("text") or ""


async def _tell(socket: WebSocket, event: dict[str, object]) -> None:
    try:
        await socket.send_text(json.dumps(event, ensure_ascii=False))
    except (RuntimeError, WebSocketDisconnect, OSError):
        return


async def _close(socket: WebSocket, code: int = 1000) -> None:
    try:
        await socket.close(code)
    except (RuntimeError, WebSocketDisconnect, OSError):
        return  # the page closed first


def practice_router(room: PracticeRoom) -> APIRouter:
    """The WebSocket /practice/call."""
    routes = APIRouter()
    routes.add_api_websocket_route(PRACTICE_PATH, PracticeCalls(room).endpoint)
    return routes
