"""The official-account platform on one side, our callback and API client on the other; no socket between them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from machine.virtual_time import MovableClock
from telephony.simulator.wechat import Platform, PlatformConfig
from telephony.simulator.wechat import create_app as platform_app
from telephony.simulator.wechat.deeds import Deeds
from telephony.wechat.api import WechatApi
from telephony.wechat.settings import CALLBACK_PATH, TemplateKind, WechatSettings
from telephony.wechat.webhook import Inbox, wechat_router
from tests.fakes.lossy import Lossy

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TEMPLATE, FIELDS = "tpl-follow-up", ("thing1", "thing2", "time3")
OPENID = "oPatient000000000000000000001"


@dataclass(frozen=True)
class Line:
    platform: Platform
    deeds: Deeds
    api: WechatApi
    settings: WechatSettings
    clock: MovableClock
    lossy: Lossy


def account(
    *, safe: bool = True, kind: TemplateKind = TemplateKind.TEMPLATE, template: str = TEMPLATE
) -> WechatSettings:
    return WechatSettings(
        "wx0123456789abcdef",
        "secret-of-the-account",
        "suifangtoken",
        AES_KEY if safe else "",
        "http://platform",
        template,
        kind,
        {"thing1": "{hospital}", "thing2": "{subject}", "time3": "{time}"},
        "市第一人民医院",
    )


@asynccontextmanager
async def line(settings: WechatSettings, inbox: Inbox, clock: MovableClock | None = None) -> AsyncIterator[Line]:
    """Everything the account's followers do reaches `inbox`; all time is the clock's."""
    clock = clock or MovableClock()
    ours = FastAPI()
    ours.include_router(wechat_router(settings, inbox, clock))
    config = PlatformConfig(
        settings.app_id, settings.app_secret, settings.token, f"http://suifang{CALLBACK_PATH}", settings.aes_key,
        templates={TEMPLATE: FIELDS},
    )  # fmt: skip
    to_us = httpx.AsyncClient(transport=httpx.ASGITransport(ours, raise_app_exceptions=False))
    theirs = platform_app(config, clock, to_us)
    lossy = Lossy(theirs)
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(lossy)) as to_them,
        theirs.router.lifespan_context(theirs),
    ):
        api = WechatApi(settings, to_them, clock)
        yield Line(theirs.state.platform, theirs.state.deeds, api, settings, clock, lossy)
