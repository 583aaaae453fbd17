"""Posts a staff message to another system of the house: a pager gateway, a robot of the staff's own messenger."""

import hashlib
import hmac
import json

import httpx

from agent.model.contact import Channel
from agent.model.message import Message
from agent.schedule.ports import SendFailed

SIGNATURE = "x-suifang-signature"
SECONDS = 8.0


class WebhookMessenger:
    """`to` is the address. The body is JSON {id, text, link}; SIGNATURE holds "sha256=" and the hex HMAC of the body
    under the shared secret, so that the receiver can tell who calls. The id is the same on every try: the receiver
    drops what it knows."""

    channel = Channel.WEBHOOK

    def __init__(self, client: httpx.AsyncClient, secret: str) -> None:
        self._client, self._secret = client, secret.encode()

    async def send(self, message: Message) -> str:
        """Any 2xx is success. Raises SendFailed."""
        body = json.dumps({"id": message.id, "text": message.text, "link": message.link}, ensure_ascii=False).encode()
        headers = {"content-type": "application/json", SIGNATURE: f"sha256={self._signed(body)}"}
        try:
            answer = await self._client.post(message.to, content=body, headers=headers, timeout=SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise SendFailed("unreachable", retryable=True) from None
        if answer.is_success:
            return message.id
        again = answer.is_server_error or answer.status_code in (408, 429)
        raise SendFailed("rejected", retryable=again)

    def _signed(self, body: bytes) -> str:
        return hmac.new(self._secret, body, hashlib.sha256).hexdigest()
