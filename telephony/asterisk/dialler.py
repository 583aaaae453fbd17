"""Places calls through the hospital's own PBX."""

from collections.abc import Callable
from datetime import datetime

from agent.schedule.ports import DialFailed
from telephony.asterisk.ari import Ari, AriError, Origination
from telephony.asterisk.names import channel_of
from telephony.asterisk.numbers import trunk_number
from telephony.asterisk.settings import NUMBER, AsteriskSettings

_STATES = {"Up": "in-progress", "Ring": "ringing", "Ringing": "ringing"}

Ending = Callable[[str], str | None]


class AsteriskDialler:
    """agent.schedule.ports.Dialler. `up`: whether the PBX's events reach us; `ending`: how a call known to be over
    ended."""

    def __init__(self, ari: Ari, settings: AsteriskSettings, up: Callable[[], bool], ending: Ending) -> None:
        self._ari, self._settings, self._up, self._ending = ari, settings, up, ending

    async def dial(self, *, attempt_id: str, to: str) -> str:
        """The channel id is made from the attempt id: the PBX itself refuses a second call for an attempt whose first
        still lives, and then this returns the first."""
        if not self._up():
            raise DialFailed("carrier_down", retryable=True)
        settings = self._settings
        try:
            number = trunk_number(to, style=settings.number_style, prefix=settings.outside_prefix)
        except ValueError:
            raise DialFailed("bad_number", retryable=False) from None
        call = Origination(
            endpoint=settings.endpoint.replace(NUMBER, number),
            app=settings.app,
            caller_id=settings.caller_id,
            timeout_seconds=settings.ring_seconds,
            variables={"SUIFANG_ATTEMPT": attempt_id, "TIMEOUT(absolute)": str(settings.longest_call_seconds)},
        )
        channel_id = self._channel_id(attempt_id)
        try:
            await self._ari.originate(channel_id, call)
        except AriError as error:
            if error.status != 409:
                raise dial_failed(error) from None
        return channel_id

    async def status(self, carrier_ref: str) -> str:
        """A call the PBX has forgotten, and this process did not see end, is "completed": how it ended nobody knows."""
        ended = self._ending(carrier_ref)
        if ended is not None:
            return ended
        try:
            channel = await self._ari.channel(carrier_ref)
        except AriError as error:
            raise dial_failed(error) from None
        return "completed" if channel is None else _STATES.get(channel.state, "queued")

    async def find(self, *, attempt_id: str, to: str, since: datetime) -> str | None:
        """None: it never was, or is over. The PBX keeps nothing of ended calls; but a call that nobody of ours was
        listening for cannot have become a conversation, since the PBX hangs up on whoever answers it."""
        channel_id = self._channel_id(attempt_id)
        if self._ending(channel_id) is not None:
            return channel_id
        try:
            return channel_id if await self._ari.channel(channel_id) is not None else None
        except AriError as error:
            raise dial_failed(error) from None

    async def hang_up(self, carrier_ref: str) -> None:
        """A call that is over already is no failure."""
        try:
            await self._ari.hang_up(carrier_ref)
        except AriError as error:
            if error.status != 404:
                raise dial_failed(error) from None

    def _channel_id(self, attempt_id: str) -> str:
        return channel_of(self._settings.app, attempt_id)


def dial_failed(error: AriError) -> DialFailed:
    """The scheduler's few codes for the PBX's answers. A 500 in the PBX's own form is its word for a trunk or
    technology that it does not have: no call was made, and a person must look at the configuration."""
    if error.status in (401, 403):
        return DialFailed("unauthorised", retryable=False, alarm=True)
    if error.refused or 400 <= error.status < 500:
        return DialFailed("rejected", retryable=False, alarm=True)
    return DialFailed("carrier_down", retryable=True)
