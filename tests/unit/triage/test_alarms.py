import pytest

from agent.model.finding import Level
from agent.model.reading_context import Limit, LimitSide, ReadingContext, RedFlagRule
from agent.triage.content import Content
from agent.triage.reader import Reader


@pytest.mark.parametrize(
    "words",
    [
        "胸口疼", "喘不上气", "躺不平", "晕倒了", "嘴歪了", "早上吐了一口血", "拉黑便", "尿里带血", "痰里带血",
        "伤口一直渗血", "鼻血止不住", "高烧不退", "昨晚抽搐了", "说胡话不认得人", "肚子疼得打滚", "左小腿肿了",
        "刀口流黄水", "嗓子发紧脸都肿了", "饿得心慌手抖", "一天都没尿", "高压一百九低压一百二", "不想活了",
        "摔了一跤磕到头了", "安眠药吃了一大把", "血糖三点一", "血氧八十五",
        "一下子头磕在地上了", "脑袋撞到桌角上了", "疼得在炕上打滚", "一个月的药一次都吃了", "一口气吃了几十片",
    ],
)  # fmt: skip
def test_every_red_flag_family_alarms(reader: Reader, words: str) -> None:
    reading = reader.read(words)
    assert reading.level is Level.RED, reading
    raised = [alarm for alarm in reading.alarms if alarm.level is Level.RED and not alarm.suppressed]
    assert raised and raised[0].reason and raised[0].surface in reading.text


def test_a_denied_danger_is_kept_in_the_ledger(reader: Reader) -> None:
    reading = reader.read("胸口不疼")
    assert reading.level is Level.NONE
    held = [alarm for alarm in reading.alarms if alarm.rule == "chest_pain"]
    assert held and held[0].suppressed and "否认" in held[0].reason


def test_an_event_of_the_last_days_alarms_though_it_is_over(reader: Reader) -> None:
    assert reader.read("昨天晕倒过一次").level is Level.RED
    assert reader.read("年轻时晕倒过").level is Level.NONE


def test_findings_combine_with_earlier_ones_of_the_contact(reader: Reader) -> None:
    assert reader.read("脚有点肿").level is Level.YELLOW
    earlier = ReadingContext(earlier=frozenset({"weight_gain"}))
    reading = reader.read("脚有点肿", earlier)
    assert reading.level is Level.RED
    assert any(alarm.rule == "weight_gain_and_oedema" for alarm in reading.alarms)


def test_a_pathways_own_rule_and_limit(reader: Reader) -> None:
    context = ReadingContext(
        question="心率多少？",
        measurements=("heart_rate",),
        rules=(RedFlagRule("cough_and_fever", ("cough", "fever"), Level.RED, "咳嗽并发热"),),
        limits=(Limit("pulse", "heart_rate", LimitSide.ABOVE, 100, Level.YELLOW, "心率高于100"),),
    )
    assert any(a.rule == "cough_and_fever" for a in reader.read("咳嗽，还发烧", context).alarms)
    reading = reader.read("一百零五", context)
    assert [(a.rule, a.level) for a in reading.alarms] == [("pulse", Level.YELLOW)]


def test_an_unsure_patient_is_yellow(reader: Reader) -> None:
    assert reader.read("不知道是不是胸闷").level is Level.YELLOW


def test_a_bare_yes_to_an_asked_danger_alarms(reader: Reader) -> None:
    asked = ReadingContext(question="您这两天有没有胸痛？", asked=("chest_pain",))
    assert reader.read("有", asked).level is Level.RED
    assert reader.read("没有", asked).level is Level.NONE


def test_every_rule_can_fire(content: Content, reader: Reader) -> None:
    """Each rule that one concept fires has a concept with a present sentence of its own, or another way to say it."""
    sayable = {c.id for c in content.concepts.values() if c.words or c.combine}
    sayable |= {feel.alone for feel in content.sensations.values() if feel.alone}
    assert all(rule.any_of & sayable or rule.all_of for rule in content.rules)


def test_the_same_as_before_is_too_little_for_red(reader: Reader) -> None:
    asked = ReadingContext(question="您这两天有没有胸痛？", asked=("chest_pain",))
    reading = reader.read("跟以前一样", asked)
    assert (reading.level, reading.confirm) == (Level.YELLOW, "chest_pain")
    assert reader.read("有，跟以前一样", asked).level is Level.RED


