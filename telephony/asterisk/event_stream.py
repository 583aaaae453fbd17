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

_PASSES = (OSError, InvalidHandshake, InvalidURI, ConnectionClosed, TimeoutError, AriError)

OnEvent = Callable[[Event], None]
OnConnected = Callable[[], Awaitable[None]]


class EventStream:
    """`up` is true while events come: without it nobody may be dialled, for the PBX would hang up on whoever answers.
    `on_connected` runs at each connect before the first event is read."""

    def __init__(self, settings: AsteriskSettings, on_event: OnEvent, on_connected: OnConnected) -> None:
        self._settings, self._on_event, self._on_connected = settings, on_event, on_connected
        self._wait = _FIRST_WAIT_SECONDS
        self.up = False
        self.changed = asyncio.Event()  # set whenever `up` changes, for whoever waits

    async def run(self) -> None:
        """Until cancelled, or until another process takes our application over; whatever else ends a connection, the
        next one is made."""
        while True:
            (ended,) = await asyncio.gather(self._listen(), return_exceptions=True)
            self._set_up(False)
            if not isinstance(ended, BaseException):
                return
            level = logging.WARNING if isinstance(ended, _PASSES) else logging.ERROR
            _log.log(level, "no events from the PBX (%s); again in %.1f s", type(ended).__name__, self._wait)
            await asyncio.sleep(self._wait)
            self._wait = min(self._wait * 2, _LONGEST_WAIT_SECONDS)

    async def _listen(self) -> None:
        """One connection; returns when another process has taken over."""
        async with await self._connect() as socket:
            await self._on_connected()
            self._wait = _FIRST_WAIT_SECONDS
            self._set_up(True)
            await self._read(socket)

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

    async def _read(self, socket: ClientConnection) -> None:
        """Until another process has taken over; raises ConnectionClosed at the socket's end."""
        while True:
            message = await socket.recv()
            try:
                event = parse(message) if isinstance(message, str) else None
            except BadEvent as error:
                _log.warning("an event that is not of the protocol: %s", error)
                continue
            if isinstance(event, Replaced):
                _log.error("another process took over application %s; this one dials no more", self._settings.app)
                return
            if event is not None:
                self._tell(event)

    def _tell(self, event: Event) -> None:
        """Named edge: one event nobody can take costs no other call its events."""
        try:
            self._on_event(event)
        except Exception as error:  # noqa: BLE001  see the docstring
            _log.error("an event was not taken: %s %s", type(event).__name__, type(error).__name__)

    def _set_up(self, up: bool) -> None:
        if up is not self.up:
            self.up = up
            self.changed.set()
