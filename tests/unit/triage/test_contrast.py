"""A denial belongs to what it is said of: 喘得厉害，脚倒不肿 is breathlessness, and the feet are slim."""

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import Limit, LimitSide, ReadingContext
from agent.triage.content import Content
from agent.triage.reader import Reader

STATED = [
    "喘得厉害，脚倒不肿",
    "胸口疼，肚子倒不疼",
    "胸闷，头也不晕",
    "左手没劲，头可不疼",
    "拉黑便，肚子从来不疼",
    "胸口疼，现在倒不喘",
    "喘，我都不咳",
    "小腿又肿又疼，肚子倒不疼",
    "喘得厉害，脚肿也没有",
    "胸口疼，发烧倒没有",
    "胸口有点疼，头晕也没有",
    "一直喘，咳嗽咳痰都没有",
    "胸口不疼，闷得慌",
    "胸口不闷，就是疼",
    "刀口不疼，流血了",
    "头不晕，流了好多血",
    "我妈把一周的降压药一次全吃了，我不在家",
    "从前天开始流了好多血",
    "刚才喘不上来气",
    "没发烧胸口疼",
    "咳嗽没有胸痛有点",
    "胸痛没得气短嘛走快了还是有点",
    "头晕没有气短倒是有",
    "没发烧吐血了",
    "没有发烧伤口一直渗血",
    "胸口疼得厉害医生说没事",
    "胸口疼含了丹参滴丸才好",
    "纱布上都是血是不是",
    "手脚没什么劲",
    "右边身子不太听使唤",
    "话说得不太清楚",
    "喘气不怎么匀",
    "我不行了",
    "快来人啊",
    "老伴掐人中才醒过来",
]
# what they are depends on a place, and another stands ahead; 头两天 are also the first two days
PLACED = {"出血点", "憋得慌", "从床上摔下来磕到头", "疼，就是心口那儿"}
BESIDE = ["肚子不胀，{}", "别的都好，就是{}", "没发烧，{}", "没什么大事，{}", "血压不高，{}"] + [
    f"{{}}，{rest}"
    for rest in ("头也不晕", "肚子倒不胀", "别的没有", "也没发烧", "大便正常", "以前没这样", "没敢动", "不要紧")
]
WHEN = [
    "刚才{}",
    "从前天开始{}",
    "今天早上起来{}",
    "回家以后就{}",
    "{}两天了",
    "{}，从昨天开始的",
    "我{}医生说没事",
    "嗯那个{}",
]
DENIED = [
    "胸痛没有气短也没有",
    "胸闷，气短，心慌，都没有",
    "胸口疼，恶心呕吐都没有",
    "胸口疼，现在倒不疼",
    "胸口疼，胸口现在都不疼了",
    "喘不上气啊，胸口疼啊，都没有",
    "脚倒不肿，喘也不喘",
    "没发烧咳嗽",
    "没有头晕恶心胸闷",
    "从前老流鼻血",
]


@pytest.mark.parametrize("said", STATED)
def test_what_is_denied_behind_a_danger_takes_nothing_from_it(reader: Reader, said: str) -> None:
    assert reader.read(said).level is Level.RED


@pytest.mark.parametrize("said", DENIED)
def test_a_list_denied_as_a_whole_and_what_is_over_alarm_nobody(reader: Reader, said: str) -> None:
    assert reader.read(said).level is not Level.RED


@pytest.mark.parametrize("beside", BESIDE + WHEN)
def test_no_clause_beside_a_danger_silences_it(reader: Reader, beside: str) -> None:
    """Every sentence the lexicon calls dangerous, with another statement before or behind it."""
    content: Content = reader.content
    dangers = [said for each in content.concepts.values() for said in each.tests.present]
    silent = [
        said
        for said in dangers
        if reader.read(said).level is Level.RED and reader.read(beside.format(said)).level is not Level.RED
    ]
    assert set(silent) <= PLACED


@pytest.mark.parametrize(
    ("words", "level"), [("我记不得了", Level.YELLOW), ("好像有点", Level.RED), ("嗯", Level.YELLOW)]
)
def test_what_says_nothing_of_a_danger_is_asked_about_before_it_alarms_red(
    reader: Reader, words: str, level: Level
) -> None:
    stroke = ReadingContext(
        question="有没有突然嘴歪、说话不清、手脚没劲？", asked=("stroke_face", "stroke_speech", "stroke_limb")
    )
    reading = reader.read(words, stroke)
    assert reading.level is level and (reading.confirm is not None) is (level is Level.YELLOW)


@pytest.mark.parametrize(("words", "alarms"), [("高压一百三十九", False), ("高压一百四十", True)])
def test_a_pathway_s_limit_does_not_hold_its_own_value(reader: Reader, words: str, alarms: bool) -> None:
    limit = Limit("high", "systolic", LimitSide.ABOVE, 139, Level.YELLOW, "收缩压不低于140")
    assert bool(reader.read(words, ReadingContext(limits=(limit,))).alarms) is alarms


def test_a_cry_is_no_denial_of_what_was_asked(reader: Reader) -> None:
    chest = ReadingContext(question="胸口有没有疼或者发闷？", asked=("chest_pain", "chest_tightness"))
    reading = reader.read("不行了不行了", chest)
    assert reading.level is Level.RED and not reading.asked
    assert reader.read("不行", chest).level is Level.NONE


def test_strength_and_clear_speech_deny_a_stroke(reader: Reader) -> None:
    stroke = ReadingContext(
        question="有没有突然嘴歪、说话不清、手脚没劲？", asked=("stroke_face", "stroke_speech", "stroke_limb")
    )
    reading = reader.read("手脚有劲，说话也清楚", stroke)
    assert set(dict(reading.asked).values()) == {Status.DENIED} and reading.left_out == ("stroke_face",)


def test_a_number_with_a_garbled_end_is_read_back(reader: Reader) -> None:
    pressure = ReadingContext(measurements=("systolic", "diastolic"))
    upper = reader.read("上面一百义十六，下面六十九", pressure).measurements[0]
    assert upper.name == "systolic" and upper.doubtful


def test_what_somebody_else_has_answers_nothing(reader: Reader) -> None:
    chest = ReadingContext(question="胸口有没有疼或者发闷？", asked=("chest_pain", "chest_tightness"))
    assert not reader.read("老伴喘得厉害", chest).asked
    assert set(dict(reader.read("我老伴喘得厉害，我没事", chest).asked).values()) == {Status.DENIED}
