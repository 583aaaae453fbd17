"""Words about the call, about hospital, or about the question itself are no answers to it."""

from dataclasses import replace

import pytest

from agent.dialog.adherence import adherence_in_words
from agent.dialog.asking_back import asks_back
from agent.dialog.habits import habit_in_words, no_worse
from agent.dialog.numerals import worse_of_two
from agent.dialog.options import option_by_number, option_in_words
from agent.model.contact import AttemptOutcome
from agent.model.finding import Finding, Measurement, Polarity, Reading, Status
from agent.model.move import MoveKind
from tests.unit.dialog.talk import NO, OPENING, YES, Talk, pathway, red

NIGHT = "晚上睡觉会不会憋醒，或者躺不平？"


def test_who_wants_no_more_calls_has_not_told_how_the_medicine_is_taken() -> None:
    talk = Talk().identified().until("medicine").turn("你们别再打了，烦不烦，天天打", MoveKind.OPT_OUT)
    assert talk.session.answer("medicine") is None
    assert talk.said == "您是希望以后都不再联系您，对吗？"


def test_a_refusal_that_names_an_option_still_answers() -> None:
    talk = Talk().identified().until("medicine").turn("药早停了，别问了", MoveKind.REFUSE)
    assert talk.session.answer("medicine").value == "stopped"


@pytest.mark.parametrize("words", ["我现在就在医院住着呢，前天又进来了", "正住院呢", "又住进去了，在病房躺着"])
def test_a_patient_in_hospital_again_is_not_asked_about_life_at_home(words: str) -> None:
    talk = Talk().identified().turn(words)
    assert talk.said == "好的，请安心治疗，我们以后再联系。再见。"
    assert [request.rule for request in talk.last.requests] == ["readmitted"]
    assert talk.last.end is not None and talk.last.end.outcome is AttemptOutcome.POSTPONED


@pytest.mark.parametrize(
    "words",
    ["我老伴又住院了，我在陪她", "上个月又住院了，出院才三天", "住院那会儿还喘", "要不要再去住院", "我在医院拿药呢"],
)
def test_hospital_in_the_words_is_not_always_the_patient_in_it(words: str) -> None:
    assert Talk().identified().turn(words).last.end is None


@pytest.mark.parametrize("words", ["就是担心又去急诊", "生怕又去急诊", "没有再住过院"])
def test_a_stay_that_is_feared_or_denied_is_no_card(words: str) -> None:
    assert not Talk().identified().turn(words).last.requests
    told = Talk().identified().turn("中间又住了五天院").last.requests
    assert [request.rule for request in told] == ["stay_since"]


def test_having_been_in_hospital_is_an_answer_where_it_was_asked() -> None:
    talk = Talk(of=pathway("recall")).identified().turn("方便", MoveKind.AFFIRM).until("been_in_hospital")
    assert talk.turn("又住院了，现在还住着院呢").last.end is None


def test_advice_is_given_once() -> None:
    talk = Talk(of=pathway("breast_surgery")).identified().until("exercise")
    assert "请按出院时教的动作每天做" not in talk.said
    talk.turn("没有", MoveKind.DENY, NO)
    assert talk.said.count("请按出院时教的动作每天做") == 1
    talk = Talk(of=pathway("breast_surgery"), opening=replace(OPENING, node_day=30)).identified().until("arm_lifts")
    talk.turn("没有", MoveKind.DENY, NO)
    assert "请按出院时教的动作每天做" in talk.said
    assert "请按出院时教的动作每天做" not in talk.turn("没有", MoveKind.DENY, NO).said


def test_a_fever_told_with_its_degrees_is_not_asked_how_high() -> None:
    talk = Talk(of=pathway("chemotherapy")).identified()
    words = "烧到三十八度二"
    told = Measurement("temp_c", 38.2, "℃", words, (0, 7), doubtful=False)
    read = red(words, "chemo_any_fever", "fever")
    talk.turn(words, MoveKind.ANSWER, type(read)(words, measurements=(told,), alarms=read.alarms))
    assert talk.session.answer("temperature_now").value == "38.2℃"
    assert "最高烧到多少度" not in talk.said + talk.turn("今天早上").said


def test_a_new_number_that_was_never_told_is_not_said_to_be_noted() -> None:
    talk = Talk().identified().turn("我换号了", MoveKind.NUMBER_CHANGED).turn("不知道").until("night")
    said = "".join(step.reply.text for step in talk.steps)
    assert "新号码记下了" not in said and "我请护士再跟您核实一下" in said


