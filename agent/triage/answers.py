"""Short answers: yes, no, unsure, and what each finding that the question named is, after the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.model.finding import Polarity, Status
from agent.triage.content import Content
from agent.triage.cues import any_of

_CLAUSES = re.compile(r"[，。！？!?；;,.~～…\s\n、]+")
_LEAD = (
    r"(?:(?:嗯|呃|哦|噢|啊|哎|唉|那个|这个|好像|现在|目前|最近|这两天|这几天|今天|倒是|倒|就是|也|都"
    r"|我|他|她|医生|大夫|平时|一般|其实|以前|从来|一直|目前为止|到现在)[，, ]*)*"
)
_TAIL = (
    r"(?:了|啊|呀|呢|吧|的|哦|噢|啦|嘛|哈|哟|喽|滴|过|诶|呗|嘞|咧|什么|症状|这些|这些症状"
    r"|情况|感觉|这种情况|现象|这个)*"
)
_PRESUPPOSED_AFTER = re.compile(
    r"^[^，。！？；,.!?;]{0,8}?(?:多久|几天|多长|什么时候|怎么|厉害|哪里|哪个|哪儿|哪几|位置|部位|原因|的时候|时候|时|引起|以后|之后|后|出现|还是"
    r"|几次|频率|次数|多少|程度|开始|持续|加重|减轻|变化|好转|区域|持续多久|一般|每次|大概|前|什么样|几年|现在|几个月|明显|导致|最|的东西|的地方|的位置|的感觉是)"
)
_STATEMENT = re.compile(
    r"(?:考虑|可能|应该|诊断|属于|这是|您这|你这|就是|估计|确诊|已经|所以|因为|建议|这种|目前|针对|你的|您的|说明|除了)[^，。？！]*$"
)
_ASKING = re.compile(r"(?:有没有|有无|是否|是不是|有|会不会|会|伴|出现|吗|没有)")
_YES_NO_TAIL = re.compile(r"吗|没有?$|没有[了过]?$|么$|呢$|[?？]|吧$|([\u4e00-\u9fff])不\1|不$|是否|是不是")
_LIST_REST = re.compile(r"^(?:[、，,和及或]{1,2}[^，、,。？！?和及或的是]{1,4}(?=[、，,和及或是]))*(?:[、，,和及或][^，、,。？！?和及或的是]{1,4}(?=是))?(?=是[^不])")
_EXAMPLES = re.compile(r"^(?:如|比如|例如|像|包括|譬如)")
_EXCEPT = re.compile(r"除了[^，。？！]*$")
_OTHERS = re.compile(r"(?:其他|其它|别的|还有什么|还有哪些|什么不舒服|哪里不舒服|哪些不舒服|有什么)[^，。？！]*$")


_HEDGE = re.compile(r"(?:好像|可能|应该|大概|估计|似乎)(?:是|也|就)?")
_COURTESY = re.compile(r"^(?:好的?|好吧|行|谢谢|嗯?好的?谢谢|明白了?|知道了|可以|哦|噢)(?:呢|啊|吧|的)*$")
_OPEN_WORDS = frozenset({"不舒服", "难受", "不适", "症状", "问题", "其他症状", "别的症状"})


@dataclass(frozen=True, slots=True)
class AskedItem:
    """A finding the question named: its words there, and the concept when the lexicon knows it."""

    surface: str
    concept: str | None


class AnswerReader:
    def __init__(self, content: Content) -> None:
        words = content.answers
        self._yes = re.compile(f"^{_LEAD}{any_of(words['affirm'])}{_TAIL}$")
        self._no = re.compile(f"^{_LEAD}{any_of(words['deny'])}{_TAIL}$")
        self._unsure = re.compile(f"^{_LEAD}{any_of(words['unsure'])}{_TAIL}")
        self._yes_start = re.compile(
            f"^{_LEAD}(?:有点|有些|有时|偶尔|经常|确实|一直|还是|老是|会有|有一|稍微|是的|嗯嗯|对的|有)"
        )
        self._no_start = re.compile(
            f"^{_LEAD}(?:没有|没|不是|不会|不怎么|不太|不|都没|并没|从没|从来没|未|无)(?!知道|清楚|确定|记得|一定|晓得|懂|办法|停|断|好受|舒服)"
        )
        self._same = re.compile(any_of(words["same_as_before"]))
        self._rest_denied = re.compile(any_of(words["rest_denied"]))
        self._good = re.compile(r"正常|挺好|很好|还好|都好|还行|没事|好着|没问题|没什么")

    def polarity(self, text: str) -> Polarity:
        """The answer as a whole: the first clause that is a yes, a no or a don't-know decides."""
        clauses = [clause for clause in _CLAUSES.split(text) if clause]
        for at, clause in enumerate(clauses[:4]):
            found = self._clause(clause)
            if at and clause.endswith(("好了", "停了")):
                continue
            if found is not Polarity.UNKNOWN:
                return found
        for clause in clauses[4:]:
            found = self._clause(clause)
            if found is not Polarity.UNKNOWN:
                return found
        for clause in clauses[:2]:
            if self._no_start.match(clause):
                return Polarity.NO
            if self._yes_start.match(clause):
                return Polarity.YES
        return Polarity.UNKNOWN

    def _clause(self, clause: str) -> Polarity:
        hedged = _HEDGE.match(clause)
        if hedged and (self._no.match(clause[hedged.end() :]) or self._no_start.match(clause[hedged.end() :])):
            return Polarity.NO
        if self._unsure.match(clause):
            return Polarity.UNSURE
        if self._no.match(clause):
            return Polarity.NO
        if self._yes.match(clause):
            return Polarity.YES
        return Polarity.UNKNOWN

    def asked(
        self, text: str, question: str, items: Sequence[AskedItem], found: Sequence[tuple[str, str, Status]]
    ) -> list[Status]:
        """One status for each item. `found` are the answer's own findings as (concept, surface, status)."""
        told = [f for f in found if f[2] not in (Status.NOT_ASSERTED, Status.HYPOTHETICAL, Status.OTHER_PERSON)]
        answering = "，".join(clause for clause in _CLAUSES.split(text) if clause and not _COURTESY.match(clause))
        whole = Whole(
            polarity=self.polarity(answering),
            flat_no=any(self._no.match(clause) for clause in _CLAUSES.split(answering) if clause),
            flat_yes=any(self._yes.match(clause) for clause in _CLAUSES.split(answering) if clause),
            text=text,
            rest_denied=bool(self._rest_denied.search(text)),
            same=bool(self._same.search(text)),
            good=bool(self._good.search(text)),
        )
        chosen = _alternatives(question, items, text)
        return [
            chosen.get(index) or self._one(item, question, told, whole, _named_apart(item, items))
            for index, item in enumerate(items)
        ]

    def decides(self, text: str) -> bool:
        """True when the words say yes, no, don't know, the same, or fine: something that answers a closed question.
        Words about something else (心口疼, asked about breath) do not answer it."""
        return (
            self.polarity(text) is not Polarity.UNKNOWN
            or self._rest_denied.search(text) is not None
            or self._same.search(text) is not None
            or self._good.search(text) is not None
        )

    def _one(
        self,
        item: AskedItem,
        question: str,
        found: Sequence[tuple[str, str, Status]],
        whole: "Whole",
        others: frozenset[str],
    ) -> Status:
        taken_for_granted = _presupposed(item, question)
        present = [f for f in found if f[2] in (Status.PRESENT, Status.PAST)]
        own = _mentioned(item, found, others)
        if own is None and item.surface in _OPEN_WORDS and present:
            return Status.PRESENT
        if own is Status.PAST:
            return Status.PRESENT if taken_for_granted or _ASKS_PAST.search(question) else Status.DENIED
        if taken_for_granted and own is Status.DENIED and _mentioned(item, present, others):
            return Status.PRESENT
        if own is not None:
            return own
        if _ruled_out(item, question):
            return Status.DENIED
        if taken_for_granted:
            return Status.PRESENT
        if whole.rest_denied:
            return Status.DENIED
        if whole.polarity is Polarity.NO:
            narrow = not whole.flat_no and any(status is Status.DENIED for _, _, status in found)
            return Status.UNCERTAIN if narrow else Status.DENIED
        if whole.polarity is Polarity.YES and whole.flat_yes and _asked_as_absent(item, question):
            return Status.DENIED
        if whole.polarity is Polarity.YES:
            narrow = not whole.flat_yes and any(status is Status.PRESENT for _, _, status in found)
            return Status.UNCERTAIN if narrow else Status.PRESENT
        if whole.polarity is Polarity.UNSURE:
            return Status.DENIED if whole.flat_no else Status.UNCERTAIN
        return self._by_mood(found, whole, _openly_asked(item, question))

    @staticmethod
    def _by_mood(found: Sequence[tuple[str, str, Status]], whole: "Whole", openly: bool) -> Status:
        """No yes and no no: the same as before is there, all well is not, other news leaves it open."""
        if whole.same:
            return Status.PRESENT
        if whole.good:
            return Status.DENIED
        return Status.UNCERTAIN if openly else Status.PRESENT


