"""How a question puts a finding: asks for it, takes it for granted, asks whether it is gone, tells or rules it out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_ITEM = "\ue000"  # stands for every character of a finding the question names
_JOINS = r"(?:、|，|,| |/|和|及|或|跟|与|者|以及|还有|伴有?|并|且)"

_SENTENCE = re.compile(r".+?(?:[吗嘛](?![丁啡])[？?。，,！!]*|[。！？!?；;…\n]+|$)(?!还是)", re.DOTALL)
_CHUNK = re.compile(r"[，, ]")
_LIST = re.compile(
    rf"^(?:{_JOINS}*(?:{_ITEM}+|[^，,、。？！?吗么没不是有多厉严重怎什哪几的得了会时{_ITEM}]{{1,5}}"
    rf"(?={_JOINS}*(?:{_ITEM}|[、，,])|等|这些|症状|之类)))*"
)
_LIGHT = re.compile(
    r"^(?:等|之类|什么|这些|这种|这样|那种|一类|方面|的|症状|情况|现象|感觉|表现|毛病|问题|反应|不适|病史|史|过|了|啊|呀|现在|目前"
    r"|是否|还|有|出现|发生|存在|[您你他她]|老人|，|,| )*"
    r"(?:吗|么|嘛|没有?|不|否|有没有|有吗|有无|吧|是吗|是吧|是么|对吗|对吧|对不|是不是|有没|呢)*[?？。，,！!]*$"
)
_MARKED = re.compile(r"有没有?|有无|是否|是不是|会不会|有木有|有不有|可有")
_HAS = re.compile(r"(?:^|[^没])有[^，,。]{0,6}$")
_ENDS_ASKING = re.compile(r"[?？]|[吗嘛么](?:[^\u4e00-\u9fff]|$)|(?:没有?|不|否|呢|吧)[。，,！! ]*$")
_ASKS_WITHIN = re.compile(r"有没有?|有无|是否|是不是|会不会|([\u4e00-\u9fff])[不没]\1")
_ADVICE = re.compile(
    r"建议|如果|注意|最好|必要时|看看|去医院|医院|排除|观察|警惕|复查|看一下|了解|明确|检查|说明|可能|考虑"
)

_HOW_MUCH = re.compile(
    r"多久|多长|多少|几天|几次|几年|几个|几回|几周|几度|哪天|哪年|什么时候|何时|频率|次数|时间|哪里|哪儿|哪个|哪边|哪些|哪几|什么位置|什么地方"
    r"|什么部位|什么样|什么颜色|什么性质|什么原因|什么感觉|怎么|怎样|咋|如何|为什么|原因|位置|部位|性质|程度|开始"
)
_WHERE_BEFORE = re.compile(
    r"(?:有什么|哪里|哪儿|哪个|哪边|哪块|什么地方|什么位置|什么部位|哪些|什么时候|何时|什么情况|什么条件|为什么|为啥|怎么|咋|怎样|如何|多久|几天|几次|啥时候)[^，,]*$"
)
_DEGREE = re.compile(
    r"^(?:的|得|地)?(?:症状|感觉|情况|程度)?(?:还|也|是|很|比较|非常|特别|最|更|都|有|会|越来越|算|现在|什么|的)*"
    r"(?:厉害|严重|重(?!复)|明显|剧烈|频繁|多(?!久|长|少|大)|大(?!便)|频|加重|减轻|缓解|好转|好些|好点|轻|改善|变化|持续|一直|经常"
    r"|反复|固定|影响|难忍|能忍|规律|阵发|突然|加剧|放射|扩散|连续|好得?多)"
)
_EASED = re.compile(  # 咳嗽减轻了吗, 腿肿好些了没有
    r"^(?!.*还是)(?:的|得|地)?(?:症状|感觉|情况|程度)?(?:还|也|是|都|会|现在|今天|这几天|目前|比[^，。？]{1,5}|有没有|是不是|没有|有|没|一点|什么)*"
    r"(?:减轻|缓解|好转|好些|好点|好一点|好得?多|轻(?:些|点|一点|了)|改善|见好|强点|强些)"
)
_GONE = re.compile(
    r"^(?:的?症状|的?情况|的感觉|现在|目前|都|已经|完全|全|是不是|有没有|的)*"
    r"(?:好|退|消|消失|停|止住|止|缓解|没|没有|不见|消退|恢复|下降|降)(?:了|下来|下去)(?:吗|么|嘛|没|没有|吧|不|是吗|是吧|对吗|是不是|[?？])"
)
_GONE_INSIDE = re.compile(r"(?:退|消|止|治好)$")
_STILL_THERE = re.compile(
    r"^(?:的?症状|现在|目前|都|一直|的)*(?:还没有?|还未|没有?|未|不见)(?:好|退|消|缓解|停|好转|消失|消退|减轻|恢复)"
)
_BACKGROUND = re.compile(
    r"^(?:的|得|起来|发作)?(?:的?时候|时(?!间)|期间|的?地方|的?部位|的?位置|的?东西|的?区域|后(?!背)|以后|之后|之前|前(?!胸)|过后|的人|那|带|引起|导致|跟|和|与|能不能|可以|能|是[^不]"
    r"|主要)"
)
_STATES = re.compile(
    r"(?:考虑|可能|应该|诊断|属于|这是|您这|你这|就是|估计|确诊|已经|所以|因为|建议|这种|目前|针对|你的|您的|说明)[^，。？！]*$"
)
_SUPPOSES = re.compile(
    r"(?:看看?(?:是否|有没有|有无|是不是)|排除|排查|是不是|是否|有没有|有无|怀疑|不排除|担心|警惕|预防|避免|以防|防止|以免)[^，。？！]*$"
)
_NEGATED = re.compile(
    r"(?:(?<!有)(?:没有|没|未|无)(?!论|管|就是)[^，。？！有不]{0,3}|(?<!有)不(?!论|管|就是)[^，。？！、有不]{0,3})$"
)
_EITHER = re.compile(r"([\u4e00-\u9fff])[不没]\1")  # 老不老呛着 negates nothing
_RULES_OUT = re.compile(r"(?:不像|不是|不考虑|不支持|不足以|排除|不会|不可能|(?<!有)没有)[^，。？！有]{0,6}$")
_NONE_BEHIND = re.compile(  # 胸闷胸痛这些情况都没有是吧
    r"^(?:的?(?:这些|这种|这样的?|之类的?)?(?:情况|症状|现象|感觉|毛病)?)(?:目前|现在|最近|应该|也|都|全|是)*没有?(?:过|出现过?|发生过?|再犯)?(?:的|，)?"
    r"(?:是吧|对吧|吧|是吗|对吗|是不是|对不对)[？?。，！! ]*$"
)
_CANNOT_BRING = re.compile(r"不(?:会|能|足以)?(?:引起|导致|造成|引发|伴有)$")
_TO_BE_WEIGHED = re.compile(r"^(?:都|也|还)?(?:需要|要|得|应该|不能|不)(?:考虑|排除|除外|警惕|鉴别|查清)")
_OR_NEAR = re.compile(
    rf"{_ITEM}+(?:的|得|呢|，|,|？|\?| )*还是|[^，,。]还是(?!有|需要|提示|比较|要|考虑|得)[^，,]*{_ITEM}"
)
_OF_A_KIND = re.compile(  # 是持续性的疼吗: whatever kind it is, it is there
    r"是(?:不是)?(?:那种|这种|一种)?(?:[^，。？！不没有]{1,6}[性样种状阵着]的?|持续的?|[阵间]发的?)$"
)
_OFTEN = re.compile(r"一直|总是|老是|经常")
_EXCEPT = re.compile(r"除了?(?:(?!有没有|还有|以外|之外|是否|外)[^，。？！])*$")
_EXAMPLES = re.compile(r"(?:如|比如|例如|像|包括|譬如)[^，。]*$")


_NOUN = r"[^吗么没不是有多厉严重怎什哪几的得了会时看你您我他她？?]{2,6}"  # a word of a list that nobody asked to judge
_ONLY_ITEMS = re.compile(rf"^(?:{_NOUN}|(?:{_ITEM}|{_JOINS})*)$")


_THING = re.compile(
    r"[痘疹疮包块痔瘤泡疤癣痣疣]子?$|结节|伤口|刀口|囊肿|息肉"
)  # 痘痘疼吗: it is there, asked is whether it hurts


class Form(StrEnum):
    """How one finding stands in the question."""

    ASKED = "asked"  # 有没有反酸, 疼吗: nothing is known before the answer
    NEGATIVE = "negative"  # 没有发烧吧: who agrees says there is none
    GONE = "gone"  # 烧退了吗: a yes says it is over, a no that it is still there
    STILL = "still"  # 咳嗽还没好吗: who agrees says it is still there
    EASED = "eased"  # 咳嗽减轻了吗: whatever is said, it is there unless it is over
    EXCEPTED = "excepted"  # 除了发烧还有别的吗
    DEGREE = "degree"  # 疼得厉害吗: it is there, unless it is itself denied
    HOW = "how"  # 疼多久了, 哪里疼
    GRANTED = "granted"  # 疼的时候出汗吗, 咳嗽有痰吗
    CHOICE = "choice"  # 左腿麻还是右腿麻
    STATED = "stated"  # the doctor says so, or no question mark tells otherwise
    SUPPOSED = "supposed"  # 查一下有没有贫血: no question to the patient
    RULED_OUT = "ruled_out"  # 不像梅毒疹


@dataclass(frozen=True, slots=True)
class AskedItem:
    """A finding the question named: its words there, and the concept when the lexicon knows it."""

    surface: str
    concept: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """An item where the question says it. `sentence` is "" when the question does not hold its words; `taken` is how
    the question takes it for granted, where a conversation asks all the same."""

    item: AskedItem
    form: Form
    sentence: str = ""
    at: int = -1  # where the item's words begin within the question
    taken: Form | None = None


def placed(question: str, items: Sequence[AskedItem]) -> list[Placed]:
    """Each item with its form; the same words said twice are taken in order."""
    starts: list[int] = []
    for index, item in enumerate(items):
        earlier = max((starts[j] for j in range(index) if items[j].surface == item.surface), default=-1)
        at = question.find(item.surface, earlier + 1)
        starts.append(at if at >= 0 else question.find(item.surface))
    masked = list(question)
    for item, at in zip(items, starts, strict=True):
        if at >= 0:
            masked[at : at + len(item.surface)] = _ITEM * len(item.surface)
    return [_place(question, "".join(masked), item, at) for item, at in zip(items, starts, strict=True)]


def sentences(question: str) -> list[str]:
    """The question's sentences; 吗 ends one even where no mark follows."""
    return [found.group() for found in _SENTENCE.finditer(question) if found.group().strip(" ，。？?")]


