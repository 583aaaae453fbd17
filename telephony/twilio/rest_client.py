"""The carrier's REST library, which blocks, run in threads of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from twilio.rest import Client

from telephony.twilio.failures import CARRIER_ERRORS
from telephony.twilio.http_client import CarrierHttpClient
from telephony.twilio.settings import TwilioSettings

T = TypeVar("T")


class RestClient:
    """`failed` makes the caller's own exception of what the library raised."""

    def __init__(
        self, settings: TwilioSettings, *, threads: int, name: str, failed: Callable[[Exception], Exception]
    ) -> None:
        http = CarrierHttpClient(settings.carrier_base_url, settings.api_timeout_seconds)
        self.api = Client(settings.account_sid, settings.auth_token, http_client=http)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._failed = failed

    async def ask(self, request: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, request)
        except CARRIER_ERRORS as error:
            raise self._failed(error) from None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
