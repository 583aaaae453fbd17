"""What an answer makes of one asked finding, from the question's form and the answer's clauses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.model.finding import Status
from agent.triage.answer_clauses import Clause, Kind
from agent.triage.answer_mentions import Told, mentioned
from agent.triage.question_form import Form, Placed, wants_time

_GRANTED = frozenset({Form.GRANTED, Form.DEGREE, Form.HOW})
_OPEN_WORDS = frozenset({"不舒服", "难受", "不适", "症状", "问题", "其他症状", "别的症状"})
_THERE = frozenset({Status.PRESENT, Status.PAST})
_ASKS_PAST = re.compile(r"以前|之前|曾|得过|有过|史")
_LONG_AGO = re.compile(r"以前|之前|从前|原来|过去|去年|前年|年前|小时候|好了|没了|没有了")
_ELSEWHERE = re.compile(r"^(?:以前|原来|之前|从前)[^，。]{0,4}[不没]|^不是我")
_EXCEPTION = re.compile(
    r"^(?:白天|晚上|夜里|早上|早晨|中午|下午|上午|饭后|饭前|空腹|躺下|站着|坐着|活动|走|上楼|用力|左|右|累|只有|只是|就是|除了|除非|偶尔|有时|但|不过|就|稍微|有点|有一点)|[了时候后](?:才|就|会|都|也)*(?:有|会)|(?:才|就)(?:会|有)+点?$"
)
_WHENEVER = re.compile(r"(?:[了时候后](?:才|就|会|都|也)+|一.{1,4}就)有?的?$")  # 累了会有
_TAG = re.compile(r"(?:是吗|是么|是吧|对吗|对么|对吧|是不是|对不对)[？?。 ]*$")
_IS_NOT = re.compile(r"^(?:不是(?!很|太|特别|那么|一直|总|老|经常|每|天天)|不对)")
_PLAINLY_NOT = re.compile(r"^(?:现在|今天|目前|已经|反正)?(?:就|都)?不(?:怎么|再)?(?P<core>.{1,2}?)了?$")
_LOCATED = re.compile(r"[疼痛肿痒麻胀酸木疹]")  # findings that are somewhere
_WHERE = re.compile(r"哪|位置|部位|什么地方|还是")
_NOW = re.compile(r"^(?:但是?|不过)?(?:现在|目前|今天|这两天|这几天|后来|已经)")
_OF_THE_LAST = frozenset({Kind.OVER, Kind.BETTER, Kind.MILD, Kind.SAME, Kind.SEVERE})  # 流鼻涕，现在好了
_THERE_KINDS = frozenset({Kind.YES, Kind.AGREE, Kind.MILD, Kind.BETTER, Kind.SAME, Kind.SEVERE, Kind.NOT_OVER})
_PLAIN = frozenset({Kind.YES, Kind.AGREE, Kind.NO, Kind.OVER})
_GONE_KINDS = frozenset({Kind.NO, Kind.OVER, Kind.WELL})
_ONLY = r"(?P<strict>只有?|光|仅仅?|就只)?(?:就|是|有|会|偶尔|有点|有些|一点|点)*"
_ALL_BUT = re.compile(
    r"除了?(?P<named>[^，。]{1,20}?)(?:以外|之外|外)?，?(?:其他|其它|别的|其余|剩下)?的?(?:都|全|也|就|还|挺)*(?:没|不|好|正常|行)"
)
_ECHO_FILL = re.compile(
    r"^(?:也|都|还|又|就|倒|会|有点|有些|有|很|挺|特别|有时候?|偶尔|老|总|一直)*|(?:了|着|过|的|得|啊|呢|吧|一点|点|一些|些|很|厉害|几次|一次)*$"
)
_GENERIC = re.compile(
    r"^(?:这|那|啥|什么|任何|感觉|感到|觉得|发现|出现|再|怎么|太|很|过|难受|不适|不舒服|异常|反应|大碍|特殊|特别|明显|的|了|啊|一点|点|次|回|几|一"
    r"|得过|类似|疾病|疾患|毛病|两|三|会|有|么|来|下|着|呢|还|又|也|都|就|多|严重|厉害|经常|总|老|时候|情况|症状|问题|样|事|他|她|它)+$"
)
_SHORT = 6  # characters
_BOTH_WAYS = re.compile(r"^[^不没]{0,6}[不没].{2,14}$")
_OTHER_MATTERS = re.compile(
    r"[去做吃喝量测查看拍买打住治动抓说问给用来管理喂睡走爬站坐躺]|出门|图|照片|药|结果|报告|时间|变化|变|化验|检|医院|办法|钱|味|力气|大夫|医生|想|敢|家|身边|上班|意思|听"
)
_NO_ECHO = frozenset("不有没的了好是大小这那")
_LITTLE = frozenset(
    "的了吗呢吧啊有没不是会我您你他她它在就也都还这那个天几时候点一二三两些么什怎样又很太出来去上下里和或者现今昨最近得过"
)  # characters that relate nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, taken apart. `rest_denied`: 别的没有."""

    text: str
    question: str
    clauses: tuple[Clause, ...]
    found: tuple[Told, ...]
    rest_denied: bool
    asked: tuple[str, ...]  # the words of every finding asked about
    live: bool = False  # what is not said can be asked again, so nothing is inferred from findings nobody asked about

    @property
    def present(self) -> tuple[Told, ...]:
        return tuple(told for told in self.found if told[2] in _THERE)

    @property
    def flat_no(self) -> bool:
        return any(clause.kind is Kind.NO and clause.flat for clause in self.clauses)

    @property
    def starts_with_no(self) -> bool:
        return bool(self.clauses) and self.clauses[0].kind is Kind.NO and self.clauses[0].flat

    def only(self, clause: Clause, question: str) -> "Answer":
        return replace(self, clauses=(clause,), question=question)


