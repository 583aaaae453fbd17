"""Every move that is not an answer."""

from dataclasses import replace

import pytest

from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Reading
from agent.model.move import Move, MoveKind
from agent.model.turn import TurnKind
from tests.unit.dialog.talk import NO, NOW, OPENING, YES, Talk, finding, opening_of, pathway, reading, red


def in_questions() -> Talk:
    return Talk().identified().turn("不喘", MoveKind.DENY, NO)


def ended(talk: Talk) -> tuple[ContactStatus, AttemptOutcome, str]:
    assert talk.last.end is not None and talk.last.reply.end
    return talk.last.end.contact_status, talk.last.end.outcome, talk.last.end.reason


def test_their_question_is_answered_and_ours_comes_back_short() -> None:
    talk = in_questions().faq("盐能吃多少", "salt", "一天不超过五克。")
    assert talk.said == "一天不超过五克。夜里会憋醒吗？"


def test_an_unknown_question_goes_to_a_nurse() -> None:
    talk = in_questions().faq("病房的猫好吗", None, None)
    assert "护士会回复您" in talk.said
    assert [request.kind for request in talk.last.requests] == [EscalationKind.UNANSWERED_QUESTION]


def test_an_answer_that_promises_a_nurse_is_a_card_once() -> None:
    talk = Talk().identified()
    move = Move(MoveKind.ASK, 0.9, "results", "结果要由医生来讲，我请护士联系您。", tell_nurse=True)
    talk.send(move, Reading("结果出来没有"), talk._turn(TurnKind.SPEECH, "结果出来没有"))
    assert [request.rule for request in talk.last.requests] == ["asked_results"]
    talk.send(move, Reading("结果出来没有"), talk._turn(TurnKind.SPEECH, "结果出来没有"))
    assert talk.last.requests == ()


def test_a_doubt_that_settles_by_itself_after_a_refused_question_goes_on() -> None:
    talk = Talk().identified().turn("不想说", MoveKind.REFUSE).unsure("别打了吧", MoveKind.OPT_OUT).turn("那个嘛")
    assert talk.last.end is None and talk.said


def test_an_answer_given_with_a_question_is_not_lost() -> None:
    talk = in_questions().until("swelling")
    said = reading("脚肿，这药饭前吃吗", finding("oedema"))
    talk.turn("脚肿，这药饭前吃吗", MoveKind.ASK, said)
    assert talk.session.answer("swelling").value is True
    assert talk.session.current == "swelling_worse"


def test_repeat_slower_louder() -> None:
    talk = in_questions()
    asked = talk.said
    assert not talk.last.reply.slower
    assert talk.turn("什么？", MoveKind.REPEAT).said in (asked, "夜里有没有憋得坐起来？")
    assert talk.last.reply.slower  # whoever has to ask again is spoken to more slowly
    talk.turn("慢点", MoveKind.SLOWER)
    assert talk.last.reply.slower and talk.session.slower
    talk.turn("大声点", MoveKind.LOUDER)
    assert talk.last.reply.louder and talk.last.reply.slower


def test_wait_gives_a_minute_and_then_asks_softly() -> None:
    talk = in_questions().turn("我去拿血压计", MoveKind.WAIT)
    assert talk.last.reply.patience_seconds == 60
    assert talk.silence().said == "您好，可以继续了吗？夜里会憋醒吗？"
    talk.turn("等等", MoveKind.WAIT).turn("没有", MoveKind.DENY, NO)
    assert talk.session.answer("night").value is False


@pytest.mark.parametrize(
    ("words", "hour", "day"),
    [("今晚八点再打", 20, 10), ("明天上午九点", 9, 11), ("下午三点半", 15, 10), ("过两个小时", 12, 10)],
)
def test_not_now_keeps_the_time(words: str, hour: int, day: int) -> None:
    talk = in_questions().turn(words, MoveKind.NOT_NOW)
    assert ended(talk) == (ContactStatus.DUE, AttemptOutcome.POSTPONED, "postponed")  # though one answer is given
    assert talk.last.end.resume_at is not None
    assert (talk.last.end.resume_at.day, talk.last.end.resume_at.hour) == (day, hour)
    assert talk.last.end.resume_at > NOW


def test_not_now_without_a_time_asks_once() -> None:
    talk = Talk().turn("在忙", MoveKind.NOT_NOW)
    assert talk.said == "好的，什么时候给您打方便？"
    talk.turn("晚上吧")
    assert ended(talk) == (ContactStatus.DUE, AttemptOutcome.POSTPONED, "postponed")
    assert talk.last.end.resume_at.hour == 19
    talk = Talk().turn("在忙", MoveKind.NOT_NOW).turn("再说吧")
    assert talk.last.end.resume_at is None


def test_wrong_person_before_identity_hears_a_short_goodbye() -> None:
    talk = Talk().turn("打错了", MoveKind.WRONG_PERSON)
    assert talk.said == "对不起，打扰您了。再见。"
    assert ended(talk) == (ContactStatus.UNREACHABLE, AttemptOutcome.WRONG_PERSON, "wrong_person")


