"""The account as the server wires it: settings in, callback, desk and messenger out, on the true clock."""

from pathlib import Path

import httpx
from fastapi import FastAPI

from agent.model.clock import utc_now
from agent.model.contact import Channel
from agent.schedule.post import Post
from settings import Settings, WechatAccount
from telephony.simulator.wechat import PlatformConfig, create_app
from telephony.wechat.settings import CALLBACK_PATH
from tests.fakes.chat_house import ChatHouse
from tests.fakes.wechat_line import AES_KEY, FIELDS, OPENID, TEMPLATE
from wiring.wechat import wechat_for


def _settings(data: Path) -> Settings:
    account = WechatAccount(
        app_id="wx0", app_secret="s", token="abc123", aes_key=AES_KEY, base_url="http://platform",
        template_id=TEMPLATE, template_fields="thing1={hospital}; thing2={subject}; time3={time}",
    )  # fmt: skip
    return Settings(data=data, wechat=account, allow_drafts=True)


async def test_a_stranger_binds_and_gives_a_code_to_the_family(tmp_path: Path) -> None:
    house = await ChatHouse(Channel.WECHAT, now=utc_now()).ready()
    settings, ours = _settings(tmp_path), FastAPI()
    given = settings.wechat
    config = PlatformConfig(
        given.app_id, given.app_secret, given.token, f"http://suifang{CALLBACK_PATH}", AES_KEY,
        templates={TEMPLATE: FIELDS},
    )  # fmt: skip
    theirs = create_app(config, utc_now, httpx.AsyncClient(transport=httpx.ASGITransport(ours)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(theirs)) as http:
        wechat = wechat_for(settings, http, house.parts, house.desk)
        assert wechat is not None
        ours.include_router(wechat.routes)
        post = Post(house.store, {Channel.WECHAT: wechat.messenger}, utc_now)
        deeds, platform = theirs.state.deeds, theirs.state.platform
        assert await platform.push.verify()
        await deeds.follows(OPENID)
        for words in ("王建国 1955 13900000001", "家属"):
            await deeds.says(OPENID, words)
            await wechat.desk.run_once()
            await post.run_once()
    welcome, bound, family = platform.follower(OPENID).texts()
    assert "姓名 出生年份 手机号" in welcome
    assert "绑定好了，王建国" in bound
    assert "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=" in family


async def test_a_house_without_an_account_has_no_channel(tmp_path: Path) -> None:
    house = await ChatHouse(Channel.WECHAT).ready()
    async with httpx.AsyncClient() as http:
        assert wechat_for(Settings(data=tmp_path), http, house.parts, house.desk) is None
