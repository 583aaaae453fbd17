"""What the Twilio channel must know about this installation, as one plain value."""

from dataclasses import dataclass
from urllib.parse import urlsplit

VOICE_PATH = "/twilio/voice"
STATUS_PATH = "/twilio/status"
AMD_PATH = "/twilio/amd"
TRANSFER_PATH = "/twilio/transfer"
MEDIA_PATH = "/twilio/media"
SMS_PATH = "/twilio/sms"
SMS_STATUS_PATH = "/twilio/sms/status"


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """`public_url` is how the carrier reaches us, with a path prefix if a proxy adds one; `carrier_base_url` is
    another place for the REST API (a simulator), None for the real one. Raises ValueError for an unusable URL."""

    public_url: str
    account_sid: str
    auth_token: str
    from_number: str
    carrier_base_url: str | None = None
    ring_seconds: int = 40
    api_timeout_seconds: float = 10.0
    token_seconds: int = 120  # between the voice webhook and the media stream's start

    def __post_init__(self) -> None:
        for name in ("public_url", "carrier_base_url"):
            url = getattr(self, name)
            if url is None:
                continue
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
                raise ValueError(f"{name} must be an http(s) address without query: {url!r}")
            object.__setattr__(self, name, url.rstrip("/"))

    def http_url(self, path: str) -> str:
        return self.public_url + path

    def socket_url(self, path: str) -> str:
        """The same place for a WebSocket: wss:// behind https://."""
        return "ws" + self.public_url.removeprefix("http") + path
