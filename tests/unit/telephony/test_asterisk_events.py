"""The event socket of the PBX: no error of ours makes us deaf."""

import asyncio
import json

from websockets.asyncio.server import ServerConnection, serve

from telephony.asterisk.event_stream import EventStream
from telephony.asterisk.events import Event, Gone
from telephony.asterisk.settings import AsteriskSettings

HUNG_UP = {
    "type": "ChannelDestroyed",
    "timestamp": "2026-03-02T09:00:00.000+0800",
    "cause": 16,
    "channel": {"id": "c", "state": "Up"},
}


class Listener:
    """Fails at the first `bad_events`, and the first `bad_looks` times it looks round."""

    def __init__(self, bad_events: int = 0, bad_looks: int = 0) -> None:
        self._bad_events, self._bad_looks = bad_events, bad_looks
        self.told: list[Event] = []
        self.got_two = asyncio.Event()

    def take(self, event: Event) -> None:
        self.told.append(event)
        if len(self.told) == 2:
            self.got_two.set()
        if len(self.told) <= self._bad_events:
            raise KeyError("no such call")

    async def look_round(self) -> None:
        self._bad_looks -= 1
        if self._bad_looks >= 0:
            raise KeyError("state")


async def connections_for_two_events(listener: Listener) -> int:
    """How many connections it took until both events of the last were told."""
    made = 0

    async def pbx(socket: ServerConnection) -> None:
        nonlocal made
        made += 1
        for _ in range(2):
            await socket.send(json.dumps(HUNG_UP))
        await socket.wait_closed()

    async with serve(pbx, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        settings = AsteriskSettings("u", "p", f"http://127.0.0.1:{port}")
        running = asyncio.ensure_future(EventStream(settings, listener.take, listener.look_round).run())
        async with asyncio.timeout(30):
            await listener.got_two.wait()
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return made


async def test_an_event_nobody_can_take_costs_neither_the_next_one_nor_the_connection() -> None:
    listener = Listener(bad_events=1)
    assert await connections_for_two_events(listener) == 1
    assert all(isinstance(event, Gone) for event in listener.told)


async def test_after_an_error_of_ours_at_the_connect_it_connects_again() -> None:
    assert await connections_for_two_events(Listener(bad_looks=1)) == 2
