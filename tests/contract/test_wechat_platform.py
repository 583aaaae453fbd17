"""Our API client against the platform's published rules: tokens, windows, quotas, templates, codes, menu, media."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from machine.virtual_time import MovableClock
from telephony.simulator.wechat.deeds import Deeds
from telephony.simulator.wechat.windows import Deed, Window
from telephony.wechat.api import WechatApi
from telephony.wechat.failures import WechatDown, WechatRefused
from telephony.wechat.settings import TemplateKind
from tests.contract.test_wechat_callback import Taken
from tests.fakes.wechat_line import OPENID, TEMPLATE, Line, account, line

PICTURE = b"\x89PNG\r\n\x1a\n and what follows"
VALUES = {"thing1": "市第一人民医院", "thing2": "出院随访", "time3": "2026年3月2日 10:00"}


async def _following(side: Line) -> Deeds:
    await side.deeds.follows(OPENID)
    await side.deeds.says(OPENID, "你好")
    return side.deeds


async def test_one_token_serves_everybody_who_waits_for_it() -> None:
    async with line(account(), Taken()) as side:
        await _following(side)
        await asyncio.gather(*(side.api.send_text(OPENID, f"第{n}句") for n in range(5)))
        assert side.platform.tokens.issued == 1
        assert len(side.platform.follower(OPENID).texts()) == 5


async def test_a_token_is_renewed_five_minutes_before_its_end() -> None:
    async with line(account(), Taken()) as side:
        await _following(side)
        for minutes, issued in ((0, 1), (114, 1), (1, 2)):
            side.clock.passes(minutes=minutes)
            await side.api.check()
            assert side.platform.tokens.issued == issued, minutes


async def test_a_token_that_somebody_else_killed_is_replaced_and_the_message_still_goes() -> None:
    async with line(account(), Taken()) as side:
        await _following(side)
        await side.api.send_text(OPENID, "一")
        side.platform.tokens.revoke()
        await asyncio.gather(side.api.send_text(OPENID, "二"), side.api.send_text(OPENID, "三"))
        assert sorted(side.platform.follower(OPENID).texts()) == ["一", "三", "二"]
        assert side.platform.tokens.issued == 2


async def test_a_token_the_platform_insists_on_is_forced() -> None:
    async with line(account(), Taken()) as side:
        await _following(side)
        await side.api.send_text(OPENID, "一")
        side.platform.fail_next("message/custom/send", 42001)
        await side.api.send_text(OPENID, "二")
        assert side.platform.tokens.issued == 2


async def test_wrong_names_and_secrets_are_told() -> None:
    async with line(account(), Taken()) as side:
        for change, code in (({"app_id": "wx0"}, 40013), ({"app_secret": "x"}, 40125)):
            settings = account()
            for name, value in change.items():
                object.__setattr__(settings, name, value)
            api = WechatApi(settings, side.api._http, side.clock)
            with pytest.raises(WechatRefused) as refusal:
                await api.check()
            assert refusal.value.errcode == code
            assert not refusal.value.as_send_failed().retryable


async def test_five_messages_are_allowed_for_one_of_the_patients() -> None:
    async with line(account(), Taken()) as side:
        deeds = await _following(side)
        side.clock.passes(minutes=2)  # the three for following are gone
        for number in range(5):
            await side.api.send_text(OPENID, str(number))
        with pytest.raises(WechatRefused, match="45047"):
            await side.api.send_text(OPENID, "六")
        await deeds.says(OPENID, "在")
        await side.api.send_text(OPENID, "六")


async def test_after_forty_eight_hours_nothing_goes() -> None:
    async with line(account(), Taken()) as side:
        await _following(side)
        side.clock.passes(hours=47, minutes=59)
        await side.api.send_text(OPENID, "还在")
        side.clock.passes(minutes=1)
        with pytest.raises(WechatRefused, match="45015") as refusal:
            await side.api.send_text(OPENID, "晚了")
        assert refusal.value.as_send_failed().code == "window_closed"


def test_a_click_opens_one_minute_for_three_messages() -> None:
    clock, window = MovableClock(), Window()
    window.open(Deed.CLICK, clock())
    for _ in range(3):
        window.spend(clock())
    with pytest.raises(Exception, match="45047"):
        window.spend(clock())
    window.open(Deed.CLICK, clock())
    clock.passes(minutes=1)
    with pytest.raises(Exception, match="45015"):
        window.spend(clock())


async def test_whoever_left_gets_nothing() -> None:
    async with line(account(), Taken()) as side:
        deeds = await _following(side)
        await deeds.unfollows(OPENID)
        with pytest.raises(WechatRefused, match="45015"):
            await side.api.send_text(OPENID, "还在吗")
        with pytest.raises(WechatRefused, match="43004"):
            await side.api.send_template(OPENID, VALUES, None)
        with pytest.raises(WechatRefused, match="40003") as refusal:
            await side.api.send_text("oNobody", "您好")
        assert refusal.value.as_send_failed().code == "bad_address"


async def test_a_template_message_goes_without_a_window_and_is_reported() -> None:
    inbox = Taken()
    async with line(account(), inbox) as side:
        await side.deeds.follows(OPENID)
        side.clock.passes(days=3)
        number = await side.api.send_template(OPENID, VALUES, "https://suifang/c/1")
        await asyncio.sleep(0.05)
    assert side.platform.follower(OPENID).received[-1]["url"] == "https://suifang/c/1"
    assert (inbox.seen[-1].key, inbox.seen[-1].text) == (number, "success")


async def test_a_template_of_another_account_or_too_long_a_field_is_refused() -> None:
    async with line(account(template="tpl-other"), Taken()) as side:
        await side.deeds.follows(OPENID)
        with pytest.raises(WechatRefused, match="40037") as refusal:
            await side.api.send_template(OPENID, VALUES, None)
        assert refusal.value.as_send_failed().code == "no_template"
    async with line(account(), Taken()) as side:
        await side.deeds.follows(OPENID)
        with pytest.raises(WechatRefused, match="47003"):
            await side.api.send_template(OPENID, {**VALUES, "thing2": "长" * 21}, None)


async def test_a_subscription_allows_one_message_a_consent() -> None:
    async with line(account(kind=TemplateKind.SUBSCRIBE), Taken()) as side:
        await side.deeds.follows(OPENID)
        with pytest.raises(WechatRefused, match="43101"):
            await side.api.send_template(OPENID, VALUES, None)
        side.platform.follower(OPENID).accepts.add(TEMPLATE)
        await side.api.send_template(OPENID, VALUES, "https://suifang/c/1")
        assert side.platform.follower(OPENID).received[-1]["page"] == "https://suifang/c/1"
        with pytest.raises(WechatRefused, match="43101"):
            await side.api.send_template(OPENID, VALUES, None)


async def test_a_quota_used_up_and_a_busy_platform_may_be_tried_later() -> None:
    async with line(account(), Taken()) as side:
        await _following(side)
        side.platform.fail_next("message/custom/send", 45009, -1)
        for code in ("rate_limited", "provider_down"):
            with pytest.raises(WechatRefused) as refusal:
                await side.api.send_text(OPENID, "您好")
            failed = refusal.value.as_send_failed()
            assert (failed.code, failed.retryable, failed.unsure) == (code, True, False)


async def test_chinese_is_not_sent_as_escapes() -> None:
    async with line(account(), Taken()) as side:
        token = await side.api._token.get()
        url = f"http://platform/cgi-bin/message/custom/send?access_token={token}"
        refused = await side.api._http.post(url, content=b'{"touser":"o","text":{"content":"\\u597d"}}')
        assert refused.json()["errcode"] == 40033


async def test_an_expired_code_and_a_menu_too_large_are_refused() -> None:
    async with line(account(), Taken()) as side:
        address = await side.api.create_code("s" * 64, timedelta(days=1))
        side.clock.passes(days=1)
        with pytest.raises(ValueError, match="expired"):
            await side.deeds.scans(OPENID, address.partition("ticket=")[2])
        for scene, lasts in (("s" * 65, timedelta(days=1)), ("", timedelta(days=1)), ("s", timedelta(days=31))):
            with pytest.raises(WechatRefused, match="40035"):
                await side.api.create_code(scene, lasts)
        button = {"type": "click", "name": "我的随访", "key": "mine"}
        for menu, code in (([button] * 4, 40016), ([{**button, "name": "我的随访情况"}], 40018)):
            with pytest.raises(WechatRefused, match=str(code)):
                await side.api.create_menu({"button": menu})


async def test_media_are_fetched_and_gone_after_three_days() -> None:
    inbox = Taken()
    async with line(account(), inbox) as side:
        await side.deeds.shows(OPENID, b"\xff\xd8\xff picture")
        media = await side.api.media(inbox.seen[0].media)
        assert (media.content, media.content_type) == (b"\xff\xd8\xff picture", "image/jpeg")
        side.clock.passes(days=3)
        with pytest.raises(WechatRefused, match="40007"):
            await side.api.media(inbox.seen[0].media)


async def test_a_picture_is_uploaded_and_sent_again_until_three_days_are_over() -> None:
    async with line(account(), Taken()) as side:
        await _following(side)
        media_id = await side.api.upload_image(PICTURE)
        for _ in range(2):
            await side.api.send_image(OPENID, media_id)
        assert side.platform.follower(OPENID).pictures() == [media_id] * 2
        assert (await side.api.media(media_id)).content == PICTURE
        side.clock.passes(days=3)
        await side.deeds.says(OPENID, "你好")
        with pytest.raises(WechatRefused, match="40007"):
            await side.api.send_image(OPENID, media_id)


async def test_an_upload_with_a_token_that_was_killed_goes_with_another() -> None:
    async with line(account(), Taken()) as side:
        await side.api.check()
        side.platform.tokens.revoke()
        assert await side.api.upload_image(PICTURE)
        assert side.platform.tokens.issued == 2


async def test_what_is_no_picture_or_too_large_is_refused() -> None:
    async with line(account(), Taken()) as side:
        for content, code in ((b"", 44001), (b"RIFF....WEBP", 40005), (PICTURE + b"0" * 2 * 1024 * 1024, 45001)):
            with pytest.raises(WechatRefused, match=str(code)) as refusal:
                await side.api.upload_image(content)
            assert not refusal.value.as_send_failed().retryable


@pytest.mark.parametrize(
    ("kind", "sent", "code"),
    [
        ("film", {"files": {"media": ("a.png", PICTURE, "image/png")}}, 40004),
        ("image", {"files": {"media": ("a", PICTURE, "image/png")}}, 40005),
        ("image", {"files": {"file": ("a.png", PICTURE, "image/png")}}, 41005),
        ("image", {"content": PICTURE}, 41005),
    ],
    ids=["another kind", "no ending", "another field", "no form"],
)
async def test_the_platform_takes_the_published_form_only(kind: str, sent: dict[str, Any], code: int) -> None:
    async with line(account(), Taken()) as side:
        token = await side.api._token.get()
        url = f"http://platform/cgi-bin/media/upload?access_token={token}&type={kind}"
        assert (await side.api._http.post(url, **sent)).json()["errcode"] == code


@pytest.mark.parametrize(
    ("answer", "unsure"),
    [
        (httpx.Response(502), True),
        (httpx.Response(404), False),
        (httpx.Response(200, text="<html>"), True),
        (httpx.ConnectError("no"), False),
        (httpx.ReadTimeout("late"), True),
    ],
)
async def test_no_answer_that_makes_sense_is_told_apart_from_no_connection(
    answer: httpx.Response | Exception, unsure: bool
) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("stable_token"):
            return httpx.Response(200, json={"access_token": "t", "expires_in": 7200})
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as http:
        with pytest.raises(WechatDown) as down:
            await WechatApi(account(), http, MovableClock()).send_text(OPENID, "您好")
    assert down.value.as_send_failed().unsure is unsure
    assert "access_token" not in str(down.value)
