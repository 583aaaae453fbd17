"""What the platform posts to us: taken down, answered with "success" at once, and dealt with afterwards.

The platform waits five seconds and then asks again, so the answer waits for nothing but the one write that keeps the
message; the reply to the patient is a customer-service message (decision 0074)."""

from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from agent.model.clock import Now
from agent.model.wechat import WechatInbound
from telephony.wechat.inbound import InboundReader, Refused
from telephony.wechat.settings import CALLBACK_PATH, WechatSettings

_BODY_LIMIT = 65_536
_ECHO_LIMIT = 128


class Inbox(Protocol):
    """Where what came in is kept; agent.wechat implements it."""

    async def take_in(self, inbound: WechatInbound) -> None:
        """On record when it returns; the same one twice is one. Raises an error where it could not be written, and
        the platform will send it again."""
        ...


class Callback:
    def __init__(self, settings: WechatSettings, inbox: Inbox, now: Now) -> None:
        self._reader, self._inbox = InboundReader(settings, now), inbox

    async def verify(self, request: Request) -> Response:
        """GET: the account's owner saves the server address; echostr comes back."""
        try:
            self._reader.check(request.query_params)
        except Refused as refusal:
            return PlainTextResponse(str(refusal), refusal.status)
        return PlainTextResponse(request.query_params.get("echostr", "")[:_ECHO_LIMIT])

    async def receive(self, request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _BODY_LIMIT:
                return PlainTextResponse("message is too long", 413)
        try:
            inbound = self._reader.read(request.query_params, body)
        except Refused as refusal:
            return PlainTextResponse(str(refusal), refusal.status)
        await self._inbox.take_in(inbound)
        return PlainTextResponse("success")


def wechat_router(settings: WechatSettings, inbox: Inbox, now: Now) -> APIRouter:
    """GET and POST /wechat/callback: 403 without the platform's signature, 400 for what makes no sense."""
    callback, routes = Callback(settings, inbox, now), APIRouter()
    routes.add_api_route(CALLBACK_PATH, callback.verify, methods=["GET"], include_in_schema=False)
    routes.add_api_route(CALLBACK_PATH, callback.receive, methods=["POST"], include_in_schema=False)
    return routes