@pytest.mark.parametrize("words", ["今天的药都吃了", "把降压药都吃了", "一个月的药一次开的", "一次吃一片"])
def test_taking_what_is_due_is_no_overdose(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.NONE


def test_the_lesser_limit_of_a_value_is_kept_in_the_ledger(reader: Reader) -> None:
    raised, held = reader.read("体温三十九度五").alarms
    assert (raised.level, raised.suppressed) == (Level.RED, False)
    assert held.suppressed and "高热" in held.reason


@pytest.mark.parametrize(
    "words",
    [
        "躺着喘不上气得坐着睡", "怎么喊都不醒", "手里的筷子老掉", "喝水从嘴角流出来", "看东西成了俩",
        "吐出来的跟咖啡渣子似的", "痰里头有红丝丝", "大便像墨汁", "眼珠子往上翻", "把闺女认成她姐",
        "肚子硬得像板子", "一条腿粗一条腿细", "吃了块糖才缓过来", "一天一泡尿都没有", "血压飙到两百多",
        "差点没晕过去", "支架那里疼", "又心梗了", "昨天又脑梗了", "心有点胀痛", "咳粉红色泡沫痰",
    ],
)  # fmt: skip
def test_danger_as_it_is_said_at_home(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.RED


@pytest.mark.parametrize(
    "words",
    [
        "看不见字我戴上眼镜", "烧水呢等会儿", "黑木耳吃了不少", "孩子摔了个杯子", "晚上睡得挺好能躺平", "走路不喘",
        "灯不亮眼前黑乎乎的看不清路", "这几天老睡不醒", "大便黄的每天一次", "说话清楚着呢",
    ],
)  # fmt: skip
def test_calm_talk_raises_nothing_red(reader: Reader, words: str) -> None:
    assert reader.read(words).level is not Level.RED


@pytest.mark.parametrize(
    "words",
    [
        "心窝这儿像有人攥着", "一活动气就不够使", "睡觉得垫三个枕头", "眼一闭人就过去了", "嘴唇都紫了",
        "讲话别人都听不懂了", "口水从一边流下来嘴合不上", "马桶里一片红", "小便跟洗肉水一样", "烧得浑身滚烫直打哆嗦",
        "肚子突然刀割一样疼", "小便完全解不出", "血压量出来两百多", "摔断腿了", "滑倒了站不起来",
        "一天的降压药当一顿吃了", "误吃了老鼠药", "心脏像停了一下眼前发黑", "他刚才抽了好几分钟",
    ],
)  # fmt: skip
def test_more_danger_as_it_is_said_at_home(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.RED


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("说话有点大舌头，跟出院那时候一样", Level.YELLOW),
        ("右边手没劲，中风以后就这样", Level.YELLOW),
        ("走两步就喘，跟出院时一样", Level.YELLOW),
        ("大舌头，跟出院时候一样，今天手没劲了", Level.RED),
        ("今天说话大舌头，跟出院时不一样", Level.RED),
        ("说话大舌头更厉害了，跟出院的时候一样的药", Level.RED),
        ("出院以后就喘", Level.RED),
        ("胸口疼，跟出院时候一样", Level.RED),
    ],
)
def test_what_a_patient_went_home_with_is_no_new_stroke_unless_it_grew(
    reader: Reader, words: str, level: Level
) -> None:
    assert reader.read(words).level is level


@pytest.mark.parametrize("words", ["上礼拜有一回手抖出汗，吃了块糖就好了", "刚才手抖出冷汗，吃了块糖好了"])
def test_a_low_sugar_that_is_over_is_a_card_of_the_day(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.YELLOW
    assert reader.read("手抖出冷汗，吃了糖也不好").level is Level.RED


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("胳膊抬不起来，抬到这儿就疼", Level.YELLOW),
        ("胳膊疼得抬不起来", Level.YELLOW),
        ("头疼，右手抬不起来", Level.RED),
        ("右边胳膊抬不起来了", Level.RED),
        ("肩膀疼得抬不起来，说话也不清楚", Level.RED),
    ],
)
def test_what_hurts_too_much_to_move_is_asked_again(reader: Reader, words: str, level: Level) -> None:
    assert reader.read(words).level is level
