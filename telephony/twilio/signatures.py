"""Did this request come from the carrier? Checked on the address the carrier called, not the one a proxy passed on."""

from collections.abc import Sequence

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from telephony.twilio.settings import TwilioSettings

HEADER = "X-Twilio-Signature"


class Signatures:
    """Twilio signs HMAC-SHA1(auth token, full URL + sorted form fields); the URL is rebuilt from the setting."""

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings
        self._validator = RequestValidator(settings.auth_token)

    def form(self, path: str, query: str, fields: Sequence[tuple[str, str]], signature: str | None) -> bool:
        """True if the form post to `path` (with its query string, undecoded) is signed."""
        url = _with_query(self._settings.http_url(path), query)
        return self._valid(url, fields, signature)

    def upgrade(self, path: str, query: str, signature: str | None) -> bool:
        """True if the WebSocket upgrade is signed, for the URL with or without a trailing slash."""
        bare = self._settings.socket_url(path.rstrip("/"))
        return any(self._valid(_with_query(url, query), (), signature) for url in (bare, bare + "/"))

    def _valid(self, url: str, fields: Sequence[tuple[str, str]], signature: str | None) -> bool:
        if not signature:
            return False
        return bool(self._validator.validate(url, ImmutableMultiDict(fields), signature))


def _with_query(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url
