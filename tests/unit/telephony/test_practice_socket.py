"""The practice page's socket: who is let in, what travels each way, and that every end ends the call."""

import asyncio
import json

import pytest
from fastapi import FastAPI, WebSocket
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from telephony.browser import PRACTICE_PATH, BrowserLine, PracticeRefused, Wanted, practice_router
from telephony.line import FRAME_BYTES, LineClosed

FRAME = b"\x55" * FRAME_BYTES
START = json.dumps({"event": "start", "token": "t", "pathway": "heart_failure", "node": 7})
SAME = {"origin": "http://testserver"}


class EchoCall:
    """Plays each frame back, marks, and hangs up at the key 0."""

    def __init__(self, line: BrowserLine) -> None:
        self._line, self._over = line, asyncio.Event()
        self.heard_at: list[int] = []
        self.marks: list[str] = []
        self.was_ended = False
        self._work: list[asyncio.Future[None]] = []

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        self.heard_at.append(at_ms)
        self._work.append(asyncio.ensure_future(self._line.play(ulaw)))

    def digit(self, digit: str) -> None:
        if digit == "0":
            self._over.set()
        else:
            self._work.append(asyncio.ensure_future(self._line.mark(f"key {digit}")))

    def marked(self, name: str) -> None:
        self.marks.append(name)

    def ended(self) -> None:
        self.was_ended = True
        self._over.set()

    async def run(self) -> None:
        await self._over.wait()
        if not self.was_ended:
            await self._line.hang_up()


class Room:
    def __init__(self, *, refuses: str = "") -> None:
        self.refuses, self.calls, self.wanted = refuses, list[EchoCall](), list[Wanted]()

    async def admit(self, socket: WebSocket, wanted: Wanted) -> None:
        if self.refuses:
            raise PracticeRefused(self.refuses)

    async def begin(self, wanted: Wanted, line: BrowserLine) -> EchoCall:
        self.wanted.append(wanted)
        self.calls.append(EchoCall(line))
        return self.calls[-1]


def client_of(room: Room) -> TestClient:
    app = FastAPI()
    app.include_router(practice_router(room))
    return TestClient(app)


def test_frames_marks_and_keys_travel_both_ways_and_the_robot_may_hang_up() -> None:
    room = Room()
    with client_of(room).websocket_connect(PRACTICE_PATH, headers=SAME) as page:
        page.send_text(START)
        assert page.receive_json() == {"event": "connected"}
        page.send_bytes(FRAME)
        page.send_bytes(FRAME)
        assert [page.receive_bytes(), page.receive_bytes()] == [FRAME, FRAME]
        page.send_bytes(b"short")  # no frame: dropped
        page.send_text("no json")
        page.send_json({"event": "digit", "digit": "7"})
        assert page.receive_json() == {"event": "mark", "name": "key 7"}
        page.send_json({"event": "mark", "name": "key 7"})
        page.send_json({"event": "digit", "digit": "0"})
        assert page.receive_json() == {"event": "ended"}
    (call,) = room.calls
    assert call.heard_at == [0, 20] and call.marks == ["key 7"] and not call.was_ended
    assert room.wanted == [Wanted("t", "heart_failure", 7)]


def test_a_page_that_stops_or_goes_away_ends_the_call() -> None:
    room = Room()
    client = client_of(room)
    with client.websocket_connect(PRACTICE_PATH, headers=SAME) as page:
        page.send_text(START)
        page.receive_json()
        page.send_json({"event": "stop"})
        assert page.receive_json() == {"event": "ended"}
    with client.websocket_connect(PRACTICE_PATH, headers=SAME) as page:
        page.send_text(START)
        page.receive_json()
    assert [call.was_ended for call in room.calls] == [True, True]


def test_a_refusal_is_told_and_nothing_begins() -> None:
    room = Room(refuses="登录已过期")
    with client_of(room).websocket_connect(PRACTICE_PATH, headers=SAME) as page:
        page.send_text(START)
        assert page.receive_json() == {"event": "refused", "why": "登录已过期"}
    assert room.calls == []


@pytest.mark.parametrize("headers", [{"origin": "http://elsewhere.example"}, {}])
def test_a_page_of_another_site_is_not_let_in(headers: dict[str, str]) -> None:
    room = Room()
    with pytest.raises(WebSocketDisconnect), client_of(room).websocket_connect(PRACTICE_PATH, headers=headers):
        pass
    assert room.calls == []


def test_no_more_than_two_at_once() -> None:
    room = Room()
    client = client_of(room)
    with (
        client.websocket_connect(PRACTICE_PATH, headers=SAME) as one,
        client.websocket_connect(PRACTICE_PATH, headers=SAME) as two,
        client.websocket_connect(PRACTICE_PATH, headers=SAME) as three,
    ):
        for page in (one, two):
            page.send_text(START)
            assert page.receive_json()["event"] == "connected"
        three.send_text(START)
        assert three.receive_json()["event"] == "refused"


async def test_clear_drops_sound_but_no_mark() -> None:
    line, sent = BrowserLine(), list[bytes | str]()

    async def send(message: bytes | str) -> None:
        sent.append(message)

    await line.play(FRAME + b"x")
    await line.mark("said-1")
    await line.clear()
    await line.play(FRAME)
    await line.hang_up()
    await line.write_to(send)
    events = [message if isinstance(message, bytes) else json.loads(message) for message in sent]
    assert events == [{"event": "clear"}, {"event": "mark", "name": "said-1"}, FRAME]
    with pytest.raises(LineClosed):
        await line.play(FRAME)
