"""What the patient is doing, from Rasa's guesses and the moment they belong to. Pure.

Rasa ranks the moves by the words alone. Here the moment decides: a bare "没有" answers the open question, a symptom
or a number is an answer unless the patient plainly does something else, and a call is not ended on a weak guess. No
red flag rests on this: triage reads the words before Rasa does, and the engine takes answers from every move.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.dialog.asking_back import asks_back
from agent.dialog.clues_of_persons import PLAIN_DEATH
from agent.dialog.clues_of_telling import TAKES_BACK
from agent.dialog.echo import echoed
from agent.dialog.moment_clues import weighed
from agent.dialog.question_form import asks, asks_plainly
from agent.model.move import Move, MoveContext, MoveKind

ANSWERS = frozenset({MoveKind.ANSWER, MoveKind.AFFIRM, MoveKind.DENY})
POLITE = frozenset({MoveKind.THANKS, MoveKind.GREET, MoveKind.GOODBYE, MoveKind.AFFIRM})
STAYING = ANSWERS | {MoveKind.CORRECT, MoveKind.REPEAT, MoveKind.SLOWER, MoveKind.LOUDER, MoveKind.NONSENSE}
PASSING = frozenset({MoveKind.NOT_NOW, MoveKind.WAIT, MoveKind.NONSENSE, MoveKind.THANKS, MoveKind.GREET})
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

ALIKE = (
    frozenset({MoveKind.REFUSE, MoveKind.OPT_OUT, MoveKind.ABUSE}),
    frozenset({MoveKind.REPEAT, MoveKind.LOUDER, MoveKind.SLOWER}),
    frozenset({MoveKind.THANKS, MoveKind.GOODBYE}),
)
NOT_ON = frozenset({MoveKind.REFUSE, MoveKind.GOODBYE, MoveKind.DENY})  # asked whether to go on, they say the same
MILDER = {MoveKind.ABUSE: MoveKind.REFUSE, MoveKind.GOODBYE: MoveKind.THANKS}  # what asks back, what does not hang up
LEAVING = frozenset({MoveKind.NOT_NOW, MoveKind.GOODBYE})  # 明天上午来: a yes to nothing
YES_OR_NO_PHASES = ("sure", "permission", "notice")

# Scores, 0..1
SURE = 0.3  # under this Rasa does not know
SURE_AWAY = 0.45  # what leads away from an open question needs more
SURE_STAYING = 0.38  # so does what only asks for another wording
SURE_YES_OR_NO = 0.6  # a yes or no in more characters than SHORT that triage does not read as one: asked again
SURE_OF_DEATH = 0.85  # so does a yes to what cannot be taken back
SHORT = 3
SURE_NONSENSE = 0.5  # less, while a question is open, is an answer in words Rasa does not know
SURE_BESIDE_CONTENT = {
    MoveKind.CORRECT: 0.3,
    MoveKind.REPEAT: 0.6,
    MoveKind.SLOWER: 0.5,
    MoveKind.LOUDER: 0.5,
    MoveKind.WAIT: 0.55,
    MoveKind.NOT_NOW: 0.55,
    MoveKind.GOODBYE: 0.6,
}
SURE_GRAVE_BESIDE_CONTENT = 0.45  # beats words that also hold a symptom or a number
SURE_REST_BESIDE_CONTENT = 0.75
SURE_UNSHAPED = 0.75  # a question that has no question's form: "血压忽高忽低的" is none
GRAVER_SECOND = 0.2  # a grave guess behind a polite one: "他过世了，谢谢你们"
AMBIGUOUS_DEATH = 0.5  # what "他走了" is worth at most: the engine asks before it believes that
SURE_ENTRY = 0.28  # at which a FAQ entry fits the question
CLEAR_ENTRY, CLEARLY = 0.18, 2.5  # or from where it does when it is so many times likelier than the next
PLAIN_ENTRY = 0.7  # at which the words are that question whatever their move

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
_GOES_ON = re.compile(r"(?:行|好|成|可以|中|要得|得|嗯|问)(?!.*(?:[不没别莫甭]|累|算了))")
_FORBIDS = re.compile(r"不[行同许准让愿要]|别|莫|甭")
_NOT_SO = re.compile(r"不是|没有|哪有|哪里有|哪儿呀|没那|活[得着]|好好的|呸|胡说|瞎说|咒")
_REFUSES_TALK = re.compile(
    r"答|说|讲|聊|谈|问|搞|搭理|工夫|功夫|随访|回访|调查|问卷|录|配合|参加|接受|告诉|隐私|透露|拒绝|机器|烦|算了|做|弄|管|打交道|你们"
)
_SAYS_WHO = re.compile(r"我|替|帮|代|家属|爸|妈|爱人|老公|老婆|老伴|女儿|儿子|奶|爷|保姆|护工|孩子|宝宝")
_PUTS_OFF = re.compile(r"再|打|联系|忙|空|不方便|回头|改|等")


@dataclass(frozen=True, slots=True)
class Guess:
    """A label Rasa gave with its score, 0..1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Parse:
    """What Rasa read from one utterance: moves and FAQ entries, best first."""

    text: str
    intents: tuple[Guess, ...]
    faq: tuple[Guess, ...] = ()


