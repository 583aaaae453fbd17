"""What rehearsed calls misread, as families with their near misses: (question @ asked concepts, words, level, …)."""

import pytest

from agent.model.finding import Level, Polarity, Status
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


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("哎，牙也不出血，大便也正常", Level.NONE),
        ("哎，我记错了，都没有", Level.NONE),
        ("嗯，牙也不出血，大便也正常", Level.NONE),
        ("哎，昨天开始的", Level.RED),
        ("哎", Level.YELLOW),
        ("嗯，有", Level.RED),
    ],
)
def test_a_sound_before_words_is_no_yes(reader: Reader, words: str, level: Level) -> None:
    context = ReadingContext(question="有没有拉黑便、牙龈出血？", asked=("black_stool", "gum_bleeding"))
    assert reader.read(words, context).level is level


@pytest.mark.parametrize(
    ("question", "words", "polarity"),
    [
        ("锻炼每天都做了吗？", "每天都练", Polarity.YES),
        ("您去门诊复查了吗？", "去过了", Polarity.YES),
        ("您去门诊复查了吗？", "还没去呢", Polarity.NO),
        ("药还在按时吃吗？", "吃着呢", Polarity.YES),
        ("血压每天量吗？", "天天量", Polarity.YES),
        ("康复训练坚持做了吗？", "没怎么练", Polarity.NO),
        # near misses: no such deed was asked for, or the words are about something else
        ("胸口疼吗？", "去过了", Polarity.UNKNOWN),
        ("您去门诊复查了吗？", "去过厕所了", Polarity.UNKNOWN),
    ],
)
def test_a_deed_is_answered_by_its_verb(reader: Reader, question: str, words: str, polarity: Polarity) -> None:
    assert reader.read(words, ReadingContext(question=question)).polarity is polarity


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


@pytest.mark.parametrize(
    ("words", "value"),
    [("饭后血糖八个", 8), ("餐后九个半", 9.5), ("空腹六个多", 6), ("饭后走到一半", None), ("空腹喝一杯水", None)],
)
def test_sugar_as_it_is_said_at_home(reader: Reader, words: str, value: float | None) -> None:
    assert [one.value for one in reader.read(words).measurements if one.name == "glucose"] == (
        [] if value is None else [value]
    )


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("鼻血流了一会儿，早止住了", Level.NONE),
        ("扎针的时候出了点血，后来就不出了", Level.NONE),
        ("鼻血止住了又流", Level.RED),
        ("伤口出血，止住了，一会儿又渗血", Level.RED),
        ("手术前胸口老疼", Level.NONE),
        ("做完手术前胸疼", Level.RED),
        ("这天闷得慌，要下雨了", Level.NONE),
        ("胸口闷得慌", Level.RED),
        ("菜跌价了", Level.NONE),
        ("昨天跌了一跤", Level.YELLOW),
    ],
)
def test_over_or_said_of_something_else(reader: Reader, words: str, level: Level) -> None:
    assert reader.read(words).level is level


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("胸口跟叫人攥了一把似的", "chest_tightness"),
        ("说两句话就得歇口气", "dyspnoea"),
        ("半夜让痰堵醒了", "orthopnoea"),
        ("一下子就不知道了，醒来躺在地上", "syncope"),
        ("舌头跟打了结似的", "stroke"),
        ("左边胳膊突然抬不起来", "stroke"),
        ("漱口水从一边嘴角漏", "stroke"),
        ("吐出来的像咖啡渣", "vomiting_blood"),
        ("痰里发粉红", "blood_in_sputum"),
        ("针眼一直往外冒血", "wound_bleeding"),
        ("鼻子里的血流个不停", "nosebleed_heavy"),
        ("左边小腿又胀又疼", "leg_clot"),
        ("尿就那么几滴", "anuria"),
        ("真想从阳台往下跳", "suicidal"),
        ("糊里糊涂吃了两遍药", "overdose"),
        ("肚子绞着疼，疼得直不起腰", "severe_abdominal_pain"),
    ],
)
def test_dangers_as_old_people_tell_them(reader: Reader, words: str, rule: str) -> None:
    raised = [alarm for alarm in reader.read(words).alarms if not alarm.suppressed and alarm.level is Level.RED]
    assert rule in {alarm.rule for alarm in raised}


