"""What was there a few days ago and is gone by now: 前天闷了一阵，今天好了 is a yes for these days."""

import re

from agent.model.finding import Status
from agent.triage.answer_apart import Answer
from agent.triage.answer_clauses import Clause, Kind
from agent.triage.answer_mentions import alike
from agent.triage.answer_related import LITTLE, NO_ECHO, names_other
from agent.triage.answer_times import ASKED_SINCE, FORMERLY
from agent.triage.question_form import Placed

_FORMERLY = re.compile(f"^(?:{FORMERLY}|过去|住院|手术前)")
_LATELY = re.compile(
    r"^(?:就|只|也|嗯|我|他|她|是|有|在)*(?:昨|前[天两几晚]|大前天|上周|上个?(?:礼拜|星期)|刚(?:出院|回[来家])|那[天几两阵]|头[几两一]天|前些天"
    r"|早上|今早|早晨|夜里|半夜|凌晨|(?:回家|出院)[^，。]{0,2}[第头前那]|(?:星期|礼拜|周)[一二三四五六日天]"
    r"|(?:[两三四五六几]|[2-6])天前)"
)
_COUNTED = r"(?:一两?|两三?|三[四五]?|好?几|[1-9])(?:下|阵|回|次|会|口|点|些|趟)"
_CAME = re.compile(rf"有[了过一两几点]|有$|有{_COUNTED}|(?:犯|来|发作|发|出现|出|闹)[了过]|(?:犯|来|闹){_COUNTED}")
_HAPPENED = re.compile(rf"[了过得]|{_COUNTED}")
_ONCE = re.compile(rf"^(?:就|也|是|只|倒)*有(?:那么|过|了)*{_COUNTED}(?:吧|的|了)?$")
_NOT = re.compile("[不没别未]|好[了多]|[退消停]了")
_WHETHER = re.compile("有没有|有(?!点|些|时)[^，。？?]{1,12}[吗么没]|过(?:没有?|吗|么)")
_OF_NOW = re.compile("现在|目前|这会儿?|此刻|今天")


def told_lately(clause: Clause, place: Placed, answer: Answer) -> bool:
    """昨天犯了一回, 前天闷了一阵: a clause that is neither yes nor no tells that the item was there then."""
    if clause.kind not in (Kind.OTHER, Kind.SEVERE, Kind.YES):
        return False
    if not _LATELY.match(clause.text):
        return _ONCE.match(clause.text) is not None
    if _NOT.search(clause.text) or names_other(clause.text, answer):
        return False
    if _CAME.search(clause.text):
        return True
    said = set(alike(clause.text)) - LITTLE - NO_ECHO
    return _HAPPENED.search(clause.text) is not None and bool(
        said & set(alike(place.item.surface + (place.sentence or answer.question)))
    )


def another_lately(clause: Clause, before: str, place: Placed, answer: Answer) -> bool:
    """今天好了 and 今天没流 behind 昨天流了一次, asked about something else: what is over is what was told."""
    if not (answer.live and _LATELY.match(before) and _HAPPENED.search(before)) or _NOT.search(before):
        return False
    told = _said(before)
    taken_up = clause.kind is Kind.OVER or bool(told & _said(clause.text))
    return bool(told) and taken_up and not told & _asked(place, answer) and not _CAME.search(before)


def over_lately(place: Placed, answer: Answer) -> Status | None:
    """What was told before it was said to be over: there, where the question asks of these days or whether it was
    there; past, where it asks how it is now. None where it was long ago, or nothing but its end is told."""
    told = [each for each in answer.clauses if each.kind is not Kind.NO and not _FORMERLY.match(each.text)]
    lately = any(_LATELY.match(each.text) and not _NOT.search(each.text) for each in told)
    plainly = any((each.flat and each.kind in (Kind.YES, Kind.TIME)) or _ONCE.match(each.text) for each in told)
    if not answer.live or not (lately or plainly) or any(_FORMERLY.match(each.text) for each in answer.clauses):
        return None
    if ASKED_SINCE.search(answer.question):
        return Status.PRESENT
    if _WHETHER.search(place.sentence or answer.question) and not _OF_NOW.search(answer.question):
        return Status.PRESENT
    return Status.PAST if lately else None


def _said(text: str) -> set[str]:
    return set(alike(text)) - LITTLE - NO_ECHO


def _asked(place: Placed, answer: Answer) -> set[str]:
    return set(alike(place.item.surface + (place.sentence or answer.question)))