def decide(parse: Parse, context: MoveContext) -> Move:
    """The move these words make at this moment. `faq` is set when the move is a question an entry fits."""
    best = _best(_pooled(weighed(_moves(parse), parse.text, context), context.phase))
    move = (
        _by_plain_words(best, parse, context)
        or _by_echo(best, parse, context)
        or _by_content(best, parse, context)
        or _by_moment(best, parse, context)
        or _by_score(best, parse, context)
    )
    if move.kind is MoveKind.DECEASED and not PLAIN_DEATH.search(parse.text):
        return replace(move, confidence=min(move.confidence, AMBIGUOUS_DEATH))
    if move.kind is not MoveKind.ASK:
        return move
    return Move(MoveKind.ASK, move.confidence, faq=fitting_entry(parse))


def fitting_entry(parse: Parse) -> str | None:
    """The FAQ entry the question is about; None leaves it to a nurse."""
    if not parse.faq:
        return None
    best, following = parse.faq[0], parse.faq[1].confidence if len(parse.faq) > 1 else 0.0
    clear = best.confidence >= CLEAR_ENTRY and following > 0 and best.confidence >= CLEARLY * following
    return best.name if clear or best.confidence >= SURE_ENTRY else None


def _best(known: Sequence[Move]) -> Move:
    """The likeliest move; a grave one is not hidden behind politeness."""
    if not known:
        return Move(MoveKind.NONSENSE, 0.0)
    if len(known) > 1 and known[0].kind in POLITE:
        second = known[1]
        if second.kind in GRAVE and second.confidence >= GRAVER_SECOND:
            return second
    return known[0]


def _pooled(known: list[Move], phase: str) -> list[Move]:
    """Moves that say nearly the same, none of them surely, are together a sure one: the likeliest of them."""
    kinds_alike = (NOT_ON, *ALIKE) if phase == "permission" else ALIKE
    alike = next((kinds for kinds in kinds_alike if known and known[0].kind in kinds), frozenset())
    together = sum(move.confidence for move in known if move.kind in alike)
    if not alike or known[0].confidence >= SURE_AWAY or together < SURE_AWAY:
        return known
    first = MILDER.get(known[0].kind, known[0].kind)
    return [Move(first, together), *(move for move in known if move.kind not in alike)]


def _moves(parse: Parse) -> list[Move]:
    """Rasa's guesses without its own fallback label."""
    kinds = set(MoveKind)
    return [Move(MoveKind(guess.name), guess.confidence) for guess in parse.intents if guess.name in kinds]


