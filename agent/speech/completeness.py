"""Do the words so far end where a speaker ends, or where he goes on? Pure; Mandarin as recognisers write it."""

import re
from dataclasses import dataclass
from enum import Enum

from agent.model.turn import Expect


class Completeness(Enum):
    UNFINISHED = "unfinished"  # a filler, a joining word, a number or a list in mid-air
    OPEN = "open"  # may be all, may be not
    FINISHED = "finished"  # a whole answer to what was asked


@dataclass(frozen=True, slots=True)
class Awaited:
    """What kind of answer is waited for: `numbers` values in it (two pressures), from an `unhurried` patient."""

    kind: Expect = Expect.NOTHING
    numbers: int = 1
    unhurried: bool = False


_PUNCTUATION = re.compile(r"[\s，,、。.！!？?；;：:…~—-]+")
_FILLERS = (
    "嗯 嗯嗯 哎呀 这个嘛 怎么说呢 我想想 我看看 看看啊 想想啊 等等 呃 额 唔 哦 啊 哎 诶 那个 这个 那 这 "
    "就是 就是说 然后 还有 再有 另外 大概 大约 好像 可能 应该 差不多"
)
_JOINING = (
    "和 跟 与 及 以及 或者 因为 所以 但是 不过 可是 而且 比如 比如说 包括 除了 如果 要是 虽然 还是 有时候 有时 "
    "的时候 以后 之后 以前 之前 第一 第二 第三 首先 其次 一个是 有点 有一点 有些 特别 非常 比较 稍微 一吃 一走 "
    "两天 几天 这些天 最近 平时 一直 老是 总是 基本上 基本 主要 其实 反正 感觉 我觉得 我感觉 还 也 都 就 又 才 再 "
    "没怎么 不怎么 不太 不大 有一天 有一次 有几次 很 挺 "
    "在 从 把 被 给 向 对于 关于 我 我的 我们 他 她 每天 每次 早上 晚上 中午 昨天 今天 前天"
)
_MID_AIR = tuple(sorted({*_FILLERS.split(), *_JOINING.split()} - {"啊", "哦"}, key=len, reverse=True))
_HANGING_IS = re.compile(r"(?:压|率|糖|重|温|度|年|号|药|我|这|那|天|次|的|像|该|能|概|就|又|都|边)是$")  # 血压是…
_ASKS = re.compile(r"([^\W\d])(?:不|没)\1$")  # 对不对: a question, or a breath written down as one
_CONTRAST = re.compile(r"([^\W\d]{1,2})是(?:不|没)?\1[^\W\d]{0,2}$")  # 疼是不疼…: what follows is the answer
_CONDITION = re.compile(r"(?:要是|如果)(?!.*[就会])|时候$|的话$")  # 要是走远了…: what happens then is the answer
_SYLLABLE_ANSWERS = frozenset("疼痛喘肿晕闷麻咳吐烧红吃")
_WHOLE = "没有 没有了 没 有 有的 是 是的 不是 对 对的 不对 好 好的 行 不行 可以 会 不会 能 不能 是我 我就是 不是我"
_STANDS_ALONE = frozenset(_WHOLE.split())
_ENDS = re.compile(
    r"(?:没有?|没有了|没事|没问题|不是|不会|不能|不行|不用|不疼|不痛|不肿|不喘|不晕|不闷|不烧|不麻|不咳|不累|不吐"
    r"|是的|对的|好的|好吧|好了|行了|可以|挺好|还好|正常|一样|知道了?|不知道|记不清了?|不记得了?|说不好|忘了"
    r"|就这些|就这样|就这么多|没别的|别的没有|谢谢|再见|听不清|再说一遍)(?:了|的|啊|呀|呢|吧|嘛|哦)*$"
)
_DENIED_OR_DONE = re.compile(r"(?:没有?|不)[^\W\d]{1,2}$|^[^\W\d]{1,3}了$")
_SHORT_SOUND_SECONDS, _MOST_SYLLABLES_A_SECOND = 0.5, 6.0  # of voice: a fast talker says 没有 in a fifth of a second
_LEAST_TOLD = 6  # characters of a told sentence that a closing particle may finish
_SENTENCE_END = re.compile(r"[^\W\d](?:了|的|吧|呢|啊|呀|嘛|哦|吗|过)$")
_BEFORE_SHORT = re.compile(r"^(?:嗯|啊|哦|呃|哎呀|哎|喂|那个|这个嘛|这个|都|也|还|现在|目前|暂时|倒|倒是|我)+")

_LEAST_PULSE_PRESSURE, _LEAST_PRESSURE = 12, 30  # mmHg
_SAME_DIGITS = str.maketrans("〇两幺", "零二一")
_DIGIT = "零〇一二两三四五六七八九幺"
_HUNDREDS = rf"[一二两三]百(?:零[{_DIGIT}]|[{_DIGIT}]十[{_DIGIT}](?!十)|[{_DIGIT}]十|[{_DIGIT}](?!十))?"
_TENS = rf"[{_DIGIT}]?十[{_DIGIT}]?(?!十)"
_POINT = rf"(?:点[{_DIGIT}\d]+)"
_NUMBER = re.compile(rf"\d+(?:\.\d+)?|(?:{_HUNDREDS}|{_TENS}){_POINT}?|[{_DIGIT}]+{_POINT}?|半")
_CUT_NUMBER = re.compile(rf"[百千点]$|[\d{_DIGIT}]点$|\d\.$")
_BARE_DIGIT = re.compile(rf"(?:^|[^{_DIGIT}\d十百点])[{_DIGIT}\d]$")  # 低压八: 八十 is on its way
_UNITS = rf"公斤|斤|度[{_DIGIT}\d]?|次|片|粒|颗|天|分|岁|年|厘米|毫升|小时|个|杯|两"
_WITH_UNIT = re.compile(rf"[\d{_DIGIT}十百半](?:来|多)?(?:{_UNITS})(?:多|半|吧|左右|的|了)*$")
_YEAR = re.compile(rf"(?:\d{{4}}|[{_DIGIT}]{{4}})(?:年|的|生|出生)*$|(?:\d{{2}}|[{_DIGIT}]{{2}})年(?:的|生|出生)*$")
_YEAR_CUT = re.compile(rf"(?:^|[^{_DIGIT}\d])(?:[{_DIGIT}\d]|[{_DIGIT}\d]{{3}})$")


