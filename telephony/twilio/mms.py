"""Pictures of patients by MMS: fetched from Twilio with the account's name and password, kept by the house."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import httpx

from agent.model.piece import PieceKind
from telephony.twilio.settings import TwilioSettings

_log = logging.getLogger("suifang.sms")

MOST = 10  # of one message, as Twilio publishes
SECONDS = 4.0  # for one picture: the webhook has fifteen
PUBLISHED_HOST = "api.twilio.com"

Keep = Callable[[AsyncIterator[bytes]], Awaitable[tuple[PieceKind, str]]]
"""The bytes of a file → what it is and where it lies below the data folder. Raises ValueError for what is neither
picture nor sound, or too long."""


class MmsMedia:
    """`new_client` is asked for each message: pictures by SMS are rare."""

    def __init__(self, settings: TwilioSettings, keep: Keep, new_client: Callable[[], httpx.AsyncClient]) -> None:
        self._settings, self._keep, self._new_client = settings, keep, new_client

    async def of(self, fields: Mapping[str, str]) -> list[tuple[PieceKind, str]]:
        """One for each that the message names; the path is "" where it could not be had, so that a nurse hears of it
        all the same."""
        count = fields.get("NumMedia", "0")
        urls = [fields.get(f"MediaUrl{n}", "") for n in range(min(int(count), MOST) if count.isdecimal() else 0)]
        if not urls:
            return []
        async with self._new_client() as http:
            return [await self._one(http, url) for url in urls]

    async def _one(self, http: httpx.AsyncClient, url: str) -> tuple[PieceKind, str]:
        if not self._ours(url):
            _log.warning("mms refused: its address is not the carrier's")
            return PieceKind.PHOTO, ""
        auth = httpx.BasicAuth(self._settings.account_sid, self._settings.auth_token)
        try:
            async with http.stream("GET", url, auth=auth, timeout=SECONDS) as answer:
                answer.raise_for_status()
                return await self._keep(answer.aiter_bytes())
        except (httpx.HTTPError, ValueError) as error:
            _log.warning("mms not kept: %s", type(error).__name__)
            return PieceKind.PHOTO, ""

    def _ours(self, url: str) -> bool:
        """The password goes to the carrier alone; its redirect to the store of files is followed without it."""
        base = self._settings.carrier_base_url
        known = (urlsplit(base).scheme, urlsplit(base).netloc) if base else ("https", PUBLISHED_HOST)
        return (urlsplit(url).scheme, urlsplit(url).netloc) == known
