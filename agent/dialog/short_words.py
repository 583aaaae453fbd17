"""What the moment makes of words that name what they do, or are too few for Rasa to know. Pure."""

import re

from agent.dialog.asking_back import asks_back
from agent.dialog.clues_of_persons import PLAIN_DEATH
from agent.dialog.clues_of_telling import TAKES_BACK
from agent.dialog.echo import echoed
from agent.dialog.parse import Parse, fitting_entry
from agent.dialog.question_form import asks_plainly
from agent.model.move import Move, MoveContext, MoveKind

ANSWERS = frozenset({MoveKind.ANSWER, MoveKind.AFFIRM, MoveKind.DENY})
GRAVE = frozenset(
    {
        MoveKind.DECEASED,
        MoveKind.OPT_OUT,
        MoveKind.WRONG_PERSON,
        MoveKind.NUMBER_CHANGED,
        MoveKind.CAREGIVER,
        MoveKind.WANT_HUMAN,
        MoveKind.SUSPECT_FRAUD,
        MoveKind.REFUSE,
    }
)
HOW_WE_SPEAK = frozenset({MoveKind.SLOWER, MoveKind.LOUDER, MoveKind.REPEAT})
SURE = 0.3  # under this Rasa does not know
SURE_AWAY = 0.45  # what leads away from an open question needs more
PASSING = frozenset({MoveKind.NOT_NOW, MoveKind.WAIT, MoveKind.NONSENSE, MoveKind.THANKS, MoveKind.GREET})
LEAVING = frozenset({MoveKind.NOT_NOW, MoveKind.GOODBYE})  # 明天上午来: a yes to nothing
YES_OR_NO_PHASES = ("sure", "permission", "notice")
_CALLS_OUT = re.compile(r"喂+.{0,4}|还?在[吗不没]|在不在|有人吗|听得到吗|能听到吗|听得见吗|说话呀?")
_LEAVES = re.compile(
    r"挂|撂|再见|再会|回见|拜|bye|88|回头|下次|下回|改天|^[那好行嗯得就]*先?这样|先这样|到这|不说了|不聊了|^(?:我|那|行|好)*(?:先|得)?走了|先忙|没空|不打扰"
)
_THINKS = re.compile(r"(?:想一?想|看一?看|找一?找|查一?查|看一下|想一下)(?:啊|先)?$")
_ENDS_IN_NUMBER = re.compile(r"[零一二两三四五六七八九十百\d]+(?:分|级|度|斤|公斤)?[吧啊嘛]?$")
_NO = re.compile(r"(?:不|没|甭|算|免|别)[了啦吧呀哦]*")
_WEAK = re.compile(r"^[嗯啊哦就我的还是]+|[啊呀吧呗了的呢嘛]+$")
_OFFERS = re.compile(r"要不要|好不好|需要|愿意|方便吗|可以吗|行吗")
_TAKES_UP = re.compile(r"(?:好|行|可以|要|成|中|嗯)[啊呀吧的嘛]*(?:[ ，,。]|(?=帮|给|替))|(?:最好|希望)(?!别|不)")
_CANTONESE_NO = re.compile(
    r"冇(?:人|嘢|事|得|[喘呛肿烧痛疼咳晕闷])?[啊呀啦喇]? ?(?:唔该)?"
    r"|唔(?:系|会|痛|肿|喘|咳|烧|食|得)?[啊呀啦]?|未(?:啊|呀)?"
)
_CANTONESE_YES = re.compile(r"系(?:我|本人|啊|呀|嘅|咯|啦)*(?:[，, ]?我?系(?:啊|呀|嘅)?)?|有(?:啊|呀|嘅)|啱(?:啊|呀)?")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_FIRST_DONE = re.compile(r".{1,4}?[了过着]")
_GO_ON = re.compile(r"^(?:快|赶紧|那你?就?)+[问说讲]|(?<![再不别没])(?:问|说|讲|来|开始|继续|接着)[吧嘛呗噻啊呀]?$")
_GOES_ON = re.compile(r"(?:行|好|成|可以|中|要得|得|嗯|问)(?!.*(?:[不没别莫甭](?!过)|累|算了))")
_NOT_SO = re.compile(r"不是|没有|哪有|哪里有|哪儿呀|没那|活[得着]|好好的|呸|胡说|瞎说|咒")
FORBIDS = re.compile(r"不[行同许准让愿要]|别|莫|甭")
REFUSES_TALK = re.compile(
    r"答|说|讲|聊|唠|谈|问|搞|搭理|工夫|功夫|随访|回访|调查|问卷|录|配合|参加|接受|告诉|隐私|透露|拒绝|机器|烦|算了|做|弄|管|打交道|你们"
)
_NOT_THE_NUMBER = re.compile(r"打[错到]|姓|名|找|人|认|住过院")  # 打错了: the person is wrong
_COUNTS = re.compile(r"算不算?$|算[吗么]$")
_HABIT = re.compile(r"每[天周]")
_OF_SOMEBODY = re.compile(
    PLAIN_DEATH.pattern + r"|[爸妈爹娘爷奶他她]|老[爷头太伴]|人"
)  # 我妈上礼拜走了, asked 走路喘不喘
_TO_US = HOW_WE_SPEAK | {MoveKind.OPT_OUT, MoveKind.SUSPECT_FRAUD, MoveKind.ABUSE, MoveKind.WANT_HUMAN}
SURE_TO_US = 0.6
_HAS_TIME = re.compile(r"有.{0,4}(?:空|时间|工夫|功夫)(?!的时候)")
_SAYS_WHO = re.compile(
    r"我|替|帮|代|家属|爸|妈|爱人|老公|老婆|老伴|女儿|儿子|女婿|儿媳|孙[子女媳]|外甥|侄|奶|爷|保姆|护工|孩子|宝宝"
)
_PUTS_OFF = re.compile(r"再|打|联系|忙|空|不方便|回头|改|等")


