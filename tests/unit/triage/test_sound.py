import pytest

from agent.model.finding import Level
from agent.model.turn import Hypothesis
from agent.triage.reader import Reader
from agent.triage.sound import loose
from agent.triage.syllables import table


@pytest.mark.parametrize(
    ("heard", "concept"),
    [
        ("性扣疼", "chest_pain"),
        ("胸通", "chest_pain"),
        ("呼吸困南", "dyspnoea"),
        ("喘不伤气", "dyspnoea"),
        ("拉黑变", "black_stool"),
        ("老是兄闷", "chest_tightness"),
        ("昨天运倒了", "syncope"),
    ],
)
def test_what_a_recogniser_mishears_still_alarms(reader: Reader, heard: str, concept: str) -> None:
    reading = reader.read(heard)
    found = next(f for f in reading.findings if f.concept == concept)
    assert found.by_sound
    assert found.confidence < 1
    assert reading.level is Level.RED
    assert any(alarm.by_sound and "读音" in alarm.reason for alarm in reading.alarms)


@pytest.mark.parametrize(
    "ordinary",
    ["好像是餐前", "需要吃多久", "一生气激动就这样", "我觉得挺好", "下礼拜三我去", "电话那头是谁", "我通过考试了"],
)
def test_ordinary_speech_is_not_taken_by_sound(reader: Reader, ordinary: str) -> None:
    assert not [f for f in reader.read(ordinary).findings if f.by_sound]


def test_a_red_flag_in_a_second_hypothesis_counts_with_less_confidence(reader: Reader) -> None:
    reading = reader.read("新口腾", alternatives=[Hypothesis("心口疼", 0.4)])
    found = [f for f in reading.findings if f.concept == "chest_pain"]
    assert found and found[0].confidence < 1
    assert reading.level is Level.RED


def test_confusable_sounds_become_one() -> None:
    assert loose("xing") == loose("xin")
    assert loose("shang") == loose("san")
    assert loose("nan") == loose("lan")
    assert loose("tong") != loose("teng")


def test_the_table_reads_medical_words_as_patients_say_them() -> None:
    assert [table()[c] for c in "咯血便"] == ["ka", "xue", "bian"]


def test_all_but_one_character_written_is_heard_whatever_stands_before(reader: Reader) -> None:
    assert reader.read("生口长好了，就是今天早上开始新口疼。").level is Level.RED
    assert [f.surface for f in reader.read("从昨天开始流血").findings] == ["流血"]
