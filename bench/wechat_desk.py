"""The WeChat desk over a store, with the real reading and the real chat, whose dialogue nobody runs."""

from datetime import datetime, timedelta

from agent.chat.desk import ChatDesk
from agent.model.message import MessageStatus
from agent.store.ports import Store
from agent.wechat import content
from agent.wechat.codes import BindingCodes
from agent.wechat.desk import WechatDesk
from agent.wechat.parts import MediaLater, WechatParts
from bench.chat import PlainDecider, parts_over
from folders import NLU_DATA


async def _no_media(media_id: str, name: str) -> str:
    raise MediaLater


async def _no_code(scene: str, lasts: timedelta) -> str:
    raise MediaLater


async def _no_receipt(message_id: str, status: MessageStatus, at: datetime, code: str) -> None:
    return None


def desk_over(store: Store) -> WechatDesk:
    chat = parts_over(store, PlainDecider())
    return WechatDesk(
        WechatParts(
            store=store, chat=ChatDesk(chat), reads=chat.reads, content=content.load(NLU_DATA, drafts=True),
            hospital=chat.hospital, allowed=chat.allowed, codes=BindingCodes(b"bench"), code_for=_no_code,
            keep_media=_no_media, note_receipt=_no_receipt, now=chat.now, new_id=chat.new_id,
        )
    )  # fmt: skip