@dataclass(frozen=True, slots=True)
class Whole:
    """What the answer says as a whole."""

    polarity: Polarity
    flat_no: bool  # some clause is nothing but a no
    flat_yes: bool
    text: str
    rest_denied: bool
    same: bool
    good: bool


_ASKS_PAST = re.compile(r"以前|之前|曾|得过|有过|史")
_RULED_OUT = re.compile(r"(?:不像|不是|不考虑|不支持|不足以|排除|不会|不可能|(?<!有)没有)[^，。？！有]{0,6}$")


def _alternatives(question: str, items: Sequence[AskedItem], text: str) -> dict[int, Status]:
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


def _openly_asked(item: AskedItem, question: str) -> bool:
    """Asked by 有没有, 是否, 有…吗: with no answer to it nothing is known."""
    before = question[: max(question.find(item.surface), 0)]
    left = re.split(r"[。！？；.!?;]", before)[-1]
    return bool(re.search(r"有没有|有无|是否|是不是|会不会|有$", left)) or bool(_EXAMPLES.match(left))


def _asked_as_absent(item: AskedItem, question: str) -> bool:
    """没有发烫吗: a yes means there is none."""
    before = question[: max(question.find(item.surface), 0)]
    return bool(re.search(r"(?<!有)(?:没有|没|不)[^，。？！有]{0,3}$", before))


