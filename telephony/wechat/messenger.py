"""WeChat's way out: words while the window is open; after that the template that knocks; after that another channel."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind
from agent.model.wechat import KNOCKED
from agent.schedule.ports import SendFailed
from telephony.wechat.api import WechatApi
from telephony.wechat.failures import NOT_A_FOLLOWER, WINDOW_CLOSED, WechatDown, WechatRefused
from telephony.wechat.settings import WechatSettings

TEXT_BYTES = 2048  # of one customer-service message
MOST_PARTS = 3  # five are allowed for one message of the patient's; two are left for what comes next
SUBJECTS = {
    MessageKind.CHAT: "出院随访有新消息",
    MessageKind.LINK: "出院随访",
    MessageKind.WARM_UP: "出院随访",
    MessageKind.REMINDER: "出院随访还没有做完",
    MessageKind.EDUCATION: "出院后的健康教育",
    MessageKind.NOTICE: "随访通知",
}
INVITES = frozenset({MessageKind.LINK, MessageKind.REMINDER, MessageKind.EDUCATION})
"""What goes by WeChat only because it is nearer: whoever follows no more has an SMS instead."""
_BREAKS = "\n。！？；，"

Instead = Callable[[Message], Awaitable[None]]
"""Sends the patient a word by another channel, at most once for one message; nothing medical in it."""
Draws = Callable[[Message], Awaitable[bytes | None]]
"""The PNG or JPEG that a message of these kinds stands for; None where there is nothing to draw."""
PICTURES = frozenset({MessageKind.TREND, MessageKind.PICTURE})


class Windows(Protocol):
    async def open(self, openid: str) -> bool:
        """Whether the platform takes words for this follower now, as far as we know."""
        ...


class WechatMessenger:
    channel = Channel.WECHAT

    def __init__(
        self, api: WechatApi, settings: WechatSettings, windows: Windows, instead: Instead, draws: Draws
    ) -> None:
        self._api, self._settings, self._windows, self._instead, self._draws = api, settings, windows, instead, draws

    async def send(self, message: Message) -> str:
        """The platform numbers templates only. Raises SendFailed; "window_closed" once another channel has it."""
        try:
            if message.kind in PICTURES:
                return await self._show(message)
            if await self._windows.open(message.to) and await self._say(message):
                return f"custom.{message.id}"
            return await self._knock(message)
        except WechatDown as down:
            raise down.as_send_failed() from None
        except WechatRefused as refusal:
            if refusal.errcode in NOT_A_FOLLOWER and message.kind in INVITES:
                await self._instead(message)
            raise refusal.as_send_failed() from None

    async def _show(self, message: Message) -> str:
        """The picture; where it cannot be had, the words that stand for it. It follows an answer in words, so that
        where the window has closed meanwhile nobody is knocked for."""
        if not await self._windows.open(message.to):
            raise SendFailed("window_closed", retryable=False)
        try:
            if await self._say_by_picture(message):
                return f"image.{message.id}"
        except WechatRefused as refusal:
            if refusal.as_send_failed().code != "rejected":
                raise
        if await self._say(message):
            return f"custom.{message.id}"
        raise SendFailed("window_closed", retryable=False)

    async def _say_by_picture(self, message: Message) -> bool:
        """False where there is nothing to draw."""
        picture = await self._draws(message)
        if picture is None:
            return False
        try:
            media_id = await self._api.upload_image(picture)
        except WechatDown:
            raise WechatDown("no upload", unsure=False) from None  # the patient saw nothing of it
        await self._api.send_image(message.to, media_id)
        return True

    async def _say(self, message: Message) -> bool:
        """False where the platform says that the window is closed, or all five are used up."""
        words = f"{message.text}\n{message.link}" if message.link and message.link not in message.text else message.text
        try:
            for part in parts(words):
                await self._api.send_text(message.to, part)
        except WechatRefused as refusal:
            if refusal.errcode in WINDOW_CLOSED:
                return False
            raise
        return True

    async def _knock(self, message: Message) -> str:
        if self._settings.template_id:
            try:
                number = await self._api.send_template(message.to, self._values(message), message.link)
                return f"{KNOCKED}{number or message.id}"
            except WechatRefused as refusal:
                if refusal.as_send_failed().retryable:
                    raise
        await self._instead(message)
        raise SendFailed("window_closed", retryable=False)

    def _values(self, message: Message) -> dict[str, str]:
        """What the template's fields hold: published lengths, and nothing of the patient."""
        facts = {
            "hospital": self._settings.hospital,
            "subject": SUBJECTS.get(message.kind, SUBJECTS[MessageKind.NOTICE]),
            "time": f"{message.created_at.astimezone(HOSPITAL_ZONE):%Y年%m月%d日 %H:%M}",
        }
        return {
            name: text.format(**facts)[: 20 if name.startswith("thing") else 200]
            for name, text in self._settings.template_fields.items()
        }


def parts(words: str) -> list[str]:
    """The text in pieces the platform takes, broken after a sentence where one ends; what is over is left out, said
    with an ellipsis."""
    rest, made = words.encode(), list[str]()
    while len(rest) > TEXT_BYTES and len(made) < MOST_PARTS:
        piece = rest[: TEXT_BYTES - len("…".encode())].decode(errors="ignore")
        end = max(piece.rfind(mark) for mark in _BREAKS) + 1
        piece = piece[:end] if end > len(piece) // 2 else piece
        rest = rest[len(piece.encode()) :]
        made.append(piece)
    if len(made) == MOST_PARTS:
        made[-1] += "…"
        return made
    return [*made, rest.decode()]
