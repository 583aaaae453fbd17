"""What the WeChat channel must know about one official account (服务号), as one plain value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CALLBACK_PATH = "/wechat/callback"


class TemplateKind(StrEnum):
    """The two ways to reach a follower who has not written for 48 hours; an account has one of them."""

    TEMPLATE = "template"  # 模板消息
    SUBSCRIBE = "subscribe"  # 订阅通知: each consent allows one message


@dataclass(frozen=True, slots=True)
class WechatSettings:
    """`aes_key` is the account's EncodingAESKey; empty means plain mode, in which anybody who has once seen a signed
    request can write messages in a patient's name for as long as its timestamp is fresh. `template_fields` name the
    template's own fields with what stands in them: {hospital}, {subject} and {time}, nothing of the patient.
    Raises ValueError for what cannot work."""

    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)
    base_url: str = "https://api.weixin.qq.com"
    template_id: str = ""
    template_kind: TemplateKind = TemplateKind.TEMPLATE
    template_fields: Mapping[str, str] = field(default_factory=dict)
    hospital: str = "医院"
    api_timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        if not (self.app_id and self.app_secret):
            raise ValueError("app_id and app_secret are needed (公众平台 → 设置与开发 → 基本配置)")
        if not re.fullmatch(r"[A-Za-z0-9]{3,32}", self.token):
            raise ValueError("token has 3 to 32 letters and digits, the same as in 服务器配置")
        if self.aes_key and not re.fullmatch(r"[A-Za-z0-9]{43}", self.aes_key):
            raise ValueError("aes_key is the EncodingAESKey of 43 letters and digits")
        if self.template_id and not self.template_fields:
            raise ValueError('template_fields are needed with template_id, e.g. thing1 = "{hospital}"')
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