@pytest.mark.parametrize("words", ["啥？会不会啥？", "啥意思", "就是打肚子那个针吗？", "你是说夜里吗"])
def test_what_asks_back_what_was_asked(words: str) -> None:
    assert asks_back(words, NIGHT, answerable=False)


@pytest.mark.parametrize(
    "words", ["吃什么药好", "哪里能买到", "没啥", "不咋憋", "没啥憋的", "啥都不会", "要不要紧", "谁知道呢"]
)
def test_a_question_of_their_own_asks_nothing_back(words: str) -> None:
    assert not asks_back(words, NIGHT, answerable=False)


def test_an_approved_answer_goes_before_asking_back() -> None:
    assert not asks_back("是说要空腹吗", NIGHT, answerable=True)


def test_asked_back_what_is_meant_the_robot_says_it_in_other_words() -> None:
    talk = Talk().identified().turn("是说爬楼吗", MoveKind.REPEAT)
    assert talk.said == "平时走几步路，会不会喘不上气？"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("吃", "as_prescribed"),
        ("吃着呢", "as_prescribed"),
        ("吃，闺女给摆好的", "as_prescribed"),
        ("吃了上顿忘下顿", "missed_some"),
        ("吃不下", None),
        ("天天打电话烦不烦", None),
    ],
)
def test_the_verb_alone_says_that_the_medicine_is_taken(words: str, told: str | None) -> None:
    assert adherence_in_words(words) == told


def test_one_or_two_is_two_on_a_scale() -> None:
    assert worse_of_two("一两分吧") == 2.0


def test_who_has_nothing_to_measure_with_is_not_asked_what_it_shows() -> None:
    talk = Talk().identified().until("pressure").turn("家里没有血压计")
    assert talk.session.current == "medicine" and "pressure" in talk.session.unanswered


def test_a_word_in_dialect_that_answers_is_no_step_towards_the_end() -> None:
    talk = Talk().identified().turn("系乜嘢", MoveKind.FOREIGN).turn("不喘", MoveKind.DENY, NO)
    assert talk.turn("咩嘢", MoveKind.FOREIGN).last.end is None
    assert talk.turn("咩嘢", MoveKind.FOREIGN).last.end is not None


def test_good_after_an_answer_to_their_question_is_the_end_and_no_wish_to_speak() -> None:
    talk = Talk().identified().until("anything_else").faq("下次什么时候复查", "when", "日子写在出院小结上。")
    assert talk.turn("ok", MoveKind.AFFIRM).last.end is not None
    talk = Talk().identified().until("anything_else").turn("有", MoveKind.AFFIRM, Reading("有", polarity=Polarity.YES))
    assert talk.said == "您请说。"


@pytest.mark.parametrize(
    ("question", "words", "told"),
    [
        ("现在抽烟吗？", "戒了十年了", False),
        ("现在还抽烟吗？", "早不抽了", False),
        ("现在抽烟吗？", "抽两口", True),
        ("现在抽烟吗？", "一天半包", True),
        ("现在抽烟吗？", "戒不掉", True),
        ("最近喝酒吗？", "过年过节喝点", True),
        ("最近喝酒吗？", "戒了戒了", False),
        ("每周能活动五天左右吗？", "天天跳广场舞", True),
        ("每天能出去走走吗？", "要得，天天去坝坝头走两转", None),
        ("每天能出去走走吗？", "天天没空去", None),
        ("教您的锻炼动作，每天做了吗？", "想起来就做做", False),
        ("这两天解过大便吗？", "天天都有", True),
        ("吃药以后有没有不舒服？", "天天都好好的", None),
        ("这两天解过大便吗？", "一天一次", True),
        ("下次化疗的日子知道吗？", "下周一", True),
        ("下次化疗的日子知道吗？", "下周一去问", None),
        ("复查的时间约好了吗？", "下周三去", True),
        ("复诊的号约好了吗？", "还没，二十八号去约", None),
        ("这段时间住过院，或者看过急诊吗？", "上个月住了十天", True),
    ],
)
def test_habits(question: str, words: str, told: bool | None) -> None:
    assert habit_in_words(question, words) is told


@pytest.mark.parametrize(
    ("words", "told"),
    [("差不多", True), ("跟那时候一样", True), ("差不多吧，更肿一点", False), ("比那时候重了", False)],
)
def test_about_the_same_is_no_worse(words: str, told: bool) -> None:
    assert no_worse("比出院的时候肿得更厉害吗？", words) is told
    assert not no_worse("这几天发过烧吗？", words)


