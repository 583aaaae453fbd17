"""What an answer that names an asked finding makes of it: there, not there, gone by now, come back."""

import re
from collections.abc import Sequence

from agent.model.finding import Status
from agent.triage.answer_apart import Answer
from agent.triage.answer_clauses import Kind
from agent.triage.answer_lately import over_lately
from agent.triage.answer_mentions import OPEN_WORDS, alike, mentioned
from agent.triage.answer_times import ASKED_SINCE, FORMERLY, LATELY, NOW
from agent.triage.question_form import Form, Placed

_GRANTED = frozenset({Form.GRANTED, Form.DEGREE, Form.HOW, Form.EASED, Form.EXCEPTED})
ASKS_PAST = re.compile(r"以前|之前|曾|得过|有过|史")
_LONG_AGO = re.compile(rf"{FORMERLY}|过去|去年|前年|年前|上个月|小时候|好了|没了|没有了")
_ELSEWHERE = re.compile(
    rf"^(?:{FORMERLY}|前(?:阵子?|段时间|几天|两天|些天)|刚?一?开始|起初|头[几两一]天|刚出院|那会儿|那几天|上周|上个?(?:月|星期|礼拜))[^，。]{{0,4}}[不没]|^不是我"
)
_ALREADY = re.compile(rf"(?:{FORMERLY}|早|从小|一直)[^，。]{{0,10}}就(?:有|会|总|老|一直|经常|是?这样)")  # 以前就有
_ASKED_OF_NOW = re.compile("现在|目前|这会儿?|此刻|今天|还(?![有是没])")
_TAG = re.compile(r"(?:是吗|是么|是吧|对吗|对么|对吧|是不是|对不对)[？?。 ]*$")
_IS_NOT = re.compile(r"^(?:不是(?!很|太|特别|那么|一直|总|老|经常|每|天天)|不对)")
_PLAINLY_NOT = re.compile(r"^(?:现在|今天|目前|已经|反正)?(?:就|都)?不(?:怎么|再)?(?P<core>.{1,2}?)了?$")
_NOT_LATELY = re.compile(
    rf"^(?:但是?|不过)?(?:{NOW}|目前|最近|近来|回来|回家|出院)(?:以?后)?(?:就|都|倒|也|一直)*(?:没有?|没了|不了|没再.{{1,2}})[了过]?$"
)
_ONLY_THEN = re.compile("才不再?(?P<word>[^，。说是好对]{1,2})(?:了|的|$|[，。！])")  # 扶着墙站了一会儿才不晕
_MAYBE_NOT = re.compile(r"^(?:好像|应该|感觉|可能)(?:也)?(?:不|没)(?:是|有)?(?:很|太|怎么|特别|什么)")
ALL_BUT = re.compile(
    r"除了?(?P<named>[^，。]{1,20}?)(?:以外|之外|外)?，?(?:其他|其它|别的|其余|剩下)?的?(?:都|全|也|就|还|挺)*(?:没|不|好|正常|行)"
)
_ALL_AND_NOT = re.compile(
    r"除了?(?P<named>[^，。]{1,20}?)(?:以外|之外|外)?，?(?:其他|其它|别的|其余|剩下)?的?(?:都|全)(?:有|会|是)"
)
_STILL_ELSEWHERE = re.compile(
    r"^[^，。不没别其]{1,4}?(?:还|还是|仍然?|照旧|照样)(?:有|有点|有一点|那样|这样|老样子|不行|一样|没好|没退|没消|是)(?:的|呢|啊|点)*$"
)
_NOT_THERE = re.compile(r"^(?!现在|今天|目前|已经|平时|好像|应该|感觉|可能)[^不没]{2,4}不[^，。]{1,2}$")
_BOTH_WAYS = re.compile(r"^[^不没]{0,6}[不没].{2,14}$")


def contradicted(place: Placed, answer: Answer) -> bool:
    """小便是红的，是吗？ 不是，擦的时候有: what was put as so is not so, whatever else is told."""
    return bool(_TAG.search(place.sentence) and _IS_NOT.match(answer.text)) and place.form is not Form.NEGATIVE


