"""Twilio's HTTP client, able to reach a carrier at another address, silent in the logs."""

import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response


class CarrierHttpClient(TwilioHttpClient):  # type: ignore[misc]  # twilio ships no types
    """Sends every request to `base_url` (its scheme, host and path prefix) instead of the published host."""

    def __init__(self, base_url: str | None, timeout_seconds: float) -> None:
        super().__init__(timeout=timeout_seconds)
        logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)  # its DEBUG lines hold patients' numbers
        self._base = urlsplit(base_url) if base_url else None
        if self._base and self.session:
            self.session.trust_env = False  # a proxy of the environment does not reach a carrier on loopback

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if self._base:
            asked = urlsplit(url)
            path = self._base.path.rstrip("/") + asked.path
            url = urlunsplit((self._base.scheme, self._base.netloc, path, asked.query, ""))
        return super().request(method, url, *args, **kwargs)

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Nothing: the parent's lines hold patients' numbers."""

    def log_response(self, status_code: int, response: Response) -> None:
        """Nothing: see log_request."""
