"""What the yeses and noes of an answer's clauses make of one asked finding."""

import re
from collections.abc import Sequence

from agent.model.finding import Status
from agent.triage.answer_apart import Answer
from agent.triage.answer_clauses import Clause, Kind, tells_when
from agent.triage.answer_lately import another_lately, over_lately, told_lately
from agent.triage.answer_mentions import alike
from agent.triage.answer_named import ASKS_PAST
from agent.triage.answer_related import GONE_KINDS, NOW_AND_THEN, PLAIN_KINDS, names_other, related
from agent.triage.answer_times import NOW
from agent.triage.question_form import Form, Placed, wants_time

_EXCEPTION = re.compile(
    r"^(?:白天|晚上|夜里|早上|早晨|中午|下午|上午|饭后|饭前|空腹|躺下|站着|坐着|活动|走|上楼|用力|左|右|累|只有|只是|就是|除了|除非|偶尔|有时|但|不过|就|稍微|有点|有一点)|[了时候后](?:才|就|会|都|也)*(?:有|会)|(?:才|就)(?:会|有)+点?$"
)
_LOCATED = re.compile(r"[疼痛肿痒麻胀酸木疹]")  # findings that are somewhere
_WHERE = re.compile(r"哪|位置|部位|什么地方|还是")
_CHANGE = re.compile(
    r"减少|增多|增加|加重|下降|减轻|升高|变[多少大小重轻差粗细]|改变|变化"
)  # 跟往常差不多 denies a change
_NOW = re.compile(f"^(?:但是?|不过)?(?:{NOW}|目前|已经|最近|近来)")
_WORSENING = re.compile(
    "加重|变[重多差大]|(?<!体重)增[多加]|加剧|恶化|升高|越来越|更[重多严厉疼]"
)  # 比昨天好 denies it
_OF_THE_LAST = frozenset({Kind.OVER, Kind.BETTER, Kind.MILD, Kind.SAME, Kind.SEVERE})  # 流鼻涕，现在好了
_BESIDE = re.compile("还|也|又|另外|同时|而且|并且|再加")
_GRANTED = frozenset({Form.GRANTED, Form.HOW, Form.DEGREE, Form.STATED})
_TOLD = frozenset({Kind.YES, Kind.MILD, Kind.SEVERE, Kind.BETTER})
_NONE_AT_ALL = re.compile("[都全]|样")
_FEELS_NONE = re.compile(r"不(?:怎么|太|大|再)?(?P<what>[疼痛痒])[了啊呀的吧]*$")
_A_NOT_A = re.compile(r"(.)[不没]\1")
_BACK = re.compile(  # 白天不觉得，夜里静了就来了; 长好了，舌头尖又冒一个
    r"(?:就|又|才|还是?会?|都会?)(?:要|会)?(?:来|犯|冒|长|发|闹|涌)(?:了|上来|出来|起来|一[个下阵些])*$"
)
_SPAN = r"(?:\d+|[一二两俩仨三四五六七八九十几半百]+)(?:来|多|大)?个?[来多]?"
_MUCH = re.compile(
    rf"{_SPAN}(?:分钟|钟头|小时|天|周|礼拜|星期|月|年|岁|回|次|趟|顿|遍)|(?:礼拜|星期|周)[一二三四五六日天]|年初|年底"
    r"|数不(?:过来|清)|^\d+(?:[-~到至]\d+)?$"
)
_OFTEN = re.compile(r"[两三四五六七八九十几](?:来|多)?(?:回|次|趟|遍|片|包|件)")
_NONE = re.compile(r"(?<!差)不(?!过来|清)|[没别零无]|(?<!\d)0")
_HOW_WORD = 2  # characters: 不固定到处窜 denies how it is
_RELIEVED = re.compile(r"[含喷](?:了|着|上|完|过|片|颗|一|两|几|点|药|服)|硝酸|硝甘|救心|速效|滴丸")
_ASKED_OF_NOW = re.compile(r"现在|目前|这会儿?|此刻|[退消好]了[吗没么]")
_HAD = re.compile(r"[^没不]过(?:一|两|二|三|四|五|六|几|好几|[1-9])+(?:次|回|遍)[了的]?$")
_LATER = re.compile("好.{0,4}[一等]?到了?(?:下午|下半天|晚|夜里|半夜|后半)")  # 早上好好的到了晚上就…