def test_deceased_condolence_and_everything_stops() -> None:
    talk = Talk().turn("他走了", MoveKind.DECEASED)
    assert talk.said == "对不起，您是说王建国已经不在了吗？"
    talk.turn("是的", MoveKind.AFFIRM, YES)
    assert "节哀" in talk.said
    assert ended(talk) == (ContactStatus.WAIVED, AttemptOutcome.DECLINED, "deceased")
    assert [request.rule for request in talk.last.requests] == ["deceased"]


@pytest.mark.parametrize(
    ("move", "end"), [(MoveKind.DECEASED, ContactStatus.WAIVED), (MoveKind.OPT_OUT, ContactStatus.DECLINED)]
)
def test_a_grave_move_half_understood_is_asked_back(move: MoveKind, end: ContactStatus) -> None:
    talk = in_questions().unsure("嗯嗯", move)
    assert talk.last.end is None and talk.said.endswith("吗？")
    assert talk.turn("是的", MoveKind.AFFIRM, YES).last.end.contact_status is end
    back = in_questions().unsure("嗯嗯", move).turn("不是", MoveKind.DENY, NO)
    assert back.last.end is None and back.said == "夜里会憋醒吗？"


def test_opt_out_in_writing_is_done_at_once_and_by_ear_when_confirmed() -> None:
    stopped = (ContactStatus.DECLINED, AttemptOutcome.DECLINED, "opt_out")
    chat = Talk(replace(OPENING, channel=Channel.WECHAT)).identified()
    assert ended(chat.turn("退订", MoveKind.OPT_OUT)) == stopped
    assert ended(in_questions().turn("别再打了", MoveKind.OPT_OUT).turn("对", MoveKind.AFFIRM, YES)) == stopped
    assert ended(in_questions().turn("别再打了", MoveKind.OPT_OUT).turn("别再打了", MoveKind.OPT_OUT)) == stopped


def test_a_refused_question_is_skipped_if_the_rest_may_be_asked() -> None:
    talk = in_questions().turn("这个不说", MoveKind.REFUSE)
    assert talk.said == "好的。剩下几个问题，还方便继续吗？"
    talk.turn("可以", MoveKind.AFFIRM, YES)
    assert talk.session.unanswered == ("night",) and talk.session.current == "swelling"
    assert ended(talk.turn("不说了", MoveKind.REFUSE))[2] == "refused"


def test_a_no_to_going_on_is_respected() -> None:
    talk = in_questions().turn("不说", MoveKind.REFUSE).turn("不了", MoveKind.DENY, NO)
    assert ended(talk) == (ContactStatus.PARTIAL, AttemptOutcome.DECLINED, "refused")


def test_what_is_taken_back_when_asked_to_go_on_ends_nothing() -> None:
    talk = in_questions().turn("不说", MoveKind.REFUSE).turn("不对，前面那个说反了", MoveKind.CORRECT, NO)
    assert talk.last.end is None and "还方便继续吗" in talk.said
    for _ in range(12):
        talk = talk if talk.last.end else talk.turn("不对，说反了", MoveKind.CORRECT, NO)
    assert ended(talk)[2] == "refused"


def test_a_person_is_promised_and_the_rest_offered() -> None:
    talk = in_questions().turn("我要找护士", MoveKind.WANT_HUMAN)
    assert "回电话" in talk.said and [one.rule for one in talk.last.requests] == ["want_human"]
    assert talk.last.requests[0].kind is EscalationKind.REQUEST
    assert ended(talk.turn("不用了", MoveKind.DENY, NO))[2] == "want_human"


def test_abuse_once_is_borne_twice_ends() -> None:
    talk = in_questions().turn("滚", MoveKind.ABUSE)
    assert talk.last.end is None
    assert ended(talk.turn("滚", MoveKind.ABUSE))[2] == "abuse"


def test_suspected_fraud_hears_how_to_verify() -> None:
    assert "010-66668888" in Talk().turn("骗子吧", MoveKind.SUSPECT_FRAUD).said
    assert "医院公开的电话" in Talk(opening_of(callback="")).turn("骗子", MoveKind.SUSPECT_FRAUD).said


def test_another_language_twice_goes_to_a_person() -> None:
    talk = in_questions().turn("I do not understand", MoveKind.FOREIGN).turn("what", MoveKind.FOREIGN)
    assert ended(talk)[2] == "foreign" and [one.rule for one in talk.last.requests] == ["foreign"]


def test_goodbye_early_keeps_what_was_answered() -> None:
    assert ended(in_questions().turn("挂了啊", MoveKind.GOODBYE)) == (
        ContactStatus.PARTIAL,
        AttemptOutcome.HUNG_UP,
        "goodbye",
    )


@pytest.mark.parametrize(("answered", "status"), [(False, ContactStatus.DUE), (True, ContactStatus.PARTIAL)])
def test_hanging_up(answered: bool, status: ContactStatus) -> None:
    talk = in_questions() if answered else Talk().identified()
    assert talk.hang_up().last.end.contact_status is status
    assert talk.last.reply.sentences == ()


