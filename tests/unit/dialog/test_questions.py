"""Answers, several at once, read back, corrected, misunderstood."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.dialog import engine
from agent.model.contact import Channel, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Level, Measurement, Polarity, Reading, Status
from agent.model.move import MoveKind
from agent.model.session import Phase
from agent.model.turn import Expect
from tests.unit.dialog.talk import NO, OPENING, YES, Talk, finding, pathway, reading, red


def asked(question: str, day: int = 7, name: str = "heart_failure") -> Talk:
    return Talk(replace(OPENING, node_day=day), pathway(name)).identified().until(question)


def test_an_answer_goes_to_its_question_and_the_next_one_is_put() -> None:
    talk = Talk().identified()
    assert talk.session.current == "breath"
    talk.turn("不喘", MoveKind.DENY, reading("不喘", finding("dyspnoea", Status.DENIED)))
    assert [(answer.question, answer.value, answer.raw) for answer in talk.last.answers] == [("breath", False, "不喘")]
    assert talk.session.current == "night"


@pytest.mark.parametrize("words", ["一九五八年", "五八年的", "1958", "我是一九五八年生的"])
def test_a_year_of_birth_said_late_answers_no_symptom_question(words: str) -> None:
    talk = Talk().identified().turn(words, MoveKind.AFFIRM)
    assert talk.session.current == "breath" and talk.last.answers == ()


def test_what_triage_reads_goes_before_the_move() -> None:
    talk = asked("swelling").turn("肿", MoveKind.DENY, reading("肿", finding("oedema")))
    assert talk.session.answer("swelling").value is True


def test_several_answers_in_one_breath() -> None:
    said = reading(
        "不喘也不肿，六十公斤",
        finding("dyspnoea", Status.DENIED),
        finding("oedema", Status.DENIED),
        numbers={"weight_kg": 60.0},
    )
    talk = Talk().identified().turn("不喘也不肿，六十公斤", read=said)
    assert {answer.question for answer in talk.last.answers} == {"breath", "swelling", "weight"}
    assert talk.session.current == "weight_gain"  # the weight's branch, without asking for the weight
    assert talk.turn("没有", MoveKind.DENY, NO).session.current == "night"


def test_a_bare_no_answers_only_the_open_question() -> None:
    talk = Talk().identified().turn("没有", MoveKind.DENY, NO)
    assert len(talk.last.answers) == 1


def test_a_branch_is_asked_next_and_its_advice_said() -> None:
    talk = asked("medicine").turn("停了")
    assert talk.session.answer("medicine").value == "stopped"
    assert talk.session.current == "why_not"
    assert [request.rule for request in talk.last.requests] == ["medicine_answer_1"]
    talk.turn("吃完了，没开")
    assert "不要自己停" in talk.said


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("天天按时吃的", "as_prescribed"),
        ("从来没忘过", "as_prescribed"),
        ("没有漏过", "as_prescribed"),
        ("有时候会忘", "missed_some"),
        ("漏了两次", "missed_some"),
        ("早就不吃了", "stopped"),
        ("停了，没停别的", "stopped"),
        ("每天都吃，漏了两三回，没事", "missed_some"),
        ("停了两天又吃上了", "missed_some"),
        ("吃一天停一天", "missed_some"),
        ("想起来才吃", "missed_some"),
        ("隔一天吃一次", "missed_some"),
        ("药都按时吃，就是医院停车场太难停了", "as_prescribed"),
        ("按时吃，偶尔头晕", "as_prescribed"),
        ("一次不落", "as_prescribed"),
        ("我忘性大，药倒没忘", "as_prescribed"),
        ("我自己把药停了", "stopped"),
    ],
)
def test_adherence_in_the_patients_words(words: str, key: str) -> None:
    assert asked("medicine").turn(words).session.answer("medicine").value == key


@pytest.mark.parametrize("words", ["你们医院那个停车场太难停了", "雨停了我就去", "隔壁老王停药了"])
def test_what_stopped_elsewhere_is_no_medicine(words: str) -> None:
    assert asked("medicine").turn(words).session.answer("medicine") is None


def test_a_danger_said_to_be_less_than_before_is_a_card_for_today_and_the_questions_go_on() -> None:
    said = replace(reading("好多了，没那么喘", finding("dyspnoea")), eased=("dyspnoea",))
    talk = asked("breath").turn("好多了，没那么喘", read=said)
    assert talk.session.answer("breath").value is True and talk.session.phase is Phase.QUESTIONS
    assert [request.level for request in talk.last.requests] == [Level.YELLOW]
    talk = asked("breath").turn("喘", read=reading("喘", finding("dyspnoea")))
    assert talk.session.phase is Phase.RED_FLAG


def test_the_keypad_answers_closed_questions() -> None:
    talk = asked("swelling").digits("2")
    assert talk.session.answer("swelling").value is False
    assert asked("medicine").digits("3").session.answer("medicine").value == "stopped"


@pytest.mark.parametrize(("keys", "value"), [("150*95", "150/95"), ("15095#", "150/95"), ("12080", "120/80")])
def test_a_pressure_by_keypad(keys: str, value: str) -> None:
    assert asked("pressure").digits(keys).session.answer("pressure").value == value


def test_a_pressure_heard_badly_is_read_back_and_kept_on_yes() -> None:
    said = reading("一百五九十五", numbers={"systolic": 150, "diastolic": 95})
    talk = asked("pressure").turn("一百五九十五", read=said, sure=0.6)
    assert talk.said == "您说的是高压一百五十，低压九十五，对吗？"
    assert talk.last.answers == () and talk.last.reply.expect is Expect.YES_NO
    talk.turn("对", MoveKind.AFFIRM, YES)
    assert talk.session.answer("pressure").value == "150/95"
    assert talk.session.answer("pressure").raw == "一百五九十五"


def test_a_pressure_heard_well_is_not_read_back() -> None:
    said = reading("一百二八十", numbers={"systolic": 120, "diastolic": 80})
    assert asked("pressure").turn("一百二八十", read=said).session.answer("pressure").value == "120/80"


def test_no_to_a_read_back_asks_again_and_another_number_replaces_it() -> None:
    said = reading("一百五九十五", numbers={"systolic": 150, "diastolic": 95})
    other = reading("一百三八十五", numbers={"systolic": 130, "diastolic": 85})
    talk = asked("pressure").turn("一百五九十五", read=said, sure=0.5)
    assert talk.turn("不对", MoveKind.DENY, NO).session.answer("pressure") is None
    talk = asked("pressure").turn("一百五九十五", read=said, sure=0.5)
    talk.turn("不是，一百三八十五", MoveKind.CORRECT, other)
    assert talk.session.answer("pressure").value == "130/85"


@pytest.mark.parametrize(("words", "kept"), [("住院押金退了一个多月都没退给我", True), ("押金怎么退", False)])
def test_a_complaint_taken_for_a_question_is_kept_and_answered(words: str, kept: bool) -> None:
    low = Reading("三分", measurements=(Measurement("scale", 3.0, "", "三分", (0, 2), False),))
    talk = Talk(replace(OPENING, node_day=90), pathway("satisfaction")).identified()
    talk.turn("行，你问吧", MoveKind.AFFIRM, YES).turn("三分", read=low)
    assert talk.session.current == "why_low"
    talk.faq(words, "bill", "退款请带押金条。")
    assert talk.said.startswith("退款请带押金条。")
    assert (talk.session.answer("why_low") is not None) is kept


def test_no_to_the_read_back_of_an_earlier_answer_asks_for_that_answer_again() -> None:
    said = reading("一百二八十", numbers={"systolic": 120, "diastolic": 80})
    talk = asked("pressure").turn("一百二八十", read=said)
    after = talk.session.current
    better = reading("不对，血压是一百五九十五", numbers={"systolic": 150, "diastolic": 95})
    talk.turn("不对，血压是一百五九十五", MoveKind.CORRECT, better, sure=0.5)
    assert talk.said == "好的。您说的是高压一百五十，低压九十五，对吗？"
    talk.turn("不对", MoveKind.DENY, NO)
    assert talk.session.current == "pressure" and after in talk.session.queue
    talk.turn("一百三八十五", read=reading("一百三八十五", numbers={"systolic": 130, "diastolic": 85}))
    assert talk.session.answer("pressure").value == "130/85" and talk.session.current == after


def test_an_interruption_does_not_lose_a_number_being_read_back() -> None:
    said = reading("一百五九十五", numbers={"systolic": 150, "diastolic": 95})
    talk = asked("pressure").turn("一百五九十五", read=said, sure=0.5)
    talk.faq("你是机器人吗", "robot", "我是机器人。")
    assert talk.said == "我是机器人。您说的是高压一百五十，低压九十五，对吗？"


def test_half_a_pressure_is_completed() -> None:
    talk = asked("pressure").turn("高压一百三", read=reading("高压一百三", numbers={"systolic": 130}))
    assert talk.said == "那低压是多少？"
    assert talk.turn("八十").session.answer("pressure").value == "130/80"


def test_an_implausible_number_is_read_back_and_never_kept() -> None:
    talk = asked("weight").turn("六百五十公斤", read=reading("", numbers={"weight_kg": 650}))
    assert "对吗" in talk.said
    assert talk.turn("对", MoveKind.AFFIRM, YES).session.answer("weight") is None


def test_a_limit_raises_a_yellow_request_and_the_talk_goes_on() -> None:
    said = reading("一百六九十", numbers={"systolic": 160, "diastolic": 90})
    talk = asked("pressure").turn("一百六九十", read=said)
    assert [(one.kind, one.level, one.rule) for one in talk.last.requests] == [
        (EscalationKind.THRESHOLD, Level.YELLOW, "hf_systolic_high")
    ]
    assert talk.session.current == "medicine"


def test_a_correction_with_a_bare_number_changes_the_last_number() -> None:
    said = reading("一百五九十五", numbers={"systolic": 150, "diastolic": 95})
    talk = asked("pressure").turn("一百五九十五", read=said)
    talk.turn("不对，我刚才说错了，是一百六", MoveKind.CORRECT)
    changed = talk.last.answers[0]
    assert (changed.question, changed.value, changed.corrected) == ("pressure", "160/95", True)
    assert talk.session.current == "medicine"


def test_a_correction_in_passing_changes_a_number_given_before() -> None:
    talk = asked("weight").turn("六十五公斤", read=reading("", numbers={"weight_kg": 65}))
    talk.turn(
        "没有，哦体重是六十六",
        MoveKind.DENY,
        replace(NO, measurements=reading("", numbers={"weight_kg": 66}).measurements),
    )
    assert talk.session.answer("weight").value == 66 and talk.session.answer("weight").corrected


def test_a_correction_without_a_value_asks_the_last_question_again() -> None:
    talk = asked("swelling").turn("刚才说错了", MoveKind.CORRECT)
    assert talk.session.current == "night" and talk.session.queue[0] == "swelling"


def test_what_is_taken_back_in_the_same_breath_is_asked_again_and_touches_no_earlier_answer() -> None:
    talk = asked("weight").turn("六十三公斤", read=reading("六十三公斤", numbers={"weight_kg": 63}))
    talk.turn("没有", MoveKind.DENY, NO)
    assert talk.session.current == "pressure"
    talk.turn("九十八的高压，七十二的低压，不对不对，一百五十七，八十六", MoveKind.CORRECT)
    assert talk.session.answer("weight").value == 63
    assert talk.session.current == "pressure" and talk.session.answer("pressure") is None
    talk = asked("swelling").turn("小腿一按一个坑，不对不对，没有肿", MoveKind.CORRECT)
    assert talk.session.current == "swelling" and "重新说" in talk.said


def test_a_corrected_answer_forgets_the_branch_it_led_to() -> None:
    talk = asked("swelling").turn("肿", MoveKind.AFFIRM, YES)
    assert talk.session.current == "swelling_worse"
    talk = asked("medicine").turn("停了").turn("不对，没停，天天吃", MoveKind.CORRECT)
    assert "why_not" not in talk.session.queue


def test_two_misunderstandings_offer_the_keypad_three_leave_the_question_to_a_nurse() -> None:
    talk = Talk().identified().turn("呃", MoveKind.NONSENSE)
    assert "平时走几步路" in talk.said and "按1" not in talk.said
    assert "按1" in talk.unheard().said
    talk.turn("呃", MoveKind.NONSENSE)
    assert talk.session.unanswered == ("breath",) and talk.session.current == "night"
    assert [(one.kind, one.rule) for one in talk.last.requests] == [(EscalationKind.UNCLEAR, "unanswered_breath")]


def test_what_a_patient_does_not_know_is_left_without_fuss() -> None:
    talk = asked("weight").turn("没称", MoveKind.DENY, NO)
    assert "没听清" not in talk.said and talk.session.current == "weight"
    talk.turn("家里没有秤", MoveKind.DENY, NO)
    assert talk.session.unanswered == ("weight",)
    assert "称一次体重" in talk.said


def test_silence_twice_elder_then_keypad_then_goodbye() -> None:
    talk = Talk().identified().turn("不喘", MoveKind.DENY, NO)
    assert "听得到吗" in talk.silence().said
    assert "按1" not in talk.silence().said
    assert "按1" in talk.silence().said
    ended = talk.silence().last.end
    assert ended is not None and ended.contact_status is ContactStatus.PARTIAL and ended.reason == "silence"


def test_everything_answered_is_completed_with_thanks_and_the_next_day() -> None:
    talk = Talk().identified()
    while talk.session.phase is not Phase.CLOSING:
        numbers = {"weight": {"weight_kg": 60.0}, "pressure": {"systolic": 120.0, "diastolic": 80.0}}
        measured = reading("", numbers=numbers.get(talk.session.current or "", {})).measurements
        talk.turn("没有", MoveKind.DENY, Reading("没有", measurements=measured, polarity=Polarity.NO))
    talk.turn("没有", MoveKind.DENY, NO)
    assert "七天以后" in talk.said and "010-66668888" in talk.said
    assert talk.last.end is not None and talk.last.end.contact_status is ContactStatus.COMPLETED
    assert talk.last.reply.end


def test_an_important_question_left_makes_the_contact_partial() -> None:
    talk = Talk().identified()
    for _ in range(3):
        talk.unheard()
    while talk.last.end is None:
        talk.digits("2") if talk.session.current != "weight" else talk.digits("65")
        if talk.session.current == "pressure":
            talk.digits("120*80")
    assert talk.last.end.contact_status is ContactStatus.PARTIAL


def in_danger() -> Talk:
    return Talk().identified().turn("胸口疼", read=red("胸口疼", "chest_pain"))


def before_consent() -> Talk:
    return Talk(replace(OPENING, node_day=90), pathway("satisfaction")).identified()


@pytest.mark.parametrize("start", [Talk, lambda: Talk().identified(), before_consent, in_danger])
@pytest.mark.parametrize("kind", [kind for kind in MoveKind if kind is not MoveKind.START])
def test_never_a_loop_whatever_is_said(kind: MoveKind, start: Callable[[], Talk]) -> None:
    """The same move over and over ends the conversation at last."""
    talk = start()
    while talk.last.end is None and len(talk.steps) < 120:
        talk.turn("嗯", kind)
    assert talk.last.end is not None


def test_reading_context_names_what_is_asked() -> None:
    talk = asked("pressure")
    context = engine.reading_context(talk.session, talk.pathway)
    assert context.measurements == ("systolic", "diastolic")
    assert "hf_systolic_high" in {limit.id for limit in context.limits}
    assert "hf_oedema_and_wasting" in {rule.id for rule in context.rules}
    first = engine.reading_context(Talk().identified().session, talk.pathway)
    assert first.asked == ("dyspnoea",) and "喘" in first.question


def test_move_context_knows_question_expectation_and_phase_but_no_words() -> None:
    talk = asked("swelling")
    context = engine.move_context(talk.session, talk.pathway, reading("肿", finding("oedema")))
    assert (context.question, context.expect, context.phase) == ("swelling", "yes_no", "questions")
    assert context.has_finding and not context.has_measurement


def test_a_node_that_an_edit_removed_gives_the_one_before() -> None:
    assert Talk(replace(OPENING, node_day=10)).session.node_day == 7
    assert Talk(replace(OPENING, node_day=1)).session.node_day == 3


def test_a_correction_with_a_branch_of_its_own_asks_that_first() -> None:
    talk = asked("weight").turn("说错了，脚是肿的", MoveKind.CORRECT, reading("脚是肿的", finding("oedema")))
    assert talk.session.current == "swelling_worse" and talk.session.queue[0] == "weight"


def test_a_correction_after_the_last_question_is_not_lost() -> None:
    talk = asked("anything_else").turn("刚才说错了", MoveKind.CORRECT)
    assert talk.session.phase is Phase.QUESTIONS and talk.session.current == "medicine"
    talk.turn("停了")
    assert talk.session.answer("medicine").value == "stopped"
    assert talk.session.current == "anything_else"


@pytest.mark.parametrize("words", ["不对，上礼拜摔过一跤", "不对，一天三顿药", "说错了，有点疼"])
def test_a_correction_about_something_else_leaves_the_numbers_alone(words: str) -> None:
    said = reading("一百三八十", numbers={"systolic": 130, "diastolic": 80})
    talk = asked("pressure").turn("一百三八十", read=said).turn(words, MoveKind.CORRECT)
    assert talk.session.answer("pressure").value == "130/80"


def test_all_sentences_cover_what_was_said() -> None:
    fixed = set(engine.all_sentences(pathway(), OPENING))
    talk = Talk().identified()
    for _ in range(3):
        talk.unheard()
    talk.turn("慢点", MoveKind.SLOWER).turn("没有", MoveKind.DENY, NO).silence()
    for step in talk.steps:
        assert set(step.reply.sentences) <= fixed


def test_chat_uses_numbers_to_reply_with() -> None:
    talk = Talk(replace(OPENING, channel=Channel.WECHAT)).identified().turn("呃", MoveKind.NONSENSE)
    assert "没看懂" in talk.said and "没听清" not in talk.said
    assert "请回复1" in talk.turn("呃", MoveKind.NONSENSE).said
    assert "听得到" not in talk.silence().said


def test_a_symptom_told_in_the_questions_own_words_answers_it() -> None:
    breast = pathway("breast_surgery")
    talk = Talk(replace(OPENING, node_day=90), breast).identified().until("redness")
    red_arm = replace(finding("skin_change"), surface="胳膊又红")
    talk.turn("整个胳膊又红又烫", read=reading("整个胳膊又红又烫", red_arm))
    assert talk.session.answer("redness").value is True
    talk = Talk(replace(OPENING, node_day=90), breast).identified().until("redness")
    talk.turn("脸发黄", read=reading("脸发黄", replace(finding("skin_change"), surface="脸发黄")))
    assert talk.session.answer("redness") is None


def test_three_or_four_on_a_scale_is_the_worse_and_needs_no_reading_back() -> None:
    talk = Talk(of=pathway("general_surgery")).identified()
    while talk.session.current != "pain":
        talk.turn("没有", MoveKind.DENY, NO)
    told = reading("三四分吧", numbers={"scale": 3}, doubtful=True)
    talk.turn("三四分吧", MoveKind.ANSWER, told)
    assert talk.session.answer("pain").value == 4 and talk.session.detour is None


def test_of_two_values_the_one_of_today_answers() -> None:
    text = "昨天六十五公斤，今天六十七公斤"
    told = replace(
        reading(text),
        measurements=(
            Measurement("weight_kg", 65, "kg", "六十五公斤", (2, 7)),
            Measurement("weight_kg", 67, "kg", "六十七公斤", (10, 15)),
        ),
    )
    assert asked("weight").turn(text, read=told).session.answer("weight").value == 67
    back = replace(told, text="今天六十五公斤，昨天六十七公斤")
    assert asked("weight").turn(back.text, read=back).session.answer("weight").value == 65


def test_the_sound_of_a_refusal_counts_at_a_read_back_only() -> None:
    def open_to(talk: Talk) -> frozenset[Polarity]:
        return engine.reading_context(talk.session, talk.pathway, "部队").by_sound

    said = reading("一百五九十五", numbers={"systolic": 150, "diastolic": 95})
    talk = asked("pressure")
    assert open_to(Talk()) == {Polarity.YES}  # is it you?
    assert open_to(talk) == frozenset()
    talk.turn("一百五九十五", read=said, sure=0.6)
    assert open_to(talk) == {Polarity.YES, Polarity.NO}
    assert engine.reading_context(talk.session, talk.pathway, question_heard=False).by_sound == frozenset()


def test_after_the_advice_one_correction_is_kept_and_then_the_closing_questions_go_on() -> None:
    talk = asked("medicine").turn("停了").turn("胸口疼", read=red("胸口疼", "chest_pain"))
    closing = talk.session.current
    talk.turn("不对，没停，天天吃", MoveKind.CORRECT)
    assert talk.session.current == closing and talk.session.visits == 1
    talk.turn("不对，停了", MoveKind.CORRECT)
    assert talk.session.current != closing


def test_words_that_may_be_a_misheard_no_affirm_no_symptom() -> None:
    talk = asked("swelling").heard("没有错", "没错", kind=MoveKind.AFFIRM)
    assert talk.session.answer("swelling") is None
    assert talk.session.current == "swelling"
    typed = asked("swelling").turn("没有错", MoveKind.AFFIRM)
    assert typed.session.answer("swelling").value is True


def test_words_that_were_hardly_heard_and_name_no_symptom_answer_for_none() -> None:
    hardly = asked("swelling").turn("没有人", MoveKind.DENY, Reading("没有人", polarity=Polarity.NO), sure=0.25)
    assert hardly.session.answer("swelling") is None
    assert hardly.session.current == "swelling"
    heard = asked("swelling").turn("没有", MoveKind.DENY, NO, sure=0.35)
    assert heard.session.answer("swelling").value is False
    denied = reading("脚不肿", finding("oedema", Status.DENIED))
    named = asked("swelling").turn("脚不肿", MoveKind.DENY, denied, sure=0.25)
    assert named.session.answer("swelling").value is False
