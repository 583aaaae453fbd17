"""Not now, or the patient is out: when to call again."""

import re

from agent.dialog.phrases import Phrase
from agent.dialog.prompts import resume
from agent.dialog.spoken import spoken_moment
from agent.dialog.time_wishes import allowed_moment, read_wish
from agent.dialog.work import Work
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.session import Detour, DetourKind
from agent.model.step import Step

_IN_HOSPITAL = re.compile(
    r"(?:又|再|去|前天|昨天|今天|现在|正|还在?|他|她|[爸妈])(?:次|在)?住(?:着|进|上)?了?(?:院|医院|ICU|重症)"
    r"|住(?:着|在|进了?)医?院|在(?:病房|ICU|抢救)|抢救呢"
)
_OVER = re.compile(r"回来|出院|以前|之前|的时候|上次|那[会阵次]|期间|去年|上个?(?:月|周|星期|礼拜)|要不要|用不用|吗")
_THERE_NOW = re.compile(
    r"医院里?(?:住|躺)着|又(?:进|住)(?:来|去|进来|进去)了|又住(?:了|进|上)?(?:医?院|ICU)|在住院|住着院|住院呢"
    r"|(?:现在|正|这会儿|还)在?(?:住院|病房|ICU|重症)"
)
_SOMEBODY = re.compile("老伴|老头|老太|儿子|女儿|闺女|孙|爱人|媳妇|老公|老婆|他|她|[爸妈爹娘哥姐弟妹]|邻居|同事")
_SINCE = re.compile(
    "(?:又|再次?|二次|出院(?:以|之)?后|回(?:来|家)(?:以|之)?后|中间|期间|前[几两]天|前一?阵子?|上(?:周|个?月|个?星期|个?礼拜)"
    "|(?:犯|发作|加重|复发|厉害)(?:了|过))[^。？！?]{0,12}?(?:住(?:的|了|过|进了?|上了?)?(?:医?院|[一两二三四五六七八九十几半\\d]+天|[一二两三]?[次回]|ICU)"
    "|医院[^，。]{0,3}(?:住的|住了|住过|抢救)|[去看进到]了?[^，。]{0,4}急诊|叫了?救护车|抢救)"
)
_FEARED = re.compile("[没不未别怕]|担心|要是|万一")
_NO_STAY = re.compile(f"{_FEARED.pattern}|得再|要再|再次?住|下次|打算|准备|化疗|放疗|复查|检查|取钉|[吗么?？]")
NEAR = 3  # characters
ABOUT_HOSPITAL = re.compile("住过?院|急诊")


def in_hospital(work: Work) -> bool:
    """他又住院了, 我在病房呢: the patient was admitted again."""
    words = work.heard.turn.text
    return _IN_HOSPITAL.search(words) is not None and not _OVER.search(words)


def admitted(work: Work) -> bool:
    """Amid the questions the patient tells that they lie in hospital again: the questions are about life at home. Not
    where just that was asked, nor when somebody else lies there."""
    words, question = work.heard.turn.text, work.question
    if question is None or ABOUT_HOSPITAL.search(question.wording.voice) or _OVER.search(words):
        return False
    theirs = work.session.caregiver or not _SOMEBODY.search(words)
    told = _THERE_NOW.search(words)
    return theirs and told is not None and not _FEARED.search(_just_before(told))


def _just_before(told: re.Match[str]) -> str:
    """The last characters before a match, of its own clause."""
    return re.split("[，。；,;]", told.string[: told.start()])[-1][-NEAR:]


def tell_of_a_stay(work: Work) -> None:
    """心衰又犯了，在县医院住的: a stay or an emergency visit since the discharge, told wherever, is a card of its own.
    Where just that was asked, the question has its own."""
    words, question = work.heard.turn.text, work.question
    if not work.session.verified or (question is not None and ABOUT_HOSPITAL.search(question.wording.voice)):
        return
    told, theirs = _SINCE.search(words), work.session.caregiver or not _SOMEBODY.search(words)
    if told is None or not theirs or _THERE_NOW.search(words):
        return
    if not _NO_STAY.search(_just_before(told) + words[told.start() : told.end() + NEAR]):
        work.request(EscalationKind.REQUEST, "患者说出院后又住过院或去过急诊，请核实并补记", "stay_since")


def tell_of_admission(work: Work) -> None:
    work.request(EscalationKind.REQUEST, "患者又住院了，请核实并更新随访计划", "readmitted")


def readmitted(work: Work, reason: str = "postponed") -> Step:
    """A nurse hears of it, and nobody asks on."""
    tell_of_admission(work)
    work.say(Phrase.IN_HOSPITAL)
    return work.end(ContactStatus.DUE, AttemptOutcome.POSTPONED, reason)


def not_now(work: Work, reason: str = "postponed") -> Step:
    """A time they named is kept, moved into the hours of calling and said back; without one it is asked once.
    `reason` is the contact's, where nobody has asked yet."""
    heard, open_detour = work.heard, work.session.detour
    if in_hospital(work):
        return readmitted(work, reason)
    wish = read_wish(heard.turn.text, heard.now)
    asked = open_detour is not None and open_detour.kind is DetourKind.POSTPONE
    if asked and open_detour is not None:
        reason = open_detour.value
    if wish is None and not asked:
        work.push(Detour(DetourKind.POSTPONE, reason))
        return resume(work)
    if wish is None:
        work.say(Phrase.POSTPONED)
        return work.end(ContactStatus.DUE, AttemptOutcome.POSTPONED, reason)
    moment = allowed_moment(wish, heard.now, heard.next_open)
    said = Phrase.POSTPONED_AT if moment == wish.at else Phrase.POSTPONED_OTHER
    work.say(said, spoken_moment(moment, heard.now))
    return work.end(ContactStatus.DUE, AttemptOutcome.POSTPONED, reason, moment)
