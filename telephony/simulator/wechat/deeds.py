"""What followers do, as the account's server hears of it: messages ("Receiving standard messages") and events
("Receiving event pushes")."""

import itertools
from datetime import timedelta

from telephony.simulator.wechat.menu import keys_of
from telephony.simulator.wechat.people import Delivery
from telephony.simulator.wechat.platform import Platform
from telephony.simulator.wechat.windows import Deed

_FIRST_MSGID = 23_456_789_012_345_678


class Deeds:
    """Each method is one thing a person does; it returns how the push went."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._ids = itertools.count(_FIRST_MSGID)

    async def says(self, openid: str, words: str) -> Delivery:
        return await self._message(openid, {"MsgType": "text", "Content": words})

    async def speaks(self, openid: str, amr: bytes, recognition: str | None = None) -> Delivery:
        """A voice message: AMR, 8 kHz; `Recognition` only where the account has that switched on."""
        media_id = self._platform.keep_media(amr, "voice/amr", "amr")
        fields: dict[str, str | int] = {"MsgType": "voice", "MediaId": media_id, "Format": "amr"}
        return await self._message(openid, fields | ({"Recognition": recognition} if recognition else {}))

    async def shows(self, openid: str, jpeg: bytes) -> Delivery:
        media_id = self._platform.keep_media(jpeg, "image/jpeg", "jpg")
        return await self._message(
            openid, {"MsgType": "image", "PicUrl": f"http://mmbiz.qpic.cn/{media_id[:8]}/0", "MediaId": media_id}
        )

    async def sends_place(self, openid: str) -> Delivery:
        return await self._message(
            openid, {"MsgType": "location", "Location_X": "30.27", "Location_Y": "120.15", "Scale": 20, "Label": "家"}
        )

    async def again(self, earlier: Delivery) -> Delivery:
        """The same push once more, as after an answer that was lost."""
        return await self._platform.push.deliver(earlier.message)

    async def follows(self, openid: str, ticket: str = "") -> Delivery:
        """With a code's ticket: followed by scanning it. Its key then begins with qrscene_."""
        follower = self._platform.follower(openid)
        follower.subscribed = True
        follower.window.open(Deed.FOLLOW, self._platform.now())
        scene = {"EventKey": f"qrscene_{self._scene(ticket)}", "Ticket": ticket} if ticket else {"EventKey": ""}
        return await self._event(openid, {"Event": "subscribe", **scene})

    async def scans(self, openid: str, ticket: str) -> Delivery:
        """By somebody who follows already; others follow by it."""
        follower = self._platform.follower(openid)
        if not follower.subscribed:
            return await self.follows(openid, ticket)
        follower.window.open(Deed.SCAN, self._platform.now())
        return await self._event(openid, {"Event": "SCAN", "EventKey": self._scene(ticket), "Ticket": ticket})

    async def unfollows(self, openid: str) -> Delivery:
        follower = self._platform.follower(openid)
        follower.subscribed = False
        follower.window.close()
        return await self._event(openid, {"Event": "unsubscribe", "EventKey": ""})

    async def clicks(self, openid: str, key: str) -> Delivery:
        """Raises ValueError for a key that no button of the menu has."""
        if key not in keys_of(self._platform.menu):
            raise ValueError(f"no button has the key {key}")
        self._platform.follower(openid).window.open(Deed.CLICK, self._platform.now())
        return await self._event(openid, {"Event": "CLICK", "EventKey": key})

    async def template_done(self, openid: str, msgid: int) -> Delivery:
        """ "sendTemplateMessage": the event that follows each, with what became of it."""
        blocked = self._platform.follower(openid).blocks_templates
        status = "failed:user block" if blocked else "success"
        return await self._event(openid, {"Event": "TEMPLATESENDJOBFINISH", "MsgID": msgid, "Status": status})

    async def _message(self, openid: str, fields: dict[str, str | int]) -> Delivery:
        self._platform.follower(openid).window.open(Deed.MESSAGE, self._platform.now())
        return await self._platform.push.deliver(self._head(openid) | fields | {"MsgId": next(self._ids)})

    async def _event(self, openid: str, fields: dict[str, str | int]) -> Delivery:
        return await self._platform.push.deliver(self._head(openid) | {"MsgType": "event"} | fields)

    def _head(self, openid: str) -> dict[str, str | int]:
        made = int(self._platform.now().timestamp())
        return {"ToUserName": self._platform.config.account, "FromUserName": openid, "CreateTime": made}

    def _scene(self, ticket: str) -> str:
        scene, until = self._platform.codes[ticket]
        if until - self._platform.now() <= timedelta():
            raise ValueError("the code has expired; the platform shows the person so and tells the account nothing")
        return scene
