"""Sixty hesitant answers of old people on the telephone: what is asked, and the words with the pauses inside them.

One line an answer: the kind (P two pressures, N one number, Y yes or no, C a choice, F free text, I identity), then
pieces of speech with the seconds of silence between them. Written for this measurement; about one in ten sounds
finished before it is (没有|1.2|就是晚上有点喘), which no listener can know from the words.
"""

from dataclasses import dataclass

from agent.model.turn import Expect
from agent.speech.completeness import Awaited

KINDS = {
    "P": Awaited(Expect.NUMBER, numbers=2),
    "N": Awaited(Expect.NUMBER),
    "Y": Awaited(Expect.YES_NO),
    "C": Awaited(Expect.CHOICE),
    "F": Awaited(Expect.FREE_TEXT),
    "I": Awaited(Expect.IDENTITY),
}

_LINES = """
P 高压一百四|1.2|低压九十
P 高压一百三十八|0.9|低压八十二
P 一百五|1.4|一百五十二|0.8|九十五
P 嗯|1.1|高压一百六|1.3|低压一百
P 我看看啊|1.5|高压是|1.0|一百二十八|1.2|低压七十六
P 今天早上量的是|1.3|一百四十五|0.9|八十八
P 高压|0.8|一百三|1.1|低压|0.9|八十
P 大概|1.0|一百三十多|1.2|低压八十五
P 昨天一百五|1.0|今天一百四十|1.4|低压都是九十
P 血压|0.7|一百二|1.2|七十
P 那个|1.2|一百四十二|1.1|九十一
P 低压八十|1.3|高压一百三十五
P 高压一百七|0.8|不对|0.9|一百六十七|1.1|低压九十八
P 上边一百四|1.4|下边八十五
N 嗯|1.2|六十五公斤
N 三十六点|0.9|八
N 大概|1.1|一百二十斤
N 六点|1.0|七
N 一百|0.8|零五
N 好像是|1.3|三十七度二
N 早上量的|1.2|三十六度五
N 空腹是|0.9|七点|0.7|八
N 我想想|1.4|两次
N 应该是|1.0|十二斤
N 三十八|0.6|三十八度一
N 昨天晚上|1.3|吃了两片
Y 嗯|0.9|没有
Y 那个|1.2|有一点
Y 疼是不疼|0.6|但是|1.2|有点闷
Y 就是|1.1|走快了的时候|0.9|有点喘
Y 没有|0.5|没有疼
Y 有时候|1.3|晚上会疼
Y 还|0.8|还行吧
Y 药|0.7|药都吃了
Y 应该|1.2|没有吧
Y 哎呀|0.6|这个嘛|1.0|有点
Y 没有|1.2|就是晚上有点喘
Y 好像|1.4|没有肿
Y 早上有点|1.1|头晕
Y 我这两天|0.9|没咳嗽
C 长是长好了|0.6|就是|1.2|还有点硬
C 嗯|1.3|长好了
C 那个|0.9|有点青
C 有时候|1.1|会忘
C 基本上|1.0|都按时吃
C 好像|1.2|有个硬块
F 阿司匹林|1.2|和|1.4|氯吡格雷
F 早上一片|1.0|晚上一片
F 阿托伐他汀|1.3|还有|1.1|美托洛尔
F 就是|1.2|睡不好觉|1.0|还有|1.3|老是出汗
F 头有点晕|1.1|腿没劲
F 嗯|1.4|我想问一下|1.0|这个药能不能停
F 第一|0.8|胃口不好|1.3|第二|0.9|晚上睡不着
F 我那个|1.2|降压药快吃完了
F 然后|1.0|伤口有点痒
F 没什么|1.3|就是有点累
I 一九五|0.9|七年
I 嗯|1.1|一九四八年
I 我是|1.2|李建国
I 五一年|0.8|三月份的
"""


@dataclass(frozen=True, slots=True)
class Hesitant:
    """`pieces` of speech; `pauses` lie between them, one fewer."""

    awaited: Awaited
    pieces: tuple[str, ...]
    pauses: tuple[float, ...]

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def hesitant() -> list[Hesitant]:
    """All sixty."""
    return [_parsed(line) for line in _LINES.strip().splitlines()]


def _parsed(line: str) -> Hesitant:
    kind, rest = line.split(" ", 1)
    parts = rest.split("|")
    return Hesitant(KINDS[kind], tuple(parts[0::2]), tuple(float(pause) for pause in parts[1::2]))


FLUENT = (
    "Y 没有",
    "Y 不疼",
    "Y 好的",
    "Y 都吃了",
    "Y 没有疼过",
    "Y 挺好的",
    "Y 晚上睡觉的时候有点疼",
    "Y 走路喘",
    "C 长好了",
    "C 有点红",
    "N 六十五公斤",
    "N 三十六度五",
    "P 高压一百四十低压九十",
    "P 一百三十五八十五",
    "I 一九五七年",
    "I 是我",
    "F 没有别的了",
    "F 我想问一下药什么时候能停",
    "F 就这些",
    "F 脚有点肿",
)
"""Answers without a pause, to see what patience costs those who need none."""

_SECOND_SET = """
P 早晨|0.8|一百三十二|1.2|七十八
P 医生说我是|1.0|一百五|1.4|九十
P 高的一百六|1.3|低的九十五
P 左手量的|0.9|一百二十六|1.0|八十一
N 体重嘛|1.1|七十一公斤
N 昨天称的|1.2|五十八点五
N 血糖六|0.8|六点四
N 大概走|1.3|三千步
N 晚上起来|1.0|三次
Y 这个|1.0|不疼了
Y 白天没有|1.2|夜里咳
Y 稍微|1.1|有点肿
Y 对|0.6|吃了
Y 要是走远了|1.3|就喘
Y 没怎么|0.9|疼
F 降压的|0.9|降脂的|1.2|还有一个我忘了
F 主要是|1.3|没力气
F 手有点麻|1.2|脚也麻
C 有一天|1.0|忘了
I 一九四|0.7|二年
"""


def second_set() -> list[Hesitant]:
    """Twenty written after the rules were made. At first sight five were cut off; two of the rules are learned from
    them since, so they are no measure any more of what is yet unseen."""
    return [_parsed(line) for line in _SECOND_SET.strip().splitlines()]


def fluent() -> list[Hesitant]:
    return [_parsed(line) for line in FLUENT]
