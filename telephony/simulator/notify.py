"""The carrier's posts to the customer: signed, in order, each outcome kept."""

import base64
import hashlib
import hmac
from urllib.parse import urldefrag

import httpx


def sign(auth_token: str, url: str, fields: dict[str, str]) -> str:
    """The published signature: base64(HMAC-SHA1(auth token, URL followed by each field's name and value, sorted))."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(auth_token.encode(), text.encode(), hashlib.sha1)).decode("ascii")


class Notifier:
    """Posts forms to the customer's URLs with the account's signature."""

    def __init__(self, auth_token: str, timeout_seconds: float) -> None:
        self._auth_token = auth_token
        self._client = httpx.AsyncClient(timeout=timeout_seconds, trust_env=False)

    async def post(self, url: str, fields: dict[str, str]) -> tuple[int, str]:
        """(HTTP status, body); status 0 if the customer could not be reached (the carrier's error 11200)."""
        url = urldefrag(url).url
        headers = {"X-Twilio-Signature": sign(self._auth_token, url, fields), "User-Agent": "TwilioProxy/1.1"}
        try:
            answer = await self._client.post(url, data=fields, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL):
            return 0, ""
        return answer.status_code, answer.text

    async def close(self) -> None:
        await self._client.aclose()