def _ruled_out(item: AskedItem, question: str) -> bool:
    """The doctor said it is not that (不像梅毒疹): a statement, no question."""
    at = question.find(item.surface)
    if at < 0:
        return False
    near = re.split(r"[，。！？；,.!?;]", question[:at])[-1]
    rest = re.split(r"[，。！；,.!;]", question[at:])[0]
    return bool(_RULED_OUT.search(near)) and "如果" not in near and not re.search(r"[?？吗么]|没有$|吧", rest)


def _named_apart(item: AskedItem, items: Sequence[AskedItem]) -> frozenset[str]:
    """The words of the other findings asked about: 反酸 answers for 反酸, not for 烧心 of the same concept."""
    return frozenset(other.surface for other in items if other.surface != item.surface)


def _mentioned(item: AskedItem, found: Sequence[tuple[str, str, Status]], others: frozenset[str]) -> Status | None:
    """What the answer itself says of the item first: the same concept, or words that share the sensation."""
    told, found = found, [f for f in found if f[1] not in others]
    same = [status for _, surface, status in found if surface == item.surface]
    same = same or [status for _, surface, status in found if len(item.surface) > 1 and item.surface in surface]
    same = same or [status for concept, surface, status in found if concept == item.concept]
    if not same and item.surface in _BARE:
        same = [status for _, surface, status in told if surface[-1:] in _BARE[item.surface]]
    elif not same:
        same = [status for _, surface, status in found if surface in _BARE and item.surface[-1:] in _BARE[surface]]
    return same[0] if same else None


_BARE = {
    word: chars
    for words, chars in (
        ("疼 痛 疼痛", "疼痛"),
        ("痒", "痒"),
        ("咳 咳嗽", "咳嗽"),
        ("烧 发烧 热", "烧热"),
        ("吐 呕吐", "吐"),
        ("肿", "肿"),
        ("晕", "晕"),
    )
    for word in words.split()
}


def _presupposed(item: AskedItem, question: str) -> bool:
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
