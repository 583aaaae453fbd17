"""Dangers told in passing, in words without stops, beside good news or inside a bigger word; and what is none."""

import pytest

from agent.model.finding import Level, Status
from agent.triage.reader import Reader

RED = [
    "没有没有就是夜里躺下有点憋",
    "晚上睡觉有点憋",
    "躺下有点闷",
    "夜里有时候憋一下",
    "没流血 有点渗血",
    "便黑",
    "上次住院之后胸口一直疼",
    "都好没什么胸口偶尔疼",
    "没啥胸口偶尔闷一下",
    "没什么不舒服夜里憋醒过",
    "挺好的没啥不舒服胸口有时候疼",
    "没有发烧胸口偶尔疼",
    "没吐血但是拉的黑的",
    "大便正常就是颜色发黑",
    "大便没出血就是黑",
    "吓得胸口疼",
    "上次住院之后胸口就一直闷",
    "出院那天起就胸口疼",
    "出院那天起胸口就没舒服过",
    "没跟孩子说胸口疼",
    "没告诉家里人大便黑好几天了",
    "没躺下一会就憋醒",
    "半夜得坐起来喘口气",
    "平躺就咳",
    "没什么就是胸口疼",
    "别的没啥就喘",
    "恶心没吐就是拉黑的",
    "胸前头老不得劲",
    "伤口挺好就是有点臭味",
    "伤口长好了又裂了",
    "小便没血就是茶色",
    "左胳膊左腿麻",
    "站不稳老往一边倒",
    "一会清楚一会糊涂",
    "在医院不疼回来反倒胸口疼",
    "原来好好的突然嘴歪了",
    "从来没有过这么喘",
    "没有过这么厉害的头疼",
    "没见过这么黑的大便",
    "没想到大便会黑",
    "好多了不过大便还是黑",
    "不知道怎么就晕倒了",
    "不舒服胸口这块",
    "不咋地胸口闷",
    "好多了就是晚上还得垫高枕头睡",
    "忍忍就过去了胸口疼",
    "含了硝酸甘油才好",
    "支架会不会堵了胸口疼",
    "不对不是肚子是胸口疼",
    "尿袋是空的",
    "关节脱出来了",
    "刀口肠子出来了",
    "高压一百九十多",
    "血糖三点几",
    "没发烧就是抽了一次",
    "胎动少了",
    "肚子里孩子半天没动了",
    "昨天没怎么动今天也没感觉到胎动",
]
YELLOW = ["没上楼就喘", "鼻子一天流好几回血", "脉搏三十多", "烧三十九度多", "一天就尿一回", "吃什么吐什么", "心老漏跳"]
QUIET = [
    "夜里憋尿",
    "晚上睡觉不憋",
    "躺下不闷",
    "屋里闷得慌晚上睡觉开窗",
    "小便黑",
    "没有夜里憋醒",
    "没有一动就喘",
    "没什么胸闷",
    "没跟我说胸口疼",
    "孩子没跟我说胸口疼",
    "吓得我差点晕过去",
    "担心胸口疼",
    "出院那天胸口疼后来没了",
    "没吐血拉的也不黑",
    "抽了一次血",
    "孩子抽了一次血",
    "没什么夜里憋醒",
    "伤口没臭味也没流脓",
    "大便没血就是有点干",
    "胸口没什么不得劲",
    "大便还没黑",
    "没见过大便发黑",
    "住院的时候喘",
    "原来胸口疼",
    "去年突然晕倒",
    "随身带着硝酸甘油",
    "会不会引起头晕胸口疼",
    "不是胸口疼",
    "不是肚子也不是胸口疼",
    "下午三点多测的血糖",
    "血糖五点几",
    "胎动没有减少",
    "胎动挺好的",
]


@pytest.mark.parametrize(
    ("words", "level"),
    [(words, Level.RED) for words in RED]
    + [(words, Level.YELLOW) for words in YELLOW]
    + [(words, Level.NONE) for words in QUIET],
)
def test_level(reader: Reader, words: str, level: Level) -> None:
    assert reader.read(words).level is level


@pytest.mark.parametrize(
    ("words", "concept"),
    [("夜里头晕", "dizziness"), ("半夜里头疼", "headache"), ("吃了药之后头疼", "headache"), ("有点头疼", "headache")],
)
def test_the_head_behind_a_time_is_the_head(reader: Reader, words: str, concept: str) -> None:
    found = [(f.concept, f.surface[0], f.status) for f in reader.read(words).findings]
    assert found == [(concept, "头", Status.PRESENT)]


def test_the_inside_of_something_has_no_head(reader: Reader) -> None:
    assert [f.surface for f in reader.read("里头疼").findings] == ["疼"]
