"""The few calls of the official-account API that this house makes, over httpx."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from agent.model.clock import Now
from telephony.wechat.access_token import AccessToken, Fetched
from telephony.wechat.failures import SYSTEM_BUSY, TOKEN_REFUSED, WechatDown, WechatRefused
from telephony.wechat.settings import TemplateKind, WechatSettings

SHOW_CODE = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="
MEDIA_LIMIT = 12 * 1024 * 1024  # a photo has at most 10 MB, a voice message 2 MB


@dataclass(frozen=True, slots=True)
class Media:
    content: bytes
    content_type: str


class WechatApi:
    """Every method raises WechatRefused or WechatDown."""

    def __init__(self, settings: WechatSettings, http: httpx.AsyncClient, now: Now) -> None:
        self._settings, self._http, self._now = settings, http, now
        self._token = AccessToken(self._fetch_token, now)

    async def send_text(self, openid: str, words: str) -> None:
        """A customer-service message: at most 2,048 bytes of UTF-8."""
        await self._post("message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": words}})

    async def send_image(self, openid: str, media_id: str) -> None:
        """A customer-service message of material uploaded before."""
        await self._post("message/custom/send", {"touser": openid, "msgtype": "image", "image": {"media_id": media_id}})

    async def upload_image(self, picture: bytes) -> str:
        """Temporary material, a PNG or JPEG of at most 2 MB: its id, which the platform knows for three days."""
        jpeg = picture.startswith(b"\xff\xd8\xff")
        file = {"media": ("picture.jpg" if jpeg else "picture.png", picture, "image/jpeg" if jpeg else "image/png")}
        answer = _object(await self._call("POST", "media/upload", params={"type": "image"}, files=file))
        self._check(answer)
        if not isinstance(answer.get("media_id"), str):
            raise WechatDown("upload answer makes no sense", unsure=False)
        return str(answer["media_id"])

    async def send_template(self, openid: str, values: dict[str, str], link: str | None) -> str | None:
        """The account's template, whichever kind it is; returns the platform's number where it gives one."""
        data = {name: {"value": value} for name, value in values.items()}
        body: dict[str, Any] = {"touser": openid, "template_id": self._settings.template_id, "data": data}
        subscribe = self._settings.template_kind is TemplateKind.SUBSCRIBE
        if link:
            body["page" if subscribe else "url"] = link
        answer = await self._post("message/subscribe/bizsend" if subscribe else "message/template/send", body)
        return str(answer["msgid"]) if "msgid" in answer else None

    async def create_code(self, scene: str, lasts: timedelta) -> str:
        """Where the picture of a code with this scene (1 to 64 characters) is to be had."""
        seconds, action = int(lasts.total_seconds()), {"scene": {"scene_str": scene}}
        asked = {"expire_seconds": seconds, "action_name": "QR_STR_SCENE", "action_info": action}
        return SHOW_CODE + str((await self._post("qrcode/create", asked))["ticket"])

    async def create_menu(self, menu: dict[str, Any]) -> None:
        await self._post("menu/create", menu)

    async def media(self, media_id: str) -> Media:
        """A voice message or photo; the platform keeps it for three days."""
        answer = await self._call("GET", "media/get", params={"media_id": media_id})
        kind = answer.headers.get("content-type", "")
        if "json" in kind or "text/plain" in kind:
            self._check(_object(answer))
        if len(answer.content) > MEDIA_LIMIT:
            raise WechatDown("media too large", unsure=False)
        return Media(answer.content, kind.partition(";")[0].strip())

    async def check(self) -> None:
        """Whether the platform takes our name and secret."""
        await self._token.get()

    async def _fetch_token(self, force: bool) -> Fetched:
        asked = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret,
            "force_refresh": force,
        }
        answer = _object(await self._request("POST", "stable_token", json=asked))
        self._check(answer)
        if not isinstance(answer.get("access_token"), str) or not isinstance(answer.get("expires_in"), int):
            raise WechatDown("token answer makes no sense", unsure=False)
        return Fetched(answer["access_token"], self._now() + timedelta(seconds=answer["expires_in"]))

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Chinese goes as UTF-8: the platform takes \\u escapes for the words themselves."""
        sent = json.dumps(body, ensure_ascii=False).encode()
        answer = _object(await self._call("POST", path, content=sent))
        self._check(answer)
        return answer

    async def _call(
        self, method: str, path: str, *, params: dict[str, str] | None = None, **sent: Any
    ) -> httpx.Response:
        """With a token; once more with another where that one is refused."""
        token = await self._token.get()
        answer = await self._request(method, path, params={**(params or {}), "access_token": token}, **sent)
        if _errcode(answer) not in TOKEN_REFUSED:
            return answer
        token = await self._token.instead_of(token)
        return await self._request(method, path, params={**(params or {}), "access_token": token}, **sent)

    async def _request(self, method: str, path: str, **sent: Any) -> httpx.Response:
        url, timeout = f"{self._settings.base_url}/cgi-bin/{path}", self._settings.api_timeout_seconds
        try:
            answer = await self._http.request(method, url, timeout=timeout, **sent)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise WechatDown("no connection", unsure=False) from None  # its text has the address with the token
        except httpx.HTTPError:
            raise WechatDown("no answer", unsure=True) from None
        if answer.status_code != 200:
            raise WechatDown(f"status {answer.status_code}", unsure=answer.status_code >= 500)
        return answer

    @staticmethod
    def _check(answer: dict[str, Any]) -> None:
        code = answer.get("errcode", 0)
        if code != 0:
            raise WechatRefused(code if isinstance(code, int) else SYSTEM_BUSY)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise WechatDown("answer is not JSON", unsure=True)
    return found


def _errcode(answer: httpx.Response) -> int:
    """0 for anything that is no refusal."""
    if answer.content.lstrip()[:1] != b"{":
        return 0
    code = _object(answer).get("errcode", 0)
    return code if isinstance(code, int) else 0
