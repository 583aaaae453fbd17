"""Dysmsapi 2017-05-25 on loopback. Sources: the vendor's pages on signature version 3, SendSms, QuerySendDetails,
SmsReport, SmsUp and its error codes."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from agent.model.clock import HOSPITAL_ZONE, Now
from telephony.simulator.sms.account import ADDRESS, MOBILE, Account, Book, Refused, Sent

_LIFE = timedelta(minutes=15)
_VALUE = re.compile(r"\$\{(\w+)\}")
LONGEST_VALUE = 35


class AliyunVendor:
    def __init__(self, account: Account, now: Now) -> None:
        self.account, self._now, self.book = account, now, Book()
        self._nonces: set[str] = set()

    async def ask(self, request: Request) -> Response:
        body = await request.body()
        try:
            self._verify(request, body)
            query = dict(parse_qsl(request.url.query, keep_blank_values=True))
            action = request.headers["x-acs-action"]
            if request.headers.get("x-acs-version") != "2017-05-25" or action not in ("SendSms", "QuerySendDetails"):
                raise Refused("InvalidAction.NotFound")
        except Refused as refusal:
            return JSONResponse({"Code": refusal.code, "Message": refusal.code, "RequestId": "r"}, 400)
        try:
            if self.book.fails:
                raise Refused(self.book.fails.pop(0))
            done = self._send(query) if action == "SendSms" else self._details(query)
        except Refused as refusal:
            return JSONResponse({"Code": refusal.code, "Message": refusal.code, "RequestId": "r"})
        if self.book.loses:
            self.book.loses -= 1
            return Response("<html>502</html>", 502)
        return JSONResponse({"Code": "OK", "Message": "OK", "RequestId": "r", **done})

    def _verify(self, request: Request, body: bytes) -> None:
        given = request.headers.get("authorization", "")
        parts = re.fullmatch(r"ACS3-HMAC-SHA256 Credential=(\S+?),SignedHeaders=(\S+?),Signature=([0-9a-f]{64})", given)
        if parts is None:
            raise Refused("IncompleteSignature")
        if parts[1] != self.account.key_id:
            raise Refused("InvalidAccessKeyId.NotFound")
        names = parts[2].split(";")
        demanded = {"host", *(name for name in request.headers if name.startswith("x-acs-"))}
        if names != sorted(names) or not demanded <= set(names):
            raise Refused("IncompleteSignature")
        if request.headers.get("x-acs-content-sha256") != hashlib.sha256(body).hexdigest():
            raise Refused("SignatureDoesNotMatch")
        pairs = sorted(parse_qsl(request.url.query, keep_blank_values=True))
        query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
        lines = [f"{name}:{request.headers[name].strip()}\n" for name in names]
        canonical = f"{request.method}\n{request.url.path}\n{query}\n{''.join(lines)}\n{parts[2]}\n"
        canonical += request.headers["x-acs-content-sha256"]
        text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        if hmac.new(self.account.key_secret.encode(), text.encode(), "sha256").hexdigest() != parts[3]:
            raise Refused("SignatureDoesNotMatch")
        self._once(request)

    def _once(self, request: Request) -> None:
        try:
            at = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise Refused("InvalidTimeStamp.Format") from None
        if abs(self._now() - at) > _LIFE:
            raise Refused("InvalidTimeStamp.Expired")
        nonce = request.headers.get("x-acs-signature-nonce", "")
        if not nonce or nonce in self._nonces:
            raise Refused("SignatureNonceUsed")
        self._nonces.add(nonce)

    def _send(self, query: dict[str, str]) -> dict[str, object]:
        number = re.sub(r"^(\+86|0086|86|\+)(?=1\d{10}$)", "", query.get("PhoneNumbers", ""))
        if not MOBILE.fullmatch(number):
            raise Refused("isv.MOBILE_NUMBER_ILLEGAL")
        if query.get("SignName") != self.account.sign_name:
            raise Refused("isv.SMS_SIGNATURE_ILLEGAL")
        template = query.get("TemplateCode", "")
        if template not in self.account.templates:
            raise Refused("isv.SMS_TEMPLATE_ILLEGAL")
        text = self._filled(template, query.get("TemplateParam", "{}"))
        now = self._now()
        if self.book.today(number, template, now) >= self.account.per_day:
            raise Refused("isv.BUSINESS_LIMIT_CONTROL")
        ref = f"{int(now.timestamp())}^{len(self.book.sent)}"
        self.book.sent.append(Sent(ref, query.get("OutId", ""), number, template, text, now))
        return {"BizId": ref}

    def _filled(self, template: str, given: str) -> str:
        try:
            values = json.loads(given)
        except ValueError:
            raise Refused("isv.INVALID_JSON_PARAM") from None
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            raise Refused("isv.INVALID_JSON_PARAM")
        names = _VALUE.findall(self.account.templates[template])
        if any(not values.get(name) for name in names):
            raise Refused("isv.TEMPLATE_MISSING_PARAMETERS")
        if any(len(values[name]) > LONGEST_VALUE for name in names):
            raise Refused("isv.PARAM_LENGTH_LIMIT")
        if any(ADDRESS.search(values[name]) for name in names):
            raise Refused("isv.PARAM_NOT_SUPPORT_URL")
        return _VALUE.sub(lambda found: str(values[found[1]]), self.account.templates[template])

    def _details(self, query: dict[str, str]) -> dict[str, object]:
        if not MOBILE.fullmatch(query.get("PhoneNumber", "")):
            raise Refused("isv.MOBILE_NUMBER_ILLEGAL")
        if not re.fullmatch(r"\d{8}", query.get("SendDate", "")) or not 1 <= int(query.get("PageSize", "0")) <= 50:
            raise Refused("isv.INVALID_PARAMETERS")
        mine = [each for each in self.book.sent if each.number == query["PhoneNumber"]]
        day = [each for each in mine if f"{each.at.astimezone(HOSPITAL_ZONE):%Y%m%d}" == query["SendDate"]]
        details = [
            {
                "PhoneNum": each.number,
                "OutId": each.own_id,
                "SendStatus": 3 if each.reported else 1,
                "TemplateCode": each.template,
                "Content": each.text,
            }
            for each in day
        ]
        return {"TotalCount": str(len(details)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": details}}

    async def report(self, to: httpx.AsyncClient, url: str, code: str = "DELIVERED") -> httpx.Response:
        """Pushes SmsReport for everything sent so far, as one list, to the address the console holds."""
        told = []
        for each in self.book.sent:
            each.reported = True
            at = f"{each.at.astimezone(HOSPITAL_ZONE):%Y-%m-%d %H:%M:%S}"
            told.append(
                {
                    "phone_number": each.number,
                    "send_time": at,
                    "report_time": at,
                    "success": code == "DELIVERED",
                    "err_code": code,
                    "err_msg": code,
                    "sms_size": "1",
                    "biz_id": each.ref,
                    "out_id": each.own_id,
                }
            )
        return await to.post(url, json=told)

    async def up(self, to: httpx.AsyncClient, url: str, number: str, text: str, sequence: int) -> httpx.Response:
        """Pushes SmsUp: a subscriber answered."""
        at = f"{self._now().astimezone(HOSPITAL_ZONE):%Y-%m-%d %H:%M:%S}"
        up = {
            "phone_number": number,
            "send_time": at,
            "content": text,
            "sign_name": self.account.sign_name,
            "dest_code": "123456",
            "sequence_id": sequence,
        }
        return await to.post(url, json=[up])


def aliyun_app(vendor: AliyunVendor) -> FastAPI:
    app = FastAPI(title="Dysmsapi on loopback", openapi_url=None)
    app.add_api_route("/", vendor.ask, methods=["POST", "GET"])
    return app
