"""Dangers in everyday words that once were quiet, and their calm neighbours."""

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader

NEW_SIGNS = ReadingContext(
    question="有没有突然嘴歪、说话不清、手脚没劲？", asked=("stroke_face", "stroke_speech", "stroke_limb")
)


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("血氧就八十多", Level.RED),  # 89 at most
        ("血氧九十多", Level.YELLOW),  # may be 90, may be 98
        ("血氧掉到八十几", Level.RED),
        ("脉搏三十多", Level.YELLOW),  # read back first
        ("血糖高得测不出来", Level.RED),
        ("血糖仪显示HI", Level.RED),
        ("血糖仪坏了测不出来", Level.NONE),
        ("煤气中毒了", Level.RED),
        ("没有煤气中毒", Level.NONE),
        ("谁也别管我让我去死吧", Level.RED),
        ("这事让我死了心", Level.NONE),
        ("孩子不吃奶也不哭", Level.RED),
        ("孩子吃奶也不哭闹", Level.NONE),
        ("刚才忘了说昨天晕了一回", Level.YELLOW),
        ("大便黑不黑我没看", Level.YELLOW),
        ("被尿憋醒了", Level.NONE),
        ("晚上憋尿憋醒", Level.NONE),
        ("半夜憋醒了", Level.RED),
        ("憋尿憋得难受", Level.NONE),
        ("尿憋得难受就是尿不出来", Level.RED),
    ],
)
def test_level(reader: Reader, words: str, level: Level) -> None:
    assert reader.read(words).level is level


@pytest.mark.parametrize(
    "words", ["手还是不得劲", "左手一直没劲", "说话还是大舌头", "嘴还是有点歪", "这只手还是老样子没劲"]
)
def test_what_may_be_left_of_the_last_stroke_is_asked_about(reader: Reader, words: str) -> None:
    reading = reader.read(words, NEW_SIGNS)
    assert reading.level is not Level.RED and reading.confirm in NEW_SIGNS.asked


@pytest.mark.parametrize("words", ["手没劲了", "左手今天一直没劲", "手还是没劲，这两天更重了", "说话突然大舌头了"])
def test_what_is_new_or_has_grown_is_red_at_once(reader: Reader, words: str) -> None:
    assert reader.read(words, NEW_SIGNS).level is Level.RED


@pytest.mark.parametrize("words", ["手还是没劲", "左手一直没劲"])
def test_where_nobody_asked_for_what_is_new_it_is_red(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.RED


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("没跟孩子说胸口疼", "没跟别人说，自己是有的"),
        ("从来没这么喘过", "从没有过这么厉害：现在有"),
        ("不是不疼", "说的是「不是没有」：有"),
    ],
)
def test_why_a_no_tells_of_it_all_the_same(reader: Reader, words: str, why: str) -> None:
    (finding,) = [one for one in reader.read(words).findings if one.status is Status.PRESENT]
    assert finding.reason == why


CHEST = ReadingContext(question="最近有没有胸闷、胸痛？", asked=("chest_tightness", "chest_pain"))


@pytest.mark.parametrize("words", ["昨天", "早上。", "昨天晚上"])
def test_a_mere_time_is_asked_about_before_it_alarms(reader: Reader, words: str) -> None:
    reading = reader.read(words, CHEST)
    assert reading.level is not Level.RED and reading.confirm in CHEST.asked


@pytest.mark.parametrize("words", ["昨天疼过", "早上有点", "偶尔", "昨天晚上闷了一阵"])
def test_what_tells_more_than_a_time_alarms(reader: Reader, words: str) -> None:
    assert reader.read(words, CHEST).level is Level.RED


@pytest.mark.parametrize("words", ["他没来", "大夫一直不来", "他没出现", "儿子不在"])
def test_whoever_does_not_come_denies_no_symptom(reader: Reader, words: str) -> None:
    assert not reader.read(words, CHEST).findings


@pytest.mark.parametrize("words", ["没出现", "他没出现过", "没来过"])
def test_what_did_not_come_is_denied(reader: Reader, words: str) -> None:
    assert {one.status for one in reader.read(words, CHEST).findings} == {Status.DENIED}
