"""Who is on the line, and that nothing medical is said before that is known."""

from dataclasses import replace

import pytest

from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.move import MoveKind
from agent.model.session import Phase
from tests.unit.dialog.talk import NO, OPENING, Talk, opening_of, pathway, reading, red

MEDICAL = ("喘", "肿", "体重", "血压", "药", "心衰", "心力衰竭")


def test_the_opening_says_who_calls_and_that_it_is_recorded_and_asks_for_the_person() -> None:
    talk = Talk()
    assert talk.last.reply.sentences == (
        "您好，我是市第一医院心内科的人工智能随访助手。",
        "本次通话会录音。",
        "请问您是王建国本人吗？",
    )
    assert not talk.last.reply.interruptible
    assert all(word not in talk.said for word in MEDICAL)


def test_a_draft_says_so() -> None:
    assert "演示" in Talk(replace(OPENING, draft=True)).said
    assert "演示" not in Talk().said


@pytest.mark.parametrize("proof", ["一九五八年", "1958", "我是五八年的", "58年", "三三一X", "331x", "一九五八年三月"])
def test_the_birth_year_or_the_card_opens_the_questions(proof: str) -> None:
    talk = Talk().turn("是我", MoveKind.AFFIRM).turn(proof)
    assert talk.session.phase is Phase.QUESTIONS and talk.session.verified


def test_the_keypad_proves_too() -> None:
    assert Talk().turn("是我", MoveKind.AFFIRM).digits("1958").session.verified


def test_a_further_hypothesis_may_hold_the_year() -> None:
    talk = Talk().turn("是我", MoveKind.AFFIRM).heard("一九武八年", "一九五八年")
    assert talk.session.verified


def test_the_telephone_number_proves_nothing_where_the_birth_year_is_known() -> None:
    talk = Talk().turn("是我", MoveKind.AFFIRM).turn("二二零八")
    assert not talk.session.verified


def test_the_telephone_number_is_asked_where_nothing_else_is_known() -> None:
    talk = Talk(opening_of(birth_year=None, id_last4=None)).turn("是我", MoveKind.AFFIRM)
    assert "手机号" in talk.said
    assert talk.turn("二二零八").session.verified


def test_three_wrong_years_end_politely_and_ask_for_a_person() -> None:
    talk = Talk().turn("是我", MoveKind.AFFIRM).turn("一九六零年").turn("一九六一年").turn("一九六二年")
    assert talk.last.end is not None
    assert talk.last.end.contact_status is ContactStatus.UNREACHABLE
    assert talk.last.end.reason == "identity_failed"
    assert [request.rule for request in talk.last.requests] == ["identity_failed"]
    assert all(word not in step.reply.text for step in talk.steps for word in MEDICAL)


def test_a_stranger_hears_nothing_medical_whatever_he_asks() -> None:
    talk = Talk().faq("他得了什么病", "what_to_eat", "心衰要少吃盐。")
    assert "盐" not in talk.said and "王建国" in talk.said
    assert "机器人" in Talk().faq("你是机器人吗", "robot", "我是机器人。").said


def test_a_danger_before_identity_is_still_obeyed() -> None:
    talk = Talk().turn("胸口疼", read=red("胸口疼", "chest_pain"))
    assert "120" in talk.said
    assert talk.session.phase is Phase.RED_FLAG
    assert talk.last.answers == ()


def test_family_the_patient_named_may_answer() -> None:
    talk = Talk(opening_of(caregiver="王芳")).turn("我是他女儿", MoveKind.CAREGIVER)
    assert "患者的出生年份" in talk.said
    talk.turn("一九五八年")
    assert talk.session.caregiver and "患者" in talk.said


def test_family_nobody_named_is_asked_to_fetch_the_patient() -> None:
    talk = Talk().turn("我是他邻居", MoveKind.CAREGIVER)
    assert talk.said == "请问王建国本人方便接电话吗？"
    asked = talk.turn("他不在", MoveKind.DENY, NO)
    assert asked.last.end is None and "什么时候在" in asked.said
    ended = talk.turn("不知道", MoveKind.NONSENSE).last.end
    assert ended is not None and ended.outcome is AttemptOutcome.POSTPONED and ended.reason == "patient_away"


def test_the_patient_is_waited_for_while_the_phone_is_handed_over() -> None:
    talk = Talk().turn("不是", MoveKind.DENY, NO).turn("等一下，我叫他", MoveKind.WAIT)
    assert talk.last.reply.patience_seconds == 60
    assert talk.turn("喂你好", MoveKind.GREET).said.endswith("请问您是王建国本人吗？")


def test_a_parent_answers_for_a_child() -> None:
    child = replace(opening_of(name="陈小宝", birth_year=2021), node_day=2)
    talk = Talk(child, pathway("paediatric_pneumonia"))
    assert "家长" in talk.said
    talk.turn("是", MoveKind.AFFIRM).turn("二零二一年")
    assert talk.session.caregiver and "孩子" in talk.said


def test_nobody_is_kept_on_the_line_for_ever() -> None:
    talk = Talk()
    for _ in range(12):
        if talk.last.end:
            break
        talk.turn("嗯", MoveKind.NONSENSE)
    assert talk.last.end is not None and len(talk.steps) <= 11


