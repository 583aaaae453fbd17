"""What the Alibaba Cloud channel must know about this installation."""

from dataclasses import dataclass, field

from telephony.sms.sentences import Sentences


@dataclass(frozen=True, slots=True)
class AliyunSettings:
    """`push_secret` is the part of our addresses that only the vendor's console was told; empty: nothing is taken in.
    Raises ValueError for what cannot work."""

    key_id: str
    key_secret: str = field(repr=False)
    sign_name: str
    sentences: Sentences
    push_secret: str = field(default="", repr=False)
    base_url: str = "https://dysmsapi.aliyuncs.com"
    timeout_seconds: float = 8.0

    def __post_init__(self) -> None:
        for name in ("key_id", "key_secret", "sign_name"):
            if not getattr(self, name):
                raise ValueError(f"{name} is empty")
        if not self.sentences.codes:
            raise ValueError("templates are empty: nothing could be sent")