def test_family_taking_over_in_the_middle_proves_itself_unless_known() -> None:
    talk = in_questions().turn("我是他儿子，他耳背", MoveKind.CAREGIVER)
    assert not talk.session.verified and "王建国本人" in talk.said
    named = Talk(opening_of(caregiver="王芳")).identified().turn("我是他女儿", MoveKind.CAREGIVER)
    assert named.session.caregiver and named.session.verified


def test_thanks_and_greetings_are_answered_without_losing_the_question() -> None:
    assert in_questions().turn("谢谢", MoveKind.THANKS).said == "不客气。夜里会憋醒吗？"
    assert in_questions().turn("你好", MoveKind.GREET).said == "您好。夜里会憋醒吗？"


class TestDanger:
    def test_the_questionnaire_stops_advice_first_then_two_closing_questions_then_a_nurse(self) -> None:
        talk = in_questions().turn("心口疼", read=red("心口疼", "chest_pain"))
        assert talk.said.startswith("胸口不舒服要当心") and "120" in talk.said
        assert not talk.last.reply.interruptible
        talk.turn("昨天开始")
        assert talk.session.answer("since_when").value == "昨天开始"
        talk.turn("有", MoveKind.AFFIRM, YES)
        assert ended(talk) == (ContactStatus.PARTIAL, AttemptOutcome.RED_FLAG, "red_flag")

    def test_the_graver_of_two_dangers_speaks(self) -> None:
        both = replace(
            red("x", "wound_infection"), alarms=(*red("x", "wound_infection").alarms, *red("x", "syncope").alarms)
        )
        assert "120" in in_questions().turn("x", read=both).said

    def test_an_unknown_red_rule_still_gets_advice(self) -> None:
        assert "120" in in_questions().turn("x", read=red("x", "some_new_rule", "some_concept")).said

    def test_a_pathways_own_rule_speaks_its_own_advice(self) -> None:
        own = in_questions().turn("x", read=red("x", "hf_oedema_and_wasting", "oedema", "fatigue"))
        assert "今天就要到医院" in own.said

    def test_hanging_up_after_the_advice_is_still_a_red_flag(self) -> None:
        talk = in_questions().turn("心口疼", read=red("心口疼", "chest_pain")).hang_up()
        assert talk.last.end.outcome is AttemptOutcome.RED_FLAG

    def test_silence_repeats_the_advice_once(self) -> None:
        talk = in_questions().turn("心口疼", read=red("心口疼", "chest_pain"))
        advice = talk.said
        assert talk.silence().said == advice

    def test_a_doubt_is_asked_and_yes_takes_the_red_path(self) -> None:
        doubt = replace(Reading("胸口通"), confirm="chest_pain")
        talk = in_questions().turn("胸口通", read=doubt)
        assert talk.said == "您是说胸口疼吗？"
        talk.turn("对", MoveKind.AFFIRM, YES)
        assert "120" in talk.said
        assert [(one.kind, one.level) for one in talk.last.requests] == [(EscalationKind.RED_FLAG, "red")]

    def test_a_doubt_denied_goes_on(self) -> None:
        doubt = replace(Reading("胸口通"), confirm="chest_pain")
        talk = in_questions().turn("胸口通", read=doubt).turn("不是", MoveKind.DENY, NO)
        assert talk.said == "好的。夜里会憋醒吗？" and talk.last.requests == ()

    def test_a_doubt_never_settled_is_left_to_a_nurse(self) -> None:
        doubt = replace(Reading("胸口通"), confirm="chest_pain")
        talk = in_questions().turn("胸口通", read=doubt).unheard().unheard()
        assert [(one.kind, one.rule) for one in talk.last.requests] == [(EscalationKind.UNCLEAR, "chest_pain")]
        assert in_questions().turn("胸口通", read=doubt).hang_up().last.requests[0].kind is EscalationKind.UNCLEAR

    def test_a_red_answer_by_keypad_takes_the_red_path(self) -> None:
        talk = in_questions().digits("1")
        assert "120" in talk.said
        assert [(one.kind, one.rule) for one in talk.last.requests] == [(EscalationKind.RED_FLAG, "night_answer_1")]

    def test_a_red_number_in_doubt_is_read_back_first(self) -> None:
        talk = Talk(replace(OPENING, node_day=3), pathway("general_surgery")).identified().digits("1")
        assert talk.session.current == "temperature"
        said = replace(red("三十九", "surgery_fever"), measurements=reading("", numbers={"temp_c": 39.0}).measurements)
        talk.turn("三十九", read=said, sure=0.3)
        assert talk.said == "您说的是最高体温三十九度，对吗？"
        assert "今天就到医院" in talk.turn("对", MoveKind.AFFIRM, YES).said

    def test_danger_after_the_end_is_answered(self) -> None:
        talk = in_questions().turn("挂了", MoveKind.GOODBYE).turn("等下我胸口疼", read=red("x", "chest_pain"))
        assert "120" in talk.said
