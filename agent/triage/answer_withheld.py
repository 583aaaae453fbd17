"""Denials that settle nothing in a conversation, so that it asks again: another's word that is doubted at once, what
was not there formerly, somebody who does not come, and a rest denied beside words that nobody understood."""

import re
from collections.abc import Sequence

from agent.model.finding import Status
from agent.triage.answer_apart import Answer
from agent.triage.answer_clauses import Clause, Kind
from agent.triage.answer_mentions import alike
from agent.triage.answer_named import ASKS_PAST
from agent.triage.answer_related import GONE_KINDS, LITTLE, NO_ECHO
from agent.triage.answer_times import FORMERLY, NOW
from agent.triage.question_form import Placed

_PERSON = "(?:[他她]|妈|爸|爹|娘|老伴|老头|孩子|娃|奶奶|爷爷|公|婆)"
_SAYS = rf"(?:嘴硬|嘴上|问就是|{_PERSON}(?:自己|总|老|就|都|非|只|嘴上|硬)*(?:说|讲|社|喊))"
_BUT = r"(?:可是?|但是?|不过|就是|其实|[我俺额](?:看|瞧|见|发现|瞅)|[看见瞧瞅](?:着|到)?[他她])"
_DOUBTED = re.compile(rf"{_SAYS}[^。！？]{{0,6}}[不没无][^。！？]{{0,12}}?{_BUT}")
_THEN = re.compile(rf"(?:那会儿?|那时候?|那阵|当时|{FORMERLY}|原先|起初|开头)[^，。！？；、\s]{{0,4}}[不没]")
_ONLY_THEN = re.compile(
    rf"^(?:我|那|就)*(?:那会儿?|那时候?|那阵|当时|{FORMERLY}|刚出院|刚?一?开始|原先|起初)[^，。！？；、\s]{{0,4}}[不没]"
)
_NOW = re.compile(rf"(?:{NOW}|如今|这会儿?|今朝)(?![^，。！？；、\s]{{0,6}}[不没好])")
_REFUSES = re.compile("^(?:我|你|您)?(?:不需要|不用|不要|不方便|不愿意|不打|别打|没空|没时间|不买|不感兴趣|不接受)")
_NOBODY_CAME = re.compile(  # of whoever is waited for: no answer to a question for a symptom
    "^(?:他们?|她们?|人家?|大夫|医生|护士|儿子|女儿|闺女|老伴|孩子|车|救护车)(?:都|也|一直|还|老|总|怎么|今天|现在|到现在|就)*"
    "(?:没有?|不)(?:来|到|出现|在|回来|过来|接|露面)(?!过)"
)
_OVER_SINCE = (
    "[^，。！？]{0,6}"
    "(?:天|后来|早|现在|已经|回家|出院|手术|术后|住院|马上|很快|一下|[几两三]|月|周|号|年|从|打那|[以之]?后)"
)
_PARTLY = re.compile(  # a no for some hours, places or postures: 白天不疼, 平时没事, 坐着不喘
    "^(?:我|那|嗯|反正|倒是|也|就)*(?P<when>白天|早上|早晨|上午|中午|下午|晚上|夜里|半夜|平时|平常|平日|一般|通常|这会儿|这阵子?|此刻|眼下|刚才"
    "|刚刚|刚[换吃打睡起醒]|(?:在|走)?(?:家|屋|院子)里?|走?(?:平路|平地|短路|近路|几步)|左边|右边|前面|[饭餐][前后]吃?|空腹吃?|大部分|多数|大多|多半|大半"
    "|[^，。！？不没]{0,3}(?:[坐躺靠歇待呆侧趴]|静养|安静|吸氧|吸着氧|戴着氧)"
    f"|(?!{_OVER_SINCE})[^，。！？不没]{{2,8}}(?:就|才)(?=[不没好过]))(?!.*[也都])"
)
_NEVER = re.compile("现在|从来|一直|都没|也没|就没|都不|也不|就不")
_NIGHT = re.compile("[夜晚睡躺]")
_NOT = re.compile("[不没]")
_REST = re.compile("其[他它余]|别的|剩下|另外|除了?")
_SPEAKS = frozenset({Kind.OTHER, Kind.YES, Kind.LIKE})


def withheld(status: Status | None, answer: Answer) -> bool:
    """Whether `status` is a denial that the rest of the answer takes away again, or one that holds in part."""
    if status is not Status.DENIED or not answer.live:
        return False
    then = _THEN.search(answer.text)
    if then and _NOW.search(answer.text[then.end() :]):  # 那时不痛，现在沾水就辣
        return True
    if not ASKS_PAST.search(answer.question) and _only_then(answer.clauses):  # 以前不疼 says nothing of now
        return True
    noes = [clause.text for clause in answer.clauses if clause.kind is Kind.NO]
    beside = bool(noes) and all(_REFUSES.match(text) or _NOBODY_CAME.match(text) for text in noes)
    refused = beside and not answer.found
    return refused or in_part(answer.clauses, answer.question) or _DOUBTED.search(answer.text) is not None


def _only_then(clauses: Sequence[Clause]) -> bool:
    gone = [each.text for each in clauses if each.kind in GONE_KINDS or _NOT.search(each.text)]
    return bool(gone) and all(_ONLY_THEN.match(text) and not _NEVER.search(text) for text in gone)


def in_part(clauses: Sequence[Clause], question: str) -> bool:
    """Whether all that is denied is denied for some hours, places or postures, which the question did not name."""
    gone = [_PARTLY.match(each.text) for each in clauses if each.kind in GONE_KINDS or _NOT.search(each.text)]
    return bool(gone) and all(each and not _asked_of(each["when"], question) for each in gone)


def _asked_of(when: str, question: str) -> bool:
    return when in question or (_NIGHT.search(when) and _NIGHT.search(question)) is not None


def may_be_told(place: Placed, answer: Answer) -> bool:
    """睡得多，其余没见: what nobody understood may be the very finding, unless its words are another's."""
    if not answer.live:
        return False
    for clause in answer.clauses:
        if clause.kind in _SPEAKS and not clause.flat and not _understood(clause.text, answer):
            said = set(alike(clause.text)) - LITTLE - NO_ECHO
            taken_up = [words for words in answer.asked if said & set(alike(words))]
            if not taken_up or place.item.surface in taken_up:
                return True
    return False


def _understood(text: str, answer: Answer) -> bool:
    return _REST.search(text) is not None or any(
        words in text for words in (*(surface for _, surface, _ in answer.found), *answer.asked)
    )