def by_plain_words(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """Words that name what they do, while a question is open."""
    if context.question is None:
        return None
    takes_back = TAKES_BACK.search(parse.text)
    if best.kind is MoveKind.CORRECT and context.phase in YES_OR_NO_PHASES and not takes_back:
        # 说了多少遍了，是; 不是那个意思
        return Move(MoveKind.AFFIRM if context.polarity == "yes" else MoveKind.DENY, best.confidence)
    if best.kind is MoveKind.WRONG_PERSON and context.phase == "read_back" and not _NOT_THE_NUMBER.search(parse.text):
        return Move(MoveKind.CORRECT, best.confidence)  # "错了": the number, not the person
    if best.kind in ANSWERS | {MoveKind.CORRECT} and takes_back:
        return Move(MoveKind.CORRECT, best.confidence)
    asked = context.sentence if context.phase == "questions" else ""
    back = asks_back(parse.text, asked, answerable=fitting_entry(parse) is not None)
    if back and best.kind in ANSWERS | {MoveKind.ASK, MoveKind.REPEAT}:
        return Move(MoveKind.REPEAT, best.confidence)
    if context.expect == "yes_no" and _COUNTS.search(parse.text) and _HABIT.search(context.sentence):
        return Move(MoveKind.AFFIRM, best.confidence)  # 下地干活算不算, asked for exercise
    if best.kind is MoveKind.WAIT and context.expect == "number" and _ENDS_IN_NUMBER.search(parse.text):
        return Move(MoveKind.ANSWER, best.confidence)  # 我看八分
    if best.kind is MoveKind.ASK and _THINKS.search(parse.text):
        return Move(MoveKind.WAIT, best.confidence)  # "体重多少来着，我想想"
    return None


def by_echo(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """The question's own verb, said or negated, answers it whatever Rasa makes of so few words."""
    core = _WEAK.sub("", parse.text)
    if context.expect == "choice" and core and core in context.sentence:
        return Move(MoveKind.ANSWER, best.confidence)  # 淡, asked 咸还是淡
    plain = context.polarity in ("yes", "no") and (best.kind in ANSWERS or context.phase == "sure")
    forbids = context.phase == "permission" and FORBIDS.search(parse.text)  # 莫问了
    if context.expect != "yes_no" or plain or forbids:
        return None
    if best.kind is MoveKind.CORRECT and context.has_measurement:
        return None  # 是九十六不是九十
    said = echoed(context.sentence, parse.text)
    if said is None and context.phase == "questions" and best.kind in PASSING:
        first = _FIRST_DONE.match(parse.text)
        said = echoed(context.sentence, first[0]) if first else None  # 拆了今儿上午刚弄完
    if said is None or (best.kind is MoveKind.DECEASED and _OF_SOMEBODY.search(parse.text)):
        return None
    if best.kind in _TO_US and best.confidence >= SURE_TO_US:
        return None  # 缓着点说闺女, 让大夫给我来个电话, asked who is near
    return Move(MoveKind.AFFIRM if said else MoveKind.DENY, max(best.confidence, SURE))


def by_moment(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """What the open question makes of short words."""
    for kind_of in (_by_phase, _by_no_or_yes, _by_cantonese, _by_offer, _by_polarity):
        kind = kind_of(best, parse.text, context)
        if kind is not None:
            return Move(kind, best.confidence)
    return None


def _by_phase(best: Move, text: str, context: MoveContext) -> MoveKind | None:
    """What a guess can not be at this point of the call."""
    if best.kind is MoveKind.GREET and context.question and _CALLS_OUT.fullmatch(text):
        return MoveKind.REPEAT  # "喂喂" in mid-call: the line broke, say it again
    leaves = best.kind is MoveKind.GOODBYE and not _LEAVES.search(text)
    if leaves and context.phase in ("waiting", "red_flag", "questions"):
        return MoveKind.ANSWER  # "好了" after a wait: they are back
    if context.phase == "red_flag" and best.kind is MoveKind.NOT_NOW and not _PUTS_OFF.search(text):
        return MoveKind.ANSWER  # "今天上午": since when, not call me then
    if context.phase == "identity" and best.kind is MoveKind.CAREGIVER and not _SAYS_WHO.search(text):
        return MoveKind.DENY  # "他不在家": who speaks is still unknown
    return None


def _by_no_or_yes(best: Move, text: str, context: MoveContext) -> MoveKind | None:
    """A bare no, and an offer taken up: 好，帮我约一个."""
    if context.expect != "yes_no":
        return None
    if _NO.fullmatch(text):
        return MoveKind.DENY
    accepts = _OFFERS.search(context.sentence) and _TAKES_UP.match(text)
    return MoveKind.AFFIRM if accepts and best.kind in ANSWERS | {MoveKind.THANKS} else None


def _by_cantonese(best: Move, text: str, context: MoveContext) -> MoveKind | None:
    if best.kind is not MoveKind.FOREIGN or not (context.expect == "yes_no" or context.phase == "closing"):
        return None
    if _CANTONESE_NO.fullmatch(text):
        return MoveKind.DENY
    if _CANTONESE_YES.fullmatch(text):
        return MoveKind.AFFIRM
    return _said(context.polarity) if _CHINESE.search(text) else None


def _by_polarity(best: Move, text: str, context: MoveContext) -> MoveKind | None:
    """Triage read a yes or a no: a guess of the same kind stands, another one gives way to it or to a plain answer."""
    said = _said(context.polarity)
    if said is None or context.expect not in ("yes_no", "identity"):
        return None
    if best.kind in ANSWERS:
        return best.kind if best.kind in (said, MoveKind.ANSWER) else MoveKind.ANSWER
    denies = said is MoveKind.DENY and best.kind is MoveKind.REFUSE and not REFUSES_TALK.search(text)
    return said if denies or best.confidence < SURE_AWAY else None


def _said(polarity: str) -> MoveKind | None:
    return {"yes": MoveKind.AFFIRM, "no": MoveKind.DENY}.get(polarity)


def _by_offer(best: Move, text: str, context: MoveContext) -> MoveKind | None:
    """Yes or no to "may we go on?", "does it suit?" and "are you sure?" in words that are neither."""
    phase = context.phase
    if phase == "sure" and _NOT_SO.match(text):
        return MoveKind.DENY
    if phase == "permission" and FORBIDS.search(text):
        return None  # 莫问了
    if phase == "permission" and _GOES_ON.match(text) and not _LEAVES.search(text) and not asks_plainly(text):
        return MoveKind.AFFIRM  # 行是行，快点
    if phase not in ("permission", "notice") or best.kind in GRAVE:
        return None
    if _HAS_TIME.match(text):
        return MoveKind.AFFIRM
    asks_for_time = best.kind in HOW_WE_SPEAK | {MoveKind.WAIT} and best.confidence >= SURE_AWAY  # 一句一句来
    goes_on = _GO_ON.search(text) and best.kind not in LEAVING and not asks_for_time
    return MoveKind.AFFIRM if goes_on else None
