"""What the platform posts reaches us signed, encrypted, once; what anybody else posts does not."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from agent.model.wechat import Deed, WechatInbound
from machine.virtual_time import MovableClock
from telephony.simulator.wechat.envelope import encrypt, signature, to_xml
from telephony.wechat.settings import CALLBACK_PATH, WechatSettings
from telephony.wechat.webhook import wechat_router
from tests.fakes.wechat_line import AES_KEY, OPENID, account, line


@dataclass
class Taken:
    """An inbox that remembers, and fails or dawdles as it is told."""

    seen: list[WechatInbound] = field(default_factory=list)
    failures: int = 0
    dawdles: int = 0

    async def take_in(self, inbound: WechatInbound) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the store is gone")
        if self.dawdles:
            self.dawdles -= 1
            await asyncio.sleep(30)
        self.seen.append(inbound)


@pytest.fixture(params=[True, False], ids=["safe mode", "plain mode"])
def settings(request: pytest.FixtureRequest) -> WechatSettings:
    return account(safe=request.param)


async def test_the_server_address_is_verified_by_its_echo(settings: WechatSettings) -> None:
    async with line(settings, Taken()) as side:
        assert await side.platform.push.verify()


async def test_words_arrive_as_they_were_written(settings: WechatSettings) -> None:
    inbox = Taken()
    async with line(settings, inbox) as side:
        delivery = await side.deeds.says(OPENID, "130/85今早<&]]>😀")
    assert (delivery.status, delivery.pushes, delivery.fault_shown) == (200, 1, False)
    [inbound] = inbox.seen
    assert inbound.text == "130/85今早<&]]>😀"
    assert (inbound.openid, inbound.deed, inbound.at) == (OPENID, Deed.TEXT, side.clock())
    assert inbound.id == f"wechat.{delivery.message['MsgId']}"


async def test_every_other_deed_is_told_apart(settings: WechatSettings) -> None:
    inbox = Taken()
    async with line(settings, inbox) as side:
        await side.api.create_menu({"button": [{"type": "click", "name": "我的随访", "key": "mine"}]})
        ticket = (await side.api.create_code("scene-1", timedelta(days=1))).partition("ticket=")[2]
        await side.deeds.follows(OPENID, ticket)
        await side.deeds.scans(OPENID, ticket)
        await side.deeds.clicks(OPENID, "mine")
        await side.deeds.speaks(OPENID, b"#!AMR\n", "我胸口疼")
        await side.deeds.shows(OPENID, b"\xff\xd8\xff")
        await side.deeds.sends_place(OPENID)
        await side.deeds.unfollows(OPENID)
    told = [(each.deed, each.key, each.text, bool(each.media)) for each in inbox.seen]
    assert told == [
        (Deed.FOLLOWED, "scene-1", "", False),
        (Deed.SCANNED, "scene-1", "", False),
        (Deed.CLICKED, "mine", "", False),
        (Deed.VOICE, "", "我胸口疼", True),
        (Deed.PHOTO, "", "", True),
        (Deed.OTHER, "", "", False),
        (Deed.LEFT, "", "", False),
    ]
    assert len({each.id for each in inbox.seen}) == 7


async def test_the_same_message_again_has_the_same_id(settings: WechatSettings) -> None:
    inbox = Taken()
    async with line(settings, inbox) as side:
        for first in (await side.deeds.says(OPENID, "好"), await side.deeds.follows(OPENID)):
            await side.deeds.again(first)
    said, followed, said_again, followed_again = (each.id for each in inbox.seen)
    assert (said, followed) == (said_again, followed_again)
    assert said != followed


async def test_what_could_not_be_kept_is_sent_again_by_the_platform(settings: WechatSettings) -> None:
    inbox = Taken(failures=2)
    async with line(settings, inbox) as side:
        delivery = await side.deeds.says(OPENID, "喘不上气")
    assert (delivery.status, delivery.pushes) == (200, 3)
    assert [each.text for each in inbox.seen] == ["喘不上气"]


async def test_three_pushes_are_all_there_is(settings: WechatSettings) -> None:
    async with line(settings, Taken(failures=3)) as side:
        delivery = await side.deeds.says(OPENID, "好")
    assert (delivery.status, delivery.pushes, delivery.fault_shown) == (None, 3, True)


def _post(settings: WechatSettings, clock: MovableClock, words: str, **changes: str) -> tuple[dict[str, str], bytes]:
    """A push as the platform makes it, with something changed."""
    stamp, nonce = str(int(clock().timestamp())), "77"
    fields: dict[str, str | int] = {
        "ToUserName": "gh", "FromUserName": OPENID, "CreateTime": int(stamp), "MsgType": "text", "Content": words,
        "MsgId": 1,
    }  # fmt: skip
    secret = encrypt(changes.pop("key", AES_KEY), changes.pop("app_id", settings.app_id), to_xml(fields))
    query = {"timestamp": stamp, "nonce": nonce, "signature": signature(settings.token, stamp, nonce)}
    query |= {"encrypt_type": "aes", "msg_signature": signature(settings.token, stamp, nonce, secret)}
    return query | changes, to_xml({"ToUserName": "gh", "Encrypt": secret}).encode()


async def _answer(settings: WechatSettings, query: dict[str, str], body: bytes) -> tuple[int, int]:
    inbox, ours = Taken(), FastAPI()
    ours.include_router(wechat_router(settings, inbox, MovableClock()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(ours)) as http:
        answer = await http.post(f"http://suifang{CALLBACK_PATH}", params=query, content=body)
    return answer.status_code, len(inbox.seen)


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "0" * 40},
        {"signature": "签名"},
        {"msg_signature": "0" * 40},
        {"timestamp": "1"},
        {"timestamp": "soon"},
        {"app_id": "wxsomebodyelse"},
        {"encrypt_type": "raw"},
    ],
    ids=str,
)
async def test_a_forged_push_is_refused(changes: dict[str, str]) -> None:
    settings = account()
    assert await _answer(settings, *_post(settings, MovableClock(), "好", **changes)) == (403, 0)


async def test_an_old_push_is_refused() -> None:
    settings, before = account(), MovableClock()
    before.passes(minutes=-11)
    assert await _answer(settings, *_post(settings, before, "好")) == (403, 0)


async def test_a_true_push_is_taken_which_shows_that_the_others_fail_for_their_reason() -> None:
    settings = account()
    assert await _answer(settings, *_post(settings, MovableClock(), "好")) == (200, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"<xml><Encrypt>AAAA</Encrypt></xml>",
        b"\xff\xfe",
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><FromUserName>&a;</FromUserName></xml>',
        b"<xml><MsgType>text</MsgType></xml>",
        b"<xml><MsgType>text</MsgType><FromUserName>o</FromUserName><CreateTime>soon</CreateTime></xml>",
    ],
)
async def test_garbage_is_refused_in_both_modes(body: bytes) -> None:
    clock = MovableClock()
    for settings in (account(), account(safe=False)):
        query, _ = _post(settings, clock, "好")
        query |= {} if settings.aes_key else {"encrypt_type": ""}
        status, taken = await _answer(settings, query, body)
        assert status in (400, 403)
        assert taken == 0


async def test_a_message_longer_than_any_real_one_is_not_read() -> None:
    settings = account()
    query, body = _post(settings, MovableClock(), "好")
    assert await _answer(settings, query, body + b" " * 70_000) == (413, 0)


def test_settings_that_cannot_work_are_refused() -> None:
    for change in ({"app_id": ""}, {"token": "短"}, {"aes_key": "short"}, {"template_fields": {}}):
        with pytest.raises(ValueError, match=r"app_id|token|aes_key|template_fields"):
            replace(account(), **change)  # type: ignore[arg-type]
