"""What the carrier posts to us: the call was answered, its status changed, a machine picked up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from agent.model.clock import Now
from agent.schedule.ports import CarrierEvents, CarrierStatus
from telephony.twilio.settings import (
    AMD_PATH,
    MEDIA_PATH,
    STATUS_PATH,
    TRANSFER_PATH,
    VOICE_PATH,
    TwilioSettings,
)
from telephony.twilio.signatures import HEADER, Signatures
from telephony.twilio.tokens import Tokens
from telephony.twilio.twiml import HANG_UP, stream_twiml

_BODY_LIMIT = 65_536
_STATUSES = frozenset(
    {"queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"}
)
_OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_DIAL_STATUSES = frozenset({"completed", "answered", "busy", "no-answer", "failed", "canceled"})
_TAKEN = frozenset({"completed", "answered"})
_ANSWERERS = frozenset(
    {"human", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax", "unknown"}
)


class Garbage(Exception):
    """A signed request that makes no sense; the text says which field, never its value."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A signed form post: the attempt from our own query string, the fields from the carrier."""

    attempt_id: str
    fields: dict[str, str]

    def need(self, name: str, allowed: frozenset[str] | None = None) -> str:
        """The field's value. Raises Garbage if it is missing or not one of `allowed`."""
        value = self.fields.get(name, "")
        if not value or (allowed is not None and value not in allowed):
            raise Garbage(f"field {name} is {'unknown' if value else 'missing'}")
        return value

    def whole_number(self, name: str) -> int | None:
        text = self.fields.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() else None

    def moment(self, default: datetime) -> datetime:
        """When the carrier says it happened (RFC 2822 `Timestamp`): its webhooks may overtake each other."""
        try:
            moment = parsedate_to_datetime(self.fields.get("Timestamp", ""))
        except ValueError:
            return default
        return moment if moment.tzinfo else default


Handle = Callable[[Webhook], Awaitable[Response]]


async def _body(request: Request) -> bytes | None:
    """None for more than the carrier ever sends."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _BODY_LIMIT:
            return None
    return body


def _fields(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


class Webhooks:
    """The four posts of one installation."""

    def __init__(self, settings: TwilioSettings, events: CarrierEvents, now: Now) -> None:
        self._settings, self._events, self._now = settings, events, now
        self._signatures = Signatures(settings)
        self._tokens = Tokens(settings.auth_token, settings.token_seconds)

    def endpoint(self, path: str, handle: Handle) -> Callable[[Request], Awaitable[Response]]:
        """Signature first (403), then sense (400), then `handle`."""

        async def receive(request: Request) -> Response:
            try:
                body = await _body(request)
                fields = _fields(body or b"")
                signature = request.headers.get(HEADER)
                if body is None or not self._signatures.form(path, request.url.query, fields, signature):
                    return PlainTextResponse("signature is missing or wrong", 403)
                attempt_id = request.query_params.get("attempt", "")
                if not attempt_id:
                    raise Garbage("query parameter attempt is missing")
                return await handle(Webhook(attempt_id, dict(fields)))
            except Garbage as error:
                return PlainTextResponse(str(error), 400)

        return receive

    async def voice(self, hook: Webhook) -> Response:
        """The patient picked up: TwiML that connects the call to our media stream."""
        token = self._tokens.issue(attempt_id=hook.attempt_id, carrier_ref=hook.need("CallSid"), now=self._now())
        url, parameters = self._settings.socket_url(MEDIA_PATH), {"attempt": hook.attempt_id, "token": token}
        return Response(stream_twiml(url, parameters), media_type="text/xml")

    async def status(self, hook: Webhook) -> Response:
        status = hook.need("CallStatus", _STATUSES)
        await self._events.status_changed(
            CarrierStatus(
                attempt_id=hook.attempt_id,
                carrier_ref=hook.need("CallSid"),
                status="queued" if status == "initiated" else status,
                at=hook.moment(self._now()),
                answered_by=hook.fields.get("AnsweredBy") or None,
                seconds=hook.whole_number("CallDuration"),
                sip_code=hook.whole_number("SipResponseCode"),
            )
        )
        return Response(status_code=204)

    async def transferred(self, hook: Webhook) -> Response:
        """The nurse's telephone: she has spoken with the patient, or the call comes back to our media stream. A
        patient who did not wait is told by the call's own status."""
        taken = hook.need("DialCallStatus", _DIAL_STATUSES) in _TAKEN
        if taken:
            await self._events.transfer_ended(hook.attempt_id, taken=True)
        elif hook.need("CallStatus", _STATUSES) not in _OVER:
            return await self.voice(hook)
        else:
            await self._events.transfer_ended(hook.attempt_id, taken=False)
        return Response(HANG_UP, media_type="text/xml")

    async def machine(self, hook: Webhook) -> Response:
        """Who picked up, found while the call already runs."""
        answered_by = hook.need("AnsweredBy", _ANSWERERS)
        await self._events.status_changed(
            CarrierStatus(hook.attempt_id, hook.need("CallSid"), "in-progress", self._now(), answered_by)
        )
        return Response(status_code=204)


def router(settings: TwilioSettings, events: CarrierEvents, now: Now) -> APIRouter:
    """POST /twilio/voice, status, amd and transfer: 403 without the carrier's signature, 400 for garbage."""
    hooks = Webhooks(settings, events, now)
    routes = APIRouter()
    for path, handle in (
        (VOICE_PATH, hooks.voice),
        (STATUS_PATH, hooks.status),
        (AMD_PATH, hooks.machine),
        (TRANSFER_PATH, hooks.transferred),
    ):
        routes.add_api_route(path, hooks.endpoint(path, handle), methods=["POST"], include_in_schema=False)
    return routes