def test_silence_before_identity_ends_after_three_prompts() -> None:
    talk = Talk().silence().silence()
    assert talk.last.end is None
    ended = talk.silence().last.end
    assert ended is not None and ended.contact_status is ContactStatus.DUE


def test_consent_is_asked_where_the_pathway_wants_it() -> None:
    survey = replace(OPENING, node_day=90)
    talk = Talk(survey, pathway("satisfaction")).identified()
    assert talk.session.phase is Phase.NOTICE
    ended = talk.turn("不方便", MoveKind.DENY, NO).last.end
    assert ended is not None and ended.contact_status is ContactStatus.DECLINED


def test_chat_says_how_to_stop_it() -> None:
    assert "退订" in Talk(replace(OPENING, channel=Channel.WECHAT, recording=False)).said


class TestNothingIsHeard:
    """A patient who only speaks on a machine without a recogniser, or in a line too bad for it."""

    def test_the_keypad_is_offered_at_once(self) -> None:
        talk = Talk().unheard()
        assert "王建国本人吗" in talk.said and "请按1" in talk.said
        talk.digits("1")
        assert talk.session.identity_step == "proof"
        assert "请用按键输入四位数字" in talk.said
        assert "按键输入四位数字" in talk.unheard().said

    def test_every_question_then_says_its_keys(self) -> None:
        talk = Talk().unheard().digits("1").digits("1958")
        assert talk.session.verified and "请按1" in talk.said
        talk.digits("2").digits("2").digits("2")
        assert talk.session.current == "weight" and "按井号结束" in talk.said
        talk.turn("六十五公斤", read=reading("六十五公斤", numbers={"weight_kg": 65}))
        assert "请按1" not in talk.said  # the words get through after all

    def test_a_whole_call_by_keys(self) -> None:
        talk = Talk().unheard().digits("1").digits("1958")
        for keys in ("2", "2", "2", "65", "2", "120*75", "1"):
            talk.digits(keys)
        talk.unheard()  # anything else?
        assert talk.last.end is not None and talk.last.end.contact_status is ContactStatus.COMPLETED
        assert [one.rule for one in talk.last.requests] == ["last_words_unheard"]

    def test_the_letter_of_an_identity_card_has_a_key(self) -> None:
        talk = Talk(opening_of(birth_year=None)).unheard().digits("1").digits("331*")
        assert talk.session.verified

    def test_who_only_speaks_is_handed_to_a_nurse_as_not_heard(self) -> None:
        talk = Talk().unheard().unheard()
        assert talk.last.end is None
        talk.unheard()
        assert talk.last.end is not None
        assert (talk.last.end.contact_status, talk.last.end.reason) == (ContactStatus.PARTIAL, "not_heard")
        assert [(one.kind, one.rule) for one in talk.last.requests] == [(EscalationKind.TECHNICAL, "not_heard")]
        assert "护士" in talk.said

    def test_in_the_middle_two_questions_are_given_up_first(self) -> None:
        talk = Talk().identified()
        for _ in range(5):
            assert talk.unheard().last.end is None
        talk.unheard()
        assert talk.last.end is not None and talk.last.end.reason == "not_heard"

    def test_words_in_between_begin_the_count_anew(self) -> None:
        talk = Talk().unheard().unheard().turn("呃", MoveKind.NONSENSE).unheard()
        assert talk.last.end is None


def test_family_of_a_patient_who_cannot_speak_is_not_asked_to_fetch_him() -> None:
    talk = Talk().turn("我是他老伴，他说不了话", MoveKind.CAREGIVER)
    assert talk.last.end is not None and talk.last.end.contact_status is ContactStatus.DUE
    assert [request.rule for request in talk.last.requests] == ["family_unregistered"]


def test_family_nobody_registered_is_asked_for_the_patient_a_few_times_and_then_let_go() -> None:
    talk = Talk()
    asked = 0
    for _ in range(6):
        talk.turn("我是他女儿，跟我说吧", MoveKind.CAREGIVER)
        asked += "方便接电话" in talk.said
        if talk.last.end is not None:
            break
    assert asked <= 3
    assert talk.last.end is not None and talk.last.end.reason == "patient_away"
    assert talk.last.end.contact_status is ContactStatus.DUE
    assert [request.rule for request in talk.last.requests] == ["family_unregistered"]


def test_questions_of_somebody_else_do_not_loop_either() -> None:
    talk = Talk().turn("不是", MoveKind.DENY, NO)
    for _ in range(3):
        talk.faq("他得的什么病", "my_illness", "不能说")
    assert talk.last.end is not None and "不能说" not in talk.said


def test_the_patient_may_come_to_the_phone_after_all() -> None:
    talk = Talk().turn("不是", MoveKind.DENY, NO)
    talk.turn("我是他老伴", MoveKind.CAREGIVER).turn("跟我说一样", MoveKind.CAREGIVER).turn("他来了", MoveKind.WAIT)
    assert talk.last.end is None and talk.session.identity_step == "name"


def test_whoever_only_calls_out_is_asked_eight_times_and_no_more() -> None:
    talk = Talk()
    for _ in range(8):
        talk.turn("喂？")
        assert talk.last.end is None
    talk.turn("喂？")
    assert talk.last.end is not None and talk.session.phase is Phase.ENDED
