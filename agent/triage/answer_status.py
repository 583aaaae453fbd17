"""What an answer makes of one asked finding, from the question's form and the answer's clauses."""

import re
from collections.abc import Sequence

from agent.model.finding import Status
from agent.triage.answer_apart import Answer
from agent.triage.answer_clauses import Clause, Kind
from agent.triage.answer_mentions import alike
from agent.triage.answer_named import ALL_BUT, ASKS_PAST, OPEN_WORDS, by_name, contradicted
from agent.triage.answer_part import by_part
from agent.triage.answer_related import GONE_KINDS, LITTLE, NO_ECHO, NOW_AND_THEN, names_other, related
from agent.triage.answer_ways import ASKS_MEANING, said_both_ways
from agent.triage.question_form import Form, Placed, wants_time

_EXCEPTION = re.compile(
    r"^(?:白天|晚上|夜里|早上|早晨|中午|下午|上午|饭后|饭前|空腹|躺下|站着|坐着|活动|走|上楼|用力|左|右|累|只有|只是|就是|除了|除非|偶尔|有时|但|不过|就|稍微|有点|有一点)|[了时候后](?:才|就|会|都|也)*(?:有|会)|(?:才|就)(?:会|有)+点?$"
)
_LOCATED = re.compile(r"[疼痛肿痒麻胀酸木疹]")  # findings that are somewhere
_WHERE = re.compile(r"哪|位置|部位|什么地方|还是")
_CHANGE = re.compile(
    r"减少|增多|增加|加重|下降|减轻|升高|变[多少大小重轻差粗细]|改变|变化"
)  # 跟往常差不多 denies a change
_SINCE = re.compile(r"出院以?后|回家以?后|这[几两]天|这些天|这[一两]?周|这个?月|最近|[做出得烧疼晕吐拉摔]过")
_FORMERLY = re.compile(r"^(?:以前|之前|从前|原来|过去|住院|手术前)")
_LATELY = re.compile(
    r"^(?:就|只)?(?:昨|前[天两几]|大前天|上周|上个?(?:礼拜|星期)|刚出院|头[几两]天|前些天|早上|夜里|半夜)"
)
_NOW = re.compile(r"^(?:但是?|不过)?(?:现在|目前|今天|这两天|这几天|后来|已经|最近|近来)")
_WORSENING = re.compile(
    "加重|变[重多差大]|(?<!体重)增[多加]|加剧|恶化|升高|越来越|更[重多严厉疼]"
)  # 比昨天好 denies it
_STOPPED = re.compile(r"^(?:已经|现在|早就|早|就|都|今天|后来)*(?:不再?|没再)[^退消停好止没不]{1,3}了$")  # 不流了
_BOTH = re.compile("[都两俩全]")
_OF_THE_LAST = frozenset({Kind.OVER, Kind.BETTER, Kind.MILD, Kind.SAME, Kind.SEVERE})  # 流鼻涕，现在好了
_THERE_KINDS = frozenset({Kind.YES, Kind.AGREE, Kind.MILD, Kind.BETTER, Kind.SAME, Kind.SEVERE, Kind.NOT_OVER})
_PLAIN = frozenset({Kind.YES, Kind.AGREE, Kind.NO, Kind.OVER})
_ONLY = r"(?P<strict>只有?|光|仅仅?|就只)?(?:就|是|有|会|偶尔|有时候?|经常|稍微|有点|有些|一点|点)*"
_ECHO_FILL = re.compile(
    r"^(?:也|都|还|又|就|倒|会|有点|有些|有|很|挺|特别|有时候?|偶尔|老|总|一直)*|(?:了|着|过|的|得|啊|呢|吧|一点|点|一些|些|很|厉害|几次|一次)*$"
)
_THERE_FORMS = frozenset({Form.CHOICE, Form.HOW, Form.GRANTED, Form.DEGREE})  # it is there, asked is what of it
_LATER = re.compile("好.{0,4}[一等]?到了?(?:下午|下半天|晚|夜里|半夜|后半)")  # 早上好好的到了晚上就…