def _by_plain_words(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """Words that name what they do, while a question is open."""
    if context.question is None:
        return None
    if best.kind is MoveKind.CORRECT and context.phase in YES_OR_NO_PHASES:  # nothing is on record yet
        # 说了多少遍了，是; 不是那个意思
        return Move(MoveKind.AFFIRM if context.polarity == "yes" else MoveKind.DENY, best.confidence)
    if best.kind is MoveKind.WRONG_PERSON and context.phase == "read_back":
        return Move(MoveKind.CORRECT, best.confidence)  # "错了": the number, not the person
    if best.kind in ANSWERS | {MoveKind.CORRECT} and TAKES_BACK.search(parse.text):
        return Move(MoveKind.CORRECT, best.confidence)
    asked = context.sentence if context.phase == "questions" else ""
    back = asks_back(parse.text, asked, answerable=fitting_entry(parse) is not None)
    if back and best.kind in ANSWERS | {MoveKind.ASK, MoveKind.REPEAT}:
        return Move(MoveKind.REPEAT, best.confidence)
    if best.kind is MoveKind.WAIT and context.expect == "number" and _ENDS_IN_NUMBER.search(parse.text):
        return Move(MoveKind.ANSWER, best.confidence)  # 我看八分
    if best.kind is MoveKind.ASK and _THINKS.search(parse.text):
        return Move(MoveKind.WAIT, best.confidence)  # "体重多少来着，我想想"
    return None


def _by_echo(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """The question's own verb, said or negated, answers it whatever Rasa makes of so few words."""
    core = _WEAK.sub("", parse.text)
    if context.expect == "choice" and core and core in context.sentence:
        return Move(MoveKind.ANSWER, best.confidence)  # 淡, asked 咸还是淡
    plain = context.polarity in ("yes", "no") and (best.kind in ANSWERS or context.phase == "sure")
    if context.expect != "yes_no" or plain:
        return None
    if best.kind is MoveKind.CORRECT and context.has_measurement:
        return None  # 是九十六不是九十
    said = echoed(context.sentence, parse.text)
    if said is None and context.phase == "questions" and best.kind in PASSING:
        first = _FIRST_DONE.match(parse.text)
        said = echoed(context.sentence, first[0]) if first else None  # 拆了今儿上午刚弄完
    if said is None or (best.kind is MoveKind.DECEASED and PLAIN_DEATH.search(parse.text)):
        return None
    return Move(MoveKind.AFFIRM if said else MoveKind.DENY, max(best.confidence, SURE))


def _by_content(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """Words with a symptom or a number are an answer, unless something else is plain."""
    tells = context.has_measurement or (context.has_finding and context.phase != "identity")  # 听不清 there: the line
    if not tells:
        return None
    asked = _is_question(best, parse, context.phase)
    if best.kind in ANSWERS and not (asked and context.phase == "closing"):
        return Move(MoveKind.ANSWER, best.confidence) if context.polarity == "unsure" else best
    if asked:
        return Move(MoveKind.ASK, best.confidence)
    if best.kind is MoveKind.REFUSE and not _REFUSES_TALK.search(parse.text):
        return Move(MoveKind.ANSWER, best.confidence)  # 不想吃, 不想活了: told, not refused
    usual = SURE_GRAVE_BESIDE_CONTENT if best.kind in GRAVE else SURE_REST_BESIDE_CONTENT
    if best.confidence >= SURE_BESIDE_CONTENT.get(best.kind, usual):
        return best
    return Move(MoveKind.ANSWER, best.confidence)


def _by_moment(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """What the open question makes of short words."""
    if best.kind is MoveKind.GREET and context.question and _CALLS_OUT.fullmatch(parse.text):
        return Move(MoveKind.REPEAT, best.confidence)  # "喂喂" in mid-call: the line broke, say it again
    leaves = best.kind is MoveKind.GOODBYE and not _LEAVES.search(parse.text)
    if leaves and context.phase in ("waiting", "red_flag", "questions"):
        return Move(MoveKind.ANSWER, best.confidence)  # "好了" after a wait: they are back
    if context.phase == "red_flag" and best.kind is MoveKind.NOT_NOW and not _PUTS_OFF.search(parse.text):
        return Move(MoveKind.ANSWER, best.confidence)  # "今天上午": since when, not call me then
    if context.phase == "identity" and best.kind is MoveKind.CAREGIVER and not _SAYS_WHO.search(parse.text):
        return Move(MoveKind.DENY, best.confidence)  # "他不在家": who speaks is still unknown
    if context.expect == "yes_no" and _NO.fullmatch(parse.text):
        return Move(MoveKind.DENY, best.confidence)
    accepts = _OFFERS.search(context.sentence) and _TAKES_UP.match(parse.text)
    if context.expect == "yes_no" and accepts and best.kind in ANSWERS | {MoveKind.THANKS}:
        return Move(MoveKind.AFFIRM, best.confidence)  # 好，帮我约一个
    if best.kind is MoveKind.FOREIGN and (context.expect == "yes_no" or context.phase == "closing"):
        short = (_CANTONESE_NO.fullmatch(parse.text), _CANTONESE_YES.fullmatch(parse.text))
        if any(short):
            return Move(MoveKind.DENY if short[0] else MoveKind.AFFIRM, best.confidence)
        if context.polarity in ("yes", "no") and _CHINESE.search(parse.text):
            return Move(MoveKind.AFFIRM if context.polarity == "yes" else MoveKind.DENY, best.confidence)
    offered = _by_offer(best, parse.text, context.phase)
    if offered is not None or context.expect not in ("yes_no", "identity") or context.polarity not in ("yes", "no"):
        return offered
    said = MoveKind.AFFIRM if context.polarity == "yes" else MoveKind.DENY
    if best.kind in ANSWERS:
        return best if best.kind in (said, MoveKind.ANSWER) else Move(MoveKind.ANSWER, best.confidence)
    denies = said is MoveKind.DENY and best.kind is MoveKind.REFUSE and not _REFUSES_TALK.search(parse.text)
    return Move(said, best.confidence) if denies or best.confidence < SURE_AWAY else None


def _by_offer(best: Move, text: str, phase: str) -> Move | None:
    """Yes or no to "may we go on?", "does it suit?" and "are you sure?" in words that are neither."""
    if phase == "sure" and _NOT_SO.match(text):
        return Move(MoveKind.DENY, best.confidence)
    if phase == "permission" and _FORBIDS.search(text):
        return None  # 莫问了
    if phase == "permission" and _GOES_ON.match(text) and not _LEAVES.search(text):
        return Move(MoveKind.AFFIRM, best.confidence)  # 行是行，快点
    goes_on = phase in ("permission", "notice") and _GO_ON.search(text) and best.kind not in GRAVE | LEAVING
    return Move(MoveKind.AFFIRM, best.confidence) if goes_on else None


def _by_score(best: Move, parse: Parse, context: MoveContext) -> Move:
    """Rasa's guess where it is sure enough; else what the moment makes likeliest."""
    if _is_question(best, parse, context.phase):
        return Move(MoveKind.ASK, best.confidence)
    is_open = context.question is not None or (context.phase == "identity" and best.kind in GRAVE)
    if is_open and best.kind is MoveKind.NONSENSE:
        enough = 2.0 if context.phase == "waiting" else SURE_NONSENSE
    else:
        usual = SURE_STAYING if is_open and best.kind not in ANSWERS else SURE
        enough = SURE_AWAY if is_open and best.kind not in STAYING else usual
    if best.kind in (MoveKind.AFFIRM, MoveKind.DENY) and len(parse.text) > SHORT and is_open:
        enough = SURE_OF_DEATH if context.phase == "sure" else SURE_YES_OR_NO  # triage could not read it either
    if best.confidence >= enough and best.kind is not MoveKind.ASK:
        return best
    likely_answer = context.question is not None or context.expect in ("free_text", "identity")
    return Move(MoveKind.ANSWER if likely_answer else MoveKind.NONSENSE, best.confidence)


def _is_question(best: Move, parse: Parse, phase: str) -> bool:
    """The patient asks: Rasa says so, or the words are nearly those of a FAQ entry."""
    shaped = asks(parse.text)
    if best.kind is MoveKind.ASK:
        return shaped or best.confidence >= SURE_UNSHAPED
    score = parse.faq[0].confidence if parse.faq else 0.0
    if best.kind in ANSWERS and phase == "closing" and score >= SURE_ENTRY and asks_plainly(parse.text):
        return True  # 疼得睡不着吃啥药: what they tell is kept all the same, what they ask would go unheard
    if best.kind is MoveKind.ANSWER and best.confidence >= SURE_UNSHAPED:
        return False  # 扶着墙能走几步
    wonders = best.kind is MoveKind.REFUSE and asks_plainly(parse.text) and not _FORBIDS.search(parse.text)
    possible = best.kind not in GRAVE or wonders  # 录音干什么用: not refused yet
    return possible and score >= PLAIN_ENTRY and shaped