@pytest.mark.parametrize(
    "words",
    [
        "孙子从台阶往下跳",
        "站在阳台上晒太阳",
        "倒了半天水",
        "说两句话就得挂了，我有事",
        "那个药叫什么我不知道了",
        "日子一下就过去了几年",
        "纱布换了两次，都是干的",
        "右边的腿做了手术，突然能抬起来了",
        "尿就那么几次",
        "医生让一下吃四片",
        "左边小腿又酸又累",
    ],
)
def test_what_only_sounds_like_such_a_danger(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.NONE


@pytest.mark.parametrize(
    ("question", "words", "polarity"),
    [
        ("胳膊抬过头顶，抬得起来吗？", "能举过头顶", Polarity.YES),
        ("胳膊抬过头顶，抬得起来吗？", "抬不起来", Polarity.NO),
        ("胳膊抬过头顶，抬得起来吗？", "举不高", Polarity.NO),
        ("胳膊抬过头顶，抬得起来吗？", "我在吃饭呢", Polarity.UNKNOWN),
        ("您现在能吃点糖或喝糖水吗？", "能吃，手边就有", Polarity.YES),
        ("您现在能吃点糖或喝糖水吗？", "吃不下去", Polarity.NO),
        ("现在还在出血吗？", "还在往外渗", Polarity.YES),
        ("现在还在出血吗？", "还没止住", Polarity.YES),
        ("现在还在出血吗？", "已经止住了", Polarity.NO),
        ("现在还在出血吗？", "我还在路上", Polarity.UNKNOWN),
        ("每天能出去走走吗？", "能走，天天下楼", Polarity.YES),
    ],
)
def test_answers_that_take_up_the_verb(reader: Reader, question: str, words: str, polarity: Polarity) -> None:
    assert reader.read(words, ReadingContext(question)).polarity is polarity


@pytest.mark.parametrize(
    ("concept", "words", "status"),
    [
        ("weight_gain", "体重没变", Status.DENIED),
        ("weight_gain", "没怎么涨", Status.DENIED),
        ("weight_gain", "还轻了两斤", Status.DENIED),
        ("weight_gain", "涨了五斤", Status.PRESENT),
        ("weight_loss", "体重没变", Status.DENIED),
        ("weight_loss", "瘦了一圈", Status.PRESENT),
    ],
)
def test_weight_that_stayed(reader: Reader, concept: str, words: str, status: Status) -> None:
    assert dict(reader.read(words, ReadingContext("体重有变化吗？", (concept,))).asked) == {concept: status}


@pytest.mark.parametrize("asked", [(), PRESSURE])
@pytest.mark.parametrize(
    ("words", "pair"),
    [
        ("126的高压，83的低压", (126, 83)),
        ("一百二十六高压八十三低压", (126, 83)),
        ("83的低压，126的高压", (126, 83)),
        ("不是是126的高呀，八十三的低呀", (126, 83)),
        ("高雅一百四低雅九十", (140, 90)),
        ("高压一百三十，迪压八十二", (130, 82)),
        ("是高压120次低压70", (120, 70)),
        # near misses: 雅 that no number stands beside, and the usual order
        ("高雅的很，一百四，九十", None),
        ("高压126，低压83", (126, 83)),
    ],
)
def test_a_pressure_named_after_its_number_or_misheard(
    reader: Reader, words: str, pair: tuple[float, float] | None, asked: tuple[str, ...]
) -> None:
    read = reader.read(words, ReadingContext(question="血压是多少？" if asked else "", measurements=asked))
    found = {measured.name: measured.value for measured in read.measurements if measured.name in PRESSURE}
    if pair is not None:
        assert (found["systolic"], found["diastolic"]) == pair
    assert read.level is Level.NONE or pair is None
