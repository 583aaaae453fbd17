"""Talks nobody goes on with: reminded once in daytime, closed with what was answered, then the telephone."""

from dataclasses import replace
from datetime import datetime, timedelta

from agent.chat.closing import ChatClock
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.message import Message, MessageKind
from agent.schedule.calendar import CallingCalendar
from tests.fakes.chat_house import CONTACT, LINK, PATIENT, PHONE, ChatHouse

HOUR = timedelta(hours=1)


async def begun(*texts: str) -> tuple[ChatHouse, ChatClock]:
    house = await ChatHouse().ready()
    await house.opens()
    await house.says(*texts)
    return house, ChatClock(house.parts, house.retries, CallingCalendar().next_open)


async def reminders(house: ChatHouse) -> list[Message]:
    sent = await (await house.records()).messages(patient_id=PATIENT)
    return [each for each in sent if each.kind is MessageKind.REMINDER]


async def test_one_reminder_and_in_daytime() -> None:
    house, clock = await begun("不喘")
    house.now += 19 * HOUR
    assert await clock.run_once() == 0
    house.now = datetime(2026, 11, 22, 22, 30, tzinfo=HOSPITAL_ZONE)
    assert [await clock.run_once(), await clock.run_once()] == [1, 0]
    (reminder,) = await reminders(house)
    assert (reminder.channel, reminder.to, reminder.link) == (Channel.SMS, PHONE, LINK)
    assert LINK in reminder.text and "喘" not in reminder.text
    assert reminder.not_before == datetime(2026, 11, 23, 9, 0, tzinfo=HOSPITAL_ZONE)


async def test_whoever_answers_is_not_reminded() -> None:
    house, clock = await begun("不喘")
    house.now += 15 * HOUR
    await house.says("不会")
    house.now += 15 * HOUR
    assert await clock.run_once() == 0


async def test_after_two_days_the_telephone_goes_on_at_the_next_question() -> None:
    house, clock = await begun("不喘", "不会")
    house.now += 49 * HOUR
    assert await clock.run_once() == 1
    contact = await house.contact()
    assert (contact.status, contact.reason) == (ContactStatus.DUE, "chat_timeout")
    assert contact.due_at <= house.now + 24 * HOUR
    (attempt,) = await (await house.records()).attempts(contact_id=CONTACT)
    assert (attempt.outcome, attempt.detail) == (AttemptOutcome.HUNG_UP, "chat_timeout")
    assert (await house.phones("是我", "一九五五年")).endswith("脚或者小腿肿不肿？")


async def test_an_answer_after_the_time_out_still_fits_its_question() -> None:
    house, clock = await begun("不喘", "不会")
    house.now += 60 * HOUR
    await clock.run_once()
    assert "体重" in await house.says("不肿")
    assert (await house.contact()).status is ContactStatus.IN_PROGRESS
    assert (await house.answers())["swelling"] is False


async def test_a_doubt_about_a_danger_that_nobody_settled_reaches_a_nurse() -> None:
    house, clock = await begun("不喘", "胸口有点那个")
    doubt = await house.sends() or (await house.written())[-1].text
    house.now += 60 * HOUR
    await clock.run_once()
    assert doubt and (await house.contact()).status in (ContactStatus.DUE, ContactStatus.PARTIAL)


async def test_the_last_attempt_closes_as_partial_and_a_nurse_finishes_it() -> None:
    house, clock = await begun("不喘")
    async with house.store.transaction() as records:
        contact = await records.contact(CONTACT)
        await records.save_contact(replace(contact, attempts_made=house.retries.max_attempts))
    house.now += 60 * HOUR
    await clock.run_once()
    assert (await house.contact()).status is ContactStatus.PARTIAL
    assert ("yellow", "unfinished") in await house.alarms()
