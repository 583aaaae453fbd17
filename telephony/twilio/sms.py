"""SMS through Twilio's REST API, and what Twilio posts about them."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from agent.model.clock import Now
from agent.model.contact import Channel
from agent.model.message import Message, MessageStatus
from agent.schedule.ports import SendFailed
from telephony.sms.inbox import SmsInbox
from telephony.sms.segments import segments
from telephony.twilio.failures import dial_failed
from telephony.twilio.mms import MmsMedia
from telephony.twilio.rest_client import RestClient
from telephony.twilio.settings import SMS_PATH, SMS_STATUS_PATH, TwilioSettings
from telephony.twilio.signatures import HEADER, Signatures

_log = logging.getLogger("suifang.sms")

_THREADS = 4
_CANDIDATES = 50
_CLOCK_SLACK = timedelta(seconds=30)
_BODY_LIMIT = 65_536
_OPTED_OUT_AT_CARRIER = 21610
_CODES = {"bad_number": "bad_address", "carrier_down": "provider_down"}
_STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "undelivered": MessageStatus.FAILED,
    "failed": MessageStatus.FAILED,
}
_EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class TwilioMessenger:
    """agent.schedule.ports.Messenger; its provider can be asked what it has."""

    channel = Channel.SMS

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings
        self._rest = RestClient(settings, threads=_THREADS, name="twilio-sms", failed=_send_failed)

    async def send(self, message: Message) -> str:
        callback = f"{self._settings.http_url(SMS_STATUS_PATH)}?{urlencode({'message': message.id})}"
        body, from_ = body_of(message), self._settings.from_number
        sent = await self._rest.ask(
            lambda: self._rest.api.messages.create(to=message.to, from_=from_, body=body, status_callback=callback)
        )
        _log.info("sms taken: message=%s segments=%d", message.id, segments(body))
        return str(sent.sid)

    async def find(self, message: Message) -> str | None:
        """Twilio has no field of ours to search by: the same words to the same number since the message was written
        are the message."""
        since, from_ = message.created_at - _CLOCK_SLACK, self._settings.from_number
        sent = await self._rest.ask(lambda: self._rest.api.messages.list(to=message.to, from_=from_, limit=_CANDIDATES))
        same = (each for each in sent if each.body == body_of(message) and each.date_created >= since)
        return next((str(each.sid) for each in same), None)

    async def close(self) -> None:
        self._rest.close()


def body_of(message: Message) -> str:
    """The text, with the link where the text does not hold it."""
    return message.text if not message.link or message.link in message.text else f"{message.text} {message.link}"


def _send_failed(error: Exception) -> SendFailed:
    """No answer leaves it open whether the message went: `find` is asked before it is sent again."""
    if getattr(error, "code", None) == _OPTED_OUT_AT_CARRIER:
        return SendFailed("opted_out", retryable=False)
    status = getattr(error, "status", None)
    failed, answered = dial_failed(error), status is not None and status < 500  # a proxy's 502 is no answer of theirs
    return SendFailed(_CODES.get(failed.code, failed.code), retryable=failed.retryable, unsure=not answered)


class SmsHooks:
    """The two posts: a text of a patient, and what became of one of ours."""

    def __init__(self, settings: TwilioSettings, inbox: SmsInbox, now: Now, media: MmsMedia) -> None:
        self._signatures, self._inbox, self._now, self._media = Signatures(settings), inbox, now, media

    def endpoint(
        self, path: str, handle: Callable[[str, dict[str, str]], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Signature first (403); `handle` gets the query's message id and the form."""

        async def receive(request: Request) -> Response:
            body = await request.body()
            fields = parse_qsl(body[:_BODY_LIMIT].decode("utf-8", "replace"), keep_blank_values=True)
            if not self._signatures.form(path, request.url.query, fields, request.headers.get(HEADER)):
                return PlainTextResponse("signature is missing or wrong", 403)
            return await handle(request.query_params.get("message", ""), dict(fields))

        return receive

    async def received(self, _: str, fields: dict[str, str]) -> Response:
        """On record before Twilio hears 200; a failing store makes it a 500, and Twilio's fallback asks again."""
        sid, sender = fields.get("MessageSid", ""), fields.get("From", "")
        if not sid or not sender:
            return PlainTextResponse("MessageSid or From is missing", 400)
        at: datetime = self._now()
        pictures = await self._media.of(fields)
        if fields.get("Body") or not pictures:
            await self._inbox.received(sid, sender, fields.get("Body", ""), at)
        for number, (kind, path) in enumerate(pictures):
            await self._inbox.received_media(f"{sid}.{number}", sender, kind, path, at)
        return Response(_EMPTY, media_type="text/xml")

    async def status(self, message_id: str, fields: dict[str, str]) -> Response:
        status = _STATUSES.get(fields.get("MessageStatus", ""))
        if message_id and status is not None:
            await self._inbox.receipt(message_id, status, fields.get("ErrorCode", ""))
        return Response(status_code=204)


def sms_router(settings: TwilioSettings, inbox: SmsInbox, now: Now, media: MmsMedia) -> APIRouter:
    """POST /twilio/sms and /twilio/sms/status: 403 without the carrier's signature."""
    hooks, routes = SmsHooks(settings, inbox, now, media), APIRouter()
    pairs: tuple[tuple[str, Any], ...] = ((SMS_PATH, hooks.received), (SMS_STATUS_PATH, hooks.status))
    for path, handle in pairs:
        routes.add_api_route(path, hooks.endpoint(path, handle), methods=["POST"], include_in_schema=False)
    return routes
