"""Whose account sends SMS: the one file that knows every vendor."""

import httpx
from fastapi import APIRouter

from agent.model.clock import new_id, utc_now
from agent.schedule.ports import Messenger
from machine.sms_account import aliyun_of, tencent_of
from settings import Settings
from telephony.aliyun import AliyunMessenger, aliyun_router
from telephony.sms.inbox import SmsInbox
from telephony.tencent import TencentMessenger, tencent_router
from telephony.twilio import MmsMedia, TwilioMessenger, sms_router
from telephony.webchat.media import MediaStore
from wiring.carriers import twilio_account

TEMPLATES_ONLY = frozenset({"aliyun", "tencent"})
"""They carry approved sentences and nothing else: a patient answers on the page the link opens."""


def sms_messenger(settings: Settings, http: httpx.AsyncClient) -> Messenger | None:
    """None where the house sends no SMS. Raises SettingsError."""
    match settings.sms:
        case "twilio":
            return TwilioMessenger(twilio_account(settings))
        case "aliyun":
            return AliyunMessenger(aliyun_of(settings), http, utc_now, new_id)
        case "tencent":
            return TencentMessenger(tencent_of(settings), http, utc_now)
    return None


def sms_hooks(settings: Settings, inbox: SmsInbox) -> APIRouter | None:
    """Where the vendor posts what patients write and what became of our messages."""
    match settings.sms:
        case "twilio":
            account = twilio_account(settings)
            media = MmsMedia(account, MediaStore(settings.data, new_id).keep, _client)
            return sms_router(account, inbox, utc_now, media)
        case "aliyun":
            return aliyun_router(aliyun_of(settings), inbox, utc_now)
        case "tencent":
            return tencent_router(tencent_of(settings), inbox, utc_now)
    return None


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, follow_redirects=True)
