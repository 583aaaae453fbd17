"""Numbers, days, hours, sessions through JSON, and the choice of a pathway."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.dialog.adherence import adherence_in_words
from agent.dialog.dates import read_date
from agent.dialog.numerals import numbers_in
from agent.dialog.pathway_loader import load_all
from agent.dialog.spoken import spoken_integer, spoken_moment, spoken_number
from agent.dialog.wording import in_sentences, value_words
from agent.model.answer import Answer, AnswerType
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Channel
from agent.model.discharge import Discharge
from agent.model.people import Tier
from agent.model.plan_rules import PlanRules
from agent.model.session import Detour, DetourKind, Facts, Phase, Session
from agent.model.turn import Expect, Option, Reply
from agent.planning.planner import RulePlanner
from folders import PATHWAYS
from tests.unit.dialog.talk import NOW

PLANNER = RulePlanner(PlanRules(), load_all(PATHWAYS))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("下个月吧", date(2026, 4, 1)),
        ("明年三月份", date(2027, 3, 1)),
        ("二月", date(2027, 2, 1)),
        ("这个三月吧", date(2026, 3, 10)),
        ("半年以后", date(2026, 9, 8)),
        ("三个月前", None),
        ("吃了三个月药", None),
    ],
)
def test_a_month_to_come_is_its_first_day(words: str, day: date | None) -> None:
    assert read_date(words, NOW) == day


def test_an_answer_is_spoken_sentence_by_sentence() -> None:
    assert in_sentences("一般可以。要加止痛药吗？先问医生！别自己加") == [
        "一般可以。",
        "要加止痛药吗？",
        "先问医生！",
        "别自己加",
    ]


@pytest.mark.parametrize(
    ("pathway", "question", "value", "said", "written"),
    [
        ("hypertension", "pressure", "136/78", "高压一百三十六，低压七十八，", "高压136，低压78，"),
        ("copd", "spo2", 95.0, "血氧饱和度百分之九十五，", "血氧饱和度95%，"),
        ("diabetes", "glucose", 7.2, "空腹血糖七点二，", "空腹血糖7.2mmol/L，"),
        ("heart_failure", "weight", 65.5, "体重六十五点五公斤，", "体重65.5公斤，"),
        ("joint_replacement", "pain", 3.0, "疼痛评分三分，", "疼痛评分3分，"),
    ],
)
def test_a_value_is_read_back_as_people_say_it_and_as_they_write_it(
    pathway: str, question: str, value: str | float, said: str, written: str
) -> None:
    asked = load_all(PATHWAYS)[pathway].questions[question]
    assert "".join(value_words(asked, value)) == said
    assert "".join(value_words(asked, value, written=True)) == written


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "零"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (95, "九十五"),
        (105, "一百零五"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (150, "一百五十"),
        (1005, "一千零五"),
        (1958, "一千九百五十八"),
    ],
)
def test_integers_are_spoken(value: int, words: str) -> None:
    assert spoken_integer(value) == words


@given(st.integers(0, 9999))
def test_what_is_spoken_is_read_again(value: int) -> None:
    assert numbers_in(spoken_integer(value)) == [float(value)]


@given(st.integers(0, 300), st.integers(1, 9))
def test_decimals_are_spoken_and_read_again(whole: int, tenth: int) -> None:
    assert numbers_in(spoken_number(whole + tenth / 10)) == [pytest.approx(whole + tenth / 10)]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("是一百六", [160.0]),
        ("一百零五", [105.0]),
        ("应该是六点二吧", [6.2]),
        ("150", [150.0]),
        ("三十八度二", [38.0, 2.0]),
        ("不是九分，是两分", [9.0, 2.0]),
        ("摔过一跤", []),
        ("一点也不疼", []),
        ("一天三顿", []),
        ("等一下", [1.0]),
    ],
)
def test_bare_numbers(words: str, numbers: list[float]) -> None:
    assert numbers_in(words) == numbers


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("今天", date(2026, 3, 10)),
        ("昨天晚上", date(2026, 3, 9)),
        ("大后天", date(2026, 3, 13)),
        ("前天", date(2026, 3, 8)),
        ("三天前", date(2026, 3, 7)),
        ("两个星期以后", date(2026, 3, 24)),
        ("下周三", date(2026, 3, 18)),
        ("上个礼拜五", date(2026, 3, 6)),
        ("三月十五号", date(2026, 3, 15)),
        ("明年三月十五号", date(2027, 3, 15)),
        ("2026-04-01", date(2026, 4, 1)),
        ("二十号", date(2026, 3, 20)),
        ("明白了", None),
        ("二月三十号", None),
    ],
)
def test_days(words: str, day: date | None) -> None:
    assert read_date(words, NOW) == day


def test_a_moment_is_said_back() -> None:
    assert spoken_moment(datetime(2026, 3, 10, 20, 0, tzinfo=HOSPITAL_ZONE), NOW) == "今天晚上八点"
    assert spoken_moment(datetime(2026, 3, 11, 14, 30, tzinfo=HOSPITAL_ZONE), NOW) == "明天下午两点半"
    assert spoken_moment(datetime(2026, 3, 20, 9, 10, tzinfo=HOSPITAL_ZONE), NOW) == "三月二十日上午九点十分"


def test_a_full_session_survives_json() -> None:
    reply = Reply(("好的。", "对吗？"), Expect.YES_NO, "pressure", (Option("1", "是"),), 12.5, False, slower=True)
    session = Session(
        contact_id="c",
        pathway="p",
        version="1.1+ab",
        node_day=7,
        channel=Channel.WECHAT,
        facts=Facts("王建国", "王先生", 1958, "331X", "2208", "male", "王芳", "医院", "心内科", "010", "2026-03-20"),
        phase=Phase.QUESTIONS,
        current="pressure",
        queue=("a", "b"),
        asked=("breath",),
        detours=(Detour(DetourKind.READ_BACK, "150/95", "pressure", "一百五", 1, True),),
        answers=(Answer("breath", AnswerType.YES_NO, False, "不喘", 0.9, "t1", True, None),),
        unanswered=("night",),
        present=("oedema",),
        raised=("confirm:chest_pain",),
        misses=1,
        verified=True,
        reply=reply,
    )
    assert Session.from_json(session.to_json()) == session


def discharge(diagnosis: str, tier: Tier = Tier.MIDDLE) -> Discharge:
    return Discharge("王建国", "+8613800000000", diagnosis, date(2026, 3, 1), tier)


@pytest.mark.parametrize(
    ("diagnosis", "tier", "pathway"),
    [
        ("慢性心力衰竭急性加重", Tier.HIGH, "heart_failure"),
        ("心功能不全 NYHA III级", Tier.MIDDLE, "heart_failure"),
        ("冠心病 PCI术后", Tier.MIDDLE, "coronary_stent"),
        ("冠状动脉支架植入术后", Tier.HIGH, "coronary_stent"),
        ("急性心肌梗死", Tier.HIGH, "acute_infarction"),
        ("I21.0 急性前壁心肌梗死", Tier.HIGH, "acute_infarction"),
        ("腹腔镜胆囊切除术后", Tier.MIDDLE, "general_surgery"),
        ("右膝关节置换术后", Tier.MIDDLE, "joint_replacement"),
        ("左乳腺癌改良根治术后", Tier.HIGH, "breast_surgery"),
        ("胃癌术后化疗", Tier.HIGH, "chemotherapy"),
        ("支气管肺炎", Tier.MIDDLE, "paediatric_pneumonia"),
        ("脑梗死恢复期", Tier.MIDDLE, "stroke"),
        ("慢性阻塞性肺疾病急性加重", Tier.MIDDLE, "copd"),
        ("2型糖尿病", Tier.MIDDLE, "diabetes"),
        ("原发性高血压3级", Tier.MIDDLE, "hypertension"),
        ("E11.9", Tier.LOW, "diabetes"),
        ("体检异常：颈动脉斑块", Tier.LOW, "checkup"),
        ("骨折", Tier.LOW, None),
    ],
)
def test_the_planner_chooses(diagnosis: str, tier: Tier, pathway: str | None) -> None:
    planned = PLANNER.plan_for(discharge(diagnosis, tier))
    assert [each.pathway for each in planned.pathways] == ([pathway] if pathway else [])


def test_a_plan_carries_version_and_days() -> None:
    (planned,) = PLANNER.plan_for(discharge("心力衰竭")).pathways
    assert planned.node_days == (3, 7, 14, 30) and re.fullmatch(r"\d+\.\d+\+[0-9a-f]{8}", planned.version)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("吸着呢，一天两次", "as_prescribed"),
        ("药一顿没落", "as_prescribed"),
        ("阿司匹林都吃着，他汀吃了浑身疼我给停了", "stopped"),
        ("有时候忘", "missed_some"),
        ("不吸氧", None),
    ],
)
def test_how_the_medicine_is_taken(words: str, told: str | None) -> None:
    assert adherence_in_words(words) == told