def verdict_of(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status | None:
    """What the yeses and noes of the clauses make of the item. The first counts, unless a later one takes part of it
    back: 没有，偶尔有一次; 有，现在没有了."""
    verdict = _verdict(place, answer)
    if verdict is Status.DENIED and answer.live:
        if _of_another(place, answer, places):
            return None
        told = any(clause.kind in _TOLD and clause.flat for clause in answer.clauses[1:])
        if told and place.taken in _GRANTED:  # 疼得厉害吗 – 还好，能忍
            return Status.PRESENT
        if any(clause.kind is Kind.OTHER and _BACK.search(clause.text) for clause in answer.clauses[1:]):
            return Status.PRESENT
    if verdict is None and _tells_how_much(place, answer):
        return Status.PRESENT
    return verdict


def _of_another(place: Placed, answer: Answer, places: Sequence[Placed]) -> bool:
    """腿肿从什么时候开始的，疼不疼, answered 不疼: what the question takes for granted is not denied by a no to what
    it asks beside; nor by one that denies only how it is, 口齿不清是突然的吗 也不突然."""
    if place.taken not in _GRANTED or any(_ends_it(clause) for clause in answer.clauses):
        return False
    how = place.sentence.replace(place.item.surface, "")
    beside = any(other.form is Form.ASKED and other.taken is None for other in places)
    return beside or any(
        clause.kind is Kind.NO
        and len(clause.rest) > 1
        and clause.rest[:_HOW_WORD] in how
        and not _A_NOT_A.search(clause.rest)
        for clause in answer.clauses
    )


def _ends_it(clause: Clause) -> bool:
    return clause.kind in (Kind.OVER, Kind.WELL) or (
        clause.kind is Kind.NO and _NONE_AT_ALL.search(clause.text) is not None
    )


def _tells_how_much(place: Placed, answer: Answer) -> bool:
    """四五趟 to 夜尿多不多, 半个来月 to 肚子胀多久了."""
    if place.taken is Form.DEGREE and "多" in place.sentence:
        much = _OFTEN
    elif place.taken in (Form.HOW, Form.STATED) and wants_time(place.sentence):
        much = _MUCH
    else:
        return False
    return any(
        clause.kind in (Kind.OTHER, Kind.TIME, Kind.YES)
        and much.search(clause.text) is not None
        and not _NONE.search(clause.text)
        for clause in answer.clauses
    )


def _verdict(place: Placed, answer: Answer) -> Status | None:
    verdict: Status | None = None
    firm = False
    before = ""
    for at, clause in enumerate(answer.clauses):
        behind = "".join(each.text for each in answer.clauses[at + 1 : at + 2])
        about_the_last = clause.kind in _OF_THE_LAST and names_other(before, answer)
        about_the_next = tells_when(clause) and names_other(behind, answer) and not _BESIDE.match(behind)
        about_another = another_lately(clause, before, place, answer)
        said = None if about_the_last or about_the_next or about_another else _said(clause, place, answer)
        before = clause.text
        if said is None:
            continue
        over = over_lately(place, answer) if verdict is Status.PRESENT and said is Status.DENIED else None
        if over is not None:
            return over
        plainer = clause.flat and (not firm or (verdict is Status.UNCERTAIN and clause.kind in PLAIN_KINDS))
        if verdict is None or plainer or _takes_back(clause, place, verdict, said):
            verdict, firm = said, clause.flat
    return verdict


def _takes_back(clause: Clause, place: Placed, verdict: Status, said: Status) -> bool:
    if ASKS_PAST.search(place.sentence):  # 以前得过，现在好了: it was had
        return False
    if verdict is Status.UNCERTAIN and said is Status.PRESENT:  # 说不上来，有时候咚咚两下
        return NOW_AND_THEN.match(clause.text) is not None
    if verdict is Status.DENIED and said is Status.PRESENT:
        if clause.kind is Kind.NOT_OVER:  # 左边消了，右边还没
            return True
        return _EXCEPTION.search(clause.text) is not None
    return verdict is Status.PRESENT and said is Status.DENIED and _NOW.match(clause.text) is not None


def _says_nothing(clause: Clause, answer: Answer) -> bool:
    """Nothing of the item; 不动就没事 says of one thing that it is there, of several not which."""
    match clause.kind:
        case Kind.OTHER | Kind.COURTESY | Kind.QUESTION:
            return True
        case Kind.LIKE:
            return answer.live
        case Kind.AT_REST:
            return len(answer.asked) > 1
        case Kind.WELL:
            return _LATER.search(clause.text) is not None
    return False


def _of_a_feeling(clause: Clause, place: Placed, answer: Answer) -> bool:
    """不疼 to 喘不喘: denied is what nobody asked about."""
    felt = _FEELS_NONE.search(clause.text) if clause.kind is Kind.NO else None
    return felt is not None and alike(felt["what"]) not in alike(place.item.surface + answer.question)


def _said(clause: Clause, place: Placed, answer: Answer) -> Status | None:
    match clause.kind:
        case Kind.UNSURE:
            return Status.UNCERTAIN
        case Kind.TIME:
            return None if wants_time(answer.question) else Status.PRESENT
        case Kind.PLACE:
            located = _LOCATED.search(place.item.surface) and not answer.present and not _WHERE.search(answer.question)
            return Status.PRESENT if located and not answer.elsewhere(clause) else None
        case Kind.OTHER if ASKS_PAST.search(place.sentence) and _HAD.search(clause.text):  # 零几年做过一次
            return None if names_other(clause.text, answer) else Status.PRESENT
        case _ if answer.live and told_lately(clause, place, answer):
            return Status.PRESENT
        case Kind.OVER if _RELIEVED.search(clause.text) and answer.live:  # 含了药就过去了 tells of an attack
            return None if _ASKED_OF_NOW.search(answer.question) else Status.PRESENT
        case _ if _says_nothing(clause, answer) or _of_a_feeling(clause, place, answer):
            return None
        case Kind.SAME if _CHANGE.search(place.item.surface) and not answer.live:
            return Status.DENIED
    if not clause.flat and not related(clause, place, answer):
        return None
    if clause.kind is Kind.BETTER and _WORSENING.search(place.item.surface):
        return Status.DENIED
    return Status.DENIED if clause.kind in GONE_KINDS else Status.PRESENT
