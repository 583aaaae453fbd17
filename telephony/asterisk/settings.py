"""What the Asterisk channel must know about the hospital's PBX, as one plain value."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

NUMBER = "{number}"


@dataclass(frozen=True, slots=True)
class AsteriskSettings:
    """`url` is the PBX's HTTP server (with its prefix, if http.conf sets one): ARI and the media sockets are under it.
    `endpoint` is what ARI dials, with {number} where the number goes. Raises ValueError for an unusable value, and
    for plain http to another machine unless `allow_plain` says that the network between is trusted."""

    user: str
    password: str
    url: str = "http://127.0.0.1:8088"
    app: str = "suifang"  # one per process: the PBX gives an application's events to one connection only
    endpoint: str = "PJSIP/{number}@trunk"
    nurse_line: str = ""  # the ward's number (E.164); another one is a nurse's own
    nurse_endpoint: str = ""  # where calls transferred to the ward ring instead of its number: PJSIP/8001
    caller_id: str = ""  # the number shown to the patient, if the trunk lets us choose it
    number_style: str = "national"  # national: 138…, 0571…, 00…; e164: +86…
    outside_prefix: str = ""  # dialled before every number, for example 9
    ca_file: Path | None = None  # the hospital's own certificate authority
    allow_plain: bool = False
    ring_seconds: int = 40
    listen_before_answer: bool = True  # for what the network announces there (已关机, 空号)
    longest_call_seconds: int = 1_260  # then the PBX ends the call by itself, whatever became of us
    api_timeout_seconds: float = 5.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"url must be an http(s) address without query: {self.url!r}")
        if parts.scheme == "http" and not _loopback(parts.hostname) and not self.allow_plain:
            raise ValueError(
                "url: plain http to another machine would carry the password and patients' voices in clear; "
                "write https://…, or set allow_plain if nobody else is on that network"
            )
        if self.endpoint.count(NUMBER) != 1 or "/" not in self.endpoint:
            raise ValueError(f"endpoint must be technology/… with {NUMBER} in it once: {self.endpoint!r}")
        if self.number_style not in ("national", "e164"):
            raise ValueError(f"number_style must be national or e164: {self.number_style!r}")
        if not self.app.isascii() or not self.app.replace("-", "").isalnum():
            raise ValueError(f"app must be letters, digits and hyphens: {self.app!r}")
        object.__setattr__(self, "url", self.url.rstrip("/"))

    @property
    def socket_url(self) -> str:
        """The same place for WebSockets: wss:// behind https://."""
        return "ws" + self.url.removeprefix("http")


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