def wants_time(question: str) -> bool:
    """Some part asks when, how long or how often: a time then answers that part."""
    return bool(
        re.search(
            r"多久|多长|(?<![这前那近])几天|几[次回趟顿]|几年|(?<![这前那近])几个|什么时候|何时|哪天|时间|频率|多少|开始",
            question,
        )
    )


def marked(place: Placed) -> bool:
    """Asked by 有没有, 是否, 会不会: openly."""
    return not place.sentence or _MARKED.search(place.sentence) is not None


def _place(question: str, masked: str, item: AskedItem, at: int) -> Placed:
    if at < 0:
        return Placed(item, Form.ASKED)
    for found in _SENTENCE.finditer(question):
        if found.start() <= at < found.end():
            end = min(at + len(item.surface), found.end())
            before, after = question[found.start() : at], question[end : found.end()]
            rest = masked[end : found.end()]
            has_it = question.startswith("有", end) and _ITEM in masked[end : end + 2]  # 咳嗽有痰吗
            if has_it or (rest.startswith(_ITEM) and _THING.search(item.surface)):
                return Placed(item, Form.GRANTED, found.group(), at)
            rest = rest[_LIST.match(rest).end() :] if _LIST.match(rest) else rest  # type: ignore[union-attr]
            if _a_not_a(item.surface, before, after):
                return Placed(item, Form.ASKED, found.group(), at)
            reach = _list_reach(masked[found.start() : at])
            near, bare = (words[len(before) - reach :].rstrip("，, ") for words in (before, masked[found.start() : at]))
            negated = _NEGATED.search(_EITHER.sub("", bare)) is not None
            return Placed(item, _form(item.surface, before, near, rest, negated=negated), found.group(), at)
    return Placed(item, Form.ASKED)


