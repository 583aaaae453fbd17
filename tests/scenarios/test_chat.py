"""Conversations by message against the promises of chat: pieces, late answers, opt-out, one record over channels."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.chat.desk import ChatDesk
from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.people import PlanStatus
from agent.model.piece import PieceKind
from agent.model.turn import Hypothesis, Reply, Turn, TurnKind
from agent.store.ports import Unavailable
from tests.fakes.chat_house import CONTACT, LINK, PATIENT, PHONE, ChatHouse

WHOLE = ("不喘", "不会", "不肿", "61公斤", "没有", "都按时吃了", "没有了")
ANSWERS = {
    "breath": False, "night": False, "swelling": False, "weight": 61.0, "weight_gain": False,
    "medicine": "as_prescribed", "anything_else": "没有了",
}  # fmt: skip


async def web() -> ChatHouse:
    house = await ChatHouse().ready()
    await house.opens()
    return house


async def by_text() -> ChatHouse:
    """A patient who agreed to be asked by plain SMS."""
    house = await ChatHouse(Channel.SMS).ready()
    await house.says("短信", "是我", "1955")
    return house


async def test_a_whole_contact_on_the_page_after_the_page_itself_checked_who_it_is() -> None:
    house = await ChatHouse().ready()
    opening = await house.opens()
    assert "出生年份" not in opening and opening.endswith("喘不喘？")
    assert "下次随访" in await house.says(*WHOLE)
    assert (await house.contact()).status is ContactStatus.COMPLETED
    assert await house.answers() == {key: value for key, value in ANSWERS.items() if key != "anything_else"}


async def test_several_messages_within_seconds_are_one_turn_in_the_order_they_were_written() -> None:
    house = await web()
    await house.says("不喘", "不会", "不肿")
    late = house.piece("今早称的")
    early = replace(house.piece("65"), at=house.now - timedelta(seconds=1))
    assert "涨了" in await house.sends(late, early)
    turns = await (await house.records()).turns(CONTACT)
    assert turns[-1].turn.text == "65，今早称的" and (await house.answers())["weight"] == 65


async def test_a_danger_does_not_wait_for_the_rest_of_the_sentence() -> None:
    house = await web()
    await house.desk.take(house.piece("我胸口疼得厉害"))
    await house.desk.run_once()
    assert "120" in (await house.written())[-1].text
    assert ("red", "chest_pain") in await house.alarms()


async def test_the_same_message_twice_is_answered_once() -> None:
    house = await web()
    piece = house.piece("不喘")
    first = await house.sends(piece)
    assert "憋醒" in first and await house.sends(piece) == ""
    assert not await house.desk.take(piece)


async def test_an_answer_after_two_days_still_fits_its_question() -> None:
    house = await web()
    await house.says("不喘", "不会", "肿")
    house.now += timedelta(days=2)
    assert "体重" in await house.says("是的，更肿了")
    assert (await house.answers())["swelling_worse"] is True


async def test_one_chooses_the_first_option_by_button_and_by_number() -> None:
    house = await web()
    assert "憋醒" in await house.presses("2") and (await house.answers())["breath"] is False
    sms = await by_text()
    reply = await sms.says("2")
    assert reply.endswith("憋醒，或者躺不平？ 1 会 2 不会") and (await sms.answers())["breath"] is False


async def test_a_button_pressed_twice_answers_one_question() -> None:
    house = await web()
    asked = (await house.written())[-1].id
    twice = [house.piece("2", PieceKind.KEY, answers=asked) for _ in range(2)]
    await house.sends(twice[0])
    assert await house.sends(twice[1]) == "" and set(await house.answers()) == {"breath"}


async def test_an_emoji_is_the_word_it_stands_for() -> None:
    house = await web()
    await house.says("😊不喘", "🙅", "不肿", "61", "没有")
    answers = await house.answers()
    assert answers["breath"] is False and answers["night"] is False


async def test_a_question_in_between_is_answered_and_the_open_one_put_again() -> None:
    house = await web()
    assert "喘" in await house.says("你们是骗子吧")
    assert await house.answers() == {}


@pytest.mark.parametrize("word", ["退订", "TD", "t", "ＴＤ。"])
async def test_the_opt_out_is_confirmed_and_stops_everything_and_can_be_taken_back(word: str) -> None:
    house = await web()
    await house.says("不喘")
    assert "已退订" in await house.says(word)
    stopped = [await house.contact(CONTACT), await house.contact("c2")]
    assert [(each.status, each.reason) for each in stopped] == [(ContactStatus.DECLINED, "opt_out")] * 2
    (plan,) = await (await house.records()).plans(PATIENT)
    assert plan.status is PlanStatus.CANCELLED
    assert await house.says("你好") == ""
    assert "120" in await house.says("胸口疼得厉害") and ("red", "chest_pain") in await house.alarms()
    assert "已恢复" in await house.says("恢复")
    assert [(await house.contact(each)).status for each in (CONTACT, "c2")] == [ContactStatus.DUE] * 2


async def test_after_coming_back_the_questions_go_on_where_they_stood() -> None:
    house = await web()
    await house.says("不喘", "退订", "恢复")
    assert "肿" in await house.says("不会")
    assert await house.answers() == {"breath": False, "night": False}


async def test_a_contact_begun_on_the_telephone_goes_on_in_chat_at_the_next_unanswered_question() -> None:
    house = await ChatHouse().ready()
    await house.phones("是我", "一九五五年", "不喘", "不会", "肿")
    await house.hangs_up()
    assert (await house.contact()).status is ContactStatus.DUE
    assert (await house.opens()).endswith("比出院的时候肿得更厉害吗？")
    assert "下次随访" in await house.says("没有", *WHOLE[3:])
    turns = await (await house.records()).turns(CONTACT)
    assert {stored.turn.channel for stored in turns} == {Channel.PHONE, Channel.WEBCHAT}
    assert (await house.contact()).status is ContactStatus.COMPLETED


async def test_an_alarm_stays_live_whatever_channel_it_is_said_on() -> None:
    house = await ChatHouse().ready()
    await house.phones("是我", "一九五五年", "不喘")
    await house.hangs_up()
    await house.opens()
    await house.says("不会，就是这两天胸口疼")
    assert ("red", "chest_pain") in await house.alarms()
    await house.says("昨天开始", "一个人在家")
    assert (await house.contact()).status is ContactStatus.PARTIAL


async def test_what_is_written_while_the_telephone_call_is_up_is_taken_up_after_it_but_a_danger_is_not() -> None:
    house = await ChatHouse().ready()
    await house.phones("是我", "一九五五年")
    assert await house.opens() == "" and await house.says("胸口疼得厉害，出冷汗") != ""
    assert ("red", "chest_pain") in await house.alarms()
    await house.hangs_up()
    house.now += timedelta(seconds=2)
    await house.desk.run_once()
    assert (await house.written())[-1].text.endswith("喘不喘？")


async def test_words_written_before_the_call_went_on_answer_none_of_the_questions_after_it() -> None:
    house = await ChatHouse().ready()
    await house.phones("是我", "一九五五年")
    assert await house.says("没有") == ""
    spoken = Turn("call1-on", CONTACT, "call1", Channel.PHONE, TurnKind.SPEECH, house.now, "不喘", 0.9)
    await house.conversation.receive(spoken)
    await house.hangs_up()
    house.now += timedelta(seconds=2)
    await house.desk.run_once()
    assert (await house.written())[-1].text.endswith("会不会憋醒，或者躺不平？")
    assert await house.answers() == {"breath": False}


async def test_words_written_to_the_last_question_of_a_call_answer_it_after_it() -> None:
    house = await ChatHouse().ready()
    await house.phones("是我", "一九五五年")
    assert await house.says("不喘") == ""
    await house.hangs_up()
    house.now += timedelta(seconds=2)
    await house.desk.run_once()
    assert await house.answers() == {"breath": False}


async def test_an_sms_carries_nothing_medical_unless_the_patient_agreed() -> None:
    house = await ChatHouse(Channel.SMS).ready()
    reply = await house.says("你好")
    assert LINK in reply and "喘" not in reply and (await house.contact()).status is ContactStatus.DUE
    assert "120" in await house.says("胸口疼得厉害") and ("red", "chest_pain") in await house.alarms()


async def test_agreed_to_by_sms_the_questions_come_as_plain_text_and_the_identity_is_asked() -> None:
    house = await ChatHouse(Channel.SMS).ready()
    begins = await house.says("短信")
    assert "短信" in begins and "本人吗" in begins, "whoever agrees is asked at once"
    assert "出生年份" in await house.says("1")
    assert "喘不喘" in await house.says("1955")
    assert "下次随访" in await house.says(*WHOLE)
    assert (await house.contact()).status is ContactStatus.COMPLETED
    assert LINK in await house.says("链接") and LINK not in await house.says("谢谢")


async def test_asked_by_sms_a_word_to_begin_goes_on_with_the_questions_and_takes_nothing_back() -> None:
    house = await by_text()
    assert "喘不喘" in await house.says("开始")
    assert "憋醒" in await house.says("不喘")


async def test_an_sms_opt_out_speaks_for_everybody_of_the_telephone() -> None:
    house = await ChatHouse(Channel.SMS).ready()
    async with house.store.transaction() as records:
        wife = replace(await records.patient(PATIENT), id="p2", name="李秀英")
        await records.add_patient(wife)
    await house.says("TD")
    async with house.store.transaction(write=False) as records:
        assert set(await records.stopped([PATIENT, "p2"])) == {PATIENT, "p2"}
        assert len(await records.patients_of_phone(PHONE)) == 2


async def test_a_voice_note_is_read_like_written_words_and_one_nobody_understands_is_said_so() -> None:
    house = await web()
    house.voices["a.ogg"] = (Hypothesis("不喘", 0.9), Hypothesis("不穿", 0.4))
    assert "憋醒" in await house.sends(house.piece(kind=PieceKind.VOICE, media="a.ogg"))
    assert "没听清" in await house.sends(house.piece(kind=PieceKind.VOICE, media="b.ogg"))
    assert await house.answers() == {"breath": False}
    turns = await (await house.records()).turns(CONTACT)
    assert turns[-1].turn.text == "不喘" and turns[-1].turn.alternatives[0].text == "不穿"


async def test_a_photo_goes_to_a_nurse_and_the_question_stays_open() -> None:
    house = await web()
    assert "照片收到" in await house.sends(house.piece(kind=PieceKind.PHOTO, media="wound.jpg"))
    assert ("yellow", "photo") in await house.alarms()
    assert "憋醒" in await house.says("不喘")


async def test_a_worker_that_died_after_the_turn_was_stored_costs_no_reply_and_doubles_none() -> None:
    house = await web()
    piece = house.piece("不喘")
    await house.desk.take(piece)
    async with house.store.transaction() as records:
        await records.hold_pieces([piece.id], "turn-x", now=house.now, hold_until=house.now + timedelta(seconds=60))
        (attempt,) = await records.attempts(contact_id=CONTACT)
    died = Turn("turn-x", CONTACT, attempt.id, Channel.WEBCHAT, TurnKind.TEXT, house.now, "不喘")
    await house.conversation.receive(died)
    assert await house.sends() == ""
    house.now += timedelta(seconds=60)
    await house.desk.run_once()
    assert (await house.written())[-1].id == "turn-x" and "憋醒" in (await house.written())[-1].text
    await house.desk.run_once()
    assert len([each for each in await house.written() if each.id == "turn-x"]) == 1


async def test_after_the_goodbye_a_danger_is_still_heard() -> None:
    house = await web()
    await house.says(*WHOLE)
    assert "没有进行中" in await house.says("谢谢你们")
    assert "120" in await house.says("现在胸口疼得厉害") and ("red", "chest_pain") in await house.alarms()


async def test_a_patient_never_contacted_is_heard_in_danger_and_told_to_wait_otherwise() -> None:
    house = await ChatHouse(Channel.WECHAT).ready()
    async with house.store.transaction() as records:
        due = await records.contact(CONTACT)
        await records.save_contact(replace(due, due_at=house.now + timedelta(days=3)))
    assert "按计划" in await house.says("你好")
    assert "120" in await house.says("胸口疼得厉害") and ("red", "chest_pain") in await house.alarms()


async def test_the_attempt_is_one_of_the_channel_and_answered() -> None:
    house = await web()
    (attempt,) = await (await house.records()).attempts(contact_id=CONTACT)
    assert (attempt.channel, attempt.outcome) == (Channel.WEBCHAT, AttemptOutcome.ANSWERED)


async def test_a_store_that_fails_for_one_patient_keeps_nobody_else_waiting() -> None:
    house = await web()

    class Failing:
        """Cannot store anything for this one contact's turn, once."""

        failed = False

        async def receive(self, turn: Turn) -> Reply:
            if not self.failed:
                self.failed = True
                raise Unavailable("busy")
            return await house.conversation.receive(turn)

        beginning = house.conversation.beginning

    desk = ChatDesk(replace(house.parts, conversation=Failing()))
    await house.desk.take(house.piece("不喘"))
    house.now += timedelta(seconds=6)
    assert await desk.run_once() == 0
    house.now += timedelta(seconds=61)
    assert await desk.run_once() == 1
    assert "憋醒" in (await house.written())[-1].text