def completeness(text: str | None, awaited: Awaited) -> Completeness:
    """Where the words of one utterance stand, as an answer to what is awaited. Words not known: open. A sound that was
    not understood is the breath before the answer."""
    if text is None:
        return Completeness.OPEN
    plain = _PUNCTUATION.sub("", text)
    if not plain:
        return Completeness.UNFINISHED
    if plain in _STANDS_ALONE and awaited.kind is not Expect.NUMBER:
        return Completeness.FINISHED
    if awaited.kind is Expect.YES_NO and _BEFORE_SHORT.sub("", plain) in ("有点", "有一点", "有些"):
        return Completeness.OPEN  # of what was asked
    if _hangs(plain):
        return _hanging(plain, awaited)
    if awaited.kind in (Expect.NUMBER, Expect.IDENTITY):
        return _value(plain, text, awaited)
    if _ASKS.search(plain):
        return Completeness.OPEN
    if _ENDS.search(plain):
        return Completeness.FINISHED
    closed = awaited.kind in (Expect.YES_NO, Expect.CHOICE)
    if closed and _DENIED_OR_DONE.search(plain):
        return Completeness.FINISHED
    told = len(plain) >= _LEAST_TOLD and _SENTENCE_END.search(plain)
    return Completeness.FINISHED if told and closed else Completeness.OPEN


def believable(text: str | None, voiced_seconds: float) -> str | None:
    """The words, or "" where a voice of that length cannot have said them: of a breath or a 嗯 recognisers make three
    syllables and more. Told of short sounds only; whoever speaks long may speak fast."""
    if text is None or voiced_seconds >= _SHORT_SOUND_SECONDS:
        return text
    most = 1 + _MOST_SYLLABLES_A_SECOND * voiced_seconds
    return text if len(_PUNCTUATION.sub("", text)) <= most else ""


def _hangs(plain: str) -> bool:
    if _CUT_NUMBER.search(plain) or _HANGING_IS.search(plain) or _CONTRAST.search(plain) or _CONDITION.search(plain):
        return True
    if len(plain) == 1 and not (plain in _SYLLABLE_ANSWERS or _NUMBER.fullmatch(plain)):
        return True
    return plain.endswith(_MID_AIR)


def _hanging(plain: str, awaited: Awaited) -> Completeness:
    """低压一百 may be all of it; everything else waits for what follows, also 嗯: as often a breath as a yes."""
    whole_hundred = plain.endswith("百") and awaited.numbers > 1 and _pair(plain)
    return Completeness.OPEN if whole_hundred else Completeness.UNFINISHED


def _value(plain: str, text: str, awaited: Awaited) -> Completeness:
    numbers = _NUMBER.findall(text.replace(" ", ""))
    if awaited.kind is Expect.IDENTITY:
        if _YEAR.search(plain):
            return Completeness.FINISHED
        return Completeness.UNFINISHED if _YEAR_CUT.search(plain) else _short_or_open(plain)
    if not numbers:
        return Completeness.FINISHED if _short_or_open(plain) is Completeness.FINISHED else Completeness.UNFINISHED
    if awaited.numbers > 1 and not _pair(text):
        return Completeness.UNFINISHED
    last = numbers[-1]
    if _BARE_DIGIT.search(plain) and awaited.numbers > 1:
        return Completeness.UNFINISHED
    if awaited.numbers > 1 or _WITH_UNIT.search(plain) or "点" in last or "." in last:
        return Completeness.FINISHED
    return Completeness.OPEN


def _pair(text: str) -> bool:
    """Two numbers that can be an upper and a lower pressure, in either order: 一百五，一百五十二 is one of them."""
    values = [_worth(number) for number in _NUMBER.findall(text)]
    return len(values) > 1 and max(values) - min(values) >= _LEAST_PULSE_PRESSURE and min(values) >= _LEAST_PRESSURE


def _worth(number: str) -> float:
    """In whole numbers, near enough to compare: 一百五 is 150."""
    if number[0].isdigit():
        return float(number)
    hundreds, cut, rest = number.rpartition("百")
    total = 100.0 * _digit(hundreds) if cut else 0.0
    tens, ten, ones = rest.partition("十")
    if ten:
        return total + 10 * (_digit(tens) if tens else 1) + _digit(ones)
    return total + (10 * _digit(rest) if cut and not rest.startswith("零") else _digit(rest.lstrip("零〇")))


def _digit(word: str) -> int:
    return "零一二三四五六七八九".find(word[:1].translate(_SAME_DIGITS)) if word else 0


def _short_or_open(plain: str) -> Completeness:
    """没量, 不记得了: no value will come."""
    bare = _BEFORE_SHORT.sub("", plain)
    no_value = re.search(r"没(?:有)?(?:量|称|测|查|记)|血压计|体温计|秤", plain)
    return Completeness.FINISHED if no_value or _ENDS.search(bare) else Completeness.OPEN
