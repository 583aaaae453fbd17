"""What a question takes up beside what it asks, whether it is better, or what stands next to it; and noes beside it
that tell of another time or another degree."""

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader

PRESENT, DENIED = Status.PRESENT, Status.DENIED


@pytest.mark.parametrize(
    ("question", "answer", "words", "wanted"),
    [
        # whether it is better: it is there all the same, unless it is over
        ("腿肿好点没有？", "没有", ["腿肿"], [PRESENT]),
        ("腿肿好点没有？", "好多了", ["腿肿"], [PRESENT]),
        ("腿肿好点没有？", "全消了", ["腿肿"], [DENIED]),
        ("胸闷比出院时减轻了吗？", "没见轻", ["胸闷"], [PRESENT]),
        ("胸闷比出院时减轻了吗？", "已经不闷了", ["胸闷"], [DENIED]),
        ("气短改善了没有？", "没觉得", ["气短"], [PRESENT]),
        # what is excepted is not denied with the rest
        ("除了胸闷，还有没有恶心？", "没有", ["胸闷", "恶心"], [None, DENIED]),
        ("除了腿肿还有别的难受吗？", "没别的了", ["腿肿"], [None]),
        # what the finding has with it is asked for, not the finding
        ("咳嗽有血丝吗？", "没有", ["咳嗽", "有血丝"], [None, DENIED]),
        ("咳嗽、有血丝吗？", "没有", ["咳嗽", "有血丝"], [DENIED, DENIED]),
        # the 不 in a finding's own words negates no other one; neither does 老不老
        ("有没有说话不清、手脚麻？", "是的", ["说话不清", "手脚麻"], [PRESENT, PRESENT]),
        ("喝水老不老呛着？", "是", ["呛着"], [PRESENT]),
        ("没有咳嗽、发烧吧？", "对", ["咳嗽", "发烧"], [DENIED, DENIED]),
        # a third finding is no side of an alternative
        ("是胸闷还是有痰，头晕吗？", "有点痰，头晕", ["胸闷", "有痰", "头晕"], [DENIED, PRESENT, PRESENT]),
        # of another time
        ("胸口疼吗？", "以前不疼", ["胸口疼"], [None]),
        ("胸口疼吗？", "以前从来不疼，现在也不疼", ["胸口疼"], [DENIED]),
        ("头晕多久了？", "头几天没晕，就这两天", ["头晕"], [PRESENT]),
        ("有没有头痛？", "老早以前就有", ["头痛"], [PRESENT]),
        ("出院以后头晕过吗？", "前几天天天晕，现在好了", ["头晕"], [PRESENT]),
        ("现在还头晕吗？", "前几天一直晕，现在好了", ["头晕"], [DENIED]),
        # a time belongs to what it stands beside
        ("有没有头晕？", "起来的时候", ["头晕"], [PRESENT]),
        ("有没有头晕？", "起来的时候，心慌", ["头晕"], [None]),
        ("有没有头晕？", "这两天，还恶心", ["头晕"], [PRESENT]),
        # by its contrary, and by what can be done
        ("脚凉不凉？", "烫手", ["脚凉"], [DENIED]),
        ("手脚发热吗？", "冰凉的", ["手脚发热"], [DENIED]),
        ("有没有尿不出来？", "尿得出来", ["尿不出来"], [DENIED]),
        ("鼻子不通气吗？", "通气", ["鼻子不通气"], [DENIED]),
        ("鼻子不通气吗？", "不通", ["鼻子不通气"], [PRESENT]),
        ("有没有呕吐？", "吃啥吐啥", ["呕吐"], [PRESENT]),
        ("还吐吗？", "吐啥吐", ["吐"], [DENIED]),
        ("吃了药胃疼吗？", "饭后吃就不疼", ["胃疼"], [None]),
        ("有没有吃不下饭？", "能吃着呢", ["吃不下"], [DENIED]),
        ("有没有心慌？", "我不在老人跟前", ["心慌"], [None]),
        ("胳膊上有新长的疙瘩吗？", "没长疙瘩", ["胳膊上有新长的疙瘩"], [DENIED]),
        # a kind or a degree asked for: what is told of it behind the no counts
        ("是持续性的胸痛吗？", "不是，一阵一阵的", ["胸痛"], [PRESENT]),
        ("是持续性的胸痛吗？", "不疼", ["胸痛"], [DENIED]),
        ("腿疼得厉害吗？", "还好，能忍", ["腿疼"], [PRESENT]),
        ("腿疼得厉害吗？", "不疼", ["腿疼"], [DENIED]),
        # not without something
        ("您血压高不高？", "不吃药就高", ["血压高"], [PRESENT]),
        ("腿疼吗？", "不走路就没事", ["腿疼"], [PRESENT]),
        ("脖子僵硬吗？", "动一会儿才灵活", ["僵硬"], [PRESENT]),
        ("脖子僵硬吗？", "很灵活", ["僵硬"], [DENIED]),
        ("有没有尿频？", "老想去，去了又没有", ["尿频"], [PRESENT]),
    ],
)
def test_settled(reader: Reader, question: str, answer: str, words: list[str], wanted: list[Status | None]) -> None:
    assert reader.settled_statuses(answer, question, words) == wanted


