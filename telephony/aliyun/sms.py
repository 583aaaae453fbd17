"""SMS through Dysmsapi: SendSms, whether it went (QuerySendDetails), receipts (SmsReport) and replies (SmsUp)."""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Response

from agent.model.clock import HOSPITAL_ZONE, NewId, Now
from agent.model.contact import Channel
from agent.model.message import Message, MessageStatus
from agent.schedule.ports import SendFailed
from telephony.aliyun.failures import send_failed
from telephony.aliyun.settings import AliyunSettings
from telephony.aliyun.signature import authorization, canonical_query
from telephony.sms.inbox import SmsInbox
from telephony.sms.pushes import CHINA, answer, e164, objects, push_router, written_at

_log = logging.getLogger("suifang.sms")
VERSION = "2017-05-25"
LONGEST_VALUE = 35  # of one template value
PAGE = 50  # of one page of QuerySendDetails, at most
_NOTHING = hashlib.sha256(b"").hexdigest()


class AliyunMessenger:
    """agent.schedule.ports.Messenger; the vendor can be asked what it has: it keeps our id as OutId. SendSms itself is
    not idempotent."""

    channel = Channel.SMS

    def __init__(self, settings: AliyunSettings, http: httpx.AsyncClient, now: Now, new_id: NewId) -> None:
        self._settings, self._http, self._now, self._new_id = settings, http, now, new_id

    async def send(self, message: Message) -> str:
        """The vendor's BizId. Raises SendFailed."""
        filled = self._settings.sentences.filled(message.text)
        if any(len(value) > LONGEST_VALUE for value in filled.values.values()):
            raise SendFailed("no_template", retryable=False)
        told = await self._ask(
            "SendSms",
            {
                "PhoneNumbers": _national(message.to),
                "SignName": self._settings.sign_name,
                "TemplateCode": filled.code,
                "TemplateParam": json.dumps(filled.values, ensure_ascii=False),
                "OutId": message.id,
            },
        )
        _log.info("sms taken: message=%s template=%s", message.id, filled.code)
        return str(told["BizId"])

    async def find(self, message: Message) -> str | None:
        """Looks through what went to this number on the day the message was last tried and the day before."""
        today = self._now().astimezone(HOSPITAL_ZONE).date()
        for day in (today, today - timedelta(days=1)):
            told = await self._ask(
                "QuerySendDetails",
                {
                    "PhoneNumber": _national(message.to),
                    "SendDate": f"{day:%Y%m%d}",
                    "PageSize": str(PAGE),
                    "CurrentPage": "1",
                },
            )
            details = told.get("SmsSendDetailDTOs") or {}
            if any(each.get("OutId") == message.id for each in details.get("SmsSendDetailDTO", [])):
                return f"out.{message.id}"  # this answer does not say the BizId
        return None

    async def _ask(self, action: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Raises SendFailed; `unsure` where no answer came that makes sense."""
        host = urlsplit(self._settings.base_url).netloc
        headers = {
            "host": host,
            "x-acs-action": action,
            "x-acs-content-sha256": _NOTHING,
            "x-acs-date": f"{self._now():%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": self._new_id(),
            "x-acs-version": VERSION,
        }
        signed = authorization(self._settings.key_id, self._settings.key_secret, "POST", query, headers)
        url = f"{self._settings.base_url}/?{canonical_query(query)}"
        try:
            told = await self._http.post(
                url, headers={**headers, "Authorization": signed}, timeout=self._settings.timeout_seconds
            )
            body = told.json()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise SendFailed("provider_down", retryable=True) from None  # its text has the address, and so the number
        except (httpx.HTTPError, ValueError):
            raise SendFailed("provider_down", retryable=True, unsure=True) from None
        if not isinstance(body, dict) or not isinstance(body.get("Code"), str):
            raise SendFailed("provider_down", retryable=True, unsure=True)
        if body["Code"] != "OK":
            raise send_failed(body["Code"])
        return body


def _national(to: str) -> str:
    """Eleven digits. Raises SendFailed for a number abroad: templates are approved for the mainland."""
    if not to.startswith(CHINA) or len(to) != 14:
        raise SendFailed("bad_address", retryable=False)
    return to.removeprefix(CHINA)


class _Pushes:
    def __init__(self, inbox: SmsInbox, now: Now) -> None:
        self._inbox, self._now = inbox, now

    async def report(self, body: Any) -> Response:
        """SmsReport: whether each message arrived."""
        for each in objects(body):
            status = MessageStatus.DELIVERED if each.get("success") is True else MessageStatus.FAILED
            if each.get("out_id"):
                await self._inbox.receipt(str(each["out_id"]), status, str(each.get("err_code") or ""))
        return answer({"code": 0, "msg": "成功"})

    async def up(self, body: Any) -> Response:
        """SmsUp: what patients answered; on record before the vendor is told so."""
        for each in objects(body):
            if each.get("sequence_id") is not None and each.get("phone_number"):
                at = written_at(each.get("send_time"), self._now())
                own_id, sender = f"aliyun.{each['sequence_id']}", e164(each["phone_number"])
                await self._inbox.received(own_id, sender, str(each.get("content") or ""), at)
        return answer({"code": 0, "msg": "成功"})


def aliyun_router(settings: AliyunSettings, inbox: SmsInbox, now: Now) -> APIRouter:
    """POST /aliyun/sms/<push_secret>/report and …/up."""
    pushes = _Pushes(inbox, now)
    return push_router("aliyun", settings.push_secret, {"report": pushes.report, "up": pushes.up})
