"""Aliyun and Tencent SMS: signatures against the published examples, the stand-ins against the published limits."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.schedule.ports import SendFailed
from agent.schedule.post import ASKED_FOR, Post
from machine.finding import Health
from machine.sms_check import sms_check
from settings import Settings, SettingsError
from telephony.aliyun.signature import authorization as acs3
from telephony.simulator.sms.aliyun import AliyunVendor
from telephony.sms.pushes import e164
from telephony.sms.sentences import codes_of
from telephony.tencent.signature import Key
from telephony.tencent.signature import authorization as tc3
from tests.fakes.chat_house import CHAT, LINK, PHONE
from tests.fakes.sms_vendors import HOOKS, HOUSE, SECRET, SIGN, VENDORS, VendorSide, account, aliyun, tencent
from wiring.messages import messengers_for

INVITED = f"市一医院随访：请点开链接回答几个问题，约一分钟。{LINK} 退订回T"


def test_aliyuns_published_example_is_signed_as_it_is_printed() -> None:
    """The example of the vendor's page on signature version 3, with its own key and nonce."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    signed = acs3("YourAccessKeyId", "YourAccessKeySecret", "POST", query, headers)
    assert signed.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_tencents_published_example_is_signed_as_it_is_printed() -> None:
    """The example of the vendor's page on signature version 3: the key is printed, and was signed with, as stars."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    key = Key("AKID" + "*" * 32, "*" * 32)
    signed = tc3(key, "cvm.tencentcloudapi.com", "DescribeInstances", 1551113065, body)
    assert "Credential=AKID********************************/2019-02-25/cvm/tc3_request" in signed
    assert signed.endswith("Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f")


async def test_the_simulated_aliyun_takes_the_published_example_and_nothing_altered() -> None:
    """Its verification was written apart from ours: held against the same printed signature."""
    async with aliyun() as side:
        vendor = side.vendor
        assert isinstance(vendor, AliyunVendor)
        day = datetime(2023, 10, 26, 10, 23, tzinfo=UTC)
        side.house.now = day
        headers = {
            "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26",
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(), "x-acs-date": "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
            "authorization": "ACS3-HMAC-SHA256 Credential=key-of-the-house,SignedHeaders=host;x-acs-action;"
            "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
        }  # fmt: skip
        object.__setattr__(vendor.account, "key_secret", "YourAccessKeySecret")
        base = "http://dysmsapi/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"
        refusals = (
            (base + "x", "SignatureDoesNotMatch"),
            (base, "InvalidAction.NotFound"),
            (base, "SignatureNonceUsed"),
        )
        for url, code in refusals:
            told = await side.messenger._http.post(url, headers=headers)
            assert told.json()["Code"] == code


@pytest.fixture(params=tuple(VENDORS))
async def side(request: pytest.FixtureRequest) -> Any:
    async with VENDORS[request.param]() as made:
        yield made


def message(**changes: Any) -> Message:
    given: dict[str, Any] = {"id": "m1", "text": INVITED, "to": PHONE, **changes}
    return Message(
        given["id"], Channel.SMS, given["to"], MessageKind.LINK, given["text"], datetime(2026, 3, 1, tzinfo=UTC)
    )


async def test_what_arrives_is_the_approved_sentence_word_for_word(side: VendorSide) -> None:
    await side.messenger.send(message())
    assert [each.text for each in side.vendor.book.sent] == [INVITED]
    assert [each.own_id for each in side.vendor.book.sent] == ["m1"]


@pytest.mark.parametrize("text", ["今天喘不喘？ 1 喘 2 不喘", "", INVITED.replace("h.cn", "elsewhere.cn")])
async def test_what_has_no_template_is_not_sent(side: VendorSide, text: str) -> None:
    with pytest.raises(SendFailed) as failed:
        await side.messenger.send(message(text=text))
    assert (failed.value.code, failed.value.retryable) == ("no_template", False)
    assert side.vendor.book.sent == []


async def test_of_two_sentences_in_one_text_the_danger_goes_out(side: VendorSide) -> None:
    """What stands beside it stays on record; the patient is told to call for help."""
    danger = CHAT.say("danger")  # type: ignore[arg-type]
    await side.messenger.send(message(text=f"已退订。 {danger}"))
    assert [each.text for each in side.vendor.book.sent] == [danger]


@pytest.mark.parametrize("to", ["+85251234567", "13900000001", "+861390000000", "+8611900000001"])
async def test_a_number_that_is_no_mobile_of_the_mainland_is_a_bad_address(side: VendorSide, to: str) -> None:
    with pytest.raises(SendFailed) as failed:
        await side.messenger.send(message(to=to))
    assert (failed.value.code, failed.value.retryable) == ("bad_address", False)


async def test_the_fifty_first_of_one_day_waits(side: VendorSide) -> None:
    for number in range(50):
        await side.messenger.send(message(id=f"m{number}"))
    with pytest.raises(SendFailed) as failed:
        await side.messenger.send(message(id="one too many"))
    assert (failed.value.code, failed.value.retryable) == ("rate_limited", True)
    side.house.now += timedelta(days=1)
    await side.messenger.send(message(id="next day"))


async def test_a_clock_that_is_wrong_is_no_login(side: VendorSide) -> None:
    vendor_clock = side.house.now + timedelta(minutes=30)
    side.vendor._now = lambda: vendor_clock
    with pytest.raises(SendFailed) as failed:
        await side.messenger.send(message())
    assert (failed.value.code, failed.value.retryable) == ("unauthorised", False)


async def test_another_key_is_no_login(side: VendorSide) -> None:
    object.__setattr__(side.vendor.account, "key_secret", "another")
    with pytest.raises(SendFailed) as failed:
        await side.messenger.send(message())
    assert failed.value.code == "unauthorised"


async def test_no_connection_is_tried_again_and_nothing_is_in_doubt(side: VendorSide) -> None:
    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no way", request=request)

    side.messenger._http = httpx.AsyncClient(transport=httpx.MockTransport(refused))
    with pytest.raises(SendFailed) as failed:
        await side.messenger.send(message())
    assert (failed.value.code, failed.value.retryable, failed.value.unsure) == ("provider_down", True, False)


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"Response": 1}'])
async def test_an_answer_that_makes_no_sense_leaves_it_open(side: VendorSide, answer: bytes) -> None:
    side.messenger._http = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda request: httpx.Response(200, content=answer))
    )
    with pytest.raises(SendFailed) as failed:
        await side.messenger.send(message())
    assert (failed.value.code, failed.value.unsure) == ("provider_down", True)


async def test_nothing_is_taken_in_without_the_secret_of_the_address(side: VendorSide) -> None:
    guessed = side.hooks.replace(SECRET, "guessed")
    assert (await side.vendor.up(side.to_us, f"{guessed}/up", PHONE[3:], "TD", 1)).status_code == 404
    assert (await side.vendor.up(side.to_us, f"{side.hooks}/elsewhere", PHONE[3:], "TD", 1)).status_code == 404
    assert (await side.to_us.post(f"{side.hooks}/up", content=b"no json")).status_code == 400
    assert (await side.to_us.post(f"{side.hooks}/up", content=b"[" * 300_000)).status_code == 413
    assert await (await side.house.records()).opt_out("p1") is None
    assert (await side.to_us.get(HOOKS)).status_code == 404


async def test_a_receipt_before_our_record_of_the_number_is_asked_for_again() -> None:
    """Tencent names its own number only: a receipt that is faster than our record must come once more."""
    async with tencent() as side:
        ref = await side.messenger.send(message())
        assert (await side.vendor.report(side.to_us, f"{side.hooks}/report")).json()["result"] != 0
        async with side.house.store.transaction() as records:
            kept = Message("m1", Channel.SMS, PHONE, MessageKind.LINK, INVITED, side.house.now, provider_ref=ref,
                           status=MessageStatus.SENT)  # fmt: skip
            await records.add_message(kept)
        assert (await side.vendor.report(side.to_us, f"{side.hooks}/report")).json()["result"] == 0
    assert (await (await side.house.records()).message("m1")).status is MessageStatus.DELIVERED


@pytest.mark.parametrize(("named", "status", "why"), [
    (True, MessageStatus.SENT, None), (False, MessageStatus.FAILED, "interrupted"),
])  # fmt: skip
async def test_a_send_tencent_never_answered_is_asked_about_for_days_and_never_sent_twice(
    named: bool, status: MessageStatus, why: str | None
) -> None:
    """Without our id in its reports the vendor's list does not tell which of the number's messages it was."""
    async with tencent() as side:
        object.__setattr__(side.vendor.account, "names_sessions", named)
        post = Post(side.house.store, {Channel.SMS: side.messenger}, lambda: side.house.now)
        async with side.house.store.transaction() as records:
            await records.add_message(replace(message(), id="lost", created_at=side.house.now))
        side.vendor.book.loses = 1
        await post.run_once()
        for _ in range(30):
            assert (await (await side.house.records()).message("lost")).status in (MessageStatus.SENDING, status)
            side.house.now += ASKED_FOR / 29
            await post.run_once()
        told = await (await side.house.records()).message("lost")
        assert (told.status, told.failed_why, len(side.vendor.book.sent)) == (status, why, 1)


async def test_a_red_flag_by_sms_is_answered_with_the_sentence_that_has_a_template(side: VendorSide) -> None:
    """The pathway's own advice has none; the conversation keeps it, the phone shows the house's."""
    await side.house.says("你好")
    await side.vendor.up(side.to_us, f"{side.hooks}/up", PHONE[3:], "胸口疼得厉害，喘不上气", 7)
    assert "120" in await side.house.sends()
    written = (await side.house.written())[-1]
    await side.messenger.send(message(text=written.text))
    assert "red" in {level for level, _ in await side.house.alarms()}


@pytest.mark.parametrize(
    ("mobile", "country", "number"),
    [("13900000001", "86", PHONE), ("8613900000001", "86", PHONE), ("+8613900000001", None, PHONE)],
)
def test_numbers_as_vendors_write_them(mobile: str, country: str | None, number: str) -> None:
    assert e164(mobile, country) == number


@pytest.mark.parametrize("given", ["invitations=SMS_1", "invitation", "invitation="])
def test_a_template_of_no_sentence_is_named(given: str) -> None:
    with pytest.raises(ValueError, match="invitation"):
        codes_of(given, ("invitation",))


@pytest.mark.parametrize("vendor", tuple(VENDORS))
async def test_the_settings_choose_the_vendor(vendor: str) -> None:
    approved, sentences = account(vendor)
    templates = "; ".join(f"{name}={code}" for name, code in sentences.codes.items())
    known = {"sign_name": SIGN, "templates": templates, "push_secret": SECRET}
    own = {
        "aliyun": {"key_id": "k", "key_secret": "s", **known},
        "tencent": {"secret_id": "k", "secret_key": "s", "app_id": approved.app_id, **known},
    }[vendor]
    settings = Settings(sms=vendor, **{vendor: own}, **HOUSE)  # type: ignore[arg-type]
    assert sms_check(settings).health is Health.GOOD
    async with httpx.AsyncClient() as http:
        assert type(messengers_for(settings, http)[Channel.SMS]).__name__.lower() == f"{vendor}messenger"
    half = {**own, "templates": "invitation=1"}
    assert "reminder" in sms_check(Settings(sms=vendor, **{vendor: half}, **HOUSE)).what  # type: ignore[arg-type]
    without = Settings(sms=vendor, **HOUSE)  # type: ignore[arg-type]
    assert sms_check(without).health is Health.MISSING
    with pytest.raises(SettingsError, match=vendor):
        messengers_for(without, httpx.AsyncClient())
