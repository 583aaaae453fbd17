"""Sentences of the chat that no clinician has signed are not sent, as with the shared ones of the telephone; what a
patient writes counts all the same."""

from pathlib import Path

import pytest
import yaml

from agent.chat import content as chat_content
from agent.chat.lessons import LessonSender
from agent.model.contact import Channel, ContactStatus
from agent.model.message import MessageKind, MessageStatus
from agent.schedule.calendar import CallingCalendar
from agent.schedule.post import Post
from agent.wechat import content as wechat_content
from folders import NLU_DATA
from tests.fakes.chat_house import CONTACT, PATIENT, ChatHouse
from tests.fakes.messenger import FakeMessenger

UNSIGNED = chat_content.load(NLU_DATA, drafts=False)


def signed(folder: Path, name: str) -> Path:
    """The file with a signature, in a folder of its own."""
    raw = yaml.safe_load((NLU_DATA / "chat" / name).read_text(encoding="utf-8"))
    raw["approval"] = {"who": "李医生", "when": "2026-11-20"}
    (folder / "chat").mkdir()
    (folder / "chat" / name).write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return folder


def test_without_signature_only_the_emergency_number_is_said_and_every_word_is_still_obeyed() -> None:
    assert [each for each in chat_content.Say if UNSIGNED.say(each)] == [chat_content.Say.DANGER]
    assert UNSIGNED.command("TD") is chat_content.Command.OPT_OUT
    wechat = wechat_content.load(NLU_DATA, drafts=False)
    assert [each for each in wechat_content.Say if wechat.say(each)] == [wechat_content.Say.DANGER]


def test_signed_they_are_said_without_leave_for_drafts(tmp_path: Path) -> None:
    chat = chat_content.load(signed(tmp_path, "chat.yml"), drafts=False)
    assert all(chat.say(each) for each in chat_content.Say)


def test_signed_sentences_of_the_account_are_said_too(tmp_path: Path) -> None:
    wechat = wechat_content.load(signed(tmp_path, "wechat.yml"), drafts=False)
    assert all(wechat.say(each) for each in wechat_content.Say)


async def test_whoever_opts_out_is_obeyed_in_silence() -> None:
    house = await ChatHouse(content=UNSIGNED).ready()
    assert await house.says("退订") == ""
    assert (await house.contact()).status is ContactStatus.DECLINED
    assert await (await house.records()).opt_out(PATIENT) is not None


async def test_a_danger_outside_a_questionnaire_is_a_card_and_is_told_to_call_120() -> None:
    house = await ChatHouse(content=UNSIGNED).ready()
    assert "120" in await house.says("退订", "我胸口疼得厉害，喘不上气")
    assert "red" in {level for level, _ in await house.alarms()}


async def test_an_sms_without_words_never_leaves_and_says_why() -> None:
    house = await ChatHouse(content=UNSIGNED, channel=Channel.SMS).ready()
    await house.phones("是我", "一九五五年", "不喘", "不会", "不肿", "六十一公斤", "没有", "都按时吃了", "没有了")
    await LessonSender(house.parts, {Channel.SMS}, CallingCalendar().next_open).run_once()
    phone = FakeMessenger()
    await Post(house.store, {Channel.SMS: phone}, lambda: house.now).run_once()
    told = await (await house.records()).messages(contact_id=CONTACT)
    (sms,) = [each for each in told if each.channel is Channel.SMS and each.kind is MessageKind.EDUCATION]
    assert (sms.status, sms.failed_why, phone.sent) == (MessageStatus.FAILED, "unsigned", [])


@pytest.mark.parametrize("said", ["趋势", "积分", "再发一次"])
async def test_no_standing_reply_is_given(said: str) -> None:
    house = await ChatHouse(content=UNSIGNED).ready()
    assert await house.says(said) == ""
