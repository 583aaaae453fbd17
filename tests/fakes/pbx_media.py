"""chan_websocket's side of one media channel: the queue with its limits, the commands, what the far end hears."""

import json
from collections import deque
from pathlib import Path
from typing import Any

from telephony.line import FRAME_BYTES

PUBLISHED = json.loads((Path(__file__).parents[1] / "contract/data/chan_websocket_small.json").read_text("utf-8"))
_LIMITS = PUBLISHED["queue"]


class MediaQueue:
    """Twenty milliseconds at a time. Strict: what the real one drops or ignores in silence is an error here too."""

    def __init__(self, channel_id: str) -> None:
        self.channel_id = channel_id
        self.errors: list[str] = []
        self.out: deque[str] = deque()  # events to send to the application
        self.commands: list[str] = []
        self.longest = 0
        self._items: deque[bytes | str] = deque()  # frames and marks
        self._full = False

    @property
    def frames(self) -> int:
        return sum(isinstance(item, bytes) for item in self._items)

    def sound(self, data: bytes) -> None:
        if self.frames >= _LIMITS["full_for_good"]:
            self.errors.append("sound lost: the queue is full")
            return
        if len(data) % FRAME_BYTES:
            self.errors.append("sound lost: not whole frames")
        for at in range(0, len(data) - len(data) % FRAME_BYTES, FRAME_BYTES):
            self._items.append(data[at : at + FRAME_BYTES])
        self.longest = max(self.longest, self.frames)
        if not self._full and self.frames >= _LIMITS["xoff"]:
            self._full = True
            self.event("MEDIA_XOFF")

    def command(self, text: str) -> None:
        if len(text) > PUBLISHED["longest_command"]:
            self.errors.append("command too long")
            return
        message = json.loads(text)
        name = message.pop("command", None)
        self.commands.append(name)
        if name not in PUBLISHED["commands"] or sorted(message) != sorted(PUBLISHED["commands"][name]):
            self.errors.append(f"command not as published: {name}")
        elif name == "MARK_MEDIA":
            self._items.append(message["correlation_id"])
        elif name == "FLUSH_MEDIA":
            self._items.clear()  # waiting marks are forgotten with the sound

    def play(self) -> bytes | None:
        """The next frame for the bridge; None when there is nothing."""
        if self._full and self.frames < _LIMITS["xon"]:
            self._full = False
            self.event("MEDIA_XON")
        while self._items and isinstance(self._items[0], str):
            self.event("MEDIA_MARK_PROCESSED", correlation_id=self._items.popleft())
        if not self._items:
            return None
        frame = self._items.popleft()
        assert isinstance(frame, bytes)
        return frame

    def event(self, event: str, **fields: Any) -> None:
        self.out.append(json.dumps({"event": event, "channel_id": self.channel_id, **fields}))
