"""Short answers: yes, no, unsure, and what each finding that the question named is, after the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.model.finding import Polarity, Status
from agent.triage.content import Content
from agent.triage.cues import any_of
from agent.triage.question_form import (
    AskedItem,
    alternatives,
    asked_as_absent,
    openly_asked,
    presupposed,
    ruled_out,
)

_CLAUSES = re.compile(r"[，。！？!?；;,.~～…\s\n、]+")
_LEAD = (
    r"(?:(?:嗯|呃|哦|噢|啊|哎|唉|那个|这个|好像|现在|目前|最近|这两天|这几天|今天|倒是|倒|就是|也|都"
    r"|我|他|她|医生|大夫|平时|一般|其实|以前|从来|一直|目前为止|到现在)[，, ]*)*"
)
_TAIL = (
    r"(?:了|啊|呀|呢|吧|的|哦|噢|啦|嘛|哈|哟|喽|滴|过|诶|呗|嘞|咧|什么|症状|这些|这些症状"
    r"|情况|感觉|这种情况|现象|这个)*"
)
_HEDGE = re.compile(r"(?:好像|可能|应该|大概|估计|似乎)(?:是|也|就)?")
_COURTESY = re.compile(r"^(?:好的?|好吧|行|谢谢|嗯?好的?谢谢|明白了?|知道了|可以|哦|噢)(?:呢|啊|吧|的)*$")
_OPEN_WORDS = frozenset({"不舒服", "难受", "不适", "症状", "问题", "其他症状", "别的症状"})


class AnswerReader:
    def __init__(self, content: Content) -> None:
        words = content.answers
        self._yes = re.compile(f"^{_LEAD}{any_of(words['affirm'])}{_TAIL}$")
        self._no = re.compile(f"^{_LEAD}{any_of(words['deny'])}{_TAIL}$")
        self._unsure = re.compile(f"^{_LEAD}{any_of(words['unsure'])}{_TAIL}")
        self._yes_start = re.compile(
            rf"^{_LEAD}(?:有点|有些|有时|偶尔|经常|确实|一直|还是(?![\d一二三四五六七八九十])|老是|会有|有一|稍微|是的|嗯嗯|对的|有)"
        )
        self._no_start = re.compile(
            f"^{_LEAD}(?:(?:没有|没|不是|不会|不怎么|不太|都没|并没|从没|从来没|未|无)"
            f"(?!知道|清楚|确定|记得|晓得|懂|办法|停|断|完)"
            f"|不(?!知道|清楚|确定|记得|一定|晓得|懂|停|断|好受|舒服|上楼|下楼|爬楼|出门|想|说|聊|回答|提|讲))"
        )
        self._same = re.compile(any_of(words["same_as_before"]))
        self._rest_denied = re.compile(any_of(words["rest_denied"]))
        self._good = re.compile(any_of(words["all_well"]))

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
        chosen = alternatives(question, items, text)
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
        taken_for_granted = presupposed(item, question)
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
        if ruled_out(item, question):
            return Status.DENIED
        if taken_for_granted:
            return Status.PRESENT
        if whole.rest_denied:
            return Status.DENIED
        if whole.polarity is Polarity.NO:
            narrow = not whole.flat_no and any(status is Status.DENIED for _, _, status in found)
            return Status.UNCERTAIN if narrow else Status.DENIED
        if whole.polarity is Polarity.YES and whole.flat_yes and asked_as_absent(item, question):
            return Status.DENIED
        if whole.polarity is Polarity.YES:
            narrow = not whole.flat_yes and any(status is Status.PRESENT for _, _, status in found)
            return Status.UNCERTAIN if narrow else Status.PRESENT
        if whole.polarity is Polarity.UNSURE:
            return Status.DENIED if whole.flat_no else Status.UNCERTAIN
        return self._by_mood(found, whole, openly_asked(item, question))

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
