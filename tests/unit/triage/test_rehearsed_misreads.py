"""What rehearsed calls misread, as families with their near misses: (question @ asked concepts, words, level, …)."""

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader

PRESSURE = ("systolic", "diastolic")


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("好多了，没那么喘", Level.YELLOW),
        ("喘得比出院时好多了", Level.YELLOW),
        ("没有以前那么喘", Level.YELLOW),
        ("喘得没那么厉害了", Level.YELLOW),
        ("夜里憋醒的次数少多了", Level.YELLOW),
        ("刀口没那么肿了", Level.YELLOW),
        # near misses: as bad as ever elsewhere, or a danger that less of is still one
        ("没那么喘了，就是一上楼还是喘得不行", Level.RED),
        ("走路没以前那么喘，躺下就憋得慌", Level.RED),
        ("胸口没那么疼了", Level.RED),
        ("半边身子没那么麻了", Level.RED),
        ("喘得比以前厉害多了", Level.RED),
        ("一点都不喘，好多了", Level.NONE),
    ],
)
def test_less_than_before_is_kept_for_a_nurse_but_only_red_where_less_is_no_comfort(
    reader: Reader, words: str, level: Level
) -> None:
    assert reader.read(words).level is level


def test_what_is_less_says_so(reader: Reader) -> None:
    reading = reader.read("好多了，没那么喘")
    assert reading.eased == ("dyspnoea",)
    assert "比以前轻" in reading.alarms[0].reason
    assert reader.read("没那么喘了，上楼还是喘得不行").eased == ()
    assert reader.read("还喘", ReadingContext("还喘吗？", ("dyspnoea",))).eased == ()
    assert reader.read("好多了", ReadingContext("还喘吗？", ("dyspnoea",))).eased == ("dyspnoea",)


@pytest.mark.parametrize(
    ("words", "concept", "level"),
    [
        ("小腿一按一个坑", "oedema", Level.YELLOW),
        ("腿肚子按下去一个窝，半天起不来", "oedema", Level.YELLOW),
        ("脚面一摁一个坑", "oedema", Level.YELLOW),
        ("两条小腿都肿了", "oedema", Level.YELLOW),
        ("左边小腿一按一个坑，右边没有", "leg_clot", Level.RED),
        ("小腿一按一个坑，还疼", "leg_clot", Level.RED),
        ("右小腿肿", "leg_clot", Level.RED),
    ],
)
def test_pits_are_oedema_unless_one_leg_or_painful(reader: Reader, words: str, concept: str, level: Level) -> None:
    reading = reader.read(words)
    assert [f.concept for f in reading.findings][:1] == [concept] and reading.level is level


@pytest.mark.parametrize("words", ["胸口埠疼", "胸口部疼", "胸口捕疼", "胸口梅有疼"])
def test_a_not_written_by_sound_is_doubted_and_asked_again(reader: Reader, words: str) -> None:
    reading = reader.read(words)
    assert reading.level is Level.YELLOW and reading.confirm == "chest_pain"
    assert [f.status for f in reading.findings] == [Status.UNCERTAIN]


@pytest.mark.parametrize("words", ["胸部疼", "小腿部肿", "散步就喘", "跑两步就喘", "上一步楼梯就喘"])
def test_a_part_of_the_body_and_a_step_are_no_not(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.RED


def test_have_written_by_sound(reader: Reader) -> None:
    context = ReadingContext("您晚上有没有憋醒过？", ("orthopnoea",))
    assert reader.read("没幽憋醒过", context).asked == (("orthopnoea", Status.DENIED),)
    assert reader.read("又憋醒过", context).level is Level.RED


@pytest.mark.parametrize(
    ("words", "asked", "values"),
    [
        ("高压136，低压83，不对，记错了，高压118", (), {"diastolic": 83, "systolic": 118}),
        ("136 83，不对，118 76", PRESSURE, {"systolic": 118, "diastolic": 76}),
        ("一百三八十，不对，七十", PRESSURE, {"systolic": 130, "diastolic": 70}),
        ("一百三八十，不对，一百四", PRESSURE, {"systolic": 140, "diastolic": 80}),
        ("一百三，不对，一百四，低压八十", PRESSURE, {"systolic": 140, "diastolic": 80}),
        ("高压不是一百三，是一百四", (), {"systolic": 140}),
        ("体重65，不对，66", (), {"weight_kg": 66}),
        ("一百三，不对，一百三十二", ("weight_kg",), {"weight_kg": 66}),
        ("体温三十八度五，不对，三十七度五", (), {"temp_c": 37.5}),
        ("心率七十，不是很快，血压一百三八十", (), {"heart_rate": 70, "systolic": 130, "diastolic": 80}),
        ("高压一百五，低压九十，心率七十，说错了，心率八十", (), {"systolic": 150, "diastolic": 90, "heart_rate": 80}),
    ],
)
def test_values_taken_back(reader: Reader, words: str, asked: tuple[str, ...], values: dict[str, float]) -> None:
    read = reader.read(words, ReadingContext(measurements=asked)).measurements
    assert {one.name: one.value for one in read} == values and len(read) == len(values)
