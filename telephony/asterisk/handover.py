"""A patient handed to another telephone: it rings, they talk, or nobody takes it."""

import asyncio
import contextlib
from enum import Enum, auto

from telephony.asterisk.ari import Ari, AriError, Origination
from telephony.asterisk.names import Leg, extra
from telephony.asterisk.numbers import trunk_number
from telephony.asterisk.settings import NUMBER, AsteriskSettings
from telephony.line import TransferFailed

_ASK_SECONDS = 15.0  # this long without news the PBX is asked: its events may have been lost
_RING_GRACE_SECONDS = 10
_LONGEST_TALK_SECONDS = 7_200


class Outcome(Enum):
    TAKEN = auto()  # somebody has spoken with the patient
    LEFT = auto()  # the patient did not wait
    BACK = auto()  # nobody took it, and the patient is still there


class News(Enum):
    NURSE_CAME = auto()
    NURSE_GONE = auto()
    PATIENT_GONE = auto()


class Handover:
    """The patient's channel stays ours until somebody takes the call. `news` comes from outside."""

    def __init__(self, ari: Ari, settings: AsteriskSettings, channel_id: str, number: int) -> None:
        self._ari, self._settings, self._channel_id = ari, settings, channel_id
        self.nurse_id = extra(channel_id, Leg.NURSE, number)
        self.bridge_id = f"{self.nurse_id}-bridge"
        self.line_closed = asyncio.Event()  # the robot's sound is off the patient's ear
        self.talking = False
        self._ring_seconds = settings.ring_seconds
        self._news: asyncio.Queue[News] = asyncio.Queue()

    def tell(self, news: News) -> None:
        self._news.put_nowait(news)

    async def ring_at(self, to: str, seconds: int) -> None:
        """Raises TransferFailed: nothing has changed for the patient then."""
        settings, self._ring_seconds = self._settings, seconds
        try:
            number = trunk_number(to, style=settings.number_style, prefix=settings.outside_prefix)
        except ValueError:
            raise TransferFailed("bad_number") from None
        ward = settings.nurse_endpoint if to == settings.nurse_line or not settings.nurse_line else ""
        endpoint = ward or settings.endpoint.replace(NUMBER, number)
        call = Origination(endpoint, settings.app, settings.caller_id, seconds, {})
        try:
            await self._ari.originate(self.nurse_id, call)
        except AriError:
            raise TransferFailed("rejected") from None

    async def run(self) -> Outcome:
        """From the first ring to the end of their talk; the patient's own channel is left as it is."""
        if self.talking:
            return await self._talk()
        await self.line_closed.wait()
        await self._quietly_ring(True)
        news = await self._next(self._ring_seconds + _RING_GRACE_SECONDS)
        await self._quietly_ring(False)
        if news is News.NURSE_CAME and await self._connected():
            return await self._talk()
        await self._nurse_off()
        return Outcome.LEFT if news is News.PATIENT_GONE else Outcome.BACK

    async def _connected(self) -> bool:
        try:
            await self._ari.create_bridge(self.bridge_id)
            await self._ari.join(self.bridge_id, (self._channel_id, self.nurse_id))
        except AriError:
            return False
        with contextlib.suppress(AriError):  # what ends a forgotten robot's call must not cut a nurse off
            await self._ari.set_variable(self._channel_id, "TIMEOUT(absolute)", str(_LONGEST_TALK_SECONDS))
        self.talking = True
        return True

    async def _talk(self) -> Outcome:
        await self._next(None)
        await self._nurse_off()
        return Outcome.TAKEN

    async def _next(self, seconds: float | None) -> News:
        """The next news; after `seconds` without any it is that nobody came."""
        waited = 0.0
        while seconds is None or waited < seconds:
            try:
                return await asyncio.wait_for(self._news.get(), _ASK_SECONDS)
            except TimeoutError:
                waited += _ASK_SECONDS
            if await self._forgotten(self._channel_id):
                return News.PATIENT_GONE
            if await self._forgotten(self.nurse_id):
                return News.NURSE_GONE
        return News.NURSE_GONE

    async def _forgotten(self, channel_id: str) -> bool:
        try:
            return await self._ari.channel(channel_id) is None
        except AriError:
            return False

    async def _quietly_ring(self, on: bool) -> None:
        """The tone that a caller expects; without it the patient waits in silence, and that is no reason to fail."""
        with contextlib.suppress(AriError):
            await self._ari.ring(self._channel_id, on=on)

    async def _nurse_off(self) -> None:
        with contextlib.suppress(AriError):
            await self._ari.hang_up(self.nurse_id)
        with contextlib.suppress(AriError):
            await self._ari.destroy_bridge(self.bridge_id)
