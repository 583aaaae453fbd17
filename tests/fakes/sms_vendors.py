"""The Chinese SMS vendors and our adapters over one house that chats; no socket between them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from agent.chat.texts import TextsOfPatients
from agent.model.contact import Channel
from machine.sms_account import sentences_of
from settings import Settings
from telephony.aliyun import AliyunMessenger, AliyunSettings, aliyun_router
from telephony.simulator.sms.account import Account
from telephony.simulator.sms.aliyun import AliyunVendor, aliyun_app
from telephony.simulator.sms.tencent import TencentVendor, tencent_app
from telephony.sms.sentences import Sentences
from telephony.tencent import TencentMessenger, TencentSettings, tencent_router
from tests.fakes.chat_house import ChatHouse

SECRET, SIGN = "only-the-console-was-told", "市一医院"
HOUSE = {"public_url": "https://h.cn", "hospital": "市一医院", "callback_number": "0571-88000000"}
PLACES = {"aliyun": "${{{name}}}", "tencent": "{{{number}}}"}
HOOKS = "http://suifang"


@dataclass(frozen=True)
class VendorSide:
    house: ChatHouse
    vendor: AliyunVendor | TencentVendor
    messenger: AliyunMessenger | TencentMessenger
    to_us: httpx.AsyncClient
    hooks: str  # where the vendor posts


def account(vendor: str) -> tuple[Account, Sentences]:
    """Every sentence approved, as template SMS_1, SMS_2, … (Tencent: 1001, …)."""
    known = sentences_of(Settings(**HOUSE), "")  # type: ignore[arg-type]
    codes = {name: f"SMS_{n}" if vendor == "aliyun" else str(1000 + n) for n, name in enumerate(known.sentences, 1)}
    given = "; ".join(f"{name}={code}" for name, code in codes.items())
    sentences = sentences_of(Settings(**HOUSE), given)  # type: ignore[arg-type]
    templates = {code: sentences.as_template(name, PLACES[vendor]) for name, code in codes.items()}
    return Account("key-of-the-house", "secret-of-the-house", SIGN, templates, app_id="1400006666"), sentences


@asynccontextmanager
async def aliyun() -> AsyncIterator[VendorSide]:
    house = await _house()
    approved, sentences = account("aliyun")
    settings = AliyunSettings(approved.key_id, approved.key_secret, SIGN, sentences, SECRET, "http://dysmsapi")
    vendor = AliyunVendor(approved, lambda: house.now)
    hooks, ours = TextsOfPatients(house.parts, house.desk), FastAPI()
    ours.include_router(aliyun_router(settings, hooks, lambda: house.now))
    async with _client(aliyun_app(vendor)) as to_them, _client(ours) as to_us:
        messenger = AliyunMessenger(settings, to_them, lambda: house.now, house.parts.new_id)
        yield VendorSide(house, vendor, messenger, to_us, f"{HOOKS}/aliyun/sms/{SECRET}")


@asynccontextmanager
async def tencent() -> AsyncIterator[VendorSide]:
    house = await _house()
    approved, sentences = account("tencent")
    settings = TencentSettings(
        approved.key_id, approved.key_secret, approved.app_id, SIGN, sentences, SECRET, base_url="http://sms.tencent"
    )
    vendor = TencentVendor(approved, lambda: house.now)
    hooks, ours = TextsOfPatients(house.parts, house.desk), FastAPI()
    ours.include_router(tencent_router(settings, hooks, lambda: house.now))
    async with _client(tencent_app(vendor)) as to_them, _client(ours) as to_us:
        yield VendorSide(
            house, vendor, TencentMessenger(settings, to_them, lambda: house.now), to_us,
            f"{HOOKS}/tencent/sms/{SECRET}",
        )  # fmt: skip


VENDORS: dict[str, Callable[[], AbstractAsyncContextManager[VendorSide]]] = {"aliyun": aliyun, "tencent": tencent}


async def _house() -> ChatHouse:
    return await ChatHouse(Channel.SMS, any_words=False).ready()


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), trust_env=False)