def status_of(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status | None:
    """None: the answer says nothing of it."""
    if _contradicted(place, answer):
        return Status.DENIED
    own = _by_name(place, answer, places) or _echo(place, answer)
    if own is not None:
        return own
    match place.form:
        case Form.RULED_OUT:
            return Status.DENIED
        case Form.GRANTED | Form.DEGREE:
            return Status.PRESENT
        case Form.STATED:
            return Status.DENIED if answer.starts_with_no else Status.PRESENT
        case Form.HOW:
            alone = len({other.sentence for other in places}) == 1
            return Status.DENIED if alone and answer.flat_no else Status.PRESENT
        case Form.CHOICE:
            return _chosen_alone(place, answer)
        case Form.SUPPOSED:
            return None
        case Form.NEGATIVE | Form.GONE | Form.STILL:
            return _turned(place, answer) or _verdict(place, answer)
    if answer.rest_denied or _ALL_BUT.search(answer.text) or _others_only(place, answer, places):
        return Status.DENIED
    return _verdict(place, answer)


def _contradicted(place: Placed, answer: Answer) -> bool:
    """小便是红的，是吗？ 不是，擦的时候有: what was put as so is not so, whatever else is told."""
    return bool(_TAG.search(place.sentence) and _IS_NOT.match(answer.text)) and place.form is not Form.NEGATIVE


def _by_name(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status | None:
    item, granted = place.item, place.form in _GRANTED
    but = _ALL_BUT.search(answer.text)
    if but and item.surface in but["named"]:
        return Status.PRESENT
    others = frozenset(other.item.surface for other in places if other.item.surface != item.surface)
    own = mentioned(item, answer.found, others)
    if own is None and item.surface in _OPEN_WORDS and answer.present:
        return Status.PRESENT
    if own is Status.DENIED and (_now_and_then(place, answer) or _come_back(answer)):
        return Status.PRESENT
    if own is Status.PRESENT and _over_by_now(place, answer):
        return Status.DENIED
    if own is Status.PAST:  # 烧过一次 is a yes of these days, 以前烧过 a no
        these_days = not _LONG_AGO.search(answer.text) and any(f"{told[1]}过" in answer.text for told in answer.present)
        asked_so = granted or _ASKS_PAST.search(answer.question)
        return Status.PRESENT if asked_so or these_days else Status.DENIED
    if granted and own is Status.DENIED:
        elsewhere = any(_ELSEWHERE.match(clause.text) for clause in answer.clauses)  # 以前不吐, 不是我疼
        also = any(item.surface in surface for _, surface, _ in answer.present)
        return Status.PRESENT if elsewhere or also else Status.DENIED
    return own


def _come_back(answer: Answer) -> bool:
    """昨天不酸了，今天又酸了."""
    return any(re.search(rf"又(?:开始)?{re.escape(surface)}", answer.text) for _, surface, _ in answer.present)


def _over_by_now(place: Placed, answer: Answer) -> bool:
    """疼了几下。不疼: the last word is a plain denial of what came before."""
    last = _PLAINLY_NOT.match(answer.clauses[-1].text) if len(answer.clauses) > 1 else None
    return last is not None and last["core"] in place.item.surface


def _chosen_alone(place: Placed, answer: Answer) -> Status | None:
    """The finding of an alternative question whose rival is none: the words both sides share are granted."""
    words = place.item.surface
    if answer.question.count(words) > 1 or any(words[at : at + 2] in answer.text for at in range(len(words) - 1)):
        return Status.PRESENT
    return Status.DENIED if answer.flat_no else None


def _now_and_then(place: Placed, answer: Answer) -> bool:
    """早上不肿晚上肿: said both ways in one breath, so it is there at times."""
    own = [told for told in answer.present if told[1] in place.item.surface or place.item.surface in told[1]]
    return any(
        clause.text.count(told[1]) > 1 for told in own for clause in answer.clauses if _BOTH_WAYS.match(clause.text)
    )


def _echo(place: Placed, answer: Answer) -> Status | None:
    """出, 会出一点, 不出 to 出汗吗: a clause that is nothing but a part of the finding's own words."""
    for clause in answer.clauses:
        if clause.flat or clause.kind not in (Kind.OTHER, Kind.YES, Kind.NO):
            continue
        core = _ECHO_FILL.sub("", clause.rest if clause.kind is Kind.NO else clause.text)
        if core and core in place.item.surface and not set(core) <= _NO_ECHO:
            return Status.DENIED if clause.kind is Kind.NO else Status.PRESENT
    return None


def _others_only(place: Placed, answer: Answer, places: Sequence[Placed]) -> bool:
    """只有流鼻涕, asked about three things: the other two are not there. After a mere 就是, what another sentence
    asked about does not count."""
    if place.item.surface in answer.text or any(c.kind is Kind.YES and c.flat for c in answer.clauses):
        return False
    elsewhere = "".join(other.sentence for other in places if other.sentence != place.sentence)
    concepts = {other.item.concept for other in places}
    counted = [s for c, s, _ in answer.present if s not in _OPEN_WORDS and (c in concepts or not answer.live)]
    for clause in answer.clauses:
        for surface in counted:
            only = re.match(rf"^(?:今天|现在|目前|我|他|她|嗯|反正)?{_ONLY}{re.escape(surface)}", clause.text)
            just = only and "就" in clause.text[: only.end() - len(surface)] and surface not in elsewhere
            if only and (only["strict"] or just):
                return True
    return False


def _turned(place: Placed, answer: Answer) -> Status | None:
    """没有发烧吧, 烧退了吗, 还没好吗: a yes agrees with what was said, not with the finding."""
    form = place.form
    for at, clause in enumerate(answer.clauses):
        if not clause.flat and not _related(clause, place, answer):
            continue
        match clause.kind:
            case Kind.AGREE:
                return Status.PRESENT if form is Form.STILL else Status.DENIED
            case Kind.OVER:
                return Status.DENIED
            case Kind.BETTER | Kind.SAME | Kind.MILD | Kind.SEVERE | Kind.NOT_OVER | Kind.YES:
                return Status.PRESENT
            case Kind.NO if form is not Form.NEGATIVE:
                return Status.PRESENT
            case Kind.NO:  # 不，有一点: the no contradicts
                later = {other.kind for other in answer.clauses[at + 1 :]}
                return Status.PRESENT if later & {Kind.YES, Kind.SEVERE} else Status.DENIED
    return None


def _verdict(place: Placed, answer: Answer) -> Status | None:
    """What the yeses and noes of the clauses make of the item. The first counts, unless a later one takes part of it
    back: 没有，偶尔有一次; 有，现在没有了."""
    verdict: Status | None = None
    firm = False
    before = ""
    for clause in answer.clauses:
        about_the_last = clause.kind in _OF_THE_LAST and _names_other(before, answer)
        said = None if about_the_last else _said(clause, place, answer)
        before = clause.text
        if said is None:
            continue
        plainer = clause.flat and (not firm or (verdict is Status.UNCERTAIN and clause.kind in _PLAIN))
        if verdict is None or plainer or _takes_back(clause, place, verdict, said):
            verdict, firm = said, clause.flat
    return verdict


def _takes_back(clause: Clause, place: Placed, verdict: Status, said: Status) -> bool:
    if _ASKS_PAST.search(place.sentence):  # 以前得过，现在好了: it was had
        return False
    if verdict is Status.DENIED and said is Status.PRESENT:
        return _EXCEPTION.search(clause.text) is not None
    return verdict is Status.PRESENT and said is Status.DENIED and _NOW.match(clause.text) is not None


def _said(clause: Clause, place: Placed, answer: Answer) -> Status | None:
    match clause.kind:
        case Kind.UNSURE:
            return Status.UNCERTAIN
        case Kind.TIME:
            return None if wants_time(answer.question) else Status.PRESENT
        case Kind.PLACE:
            located = _LOCATED.search(place.item.surface) and not answer.present and not _WHERE.search(answer.question)
            return Status.PRESENT if located else None
        case Kind.OTHER | Kind.COURTESY | Kind.QUESTION:
            return None
    if not clause.flat and not _related(clause, place, answer):
        return None
    return Status.DENIED if clause.kind in _GONE_KINDS else Status.PRESENT


def _names_other(text: str, answer: Answer) -> bool:
    return any(surface in text and surface not in _OPEN_WORDS for _, surface, _ in answer.found)


def _related(clause: Clause, place: Placed, answer: Answer) -> bool:
    """Whether a clause that holds more than yes or no speaks of this item: of no other finding, and in its words."""
    if _names_other(clause.text, answer) and not _WHENEVER.search(clause.text):
        return False
    rivals = [words for words in answer.asked if words not in place.item.surface and place.item.surface not in words]
    if any(words in clause.text for words in rivals):
        return False
    if clause.kind in (Kind.SEVERE, Kind.BETTER):
        return True
    if clause.kind is not Kind.WELL and (
        not clause.rest or _GENERIC.match(clause.rest) or clause.text.startswith("有过")
    ):
        return True
    said = set(clause.rest) - _LITTLE
    if _names_alike(clause, answer):
        return bool(said & set(place.item.surface))
    if said & set(place.item.surface):
        return True
    if clause.kind is Kind.NO and _OTHER_MATTERS.search(clause.rest):
        return False
    near = clause.kind is Kind.NO and len(clause.rest) <= _SHORT
    return near or bool(said & set(place.sentence or answer.question))


def _names_alike(clause: Clause, answer: Answer) -> bool:
    """Some finding is told as this clause tells: the clause may belong to that one, 有点红，还流脓."""
    there = clause.kind not in _GONE_KINDS
    return any((status is not Status.DENIED) is there for _, _, status in answer.found)