def _list_reach(before: str) -> int:
    """How many characters before an item its clause begins; one that holds only items of the same list goes on from
    the clause before it: 看看有没有咳嗽，发烧."""
    begin = len(before)
    while begin:
        start = max((found.end() for found in _CHUNK.finditer(before, 0, begin)), default=0)
        if start == 0 or not _ONLY_ITEMS.match(before[start:]):
            return len(before) - start
        begin = start - 1
    return len(before)


def _form(words: str, before: str, near: str, rest: str, *, negated: bool) -> Form:
    """`before` is the sentence before the item, `near` the clause of it in which the item's list begins, `rest` what
    follows that list. `negated`: the list is; the 不 of a finding in it (说话不清、手脚麻) is none of the list's."""
    chunk = _CHUNK.split(rest)[0]
    whole = before + rest
    asks = bool(_ENDS_ASKING.search(rest)) or bool(_ASKS_WITHIN.search(whole) and not _ADVICE.search(whole))
    if _EXCEPT.search(near):
        return Form.EXCEPTED
    if _OR_NEAR.search(near + _ITEM + rest) and (asks or not _STATES.search(near)):
        return Form.CHOICE
    if _STILL_THERE.match(rest) and asks:
        return Form.STILL
    if _GONE.match(rest) or (_GONE_INSIDE.search(near) and _LIGHT.match(rest) and asks):
        return Form.GONE
    if _NONE_BEHIND.match(rest):
        return Form.NEGATIVE
    if negated and not _MARKED.search(near[-6:]):
        supposes = re.search(r"如果|要是|只要|就", near)
        if asks and not supposes and not _BACKGROUND.match(rest):
            return Form.NEGATIVE
        if not asks and not supposes and (_RULES_OUT.search(near) or re.search(r"[不没有无]$", near)):
            return Form.RULED_OUT
    if not asks:
        return Form.RULED_OUT if _CANNOT_BRING.search(near) else _stated(before, near, chunk)
    return _asked_form(words, before, near, rest)


