"""SMS through Alibaba Cloud (Dysmsapi 2017-05-25): approved signature and templates, signed requests, its pushes."""

from telephony.aliyun.settings import AliyunSettings
from telephony.aliyun.sms import AliyunMessenger, aliyun_router

__all__ = ["AliyunMessenger", "AliyunSettings", "aliyun_router"]
