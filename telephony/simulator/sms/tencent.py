"""Tencent Cloud's SMS 2021-01-11 on loopback. Sources: the vendor's pages on signature version 3, SendSms, its error
codes, PullSmsSendStatusByPhoneNumber and the two callbacks."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from agent.model.clock import HOSPITAL_ZONE, Now
from telephony.simulator.sms.account import ADDRESS, MOBILE, Account, Book, Refused, Sent

_LIFE = timedelta(minutes=5)
_KEPT = timedelta(days=7, seconds=60)
_ON_THE_WAY = timedelta(seconds=5)
_VALUE = re.compile(r"\{(\d+)\}")
_SENT = {"Code": "Ok", "Message": "send success", "Fee": 1, "IsoCode": "CN"}


class TencentVendor:
    def __init__(self, account: Account, now: Now) -> None:
        self.account, self._now, self.book = account, now, Book()

    async def ask(self, request: Request) -> Response:
        body = await request.body()
        try:
            self._verify(request, body)
            answers = {"SendSms": self._send_all, "PullSmsSendStatusByPhoneNumber": self._reports}
            action = request.headers.get("x-tc-action", "")
            if action not in answers or request.headers.get("x-tc-version") != "2021-01-11":
                raise Refused("InvalidAction")
            if not request.headers.get("x-tc-region"):
                raise Refused("MissingParameter")
            asked = json.loads(body)
            if asked.get("SmsSdkAppId") != self.account.app_id:
                raise Refused("UnauthorizedOperation.SmsSdkAppIdVerifyFail")
            told = answers[action](asked)
        except Refused as refusal:
            error = {"Code": refusal.code, "Message": refusal.code}
            return JSONResponse({"Response": {"Error": error, "RequestId": "r"}})
        if self.book.loses:
            self.book.loses -= 1
            return Response("<html>502</html>", 502)
        return JSONResponse({"Response": {**told, "RequestId": "r"}})

    def _send_all(self, asked: dict[str, Any]) -> dict[str, Any]:
        statuses = [self._each(number, asked) for number in asked.get("PhoneNumberSet", [])]
        if not statuses:
            raise Refused("MissingParameter.EmptyPhoneNumberSet")
        return {"SendStatusSet": statuses}

    def _reports(self, asked: dict[str, Any]) -> dict[str, Any]:
        """How one number's messages arrived: none before the network has said so."""
        begin, limit = asked.get("BeginTime"), asked.get("Limit")
        if not isinstance(begin, int) or not isinstance(limit, int) or asked.get("Offset") != 0:
            raise Refused("MissingParameter")
        if limit > 100 or self._now() - datetime.fromtimestamp(begin, UTC) > _KEPT:
            raise Refused("InvalidParameterValue")
        number = str(asked.get("PhoneNumber", "")).removeprefix("+86")
        mine = [each for each in self.book.sent if each.number == number and each.at.timestamp() >= begin]
        arrived = [each for each in mine if each.at + _ON_THE_WAY <= self._now()][:limit]
        return {
            "PullSmsSendStatusSet": [
                {
                    "UserReceiveTime": int((each.at + _ON_THE_WAY).timestamp()),
                    "CountryCode": "86",
                    "SubscriberNumber": number,
                    "PhoneNumber": f"+86{number}",
                    "SerialNo": each.ref,
                    "ReportStatus": "SUCCESS",
                    "Description": "DELIVRD",
                    "SessionContext": each.own_id if self.account.names_sessions else "",
                }
                for each in arrived
            ]
        }

    def _verify(self, request: Request, body: bytes) -> None:
        given = request.headers.get("authorization", "")
        parts = re.fullmatch(
            r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/(\w+)/tc3_request, "
            r"SignedHeaders=(\S+), Signature=([0-9a-f]{64})",
            given,
        )
        if parts is None or not {"content-type", "host"} <= set(parts[4].split(";")):
            raise Refused("AuthFailure.InvalidAuthorization")
        if parts[1] != self.account.key_id:
            raise Refused("AuthFailure.SecretIdNotFound")
        stamp = int(request.headers.get("x-tc-timestamp", "0"))
        at = datetime.fromtimestamp(stamp, UTC)
        if abs(self._now() - at) > _LIFE or f"{at:%Y-%m-%d}" != parts[2]:
            raise Refused("AuthFailure.SignatureExpire")
        lines = [f"{name}:{request.headers[name].strip().lower()}\n" for name in parts[4].split(";")]
        hashed = hashlib.sha256(body).hexdigest()
        canonical = f"{request.method}\n{request.url.path}\n{request.url.query}\n{''.join(lines)}\n{parts[4]}\n{hashed}"
        scope = f"{parts[2]}/{parts[3]}/tc3_request"
        text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = ("TC3" + self.account.key_secret).encode()
        for word in (*scope.split("/"), text):
            key = hmac.new(key, word.encode(), "sha256").digest()
        if key.hex() != parts[5]:
            raise Refused("AuthFailure.SignatureFailure")

    def _each(self, number: str, asked: dict[str, Any]) -> dict[str, object]:
        """One number's entry: the vendor refuses number by number inside an answer that is fine."""
        said = {"PhoneNumber": number, "SessionContext": asked.get("SessionContext", ""), "SerialNo": ""}
        try:
            if self.book.fails:
                raise Refused(self.book.fails.pop(0))
            return {**said, **_SENT, "SerialNo": self._send(number, asked)}
        except Refused as refusal:
            return {**said, "Code": refusal.code, "Message": refusal.code, "Fee": 0, "IsoCode": "CN"}

    def _send(self, number: str, asked: dict[str, Any]) -> str:
        national = number.removeprefix("+86")
        if not number.startswith("+86") or not MOBILE.fullmatch(national):
            raise Refused("InvalidParameterValue.IncorrectPhoneNumber")
        if asked.get("SignName") != self.account.sign_name:
            raise Refused("FailedOperation.SignatureIncorrectOrUnapproved")
        template = str(asked.get("TemplateId", ""))
        if template not in self.account.templates:
            raise Refused("FailedOperation.TemplateIncorrectOrUnapproved")
        if len(str(asked.get("SessionContext", "")).encode()) >= 512:
            raise Refused("InvalidParameter")
        text, now = self._filled(template, asked.get("TemplateParamSet") or []), self._now()
        if self.book.today(national, template, now) >= self.account.per_day:
            raise Refused("LimitExceeded.PhoneNumberDailyLimit")
        ref = f"2028:{int(now.timestamp())}{len(self.book.sent):04}"
        self.book.sent.append(Sent(ref, asked.get("SessionContext", ""), national, template, text, now))
        return ref

    def _filled(self, template: str, values: list[str]) -> str:
        text = self.account.templates[template]
        if len(values) != len(_VALUE.findall(text)) or not all(isinstance(value, str) for value in values):
            raise Refused("FailedOperation.TemplateIncorrectOrUnapproved")
        if any(ADDRESS.search(value) for value in values):
            raise Refused("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter")
        return _VALUE.sub(lambda found: values[int(found[1]) - 1], text)

    async def report(self, to: httpx.AsyncClient, url: str, code: str = "DELIVRD") -> httpx.Response:
        """Posts the callback of everything sent so far, as one list."""
        told = [
            {
                "user_receive_time": f"{each.at.astimezone(HOSPITAL_ZONE):%Y-%m-%d %H:%M:%S}",
                "nationcode": "86",
                "mobile": each.number,
                "report_status": "SUCCESS" if code == "DELIVRD" else "FAIL",
                "errmsg": code,
                "description": code,
                "sid": each.ref,
            }
            for each in self.book.sent
        ]
        return await to.post(url, json=told)

    async def up(self, to: httpx.AsyncClient, url: str, number: str, text: str, sequence: int) -> httpx.Response:
        """Posts the callback of a subscriber's answer, `sequence` seconds after now: it has no number of its own."""
        said = {
            "extend": "",
            "mobile": number,
            "nationcode": "86",
            "sign": self.account.sign_name,
            "text": text,
            "time": int(self._now().timestamp()) + sequence,
        }
        return await to.post(url, json=said)


def tencent_app(vendor: TencentVendor) -> FastAPI:
    app = FastAPI(title="Tencent Cloud SMS on loopback", openapi_url=None)
    app.add_api_route("/", vendor.ask, methods=["POST"])
    return app