def status_of(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status | None:
    """None: the answer says nothing of it."""
    if contradicted(place, answer):
        return Status.DENIED
    if _undecided(place, answer, places) or ASKS_MEANING.search(answer.text):
        return None
    both = None if place.form in _THERE_FORMS else said_both_ways(place.item.surface, answer)
    own = both or _in_own_words(place, answer, places)
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
    if answer.rest_denied or ALL_BUT.search(answer.text) or _others_only(place, answer, places):
        return Status.DENIED
    return _verdict(place, answer)


def _in_own_words(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status | None:
    """By name, or by a part of its words: 酸水没有 beside 打嗝多 speaks of 反酸 more than the belching does."""
    named, part = by_name(place, answer, places), _echo(place, answer)
    own = set(alike(place.item.surface))
    shares = any(own & set(alike(surface)) for _, surface, _ in answer.found)
    return named if named is not None and (part is None or shares) else part


def _undecided(place: Placed, answer: Answer, places: Sequence[Placed]) -> bool:
    """骨头疼还是里头疼, answered 疼了半个月: neither is named by what sets it apart from the other."""
    if place.form is not Form.CHOICE or _BOTH.search(answer.text):
        return False
    if any(clause.flat and clause.kind in _PLAIN for clause in answer.clauses):
        return False
    words = set(alike(place.item.surface))
    others = (alike(other.item.surface) for other in places if other != place and other.sentence == place.sentence)
    rivals = set("".join(others))
    own = words - rivals - LITTLE
    return bool(rivals & words and own) and not own & set(alike(answer.text))


def _chosen_alone(place: Placed, answer: Answer) -> Status | None:
    """The finding of an alternative question whose rival is none: the words both sides share are granted."""
    words = place.item.surface
    if answer.question.count(words) > 1 or any(words[at : at + 2] in answer.text for at in range(len(words) - 1)):
        return Status.PRESENT
    return Status.DENIED if answer.flat_no else None


def _echo(place: Placed, answer: Answer) -> Status | None:
    """出, 会出一点, 不出 to 出汗吗: a clause that is nothing but a part of the finding's own words."""
    for clause in answer.clauses:
        if clause.flat or clause.kind not in (Kind.OTHER, Kind.YES, Kind.NO):
            continue
        core = _ECHO_FILL.sub("", clause.rest if clause.kind is Kind.NO else clause.text)
        if core and alike(core) in alike(place.item.surface) and not set(core) <= NO_ECHO:
            return Status.DENIED if clause.kind is Kind.NO else Status.PRESENT
        part = by_part(place.item.surface, clause.text)
        if part is not None:
            return part
    return None


def _others_only(place: Placed, answer: Answer, places: Sequence[Placed]) -> bool:
    """只有流鼻涕, asked about three things: the other two are not there. After a mere 就是, what another sentence
    asked about does not count."""
    if place.item.surface in answer.text or any(c.kind is Kind.YES and c.flat for c in answer.clauses):
        return False
    elsewhere = "".join(other.sentence for other in places if other.sentence != place.sentence)
    concepts = {other.item.concept for other in places}
    counted = [s for c, s, _ in answer.present if s not in OPEN_WORDS and (c in concepts or not answer.live)]
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
        if not clause.flat and not related(clause, place, answer):
            continue
        match clause.kind:
            case Kind.AGREE:
                return Status.PRESENT if form is Form.STILL else Status.DENIED
            case Kind.OVER:
                return Status.DENIED
            case Kind.BETTER | Kind.SAME | Kind.MILD | Kind.SEVERE | Kind.NOT_OVER | Kind.YES:
                return Status.PRESENT
            case Kind.NO if form is not Form.NEGATIVE:
                return Status.DENIED if _STOPPED.match(clause.text) else Status.PRESENT
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
        about_the_last = clause.kind in _OF_THE_LAST and names_other(before, answer)
        said = None if about_the_last else _said(clause, place, answer)
        before = clause.text
        if said is None:
            continue
        over = _over_lately(answer) if verdict is Status.PRESENT and said is Status.DENIED else None
        if over is not None:
            return over
        plainer = clause.flat and (not firm or (verdict is Status.UNCERTAIN and clause.kind in _PLAIN))
        if verdict is None or plainer or _takes_back(clause, place, verdict, said):
            verdict, firm = said, clause.flat
    return verdict


def _over_lately(answer: Answer) -> Status | None:
    """有，现在好了, asked 出院以后: there in the days asked about, whatever is said of today; 前天有，这两天没了, asked
    of today: past. None where it was long ago or no day is told."""
    told = [one for one in answer.clauses if one.kind in (Kind.YES, Kind.TIME) and not _FORMERLY.match(one.text)]
    lately = any(_LATELY.match(one.text) for one in told)
    if not answer.live or not (lately or any(one.flat for one in told)):
        return None
    if _SINCE.search(answer.question):
        return Status.PRESENT
    return Status.PAST if lately else None


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


def _said(clause: Clause, place: Placed, answer: Answer) -> Status | None:
    match clause.kind:
        case Kind.UNSURE:
            return Status.UNCERTAIN
        case Kind.TIME:
            return None if wants_time(answer.question) else Status.PRESENT
        case Kind.PLACE:
            located = _LOCATED.search(place.item.surface) and not answer.present and not _WHERE.search(answer.question)
            return Status.PRESENT if located and not answer.elsewhere(clause) else None
        case Kind.OTHER | Kind.COURTESY | Kind.QUESTION:
            return None
        case Kind.WELL if _LATER.search(clause.text):
            return None
        case Kind.SAME if _CHANGE.search(place.item.surface) and not answer.live:
            return Status.DENIED
    if not clause.flat and not related(clause, place, answer):
        return None
    if clause.kind is Kind.BETTER and _WORSENING.search(place.item.surface):
        return Status.DENIED
    return Status.DENIED if clause.kind in GONE_KINDS else Status.PRESENT
