"""One post of the platform: its signature is checked, safe mode decrypted, the XML read."""

import hmac
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers.expat import ExpatError

from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import WeChatSigner

from agent.model.clock import Now
from agent.model.wechat import Deed, WechatInbound
from telephony.wechat.settings import WechatSettings

FRESH = timedelta(minutes=10)
"""A signed address that is older is refused: it does not cover the body in plain mode. Three tries take 15 s."""

_DEEDS = {
    "text": Deed.TEXT,
    "voice": Deed.VOICE,
    "image": Deed.PHOTO,
    **dict.fromkeys(("location", "link", "video", "shortvideo"), Deed.OTHER),
    "subscribe": Deed.FOLLOWED,
    "subscribe_scan": Deed.FOLLOWED,
    "scan": Deed.SCANNED,
    "unsubscribe": Deed.LEFT,
    "click": Deed.CLICKED,
    "templatesendjobfinish": Deed.TEMPLATE_DONE,
}


class Refused(Exception):
    """Not from the platform, or not to be understood. `status` is what the sender gets."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.status = status


class InboundReader:
    def __init__(self, settings: WechatSettings, now: Now) -> None:
        self._settings, self._now = settings, now
        self._crypto = WeChatCrypto(settings.token, settings.aes_key, settings.app_id) if settings.aes_key else None

    def check(self, query: Mapping[str, str]) -> None:
        """The signature of the address: SHA-1 of sorted token, timestamp and nonce. Raises Refused."""
        signer = WeChatSigner()
        timestamp = query.get("timestamp", "")
        signer.add_data(self._settings.token, timestamp, query.get("nonce", ""))
        if not hmac.compare_digest(signer.signature, query.get("signature", "").encode("ascii", "replace").decode()):
            raise Refused("signature is missing or wrong", 403)
        made = datetime.fromtimestamp(int(timestamp), UTC) if timestamp.isascii() and timestamp.isdecimal() else None
        if made is None or abs(self._now() - made) > FRESH:
            raise Refused("timestamp is not of now", 403)

    def read(self, query: Mapping[str, str], body: bytes) -> WechatInbound:
        """Raises Refused."""
        self.check(query)
        try:
            return _inbound(parse_message(self._plain(query, body)))
        except (InvalidSignatureException, InvalidAppIdException):
            raise Refused("message signature or app id is wrong", 403) from None
        except (ExpatError, KeyError, IndexError, TypeError, ValueError, AttributeError, struct.error):
            raise Refused("message makes no sense", 400) from None  # its text may hold the patient's words

    def _plain(self, query: Mapping[str, str], body: bytes) -> str:
        if self._crypto is None:
            if query.get("encrypt_type") == "aes":
                raise Refused("the account is in safe mode, but we have no EncodingAESKey", 403)
            return body.decode()
        if query.get("encrypt_type") != "aes":
            raise Refused("a plain message to an account in safe mode", 403)
        signature, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
        plain: str = self._crypto.decrypt_message(body.decode(), signature, timestamp, nonce)
        return plain


def _inbound(message: Any) -> WechatInbound:
    """Messages are told apart by MsgId, events, which have none, by sender, time and kind."""
    openid, made, kind = str(message.source), message.time, str(getattr(message, "event", message.type)).lower()
    deed = _DEEDS.get(kind, Deed.NOTED)
    text = getattr(message, "content", "") or getattr(message, "recognition", "") or ""
    key, own = _key(message), f"{openid}.{made}.{kind}"
    if deed is Deed.TEMPLATE_DONE:
        key, text = str(message.id), str(message.status)
        own = f"{openid}.{key}.{kind}"
    elif message.id:
        own = str(message.id)
    if not openid or not made:
        raise ValueError("sender or time is missing")
    media = getattr(message, "media_id", "") or ""
    return WechatInbound(f"wechat.{own}", openid, deed, datetime.fromtimestamp(made, UTC), text, key, media)


def _key(message: Any) -> str:
    """A clicked button's key, or the scene of a scanned code; the library has cut off qrscene_."""
    return str(getattr(message, "key", None) or getattr(message, "scene_id", None) or "")