def _stated(before: str, near: str, chunk: str) -> Form:
    if _WHERE_BEFORE.search(near) or _HOW_MUCH.search(chunk):
        return Form.HOW
    return Form.SUPPOSED if _SUPPOSES.search(near) or _TO_BE_WEIGHED.match(chunk) else Form.STATED


def _asked_form(words: str, before: str, near: str, rest: str) -> Form:
    chunk = _CHUNK.split(rest)[0]
    indefinite = re.search(r"[吗么嘛]|没有?[?？]?$", rest) is not None
    if _WHERE_BEFORE.search(near) and not indefinite:
        return Form.HOW
    if _EASED.match(rest):
        return Form.EASED
    if _OF_A_KIND.search(near):
        return Form.DEGREE
    if re.match(r"^[^，,]{0,8}?(?:多久|几天|多长|什么时候|几年|几次)", chunk):
        return Form.HOW
    if _MARKED.search(near):
        return Form.ASKED
    if _HOW_MUCH.search(chunk) and not indefinite:
        return Form.HOW
    if _LIGHT.match(rest) and not _OFTEN.search(words):
        return Form.ASKED
    if _DEGREE.match(rest) or _OFTEN.search(words):
        return Form.DEGREE
    if _EXAMPLES.search(near) or (_HAS.search(near) and not _BACKGROUND.match(rest)):
        return Form.ASKED
    return Form.GRANTED


def _a_not_a(words: str, before: str, after: str) -> bool:
    """疼不疼, where the item is the first or the second 疼."""
    first, last = words[:1], words[-1:]
    return (after[:1] in ("不", "没") and after[1:2] == last) or before[-2:] in (f"{first}不", f"{first}没")
