"""What the Tencent Cloud channel must know about this installation."""

from dataclasses import dataclass, field

from telephony.sms.sentences import Sentences


@dataclass(frozen=True, slots=True)
class TencentSettings:
    """`app_id` is the SMS application's SdkAppId. `push_secret` is the part of our addresses that only the vendor's
    console was told; empty: nothing is taken in. Raises ValueError for what cannot work."""

    secret_id: str
    secret_key: str = field(repr=False)
    app_id: str
    sign_name: str
    sentences: Sentences
    push_secret: str = field(default="", repr=False)
    region: str = "ap-guangzhou"
    base_url: str = "https://sms.tencentcloudapi.com"
    timeout_seconds: float = 8.0

    def __post_init__(self) -> None:
        for name in ("secret_id", "secret_key", "app_id", "sign_name"):
            if not getattr(self, name):
                raise ValueError(f"{name} is empty")
        if not self.sentences.codes:
            raise ValueError("templates are empty: nothing could be sent")