def test_about_the_same_is_on_record_as_no() -> None:
    about_same = Reading("差不多", polarity=Polarity.YES)
    talk = (
        Talk()
        .identified()
        .until("swelling")
        .turn("肿", MoveKind.AFFIRM, YES)
        .turn("差不多", MoveKind.ANSWER, about_same)
    )
    assert talk.session.answer("swelling_worse").value is False


@pytest.mark.parametrize(
    ("words", "key"), [("2", "half"), ("第二个", "half"), ("选三", "little"), ("吃一口吐一口", None)]
)
def test_an_option_by_its_number(words: str, key: str | None) -> None:
    assert option_by_number(pathway("chemotherapy").questions["eating"].options, words) == key


def test_family_nobody_registered_is_told_to_the_coordinator_whatever_they_say_last() -> None:
    talk = Talk().turn("我是他老婆", MoveKind.CAREGIVER).turn("他起不来", MoveKind.DENY)
    assert [request.rule for request in talk.last.requests] == ["family_unregistered"]


@pytest.mark.parametrize(
    ("words", "well"),
    [("睡得好", True), ("睡得挺踏实", True), ("睡得不好", False), ("睡得好，就是有时候要坐起来", False)],
)
def test_who_sleeps_well_is_not_short_of_breath_at_night(words: str, well: bool) -> None:
    talk = Talk().identified().until("night").turn(words, MoveKind.AFFIRM)
    night = talk.session.answer("night")
    assert (night is not None and night.value is False) is well


def test_a_reproach_of_daily_calls_takes_no_medicine() -> None:
    talk = Talk().identified().until("medicine").turn("你们有病吧，天天打", MoveKind.ABUSE)
    assert talk.session.answer("medicine") is None
    assert adherence_in_words("今天天气真好") is None


def test_how_high_the_fever_was_is_not_asked_twice() -> None:
    talk = Talk(of=pathway("general_surgery")).identified().until("fever").turn("发热", MoveKind.AFFIRM, YES)
    talk.turn("三十七度八", read=Reading("三十七度八", measurements=(Measurement("temp_c", 37.8, "度", "", (0, 1)),)))
    talk.turn("伤口流脓", read=red("伤口流脓", "wound_infection")).turn("昨天")
    assert talk.session.answer("temperature_now").value == "37.8度"
    assert "最高烧到" not in talk.said


def test_who_is_well_has_not_refused_to_talk() -> None:
    talk = Talk(of=pathway("recall")).identified()
    talk.turn("都挺好的", read=Reading("都挺好的", polarity=Polarity.NO))
    assert talk.last.end is None and talk.said.endswith("现在方便吗？")


def test_a_medicine_the_doctor_stopped_is_not_asked_to_be_kept() -> None:
    talk = (
        Talk(of=pathway("recall")).identified().turn("方便", MoveKind.AFFIRM, YES).until("medicine").turn("医生让停了")
    )
    assert "别自己停" not in talk.said


def test_no_pus_answers_the_question_for_pus() -> None:
    talk = Talk(of=pathway("diabetes")).identified().until("foot").turn("磨破了", MoveKind.AFFIRM, YES)
    no_pus = Finding("pus", "流脓", "流脓", (1, 3), Status.DENIED, "没")
    talk.turn("没流脓", read=Reading("没流脓", findings=(no_pus,), polarity=Polarity.NO))
    assert talk.session.answer("foot_worse").value is False


def test_a_medicine_taken_is_no_answer_to_a_question_about_the_body() -> None:
    talk = Talk().identified().until("swelling").turn("都吃了", MoveKind.AFFIRM, YES)
    assert talk.session.answer("swelling") is None
    talk.turn("是的", MoveKind.AFFIRM, YES)
    assert talk.session.answer("swelling").value is True


@pytest.mark.parametrize(
    ("words", "willing"),
    [
        ("去年打了发烧三天", None),
        ("怕打了难受", None),
        ("打", "willing"),
        ("不打", "unwilling"),
        ("打不打都行", "unsure"),
    ],
)
def test_a_shot_of_before_is_no_wish_for_one(words: str, willing: str | None) -> None:
    options = pathway("flu_vaccine").questions["willing"].options
    assert option_in_words(options, words) == willing
