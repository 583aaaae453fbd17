"""One official account of the simulated platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PlatformConfig:
    """`callback_url` is the server address the account has set; with `aes_key` (43 characters) the account is in safe
    mode, without it in plain mode. `templates` are the account's own, by id, with the names of their fields."""

    app_id: str
    app_secret: str
    token: str
    callback_url: str
    aes_key: str = ""
    account: str = "gh_5f1d0a7c2b3e"  # ToUserName of what followers send
    templates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    patience_seconds: float = 5.0  # "Receiving standard messages": no answer within five seconds, and it asks again
    pushes: int = 3  # the same page: three times in all
