"""The WeChat official account, given what it is made of; nothing where the house has none."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from fastapi import APIRouter

from agent.chat.parts import ChatParts
from agent.model.clock import utc_now
from agent.model.contact import Channel
from agent.model.message import MessageStatus
from agent.schedule.ports import Messenger
from agent.schedule.post import note_receipt
from agent.schedule.runner import Round, Runner
from agent.store.ports import Store
from agent.wechat import content
from agent.wechat.codes import BindingCodes
from agent.wechat.desk import WechatDesk
from agent.wechat.instead import BySms
from agent.wechat.parts import MediaLater, NoteReceipt, TakesPieces, WechatParts
from agent.wechat.windows import RecordedWindows
from folders import NLU_DATA
from machine.wechat_account import account_of
from settings import Settings
from telephony.wechat.api import WechatApi
from telephony.wechat.failures import WechatDown, WechatRefused
from telephony.wechat.messenger import WechatMessenger
from telephony.wechat.webhook import wechat_router
from wiring.chat import Chat
from wiring.pages import secret_key
from wiring.wechat_media import keeper
from wiring.wechat_pictures import drawer


@dataclass(frozen=True, slots=True)
class Wechat:
    desk: WechatDesk
    messenger: WechatMessenger
    routes: APIRouter


def codes_of(settings: Settings) -> BindingCodes:
    return BindingCodes(secret_key(settings.data))


def open_wechat(
    settings: Settings, http: httpx.AsyncClient, chat: Chat, messengers: dict[Channel, Messenger], runner: Runner
) -> Wechat | None:
    """The account's messenger joins the others, its desk the heartbeat; its routes are still to be opened. None where
    no account is set. Raises SettingsError."""
    wechat = wechat_for(settings, http, chat.parts, chat.desk)
    if wechat is not None:
        messengers[Channel.WECHAT] = wechat.messenger
        runner.give(Round.WECHAT, wechat.desk.run_once)
    return wechat


def wechat_for(settings: Settings, http: httpx.AsyncClient, chat: ChatParts, desk: TakesPieces) -> Wechat | None:
    """None where no account is set. Raises SettingsError."""
    account = account_of(settings)
    if account is None:
        return None
    api = WechatApi(account, http, utc_now)
    parts = WechatParts(
        store=chat.store,
        chat=desk,
        reads=chat.reads,
        content=content.load(NLU_DATA, drafts=settings.allow_drafts),
        hospital=chat.hospital,
        allowed=chat.allowed,
        codes=codes_of(settings),
        code_for=_coder(api),
        keep_media=keeper(api, settings.data),
        note_receipt=_receipts(chat.store),
        now=utc_now,
        new_id=chat.new_id,
    )
    wechat = WechatDesk(parts)
    windows = RecordedWindows(chat.store, utc_now)
    messenger = WechatMessenger(api, account, windows, BySms(chat), drawer(chat))
    return Wechat(wechat, messenger, wechat_router(account, wechat, utc_now))


def _coder(api: WechatApi) -> Callable[[str, timedelta], Awaitable[str]]:
    async def code_for(scene: str, lasts: timedelta) -> str:
        try:
            return await api.create_code(scene, lasts)
        except (WechatDown, WechatRefused):
            raise MediaLater from None

    return code_for


def _receipts(store: Store) -> NoteReceipt:
    async def note(message_id: str, status: MessageStatus, at: datetime, code: str) -> None:
        await note_receipt(store, message_id, status, at, code)

    return note
