"""SMS through Tencent Cloud: SendSms, and its two callbacks: what became of a message, and what a patient answered."""

import hashlib
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Response

from agent.model.clock import Now
from agent.model.contact import Channel
from agent.model.message import Message, MessageStatus
from agent.schedule.ports import SendFailed
from telephony.sms.inbox import SmsInbox
from telephony.sms.pushes import CHINA, answer, e164, objects, push_router
from telephony.tencent.failures import send_failed
from telephony.tencent.settings import TencentSettings
from telephony.tencent.signature import CONTENT_TYPE, Key, authorization

_log = logging.getLogger("suifang.sms")
VERSION = "2021-01-11"
OLDEST_REPORT = timedelta(days=7)  # the vendor keeps none longer
MOST_REPORTS = 100
NOT_YET = {"result": 1, "errmsg": "unknown"}
OK = {"result": 0, "errmsg": "OK"}


class TencentMessenger:
    """agent.schedule.ports.Messenger; SendSms is not idempotent. The vendor can be asked how a number's messages of the
    last days arrived; our id stands there (SessionContext) only for a house that had it switched on at the vendor's.
    A message that is not named there may be under way: it is asked about later and never sent a second time."""

    channel = Channel.SMS

    def __init__(self, settings: TencentSettings, http: httpx.AsyncClient, now: Now) -> None:
        self._settings, self._http, self._now = settings, http, now

    async def send(self, message: Message) -> str:
        """The vendor's SerialNo. Raises SendFailed."""
        filled = self._settings.sentences.filled(message.text)
        if not message.to.startswith(CHINA):
            raise SendFailed("bad_address", retryable=False)
        told = await self._ask(
            "SendSms",
            {
                "PhoneNumberSet": [message.to],
                "SmsSdkAppId": self._settings.app_id,
                "SignName": self._settings.sign_name,
                "TemplateId": filled.code,
                "TemplateParamSet": list(filled.values.values()),
                "SessionContext": message.id,
            },
        )
        sent = objects(told.get("SendStatusSet"))
        if not sent:
            raise SendFailed("provider_down", retryable=True, unsure=True)
        if sent[0].get("Code") != "Ok":
            raise send_failed(str(sent[0].get("Code")))
        _log.info("sms taken: message=%s template=%s", message.id, filled.code)
        return str(sent[0]["SerialNo"])

    async def find(self, message: Message) -> str:
        """The SerialNo of a send that was never answered. Raises SendFailed, `unsure` while no report names it."""
        begun = max(message.not_before or message.created_at, self._now() - OLDEST_REPORT)
        told = await self._ask(
            "PullSmsSendStatusByPhoneNumber",
            {
                "BeginTime": int(begun.timestamp()),
                "Offset": 0,
                "Limit": MOST_REPORTS,
                "PhoneNumber": message.to,
                "SmsSdkAppId": self._settings.app_id,
            },
        )
        for each in objects(told.get("PullSmsSendStatusSet")):
            if each.get("SessionContext") == message.id:
                return str(each["SerialNo"])
        raise SendFailed("not_reported", retryable=True, unsure=True)

    async def _ask(self, action: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Raises SendFailed; `unsure` where no answer came that makes sense."""
        ours, stamp = self._settings, int(self._now().timestamp())
        body = json.dumps(asked, ensure_ascii=False).encode()
        host = urlsplit(ours.base_url).netloc
        headers = {
            "Authorization": authorization(Key(ours.secret_id, ours.secret_key), host, action, stamp, body),
            "Content-Type": CONTENT_TYPE,
            "Host": host,
            "X-TC-Action": action,
            "X-TC-Region": ours.region,
            "X-TC-Timestamp": str(stamp),
            "X-TC-Version": VERSION,
        }
        try:
            told = await self._http.post(
                f"{ours.base_url}/", content=body, headers=headers, timeout=ours.timeout_seconds
            )
            response = told.json()["Response"]
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise SendFailed("provider_down", retryable=True) from None
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            raise SendFailed("provider_down", retryable=True, unsure=True) from None
        if not isinstance(response, dict):
            raise SendFailed("provider_down", retryable=True, unsure=True)
        if "Error" in response:
            raise send_failed(str(response["Error"].get("Code")))
        return response


class _Callbacks:
    def __init__(self, inbox: SmsInbox, now: Now) -> None:
        self._inbox, self._now = inbox, now

    async def report(self, body: Any) -> Response:
        """What became of each message. One we do not know yet may be under way: the vendor is asked to say it again."""
        known = True
        for each in objects(body):
            status = MessageStatus.DELIVERED if each.get("report_status") == "SUCCESS" else MessageStatus.FAILED
            known &= await self._inbox.receipt_of(str(each.get("sid")), status, str(each.get("errmsg") or ""))
        return answer(OK if known else NOT_YET)

    async def up(self, body: Any) -> Response:
        """What a patient answered. The callback has no id: sender, second and words are one."""
        for each in objects(body):
            if each.get("mobile"):
                sender, text = e164(each["mobile"], each.get("nationcode")), str(each.get("text") or "")
                stamp = each.get("time") if isinstance(each.get("time"), int) else None
                at = min(datetime.fromtimestamp(stamp, UTC), self._now()) if stamp else self._now()
                same = hashlib.sha256(f"{sender}|{each.get('time')}|{text}".encode()).hexdigest()[:24]
                await self._inbox.received(f"tencent.{same}", sender, text, at)
        return answer(OK)


def tencent_router(settings: TencentSettings, inbox: SmsInbox, now: Now) -> APIRouter:
    """POST /tencent/sms/<push_secret>/report and …/up."""
    callbacks = _Callbacks(inbox, now)
    return push_router("tencent", settings.push_secret, {"report": callbacks.report, "up": callbacks.up})
