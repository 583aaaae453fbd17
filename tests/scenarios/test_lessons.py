"""Education that is owed reaches the patient: nothing medical by SMS, read on the page, sent again when asked for."""

from dataclasses import replace

from agent.chat.lessons import LessonSender
from agent.chat.links import Links
from agent.chat.room import ChatRoom
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.piece import OptOut
from agent.model.points import Deed
from agent.schedule.calendar import CallingCalendar
from agent.schedule.post import note_receipt
from tests.fakes.chat_house import CONTACT, LINK, PATIENT, ChatHouse
from tests.fakes.rows import NOON

WHOLE = ("不喘", "不会", "不肿", "61公斤", "没有", "都按时吃了", "没有了")


async def finished(by_phone: bool = False) -> ChatHouse:
    house = await ChatHouse().ready()
    if by_phone:
        await house.phones("是我", "一九五五年", "不喘", "不会", "不肿", "六十一公斤", "没有", "都按时吃了", "没有了")
    else:
        await house.opens()
        await house.says(*WHOLE)
    return house


def sender(house: ChatHouse, *channels: Channel) -> LessonSender:
    return LessonSender(house.parts, channels, CallingCalendar().next_open)


async def sent(house: ChatHouse) -> list[Message]:
    messages = await (await house.records()).messages(patient_id=PATIENT)
    return [each for each in messages if each.kind is MessageKind.EDUCATION]


async def test_on_the_page_they_are_announced_and_come_whole_and_once() -> None:
    house = await finished()
    assert "注意事项稍后发到您的手机上" in (await house.written())[-1].text
    assert [await sender(house).run_once(), await sender(house).run_once()] == [2, 0]
    lessons = await sent(house)
    assert [each.channel for each in lessons] == [Channel.WEBCHAT] * 2 and "每天称体重" in lessons[0].text
    owed = await (await house.records()).education(PATIENT)
    assert {each.channel for each in owed} == {Channel.WEBCHAT} and all(each.sent_at for each in owed)


async def test_they_count_as_read_once_the_page_has_shown_them() -> None:
    house = await finished()
    await sender(house).run_once()
    assert {each.status for each in await sent(house)} == {MessageStatus.SENT}
    links = Links(b"k" * 32, "")
    room = ChatRoom(house.parts, house.desk, links)
    view = await room.view(await room.enter(links.token(CONTACT, house.now)))
    assert "每天称体重" in "".join(entry.text for entry in view.entries)
    assert {each.status for each in await sent(house)} == {MessageStatus.READ}


async def test_after_a_call_one_sms_with_a_link_and_no_medical_word() -> None:
    house = await finished(by_phone=True)
    assert await sender(house, Channel.SMS).run_once() == 2
    (sms,) = [each for each in await sent(house) if each.channel is Channel.SMS]
    assert LINK in sms.text and sms.link == LINK and "体重" not in sms.text


async def test_the_link_of_an_sms_is_read_once_it_led_to_the_page_and_earns_no_points_of_its_own() -> None:
    house = await finished(by_phone=True)
    await sender(house, Channel.SMS).run_once()
    (sms,) = [each for each in await sent(house) if each.channel is Channel.SMS]
    await note_receipt(house.store, sms.id, MessageStatus.SENT, house.now)
    await note_receipt(house.store, sms.id, MessageStatus.DELIVERED, house.now)
    links = Links(b"k" * 32, "")
    room = ChatRoom(house.parts, house.desk, links)
    await room.view(await room.enter(links.token(CONTACT, house.now)))
    assert {each.status for each in await sent(house)} == {MessageStatus.READ}
    await house.tells()
    earned = await (await house.records()).points(PATIENT)
    assert sorted(each.id for each in earned if each.deed is Deed.EDUCATION_READ) == sorted(
        f"{Deed.EDUCATION_READ}:{each.id}" for each in await sent(house) if each.channel is Channel.WEBCHAT
    )


async def test_without_a_channel_that_reaches_the_patient_they_wait() -> None:
    house = await finished(by_phone=True)
    assert await sender(house).run_once() == 0 and await sent(house) == []
    assert len(await (await house.records()).education_waiting(limit=9)) == 2


async def test_whoever_opted_out_is_sent_none() -> None:
    house = await finished()
    async with house.store.transaction() as records:
        await records.add_opt_out(OptOut(PATIENT, NOON, Channel.SMS))
    assert await sender(house, Channel.SMS).run_once() == 0


async def test_asked_for_again_they_come_again() -> None:
    house = await finished()
    assert "还没有" in await house.says("再发一次")
    await sender(house).run_once()
    assert "每天称体重" in await house.says("再发一次")
    sms = replace(house.piece("再发一次"), channel=Channel.SMS, contact_id=None)
    assert LINK in await house.sends(sms)
