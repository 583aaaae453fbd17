"""What the platform knows of one account, and the rules of sending; the routes in app.py only unpack requests."""

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agent.model.clock import Now
from telephony.simulator.wechat.config import PlatformConfig
from telephony.simulator.wechat.errors import ApiError
from telephony.simulator.wechat.people import Follower
from telephony.simulator.wechat.push import Push
from telephony.simulator.wechat.tokens import AccessTokens

TEXT_BYTES = 2048
CODE_LASTS_SECONDS = 60  # "createQRCode": where expire_seconds is left out
CODE_LASTS_MOST = 2_592_000
IMAGE_BYTES = 2 * 1024 * 1024  # "uploadTempMedia" names 2 MB and 10 MB for a picture: the less is held to
MEDIA_LASTS = timedelta(days=3)  # "getMedia": temporary material
_IMAGES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}
_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif")
_LONGEST = {"thing": 20, "phrase": 5, "name": 10, "character_string": 32}  # "Template field types"


@dataclass(frozen=True, slots=True)
class Media:
    content: bytes
    content_type: str
    name: str
    until: datetime


@dataclass
class Platform:
    config: PlatformConfig
    now: Now
    push: Push
    tokens: AccessTokens = field(default_factory=AccessTokens)
    menu: dict[str, Any] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # ticket -> scene, until
    calls: list[str] = field(default_factory=list)  # paths asked for, in order
    _followers: dict[str, Follower] = field(default_factory=dict)
    _faults: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _last_msgid: int = 200_228_332

    def follower(self, openid: str) -> Follower:
        return self._followers.setdefault(openid, Follower(openid))

    def fail_next(self, path: str, *codes: int) -> None:
        """The next calls of the path are refused with these codes: 45009 for a used-up quota, -1 for a busy system."""
        self._faults[path].extend(codes)

    def called(self, path: str, access_token: str | None) -> None:
        """Before every call but that for a token. Raises ApiError."""
        self.tokens.check(access_token, self.now())
        self.calls.append(path)
        if self._faults[path]:
            raise ApiError(self._faults[path].pop(0))

    def custom_send(self, body: dict[str, Any]) -> dict[str, object]:
        """ "sendCustomMessage": text and image only. Raises ApiError."""
        follower = self._known(body)
        match body.get("msgtype"):
            case "text":
                _check_text((body.get("text") or {}).get("content", ""))
            case "image":
                self.get_media((body.get("image") or {}).get("media_id", ""))
            case _:
                raise ApiError(40008)
        if not follower.subscribed:
            raise ApiError(45015)
        follower.window.spend(self.now())
        follower.received.append(body)
        return {"errcode": 0, "errmsg": "ok"}

    def template_send(self, body: dict[str, Any]) -> tuple[dict[str, object], int]:
        """ "sendTemplateMessage": the answer and the message's number. Raises ApiError."""
        follower = self._known(body)
        self._check_template(body)
        if not follower.subscribed:
            raise ApiError(43004)
        self._last_msgid += 1
        if not follower.blocks_templates:
            follower.received.append(body)
        return {"errcode": 0, "errmsg": "ok", "msgid": self._last_msgid}, self._last_msgid

    def subscribe_send(self, body: dict[str, Any]) -> dict[str, object]:
        """ "bizsend": each consent of the follower allows one message. Raises ApiError."""
        follower = self._known(body)
        self._check_template(body)
        if body["template_id"] not in follower.accepts:
            raise ApiError(43101)
        follower.accepts.discard(body["template_id"])
        follower.received.append(body)
        return {"errcode": 0, "errmsg": "ok"}

    def create_code(self, body: dict[str, Any]) -> dict[str, object]:
        """ "createQRCode", QR_STR_SCENE only: 1 to 64 characters, at most 30 days. Raises ApiError."""
        scene = ((body.get("action_info") or {}).get("scene") or {}).get("scene_str", "")
        seconds = body.get("expire_seconds", CODE_LASTS_SECONDS)
        if body.get("action_name") != "QR_STR_SCENE" or not 1 <= len(scene) <= 64:
            raise ApiError(40035)
        if not isinstance(seconds, int) or not 0 < seconds <= CODE_LASTS_MOST:
            raise ApiError(40035)
        ticket = secrets.token_urlsafe(48)
        self.codes[ticket] = (scene, self.now() + timedelta(seconds=seconds))
        return {"ticket": ticket, "expire_seconds": seconds, "url": f"http://weixin.qq.com/q/{ticket[:22]}"}

    def get_media(self, media_id: str) -> Media:
        """Raises ApiError."""
        found = self.media.get(media_id)
        if found is None or found.until <= self.now():
            raise ApiError(40007)
        return found

    def upload(self, kind: str, name: str, content: bytes) -> dict[str, object]:
        """ "uploadTempMedia", pictures only: what the file is counts, and its name must have an ending. Raises
        ApiError."""
        if kind != "image":
            raise ApiError(40004)
        if not content:
            raise ApiError(44001)
        known = next((found for head, found in _IMAGES.items() if content.startswith(head)), None)
        if known is None or not name.lower().endswith(_SUFFIXES):
            raise ApiError(40005)
        if len(content) > IMAGE_BYTES:
            raise ApiError(45001)
        made = int(self.now().timestamp())
        return {"type": kind, "media_id": self.keep_media(content, f"image/{known}", known), "created_at": made}

    def keep_media(self, content: bytes, content_type: str, ending: str) -> str:
        media_id = secrets.token_urlsafe(48)
        self.media[media_id] = Media(content, content_type, f"{media_id}.{ending}", self.now() + MEDIA_LASTS)
        return media_id

    def _known(self, body: dict[str, Any]) -> Follower:
        found = self._followers.get(str(body.get("touser", "")))
        if found is None:
            raise ApiError(40003)
        return found

    def _check_template(self, body: dict[str, Any]) -> None:
        fields = self.config.templates.get(str(body.get("template_id", "")))
        if fields is None:
            raise ApiError(40037)
        data = body.get("data") or {}
        for name in fields:
            value = (data.get(name) or {}).get("value", "")
            longest = _LONGEST.get(name.rstrip("0123456789"), 200)
            if not value or len(value) > longest:
                raise ApiError(47003, f"data.{name}.value is invalid")


def _check_text(content: str) -> None:
    if not content:
        raise ApiError(44004)
    if len(content.encode()) > TEXT_BYTES:
        raise ApiError(45002)
