"""The carrier's end of one WebSocket without a network: an ASGI app is driven through queues."""

import asyncio
import json
from base64 import b64encode
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp

Message = MutableMapping[str, Any]


class MediaSocket:
    """Connects to an app; `sent` is what the app sent, `code` its close code (403 for a refused upgrade)."""

    def __init__(self, app: ASGIApp, path: str, headers: dict[str, str]) -> None:
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[dict[str, Any]] = []
        self.accepted = False
        self.code: int | None = None
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "subprotocols": [],
            "server": ("inner", 80),
            "client": ("carrier", 1),
        }
        self._to_app.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(app(scope, self._to_app.get, self._from_app))

    async def _from_app(self, message: Message) -> None:
        if message["type"] == "websocket.accept":
            self.accepted = True
        elif message["type"] == "websocket.send":
            if self.code is not None:
                raise OSError("the socket is closed")
            self.sent.append(json.loads(message["text"]))
        elif message["type"] == "websocket.close":
            self.code = message["code"] if self.accepted else 403

    def text(self, text: str) -> None:
        self._to_app.put_nowait({"type": "websocket.receive", "text": text})

    def binary(self, data: bytes) -> None:
        self._to_app.put_nowait({"type": "websocket.receive", "bytes": data})

    def event(self, event: str, body: dict[str, Any]) -> None:
        self.text(json.dumps({"event": event, "sequenceNumber": "1", event: body, "streamSid": "MZ1"}))

    def start(self, parameters: dict[str, str], call_sid: str = "CA1") -> None:
        self.text(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        form = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        body = {"streamSid": "MZ1", "callSid": call_sid, "mediaFormat": form, "customParameters": parameters}
        self.event("start", body)

    def media(self, chunk: int, ulaw: bytes = b"\xff" * 160, at_ms: int | None = None, track: str = "inbound") -> None:
        at = (chunk - 1) * 20 if at_ms is None else at_ms
        payload = b64encode(ulaw).decode()
        self.event("media", {"track": track, "chunk": str(chunk), "timestamp": str(at), "payload": payload})

    def disconnect(self) -> None:
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def over(self) -> None:
        """Waits for the app to be done with the socket; lets its error out."""
        await self._task

    def of(self, event: str) -> list[dict[str, Any]]:
        return [message for message in self.sent if message["event"] == event]
