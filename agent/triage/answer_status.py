"""What an answer makes of one asked finding, from the question's form and the answer's clauses."""

import re
from collections.abc import Sequence

from agent.model.finding import Status
from agent.triage.answer_apart import Answer
from agent.triage.answer_clauses import Clause, Kind
from agent.triage.answer_mentions import OPEN_WORDS, alike
from agent.triage.answer_named import ALL_BUT, by_name, contradicted, over_now
from agent.triage.answer_part import by_part
from agent.triage.answer_related import LITTLE, NO_ECHO, PLAIN_KINDS, related
from agent.triage.answer_verdict import verdict_of
from agent.triage.answer_ways import ASKS_MEANING, said_both_ways
from agent.triage.answer_withheld import may_be_told, withheld
from agent.triage.question_form import Form, Placed

_ABLE = re.compile("([^有没])不(.)")
_MATTER = ("痰", "血", "脓", "汗")
_STOPPED = re.compile(r"^(?:已经|现在|早就|早|就|都|今天|后来)*(?:不再?|没再)[^退消停好止没不]{1,3}了$")  # 不流了
_BOTH = re.compile("[都两俩全]")
_ONLY = r"(?P<strict>只有?|光|仅仅?|就只|[就只光]剩下?个?)?(?:就|是|有|会|偶尔|有时候?|经常|稍微|有点|有些|一点|点)*"
_ECHO_FILL = re.compile(
    r"^(?:也|都|还|又|就|倒|会|有点|有些|有|很|挺|特别|有时候?|偶尔|老|总|一直)*|(?:了|着|过|的|得|啊|呢|吧|一点|点|一些|些|很|厉害|几次|一次)*$"
)
_THERE_FORMS = frozenset(  # it is there, asked is what of it
    {Form.CHOICE, Form.HOW, Form.GRANTED, Form.DEGREE, Form.EASED, Form.EXCEPTED}
)


def status_of(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status | None:
    """None: the answer says nothing of it."""
    status = _status(place, answer, places)
    return None if withheld(status, answer) else status


def _status(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status | None:
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
        case Form.GRANTED | Form.DEGREE | Form.EXCEPTED:
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
        case Form.NEGATIVE | Form.GONE | Form.STILL | Form.EASED:
            return _turned(place, answer) or verdict_of(place, answer, places)
    if answer.rest_denied or ALL_BUT.search(answer.text):
        return None if may_be_told(place, answer) else Status.DENIED
    return Status.DENIED if _others_only(place, answer, places) else verdict_of(place, answer, places)


def _in_own_words(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status | None:
    """By name, or by a part of its words: 酸水没有 beside 打嗝多 speaks of 反酸 more than the belching does. What is
    denied by name is there all the same where a part of it is told: 有点红，不肿 to 红肿."""
    named, part = by_name(place, answer, places), _echo(place, answer)
    if named is Status.DENIED and part is Status.PRESENT and place.form is Form.ASKED:
        denied = place.item.surface.endswith(_MATTER) or over_now(answer)  # 咳，但没痰 to 咳痰
        return named if denied else part
    own = set(alike(place.item.surface))
    shares = any(own & set(alike(surface)) for _, surface, _ in answer.found)
    return named if named is not None and (part is None or shares) else part


def _undecided(place: Placed, answer: Answer, places: Sequence[Placed]) -> bool:
    """骨头疼还是里头疼, answered 疼了半个月: neither is named by what sets it apart from the other."""
    if place.form is not Form.CHOICE or _BOTH.search(answer.text):
        return False
    if any(clause.flat and clause.kind in PLAIN_KINDS for clause in answer.clauses):
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
    """出, 会出一点, 不出 to 出汗吗: clauses that are nothing but a part of the finding's own words. Of two the one that
    tells it counts: 身上不黄了，眼角还带点黄 to 眼黄."""
    parts = [part for clause in answer.clauses if (part := _part(clause, place, answer)) is not None]
    return Status.PRESENT if Status.PRESENT in parts else next(iter(parts), None)


def _part(clause: Clause, place: Placed, answer: Answer) -> Status | None:
    if clause.flat or clause.kind not in (Kind.OTHER, Kind.YES, Kind.LIKE, Kind.NO):
        return None
    core = _ECHO_FILL.sub("", clause.rest if clause.kind is Kind.NO else clause.text)
    if core and alike(core) in alike(place.item.surface) and not set(core) <= NO_ECHO:
        if f"不{core[:1]}" in place.item.surface:  # 通气, 不通 to 鼻子不通气
            return Status.PRESENT if clause.kind is Kind.NO else Status.DENIED
        return Status.DENIED if clause.kind is Kind.NO else Status.PRESENT
    if able := _ABLE.search(place.item.surface):  # 尿得出来 to 尿不出来
        said = re.search(f"([不没]?){able[1]}得{able[2]}", clause.text)
        if said:
            return Status.PRESENT if said[1] else Status.DENIED
    return by_part(
        place.item.surface, clause.text, "".join(other for other in answer.asked if other != place.item.surface)
    )


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
                return Status.PRESENT if form in (Form.STILL, Form.EASED) else Status.DENIED
            case Kind.OVER:
                return Status.PRESENT if form is Form.EASED and "缓解" in clause.text else Status.DENIED
            case Kind.BETTER | Kind.SAME | Kind.MILD | Kind.SEVERE | Kind.NOT_OVER | Kind.YES | Kind.LIKE:
                return Status.PRESENT
            case Kind.NO if form is not Form.NEGATIVE:
                return Status.DENIED if _STOPPED.match(clause.text) else Status.PRESENT
            case Kind.NO:  # 不，有一点: the no contradicts
                later = {other.kind for other in answer.clauses[at + 1 :]}
                return Status.PRESENT if later & {Kind.YES, Kind.SEVERE} else Status.DENIED
    return None
