"""The PBX's event WebSocket: kept connected, read in order."""

import asyncio
import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from telephony.asterisk.ari import AriError, tls
from telephony.asterisk.events import BadEvent, Event, Replaced, parse
from telephony.asterisk.quiet import QUIET
from telephony.asterisk.settings import AsteriskSettings

_log = logging.getLogger("suifang.asterisk")

_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 15.0
_PING_SECONDS = 10.0  # an idle socket to a PBX that died looks alive

OnEvent = Callable[[Event], None]
OnConnected = Callable[[], Awaitable[None]]


class EventStream:
    """`up` is true while events come: without it nobody may be dialled, for the PBX would hang up on whoever answers.
    `on_connected` runs at each connect before the first event is read."""

    def __init__(self, settings: AsteriskSettings, on_event: OnEvent, on_connected: OnConnected) -> None:
        self._settings, self._on_event, self._on_connected = settings, on_event, on_connected
        self.up = False
        self.changed = asyncio.Event()  # set whenever `up` changes, for whoever waits

    async def run(self) -> None:
        """Until cancelled, or until another process takes our application over."""
        wait = _FIRST_WAIT_SECONDS
        while True:
            try:
                async with await self._connect() as socket:
                    await self._on_connected()
                    wait = _FIRST_WAIT_SECONDS
                    self._set_up(True)
                    if await self._read(socket):
                        return
            except (OSError, InvalidHandshake, InvalidURI, ConnectionClosed, TimeoutError, AriError) as error:
                _log.warning("no events from the PBX (%s); again in %.1f s", type(error).__name__, wait)
            finally:
                self._set_up(False)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS)

    async def _connect(self) -> ClientConnection:
        settings = self._settings
        login = b64encode(f"{settings.user}:{settings.password}".encode()).decode("ascii")
        return await connect(
            f"{settings.socket_url}/ari/events?{urlencode({'app': settings.app})}",
            additional_headers={"Authorization": f"Basic {login}"},
            ssl=tls(settings),
            compression=None,
            proxy=None,
            open_timeout=settings.api_timeout_seconds,
            ping_interval=_PING_SECONDS,
            ping_timeout=_PING_SECONDS,
            logger=QUIET,
        )

    async def _read(self, socket: ClientConnection) -> bool:
        """True when another process has taken over; raises ConnectionClosed at the socket's end."""
        while True:
            message = await socket.recv()
            try:
                event = parse(message) if isinstance(message, str) else None
            except BadEvent as error:
                _log.warning("an event that is not of the protocol: %s", error)
                continue
            if isinstance(event, Replaced):
                _log.error("another process took over application %s; this one dials no more", self._settings.app)
                return True
            if event is not None:
                self._on_event(event)

    def _set_up(self, up: bool) -> None:
        if up is not self.up:
            self.up = up
            self.changed.set()
