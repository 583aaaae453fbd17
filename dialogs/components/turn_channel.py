"""One turn in, one move out: Rasa's REST channel without streaming, with a token, and silent about words.

Rasa's own REST channel writes the patient's words into the log when a turn fails and answers 200 with an empty
list; this one answers 500 with a code.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)


class TurnChannel(InputChannel):
    """POST /webhooks/turn/webhook {sender, message, metadata} → [{custom: {move: {...}}}]."""

    def __init__(self, token: str) -> None:
        self._token = token

    @classmethod
    def name(cls) -> str:
        return "turn"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "TurnChannel":
        return cls(token=str((credentials or {}).get("token") or ""))

    def _allowed(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get("x-suifang-token", ""), self._token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("turn_webhook", __name__)

        @blueprint.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "forbidden"}, status=403)
            body = request.json
            if not isinstance(body, dict) or not isinstance(body.get("message"), str) or not body.get("sender"):
                return response.json({"error": "malformed"}, status=400)
            collector = CollectingOutputChannel()
            message = UserMessage(
                body["message"], collector, body["sender"], input_channel=self.name(), metadata=body.get("metadata")
            )
            try:
                await on_new_message(message)
            except Exception as error:  # noqa: BLE001 the service's edge: what failed in Rasa becomes a code
                logger.error("turn failed: %s", type(error).__name__)
                return response.json({"error": "turn_failed"}, status=500)
            return response.json(collector.messages)

        return blueprint
