"""A yes or no: by the symptoms the words name, by what they deny, by polarity, at last by the move. Pure."""

import re
from collections.abc import Collection

from agent.dialog.beside import answers_another
from agent.dialog.echo import FILLING, company, echoed_first, half_denied, in_its_words, lasts_long_enough
from agent.dialog.habits import habit_in_words, no_worse
from agent.dialog.options import NO_TROUBLE
from agent.dialog.work import Heard
from agent.model.finding import Finding, Level, Polarity, Reading, Status
from agent.model.misheard import may_be_a_no
from agent.model.move import MoveKind
from agent.model.pathway import Question

SUDDEN = re.compile("突然|新")  # not about what was there on leaving hospital
RECENT = re.compile(
    r"昨|前(天|几天|两天|晚)|这(两天|几天|周|个?(礼拜|星期))|刚才|刚刚|今(天|早|晚)|早上|夜里|半夜|上(个?(礼拜|星期)|周)|天前"
)
DID_NOT = re.compile(r"^(还|都|也)?没(有)?(查|做|去|约|打|拿|看|拆|练|称|量|测|漱|改|收)")
WELL = re.compile(f"{NO_TROUBLE.pattern}|[挺很还都蛮]好|还行|还可以|一般|正常|凑合|好着")
SLEEPS_WELL = re.compile("睡(?:得|的|眠|觉)?(?:[挺很还蛮都可]|比较|一直)*(?:好|踏实|安稳|稳|熟|沉|不错|行)(?!几|像)")
BUT = re.compile("就是|但|不过|可是|除了|要不|有时|偶尔|[没不]睡")
OF_NIGHT = re.compile("睡|夜里|晚上|醒")
FORGOTTEN = re.compile("记不|不记得|忘了|不知道|不晓得")
DENIES = re.compile(r"[没不未别无]|有|是|对|[吃用做查拿打]")
UNTOLD = frozenset("不没你您我他她吗呢啊吧这那几个天上下来去，。")
YEAR_SAID = re.compile(
    r"(我|是|我是)?((一九|幺九|二零|二〇|19|20)[零〇一二三四五六七八九幺\d]{2}年?"
    r"|[三四五六七八九\d][零〇一二三四五六七八九\d]年)(的|生的|生人|出生)?"
)
LEAST_HEARD = 0.3  # confidence of words that name no symptom, under which they answer for none: 没有人 was 模糊
MOST_AROUND = 3  # characters of no and a stop around a symptom
OF_BEFORE = re.compile("以前|从前|曾经")  # a question about the past: what is over answers it with yes


def statuses(question: Question, reading: Reading) -> set[Status]:
    """How the concepts this question asks about stand in the reading."""
    asked = set(question.asks)
    found = {finding.status for finding in reading.findings if finding.concept in asked}
    return found | {status for concept, status in reading.asked if concept in asked}


def _named(concepts: set[str], reading: Reading) -> set[Status]:
    """The status of these concepts where the words name them: a bare "no" that triage put down to the open question's
    concepts has the whole text for its surface."""
    put_down = {concept for concept, _ in reading.asked}
    return {
        Status.PRESENT if finding.status is Status.PAST and _of_late(finding, reading.text) else finding.status
        for finding in reading.findings
        if finding.concept in concepts and not (finding.concept in put_down and finding.surface == reading.text)
    }


def _of_late(finding: Finding, text: str) -> bool:
    """昨天疼过; 出院那天有点热，就是夜里咳 tells the time of the cough."""
    start, end = finding.span
    before, after = re.split("[，。,.；;！!？?]", text[:start])[-1], re.split("[，。,.；;！!？?]", text[end:])[0]
    return RECENT.search(before + text[start:end] + after) is not None


def yes_or_no(question: Question, heard: Heard, named: bool) -> bool | None:
    """The answer this turn holds, or None. `named`: only what names the question's own symptom counts."""
    asks, also = set(question.asks), set(question.also)
    if named:
        also -= set(heard.reading.eased)  # 没那么喘 says nothing of the night
    if not named and _not_what_was_asked(question, asks, heard):
        return False
    by_name = _named(asks | also, heard.reading)
    if Status.PRESENT in by_name:
        return True
    if named:
        return False if Status.DENIED in _named(asks, heard.reading) else None
    if Status.DENIED in by_name and Status.UNCERTAIN not in by_name:
        return False
    if asks and heard.by_ear and heard.turn.confidence < LEAST_HEARD:
        return None
    found = statuses(question, heard.reading)
    if Status.PRESENT in found:
        return True
    if Status.UNCERTAIN in found:
        return None
    if Status.DENIED in found:
        return False
    return _plain_yes_no(question, heard, found)


def _not_what_was_asked(question: Question, asks: set[str], heard: Heard) -> bool:
    """Half of what it takes, nothing new, no worse."""
    return (
        _not_both(question, asks, heard)
        or _nothing_sudden(question, asks, heard.reading)
        or no_worse(question.wording.voice, heard.turn.text)
        or _slept_well(question, heard)
    )


