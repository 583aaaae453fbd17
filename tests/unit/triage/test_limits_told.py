"""A limit somebody set and a value that is only supposed were not measured; a value told with what was done was."""

import pytest

from agent.model.finding import Level
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader

LIMITS = [
    "医生说超过39度再去医院",
    "大夫让我烧到39度以上才吃退烧药",
    "说明书上写着38.5度以上才吃",
    "高压超过180要去医院吗",
    "护士说血糖低于3.9要吃糖",
    "医生说80%没问题",
]
MEASURED = [
    "烧到39度就吃了退烧药",
    "刚量的39度，要去医院吗",
    "今早血压超过180了，要去医院吗",
    "昨天39度，吃了药",
    "39度要去医院吗",
    "血氧80%",
    "氧饱和度八十八，医生说低于九十要吸氧",
]


@pytest.mark.parametrize("said", LIMITS)
def test_a_limit_raises_no_alarm_and_is_no_value(reader: Reader, said: str) -> None:
    reading = reader.read(said)
    assert reading.level is not Level.RED
    assert not {one.name for one in reading.measurements} & {"temp_c", "systolic", "glucose", "spo2"}


@pytest.mark.parametrize("said", MEASURED)
def test_a_value_told_with_what_was_done_alarms(reader: Reader, said: str) -> None:
    assert reader.read(said).level is Level.RED


def test_a_supposed_value_is_not_stored_as_the_answer(reader: Reader) -> None:
    asked = ReadingContext(question="体温多少度？", measurements=("temp_c",))
    assert not reader.read("要是烧到39度怎么办", asked).measurements
    assert [one.value for one in reader.read("38度2，要是烧到39度怎么办", asked).measurements] == [38.2]


TOPICS = ["流感是高烧还是低烧", "心梗会胸口疼吗", "肿瘤的话血迹会是少量的吗", "几度算高烧", "电视里说有人胸口疼"]
OWN = ["我得过心梗，现在也会胸口疼", "心梗以后我胸口疼，能吃药吗", "我有哮喘也会喘吗", "我肺炎还没好，还是喘，能出院吗"]


@pytest.mark.parametrize("said", TOPICS)
def test_an_illness_talked_of_is_nobodys_own(reader: Reader, said: str) -> None:
    assert reader.read(said).level is not Level.RED


@pytest.mark.parametrize("said", OWN)
def test_an_own_complaint_beside_an_illness_stays_red(reader: Reader, said: str) -> None:
    assert reader.read(said).level is Level.RED
