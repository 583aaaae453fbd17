"""Places calls through Twilio's REST API."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from agent.schedule.ports import DialFailed
from telephony.line import TransferFailed
from telephony.twilio.failures import dial_failed
from telephony.twilio.rest_client import RestClient
from telephony.twilio.settings import AMD_PATH, STATUS_PATH, TRANSFER_PATH, VOICE_PATH, TwilioSettings
from telephony.twilio.twiml import dial_twiml

OwnerOf = Callable[[str], Awaitable[str | None]]
"""carrier ref -> the attempt it is stored with, or None if no attempt is known to own it."""

_THREADS = 8  # dials under way at once; one takes about 0.2 s
_CANDIDATES = 20  # newest calls to one number looked at by `find`
_CLOCK_SLACK = timedelta(seconds=30)  # between the carrier's clock and ours; its times are whole seconds


async def _owner_unknown(carrier_ref: str) -> str | None:
    return None


class TwilioDialler:
    """agent.schedule.ports.Dialler over `twilio.rest.Client`, which blocks and so runs in threads of its own."""

    def __init__(self, settings: TwilioSettings, owner_of: OwnerOf = _owner_unknown) -> None:
        self._settings, self._owner_of = settings, owner_of
        self._rest = RestClient(settings, threads=_THREADS, name="twilio", failed=dial_failed)

    async def dial(self, *, attempt_id: str, to: str) -> str:
        call = await self._rest.ask(lambda: self._rest.api.calls.create(**self._request(attempt_id, to)))
        return str(call.sid)

    async def status(self, carrier_ref: str) -> str:
        call = await self._rest.ask(lambda: self._rest.api.calls(carrier_ref).fetch())
        return str(call.status)

    async def find(self, *, attempt_id: str, to: str, since: datetime) -> str | None:
        """The published Call resource has no field of ours to search by, and its Events (which name our URLs) exist
        only 15 minutes after the call. What identifies a call is (our number, their number, created since the
        attempt's intent was written): one patient has one live attempt. A call that the store holds for another
        attempt (two patients, one telephone) is passed over by `owner_of`. The list is not filtered by start time
        at the carrier: a queued call has none yet."""
        since -= _CLOCK_SLACK
        from_ = self._settings.from_number
        calls = await self._rest.ask(lambda: self._rest.api.calls.list(to=to, from_=from_, limit=_CANDIDATES))
        for call in sorted(calls, key=lambda call: call.date_created, reverse=True):
            if call.date_created >= since and await self._owner_of(call.sid) in (None, attempt_id):
                return str(call.sid)
        return None

    async def hang_up(self, carrier_ref: str) -> None:
        """Ends a call from outside (nobody is on its media stream any more)."""
        await self._rest.ask(lambda: self._rest.api.calls(carrier_ref).update(status="completed"))

    async def transfer(self, carrier_ref: str, attempt_id: str, to: str, ring_seconds: int) -> None:
        """The call leaves our media stream and rings at `to`; what comes of it is posted to TRANSFER_PATH. Raises
        TransferFailed."""
        twiml = dial_twiml(to, ring_seconds, self._settings.from_number, self._webhook(TRANSFER_PATH, attempt_id))
        try:
            await self._rest.ask(lambda: self._rest.api.calls(carrier_ref).update(twiml=twiml))
        except DialFailed as error:
            raise TransferFailed(error.code) from None

    async def close(self) -> None:
        self._rest.close()

    def _request(self, attempt_id: str, to: str) -> dict[str, Any]:
        return {
            "to": to,
            "from_": self._settings.from_number,
            "url": self._webhook(VOICE_PATH, attempt_id),
            "method": "POST",
            "status_callback": self._webhook(STATUS_PATH, attempt_id),
            "status_callback_event": ["initiated", "ringing", "answered", "completed"],
            "status_callback_method": "POST",
            "timeout": self._settings.ring_seconds,
            "machine_detection": "Enable",
            "async_amd": "true",
            "async_amd_status_callback": self._webhook(AMD_PATH, attempt_id),
            "async_amd_status_callback_method": "POST",
        }

    def _webhook(self, path: str, attempt_id: str) -> str:
        return f"{self._settings.http_url(path)}?{urlencode({'attempt': attempt_id})}"
