"""How a question puts a finding: asks for it, takes it for granted, rules it out, or offers alternatives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.model.finding import Status

_PRESUPPOSED_AFTER = re.compile(
    r"^[^，。！？；,.!?;]{0,8}?(?:多久|几天|多长|什么时候|怎么|厉害|哪里|哪个|哪儿|哪几|位置|部位|原因|的时候|时候|时|引起|以后|之后|后|出现|还是"
    r"|几次|频率|次数|多少|程度|开始|持续|加重|减轻|变化|好转|区域|持续多久|一般|每次|大概|前|什么样|几年|现在|几个月|明显|导致|最|的东西|的地方|的位置|的感觉是)"
)
_STATEMENT = re.compile(
    r"(?:考虑|可能|应该|诊断|属于|这是|您这|你这|就是|估计|确诊|已经|所以|因为|建议|这种|目前|针对|你的|您的|说明|除了)[^，。？！]*$"
)
_YES_NO_TAIL = re.compile(r"吗|没有?$|没有[了过]?$|么$|呢$|[?？]|吧$|([\u4e00-\u9fff])不\1|不$|是否|是不是")
_LIST_REST = re.compile(
    r"^(?:[、，,和及或]{1,2}[^，、,。？！?和及或的是]{1,4}(?=[、，,和及或是]))*(?:[、，,和及或][^，、,。？！?和及或的是]{1,4}(?=是))?(?=是[^不])"
)
_EXAMPLES = re.compile(r"^(?:如|比如|例如|像|包括|譬如)")
_EXCEPT = re.compile(r"除了[^，。？！]*$")
_RULED_OUT = re.compile(r"(?:不像|不是|不考虑|不支持|不足以|排除|不会|不可能|(?<!有)没有)[^，。？！有]{0,6}$")


@dataclass(frozen=True, slots=True)
class AskedItem:
    """A finding the question named: its words there, and the concept when the lexicon knows it."""

    surface: str
    concept: str | None


def alternatives(question: str, items: Sequence[AskedItem], text: str) -> dict[int, Status]:
    """单腿无力还是双腿无力, answered 双腿: the one is meant, the other is not. Index of item to status."""
    chosen: dict[int, Status] = {}
    for sentence in re.split(r"[。！？；!?;]", question):
        here = [index for index, item in enumerate(items) if item.surface in sentence]
        here = [index for index in here if _own_words(items[index], items)]
        places = [sentence.find(items[index].surface) for index in here]
        if len(here) < 2 or "还是" not in sentence[min(places) : max(places)]:
            continue
        choices = [items[index] for index in here]
        hits = [index for index in here if any(word in text for word in _own_words(items[index], choices))]
        if len(hits) == 1:
            others = Status.PRESENT if re.search(r"更|厉害|最", sentence) else Status.DENIED
            chosen |= {index: Status.PRESENT if index == hits[0] else others for index in here}
    return chosen


def _own_words(item: AskedItem, items: Sequence[AskedItem]) -> list[str]:
    """Two-character stretches of an item's words that no other item has."""
    others = "/".join(other.surface for other in items if other is not item)
    pairs = [item.surface[at : at + 2] for at in range(len(item.surface) - 1)]
    return [pair for pair in pairs if pair not in others]


def openly_asked(item: AskedItem, question: str) -> bool:
    """Asked by 有没有, 是否, 有…吗: with no answer to it nothing is known."""
    at = question.find(item.surface)
    if at < 0:
        return True
    left = re.split(r"[。！？；.!?;]", question[:at])[-1]
    return bool(re.search(r"有没有|有无|是否|是不是|会不会|有$", left)) or bool(_EXAMPLES.match(left))


def asked_as_absent(item: AskedItem, question: str) -> bool:
    """没有发烫吗: a yes means there is none."""
    before = question[: max(question.find(item.surface), 0)]
    return bool(re.search(r"(?<!有)(?:没有|没|不)[^，。？！有]{0,3}$", before))


def ruled_out(item: AskedItem, question: str) -> bool:
    """The doctor said it is not that (不像梅毒疹): a statement, no question."""
    at = question.find(item.surface)
    if at < 0:
        return False
    near = re.split(r"[，。！？；,.!?;]", question[:at])[-1]
    rest = re.split(r"[，。！；,.!;]", question[at:])[0]
    return bool(_RULED_OUT.search(near)) and "如果" not in near and not re.search(r"[?？吗么]|没有$|吧", rest)


def presupposed(item: AskedItem, question: str) -> bool:
    """Whether the question takes the finding for granted (疼多久了) rather than asking for it (疼吗)."""
    at = question.find(item.surface)
    if at < 0:
        return False
    before, after = question[:at], question[at + len(item.surface) :]
    after = _LIST_REST.sub("", after)
    left = re.split(r"[。！？；.!?;]", before)[-1]
    right = re.split(r"[。！？；.!?;]", after, maxsplit=1)
    rest, mark = right[0], after[len(right[0]) : len(right[0]) + 1]
    if _EXCEPT.search(left):
        return True
    near = re.split(r"[，,]", left)[-1]
    if re.search(r"(?:有什么|哪里|哪儿|什么地方|哪个位置|哪些|什么时候)[^，,]*$", near):
        return True
    if re.search(r"有没有|有无|是否", left) and not re.match(r"^(?:多久|几天|多长)", after):
        return False
    if (
        (_STATEMENT.search(near) or near == "是")
        and not _YES_NO_TAIL.search(re.split(r"[，,]", rest)[0])
        and "，" in rest
    ):
        return True
    if _EXAMPLES.match(left) and "吗" in before:
        return False
    if re.search(r"有没有|是否|有无|是不是|会不会|有$|有[^，,]{0,4}$", near):
        return False
    if (
        re.match(r"^(?:的时候|时|有|带|后|以后|之后)(?!没有|吗|么)[^，。]*(?:吗|没有|么|不)", after)
        and "有没有" not in left
    ):
        return True
    if _PRESUPPOSED_AFTER.match(after) and not re.match(r"^[^，。！？]{0,4}(?:吗|没有|么)", after):
        return True
    if re.search(r"有没有|是否|有无|有(?!点|些|时)", left):
        return False
    return not (_YES_NO_TAIL.search(rest) or mark in ("？", "?"))
