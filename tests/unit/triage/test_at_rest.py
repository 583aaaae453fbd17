"""Whoever is well only at rest, slowly or lying right has it: 不走路就不喘 is no denial."""

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader

BREATH = ReadingContext(question="平时喘不喘？", asked=("dyspnoea",))
CHEST = ReadingContext(question="这几天胸口疼不疼？", asked=("chest_pain",))


@pytest.mark.parametrize(
    "words",
    [
        "不走路就不喘",
        "不上楼就不喘",
        "胸口不使劲就不疼",
        "只要不爬楼，就不憋气",
        "不活动的时候不喘",
        "不动不喘",
        "休息休息就不喘了",
    ],
)
def test_what_comes_with_effort_is_there(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.RED


@pytest.mark.parametrize(
    "words",
    [
        "没几天就不疼了",
        "不到两天就不疼了",
        "不一会儿就不疼了",
        "没过多久就不疼了",
        "不用吃药就不疼了",
        "不痛不痒不活动",
        "不活动不痛",
    ],
)
def test_what_is_over_or_never_was_is_not(reader: Reader, words: str) -> None:
    assert all(f.status is Status.DENIED for f in reader.read(words).findings if f.concept == "pain")


@pytest.mark.parametrize(
    "words", ["不动就没事", "不走就没有", "慢慢走没事", "歇着就好", "坐着就没事", "只要不着急就没事", "走慢点就行"]
)
def test_an_answer_that_names_nothing(reader: Reader, words: str) -> None:
    assert reader.read(words, BREATH).asked == (("dyspnoea", Status.PRESENT),)


@pytest.mark.parametrize(
    "words", ["没事", "都没事", "走路没事", "上楼也没事", "走平路不喘", "现在没事", "吃了药就没事"]
)
def test_a_plain_no_stays_one(reader: Reader, words: str) -> None:
    assert (("chest_pain", Status.PRESENT)) not in reader.read(words, CHEST).asked


@pytest.mark.parametrize(
    ("question", "words", "surfaces", "status"),
    [
        ("有没有头晕、乏力、出虚汗", "头晕乏力都有，虚汗不出", ["头晕", "乏力", "出虚汗"], Status.DENIED),
        ("有没有流鼻涕打喷嚏", "鼻涕流，喷嚏不打", ["流鼻涕", "打喷嚏"], Status.DENIED),
        ("有没有怕冷", "比别人怕冷", ["怕冷"], Status.PRESENT),
        ("尿频尿急吗", "尿频，不急不痛", ["尿频", "尿急"], Status.DENIED),
        ("有没有咳嗽咳痰", "咳，但没痰", ["咳嗽", "咳痰"], Status.DENIED),
        ("有没有出冷汗", "疼的时候也没有", ["出冷汗"], Status.DENIED),
        ("肢体麻木无力有吗", "没有麻，就是没力气", ["麻木", "无力"], Status.PRESENT),
        ("有拉肚子吗", "昨天拉了，今天还没拉", ["拉肚子"], Status.PRESENT),
    ],
)
def test_short_answers_of_several_things(
    reader: Reader, question: str, words: str, surfaces: list[str], status: Status
) -> None:
    assert reader.settled_statuses(words, question, surfaces)[-1] is status


@pytest.mark.parametrize("words", ["我妈有", "家里人有"])
def test_an_illness_of_the_family_is_no_yes(reader: Reader, words: str) -> None:
    assert reader.settled_statuses(words, "您有糖尿病吗", ["糖尿病"]) != [Status.PRESENT]


def test_less_lively_than_before_is_no_no(reader: Reader) -> None:
    assert reader.settled_statuses("没以前活泼", "孩子有没有发蔫", ["发蔫"]) != [Status.DENIED]


@pytest.mark.parametrize(
    "words",
    [
        "不疼才怪",
        "说不疼是假的",
        "没疼几回",
        "没疼多长时间就过去了",
        "含了药就不疼了",
        "吃了止疼药就不疼了",
        "不按不疼",
        "扛得住",
        "不是天天疼",
    ],
)
def test_a_no_that_means_yes(reader: Reader, words: str) -> None:
    assert reader.read(words, CHEST).asked == (("chest_pain", Status.PRESENT),)


@pytest.mark.parametrize(
    "words", ["白天不疼", "平时不疼", "一般没事", "这会儿不疼", "坐着不疼", "左边不疼", "大部分时候没有", "平时没有"]
)
def test_a_no_for_some_hours_or_places_is_asked_about(reader: Reader, words: str) -> None:
    reading = reader.read(words, CHEST)
    assert reading.confirm == "chest_pain" and reading.level is not Level.RED
    assert reading.asked == () and "chest_pain" not in {
        f.concept for f in reading.findings if f.status is Status.DENIED
    }


def test_of_several_dangers_not_there_at_rest_the_first_is_asked_about(reader: Reader) -> None:
    asked = ReadingContext(question="胸口有没有疼或者发闷？", asked=("chest_pain", "chest_tightness"))
    assert reader.read("不走就没事", asked).confirm == "chest_pain"


@pytest.mark.parametrize(
    "words", ["平时不疼，没有", "白天不疼晚上也不疼", "现在不疼", "不疼", "没疼过", "今天没有", "平时没有，夜里也没有"]
)
def test_what_leaves_nothing_open_denies(reader: Reader, words: str) -> None:
    assert reader.read(words, CHEST).asked == (("chest_pain", Status.DENIED),)


@pytest.mark.parametrize(
    "words",
    """没疼过，挺好
不疼，走路都没事
我胸口不疼
回家就没疼过
做完手术就不疼了
过了两天就不疼了
早就不疼了
一直没有
上楼都不疼
走路不疼
什么事都没有""".splitlines(),
)
def test_a_plain_no_with_more_words_denies(reader: Reader, words: str) -> None:
    reading = reader.read(words, CHEST)
    assert reading.confirm is None and ("chest_pain", Status.PRESENT) not in reading.asked
    assert "chest_pain" in {f.concept for f in reading.findings if f.status in (Status.DENIED, Status.PAST)}


@pytest.mark.parametrize(
    "words",
    [
        "安静的时候没有",
        "静养着倒没事",
        "上午没有",
        "在家待着没事",
        "走几步没事",
        "吸着氧就不疼",
        "半躺着还行",
        "刚换完药不疼",
        "多半不疼",
    ],
)
def test_other_places_and_hours_are_asked_about_too(reader: Reader, words: str) -> None:
    assert reader.read(words, CHEST).confirm == "chest_pain"


def test_by_night_and_in_the_evening_are_one(reader: Reader) -> None:
    asked = ReadingContext(question="夜里睡觉憋不憋？", asked=("orthopnoea",))
    assert reader.read("晚上不憋", asked).asked == (("orthopnoea", Status.DENIED),)


def test_a_no_for_the_hours_asked_about_denies(reader: Reader) -> None:
    asked = ReadingContext(question="白天喘不喘？", asked=("dyspnoea",))
    assert reader.read("白天不喘", asked).asked == (("dyspnoea", Status.DENIED),)
