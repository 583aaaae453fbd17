"""Posts to the account's server as the platform does.

"Receiving standard messages": POST with signature, timestamp and nonce (in safe mode also encrypt_type=aes and
msg_signature); an answer is wanted within five seconds, else the same message comes again, three times in all; an
empty answer or "success" is none to the follower; anything else that is no valid reply shows the follower a fault.
Replies inside the answer are taken for a fault here: the product answers every follower by customer-service message."""

import secrets
import time
from collections.abc import Mapping

import httpx

from agent.model.clock import Now
from telephony.simulator.wechat.config import PlatformConfig
from telephony.simulator.wechat.envelope import encrypt, signature, to_xml
from telephony.simulator.wechat.people import Delivery


class Push:
    def __init__(self, config: PlatformConfig, now: Now, http: httpx.AsyncClient) -> None:
        self._config, self._now, self._http = config, now, http

    async def verify(self) -> bool:
        """What happens when the account's owner saves the server address: GET with echostr, which must come back."""
        echo = secrets.token_hex(8)
        answer = await self._http.get(self._config.callback_url, params={**self._signed(), "echostr": echo})
        return answer.status_code == 200 and answer.text == echo

    async def deliver(self, fields: Mapping[str, str | int]) -> Delivery:
        started = time.monotonic()
        for number in range(1, self._config.pushes + 1):
            try:
                answer = await self._post(fields)
            except httpx.HTTPError:
                continue
            if answer.status_code != 200:
                continue
            fault = answer.text not in ("", "success")
            return Delivery(dict(fields), 200, number, time.monotonic() - started, fault)
        return Delivery(dict(fields), None, self._config.pushes, time.monotonic() - started, True)

    async def _post(self, fields: Mapping[str, str | int]) -> httpx.Response:
        query, body = {**self._signed(), "openid": str(fields["FromUserName"])}, to_xml(fields)
        if self._config.aes_key:
            secret = encrypt(self._config.aes_key, self._config.app_id, body)
            signed = signature(self._config.token, query["timestamp"], query["nonce"], secret)
            query |= {"encrypt_type": "aes", "msg_signature": signed}
            body = to_xml({"ToUserName": str(fields["ToUserName"]), "Encrypt": secret})
        return await self._http.post(
            self._config.callback_url,
            params=query,
            content=body.encode(),
            headers={"content-type": "text/xml"},
            timeout=self._config.patience_seconds,
        )

    def _signed(self) -> dict[str, str]:
        timestamp, nonce = str(int(self._now().timestamp())), str(secrets.randbelow(10**9))
        return {
            "signature": signature(self._config.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
        }
