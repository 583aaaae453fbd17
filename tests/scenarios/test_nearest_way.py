"""Invitations, reminders and lessons go by WeChat where the patient is bound, then by SMS; answers stay."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from agent.chat.closing import REMIND_AFTER, ChatClock
from agent.chat.lessons import LessonSender
from agent.chat.nearest import by_wechat_first
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.schedule.going_on import GoingOn
from tests.fakes.chat_house import CONTACT, LINK, PATIENT, PHONE, ChatHouse
from tests.fakes.wechat_line import OPENID
from tests.scenarios.test_wechat import Ward, ward
from wiring.invitations import SmsInvitations

DAUGHTER = "oDaughter0000000000000000001"


def invitations(house: ChatHouse) -> SmsInvitations:
    return SmsInvitations(replace(house.parts, nearest=by_wechat_first), "")


async def invited(house: ChatHouse) -> Message:
    async with house.store.transaction() as records:
        contact, patient = await records.contact(CONTACT), await records.patient(PATIENT)
        made = invitations(house).link("link-1", contact, patient, house.now, going_on=False)
        assert made is not None
        message = await invitations(house).nearest(records, made)
        await records.add_message(message)
    return message


async def test_who_is_bound_gets_the_link_in_wechat(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        message = await invited(made.house)
        assert (message.channel, message.to) == (Channel.WECHAT, OPENID)
        await made.post.run_once()
        assert LINK in made.texts()[-1] and made.sms.sent == []


async def test_who_is_not_gets_an_sms(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        message = await invited(made.house)
        assert (message.channel, message.to) == (Channel.SMS, PHONE)
        await made.post.run_once()
        assert [LINK in each.text for each in made.sms.sent] == [True]


async def lost(made: Ward) -> None:
    """The invitation cannot be brought by WeChat; the post runs until nothing moves."""
    for _ in range(3):
        await made.post.run_once()
        made.house.now += timedelta(minutes=1)


async def test_where_wechat_cannot_bring_it_the_same_words_go_by_sms_once(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        made.house.now += timedelta(days=3)  # no window any more
        made.line.platform.fail_next("message/template/send", 43004)
        message = await invited(made.house)
        await lost(made)
        assert [each.text for each in made.sms.sent] == [message.text]
        kept = await (await made.house.records()).message(message.id)
        assert (kept.status, kept.failed_why) == (MessageStatus.FAILED, "window_closed")


async def test_who_follows_no_more_has_an_sms_too(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        made.line.platform.fail_next("message/custom/send", 43004)
        message = await invited(made.house)
        await lost(made)
        assert [each.text for each in made.sms.sent] == [message.text]


async def test_a_reminder_and_lessons_go_the_same_way(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        house, parts = made.house, replace(made.house.parts, nearest=by_wechat_first)
        house.channel = Channel.WEBCHAT
        await house.opens()
        house.now += REMIND_AFTER + timedelta(hours=1)
        assert await ChatClock(parts, house.retries, lambda at: at).run_once() == 1
        await house.says("不喘", "不会", "不肿", "61公斤", "没有", "都按时吃了", "没有了")
        assert await LessonSender(parts, frozenset({Channel.SMS}), lambda at: at).run_once() > 0
        sent = await (await house.records()).messages(contact_id=CONTACT)
        ways = {each.kind: each.channel for each in sent if each.link is not None}
        assert ways == {MessageKind.REMINDER: Channel.WECHAT, MessageKind.EDUCATION: Channel.WECHAT}


async def test_a_call_that_broke_off_goes_on_in_wechat(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        house = made.house
        house.channel = Channel.PHONE
        await house.phones("我是王建国", "一九五五年", "好的", "不喘")
        await house.hangs_up()
        await GoingOn(house.store, invitations(house), lambda: house.now).contact_changed(CONTACT)
        (message,) = [each for each in await (await house.records()).messages(contact_id=CONTACT)]
        assert (message.channel, message.to, message.kind) == (Channel.WECHAT, OPENID, MessageKind.LINK)
