"""The WeChat official-account platform on loopback: the published API, signatures, windows, limits and error codes.

Each rule names, beside the code that keeps to it, the page of developers.weixin.qq.com/doc/service that publishes it.
"""

from telephony.simulator.wechat.app import create_app
from telephony.simulator.wechat.config import PlatformConfig
from telephony.simulator.wechat.people import Delivery, Follower
from telephony.simulator.wechat.platform import Platform

__all__ = ["Delivery", "Follower", "Platform", "PlatformConfig", "create_app"]