def by_name(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status | None:
    """What the answer says of the item in its own words; None when it does not name it."""
    item, granted = place.item, (place.taken or place.form) in _GRANTED
    but = ALL_BUT.search(answer.text)
    if but and item.surface in but["named"]:
        return Status.PRESENT
    all_there = _ALL_AND_NOT.search(answer.text)
    if all_there and place.form is Form.ASKED:
        return Status.DENIED if item.surface in all_there["named"] else Status.PRESENT
    others = frozenset(other.item.surface for other in places if other.item.surface != item.surface)
    own = mentioned(item, answer.found, others)
    if own is Status.UNCERTAIN and not answer.live and _MAYBE_NOT.match(answer.text):
        return Status.DENIED
    only_then = _ONLY_THEN.search(answer.text)
    if own is Status.DENIED and only_then and set(only_then["word"]) & set(item.surface):
        return Status.PRESENT
    if own is None and item.surface in OPEN_WORDS and answer.present:
        return Status.PRESENT
    at_rest = len(answer.asked) == 1 and any(clause.kind is Kind.AT_REST for clause in answer.clauses)
    still = at_rest or _now_and_then(place, answer) or _come_back(answer) or _elsewhere_still(answer)
    if own is Status.DENIED and still:
        return Status.PRESENT
    if own is Status.PRESENT and _over_by_now(place, answer):
        there = over_lately(place, answer) is Status.PRESENT
        return Status.PRESENT if there else Status.DENIED
    if own is Status.PAST:
        return Status.PRESENT if granted or _past_counts(answer) else Status.DENIED
    if granted and own is Status.DENIED:
        elsewhere = any(_ELSEWHERE.match(clause.text) for clause in answer.clauses)  # 以前不吐, 不是我疼
        also = any(item.surface in surface for _, surface, _ in answer.present)
        return Status.PRESENT if elsewhere or also else Status.DENIED
    return own


def _past_counts(answer: Answer) -> bool:
    """烧过一次 is a yes of these days, 前几天晕，现在好了 one to 出院以后, 以前就有 one of now; 以前烧过 is a no."""
    if ASKS_PAST.search(answer.question) or _ALREADY.search(answer.text):
        return True
    if ASKED_SINCE.search(answer.question) and LATELY.search(answer.text):
        return True
    return not _LONG_AGO.search(answer.text) and any(f"{told[1]}过" in answer.text for told in answer.present)


def _come_back(answer: Answer) -> bool:
    """昨天不酸了，今天又酸了."""
    return any(re.search(rf"又(?:开始)?{re.escape(surface)}", answer.text) for _, surface, _ in answer.present)


def _elsewhere_still(answer: Answer) -> bool:
    """脚不麻了，手还那样: gone in one place, in another as ever."""
    return any(_STILL_ELSEWHERE.match(clause.text) for clause in answer.clauses[1:])


def _over_by_now(place: Placed, answer: Answer) -> bool:
    """疼了几下。不疼; 上个月疼过，最近没有: the last word is a plain denial of what came before."""
    if len(answer.clauses) < 2:
        return False
    lately = _NOT_LATELY.match(answer.clauses[-1].text)
    if lately and not ASKS_PAST.search(answer.question) and (not answer.live or _LONG_AGO.search(answer.text)):
        return True
    if over_now(answer):
        return True
    last = _PLAINLY_NOT.match(answer.clauses[-1].text)
    return last is not None and alike(last["core"]) in alike(place.item.surface)


def over_now(answer: Answer) -> bool:
    """还疼吗: 前几天一直疼，现在好了."""
    asked = _ASKED_OF_NOW.search(answer.question) and not ASKS_PAST.search(answer.question)
    return bool(asked and answer.clauses) and answer.clauses[-1].kind is Kind.OVER and answer.clauses[-1].flat


def _now_and_then(place: Placed, answer: Answer) -> bool:
    """早上不肿晚上肿; 平地不喘，上坡喘: said both ways, so it is there at times."""
    own = [told for told in answer.present if told[1] in place.item.surface or place.item.surface in told[1]]
    denied_there = [clause.text for clause in answer.clauses if _NOT_THERE.match(clause.text)]
    return any(
        clause.text.count(told[1]) > 1 for told in own for clause in answer.clauses if _BOTH_WAYS.match(clause.text)
    ) or any(told[1] in text for told in own for text in denied_there)