def _slept_well(question: Question, heard: Heard) -> bool:
    """睡得好, asked 憋醒; 睡得好，就是要坐着 is left to what it names."""
    asked_of_night, well = OF_NIGHT.search(question.wording.voice), SLEEPS_WELL.search(heard.turn.text)
    return bool(asked_of_night and well) and not heard.reading.findings and not BUT.search(heard.turn.text)


def _not_both(question: Question, asks: set[str], heard: Heard) -> bool:
    """有点肿，不疼 to 又肿又疼: it takes both. 小腿又肿又疼，肚子倒不疼 has both."""
    half = half_denied(question.wording.voice, heard.turn.text)
    return half and Status.PRESENT not in _named(asks, heard.reading)


def _nothing_sudden(question: Question, asks: set[str], reading: Reading) -> bool:
    """没有新的，还是左手不利索 to 突然没劲."""
    steady = asks & set(reading.steady)
    sudden = SUDDEN.search(question.wording.voice) is not None
    return bool(steady) and sudden and Status.PRESENT not in _named(asks - steady, reading)


def only_well(heard: Heard) -> bool:
    """我没事 and 还可以 say nothing of a report or of a medicine: what they deny is trouble."""
    rest = WELL.sub("", heard.turn.text)
    return heard.reading.polarity is Polarity.NO and rest != heard.turn.text and not DENIES.search(rest)


def denies_something_else(reading: Reading, asks: Collection[str] = ()) -> bool:
    """没有咳血 says nothing of the report that was asked for."""
    named = [one for one in reading.findings if one.status is Status.DENIED and one.concept not in asks]
    return len(named) == 1 == len(reading.findings) and len(reading.text) - len(named[0].surface) <= MOST_AROUND


def _denies_what_is_not_asked(question: Question, reading: Reading) -> bool:
    """没流脓 is a no to 有没有流脓、发黑, though no symptom stands behind the question."""
    named = "".join(one.surface for one in reading.findings)
    return denies_something_else(reading) and not set(named) - UNTOLD <= set(question.wording.voice)


def _takes_up(question: Question, text: str) -> bool:
    """也喘, 流脓了: the answer has a word of the question."""
    said, wording = set(text) - FILLING - UNTOLD, question.wording
    return not said.isdisjoint(wording.voice + wording.elder + wording.short)


def _of_something_else(question: Question, heard: Heard) -> bool:
    wording = question.wording
    if answers_another(wording.voice + wording.elder + wording.short, heard.turn.text):
        return True
    if question.asks:
        return False
    return _denies_what_is_not_asked(question, heard.reading) or only_well(heard)


def _plain_yes_no(question: Question, heard: Heard, found: set[Status]) -> bool | None:
    """A yes or no that names nothing: by what was not done, by polarity, at last by the move."""
    done = _done(question, heard)
    if done is not None:
        return done
    if _of_something_else(question, heard):
        return None
    polarity = heard.reading.polarity
    if polarity in (Polarity.YES, Polarity.NO):
        return polarity is Polarity.YES
    if polarity is Polarity.UNSURE:
        return None if FORGOTTEN.search(heard.turn.text) else _echo(question, heard)
    if Status.PAST in found:
        return False
    if heard.reading.findings and question.asks:
        return None  # the words name something else: 脚不肿 says nothing about the night
    if OF_BEFORE.search(question.wording.voice) and any(
        one.status in (Status.PRESENT, Status.PAST) and one.surface in question.wording.voice
        for one in heard.reading.findings
    ):
        return True
    told = {one.status for one in heard.reading.findings if in_its_words(one.surface, question.wording.voice)}
    if told & {Status.PRESENT, Status.DENIED}:
        return Status.PRESENT in told
    if YEAR_SAID.fullmatch(heard.turn.text.strip(" 。，,.")):
        return None  # the year of birth, said after the next question was out
    if heard.kind is MoveKind.AFFIRM and _affirms_nothing(question, heard):
        return None
    if heard.kind in (MoveKind.AFFIRM, MoveKind.DENY):
        return heard.kind is MoveKind.AFFIRM
    return _echo(question, heard)


def _affirms_nothing(question: Question, heard: Heard) -> bool:
    """好了你说: no danger rests on words in which nothing says yes; nor any symptom on 没错, written for 没肿."""
    if question.asks and heard.turn.alternatives and may_be_a_no(heard.turn.text):
        return True
    dangerous = any(alarm.level == Level.RED for alarm in question.alarms)
    return dangerous and not _takes_up(question, heard.turn.text)


def _done(question: Question, heard: Heard) -> bool | None:
    """What was not done, or is done every day, where no symptom was asked for."""
    if question.asks:
        return None
    with_them = company(question.wording.voice, heard.turn.text)
    if DID_NOT.search(heard.turn.text) or with_them is not None:
        return with_them or False
    enough = lasts_long_enough(question.wording.voice, heard.turn.text)
    if enough is not None:
        return enough
    unsure = heard.reading.polarity is Polarity.UNSURE
    return None if unsure else habit_in_words(question.wording.voice, heard.turn.text)


def _echo(question: Question, heard: Heard) -> bool | None:
    """抽，少了，一天五六根 to 还抽烟吗: the first clause says the question's verb."""
    return None if question.asks else echoed_first(question.wording.voice, heard.turn.text)
