import pytest

from agent.model.reading_context import ReadingContext
from agent.triage.numerals import numbers
from agent.triage.reader import Reader
from bench.blood_pressure_forms import FORMS


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("一百五九十五", [150, 95]),
        ("一百四十六九十二", [146, 92]),
        ("一百零五", [105]),
        ("三十八点五", [38.5]),
        ("幺三八", [138]),
        ("七八公斤", [7, 8]),
        ("四十五六", [45, 46]),
        ("百分之九十八", [98]),
        ("三分之一", [1 / 3]),
        ("零下四度", [-4]),
        ("八点三十", [8, 30]),
        ("八点半", [8, 30]),
        ("二零二五年三月八号", [2025, 3, 8]),
        ("一万六", [16000]),
        ("二十五千克", [25]),
        ("两千克", [2]),
        ("半斤", [0.5]),
        ("我一直咳，千万别告诉他", []),
        ("大陆来的", []),
    ],
)
def test_numbers(said: str, values: list[float]) -> None:
    heard = [value for n in numbers(said) for value in (n.value, n.upper) if value is not None]
    assert heard == pytest.approx(values)


@pytest.mark.parametrize(("said", "high", "low"), FORMS)
def test_blood_pressure(reader: Reader, said: str, high: int, low: int) -> None:
    asked = ReadingContext(question="您今天血压多少？", measurements=("systolic", "diastolic"))
    found = {m.name: m.value for m in reader.read(said, asked).measurements}
    assert (found.get("systolic"), found.get("diastolic")) == (high, low)


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("一百三十斤", "weight_kg", 65),
        ("六十五公斤半", "weight_kg", 65.5),
        ("三十八度五", "temp_c", 38.5),
        ("烧到三十九", "temp_c", 39),
        ("体温38.5", "temp_c", 38.5),
        ("血糖六点八", "glucose", 6.8),
        ("空腹七点二", "glucose", 7.2),
        ("餐后2小时8.9", "glucose", 8.9),
        ("饭后两个钟头十点三", "glucose", 10.3),
        ("指头一扎二点六", "glucose", 2.6),
        ("血氧九十五", "spo2", 95),
        ("脉搏七十二", "heart_rate", 72),
        ("心率七十，不对，七十二", "heart_rate", 72),
        ("一天吃两片", "dose", 2),
        ("拉了三次", "count", 3),
        ("疼了五天", "days", 5),
    ],
)
def test_measurements(reader: Reader, said: str, name: str, value: float) -> None:
    assert {m.name: m.value for m in reader.read(said).measurements}.get(name) == value


def test_doubtful_values_are_marked(reader: Reader) -> None:
    assert [m.doubtful for m in reader.read("三十八度多").measurements] == [True]
    assert [m.doubtful for m in reader.read("三十八度").measurements] == [False]
    weight = ReadingContext(measurements=("weight_kg",))
    assert [(m.value, m.doubtful) for m in reader.read("一百三", weight).measurements] == [(65, True)]


def test_kilopascal_is_turned_into_millimetres_and_read_back(reader: Reader) -> None:
    asked = ReadingContext(measurements=("systolic", "diastolic"))
    found = reader.read("14.5/9", asked).measurements
    assert [(m.name, m.value, m.doubtful) for m in found] == [("systolic", 109, True), ("diastolic", 68, True)]


def test_an_impossible_value_is_no_measurement(reader: Reader) -> None:
    assert not reader.read("体温一百二").measurements


def test_a_pause_that_the_recogniser_wrote_as_a_point_is_a_pressure_only_when_one_was_asked_for(reader: Reader) -> None:
    asked = ReadingContext(question="血压是多少？", measurements=("systolic", "diastolic"))
    values = {m.name: m.value for m in reader.read("早上量的148.76", asked).measurements}
    assert values == {"systolic": 148, "diastolic": 76}
    assert not reader.read("花了148.76", ReadingContext()).measurements


def test_a_count_that_answers_the_pulse_question_is_the_pulse(reader: Reader) -> None:
    asked = ReadingContext(question="您的心率是多少？", measurements=("heart_rate",))
    assert [(m.name, m.value) for m in reader.read("七十二次", asked).measurements] == [("heart_rate", 72)]
    assert [(m.name, m.value) for m in reader.read("心跳一分钟七十二次").measurements][-1] == ("heart_rate", 72)
    assert [m.name for m in reader.read("拉了五次").measurements] == ["count"]


def test_the_weight_itself_is_no_gain(reader: Reader) -> None:
    assert [(m.name, m.value) for m in reader.read("体重一百二十斤").measurements] == [("weight_kg", 60)]
    assert [(m.name, m.value) for m in reader.read("体重重了五斤").measurements] == [("weight_gain_kg", 2.5)]