@pytest.mark.parametrize(
    ("words", "finding", "status"),
    [
        ("不疼的时候跟好人一样", "疼", PRESENT),
        ("没喘的时候就有痰", "喘", PRESENT),
        ("没有头晕的时候", "头晕", DENIED),
        ("没有头晕的时候，一直挺好", "头晕", DENIED),
        ("喘得没那么厉害，不是喘得很凶", "喘", PRESENT),
        ("不是疼得特别厉害", "疼", PRESENT),
        ("没有咳得那么勤", "咳", PRESENT),
        ("哮鸣声没有", "哮鸣", DENIED),
        ("一上楼差不多都会喘", "喘", PRESENT),
        ("有痰，咳不出痰", "咳不出痰", PRESENT),
        ("没痰干咳", "干咳", PRESENT),
        ("没痰干咳", "痰", DENIED),
        ("不发烧以前吃过退烧药", "发烧", DENIED),
        ("没发烧以前能走二里地", "发烧", PRESENT),
        ("没高血压糖尿病这些病", "糖尿病", DENIED),
        ("没有高血压糖尿病", "高血压", DENIED),
        ("没发烧心梗又犯了", "心梗", PRESENT),
        ("是不是贫血引起的头晕", "头晕", PRESENT),
        ("会不会引起头晕", "头晕", Status.HYPOTHETICAL),
        ("怎么给他退烧", "烧", PRESENT),
        ("有没有办法退烧", "烧", PRESENT),
        ("吃了药已经退烧了", "烧", DENIED),
        ("快退烧了", "烧", DENIED),
        ("发烧饭也吃不下", "发烧", PRESENT),
        ("要少吃烧鸡，发烧了", "发烧", PRESENT),
    ],
)
def test_status(reader: Reader, words: str, finding: str, status: Status) -> None:
    told = {each.surface: each.status for each in reader.read(words).findings}
    assert next(said for surface, said in told.items() if finding in surface) is status


@pytest.mark.parametrize(
    "words", ["我要不就跳楼算了", "要不死了算了", "要不就直接从楼上跳下去", "走两步不就喘了嘛", "这不就又胸口疼了"]
)
def test_what_negates_nothing(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.RED


@pytest.mark.parametrize(
    ("question", "concept", "words", "there"),
    [
        ("小便有没有发红？", "blood_in_urine", "像酱油似的", True),
        ("小便有没有发红？", "blood_in_urine", "不像酱油", False),
        ("大便黑不黑？", "black_stool", "跟墨汁似的", True),
        ("平时喘不喘？", "dyspnoea", "走两步歇三步", True),
    ],
)
def test_told_by_a_likeness(reader: Reader, question: str, concept: str, words: str, there: bool) -> None:
    asked = reader.read(words, ReadingContext(question=question, asked=(concept,))).asked
    assert ((concept, PRESENT) in asked) is there


@pytest.mark.parametrize("words", ["从前天到今天两回了", "从昨天开始的，今天下午又有", "家里还有退烧的"])
def test_a_time_alone_alarms_nothing(reader: Reader, words: str) -> None:
    assert not any(alarm.level is Level.RED for alarm in reader.read(words).alarms)


@pytest.mark.parametrize("words", ["只要不疼就行", "不想死，想好好活着", "我没有想过死"])
def test_what_does(reader: Reader, words: str) -> None:
    assert reader.read(words).level is not Level.RED
