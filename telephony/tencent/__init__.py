"""SMS through Tencent Cloud (sms 2021-01-11): approved signature and templates, signed requests, its callbacks."""

from telephony.tencent.settings import TencentSettings
from telephony.tencent.sms import TencentMessenger, tencent_router

__all__ = ["TencentMessenger", "TencentSettings", "tencent_router"]