async def test_a_page_opened_before_its_day_says_so_once() -> None:
    house = await ChatHouse().ready()
    async with house.store.transaction() as records:
        due = await records.contact(CONTACT)
        await records.save_contact(replace(due, due_at=house.now + timedelta(days=3)))
    assert "按计划" in await house.opens() and await house.opens() == ""
    assert (await house.contact()).status is ContactStatus.DUE


async def test_a_slow_answer_holds_up_no_other_and_is_not_begun_twice() -> None:
    house = await ChatHouse().ready()
    may_go_on, heard = asyncio.Event(), []

    async def hears(media: str) -> tuple[Hypothesis, ...]:
        heard.append(media)
        await may_go_on.wait()
        return (Hypothesis("不喘", 0.9),)

    async def until_written(count: int) -> None:
        async with asyncio.timeout(30):
            while len(await house.written()) < count:  # noqa: ASYNC110 the desk goes on by itself
                await asyncio.sleep(0)

    desk = ChatDesk(replace(house.parts, hears=hears))
    note = house.piece(kind=PieceKind.VOICE, media="a.amr", channel=Channel.WECHAT, sender="o1", contact_id=None)
    await desk.take(note)
    await desk.take(house.piece(kind=PieceKind.OPENED))
    house.now += timedelta(seconds=6)
    assert await desk.beat() == 2
    await until_written(1)
    house.now += timedelta(seconds=90)  # longer than a piece is held
    assert await desk.beat() == 0
    may_go_on.set()
    await until_written(2)
    assert heard == ["a.amr"]
    await desk.close()
