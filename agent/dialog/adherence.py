"""Whether the medicine was taken as told: a lapse or a stop that is said wins over 每天. Pure."""

import re

from agent.dialog.clauses import clauses_of
from agent.model.last_word import last_word

TAKEN, MISSED, STOPPED = "as_prescribed", "missed_some", "stopped"
_NOT = re.compile(r"(没有?|未|不|从不|别|无|甭)[^，。]{0,2}$")
_ELSEWHERE = re.compile(
    r"停车|车位|车停|难停|好停|停(不下|满|电|水|火|工|诊|播)|雨停|雪停|风停|电话|(别人|老伴|邻居|人家|隔壁)[^，。]{0,6}(停|漏|忘)"
)
_STOP = re.compile(
    r"停(了|药|掉|着|过|用|服)|自己停|全停|给停|不吃了|没吃了|没再吃|没在吃|没吃药|吃完了|[打用][完够满]了?[一二两三四五六七八九十\d]{1,3}[天支针盒]|断了(?!断)|断药|没药了|没有药了|药没了"
    r"|不想吃了|没继续吃|冇食|停咗|唔食"
)
_DARED_NOT = re.compile(r"[没不](?:太)?敢(?:[吃用打]|给他[吃用])")
_TO_THE_END = re.compile(r"(?<!没)(?<!没有)(?:都|全|已经)?[吃用打喝喂]完了?")
_ONE_DAY = re.compile(r"[今昨前那][天儿早晚]|这[一两几]?[天顿次]|那[一两]?[顿次]|[早中晚]上|多[吃打用]")
_RESUMED = re.compile(
    r"(又|再|重新|接着|后来)[^，。]{0,3}(吃|用|打|接)(上|着|了)|现在[^，。]{0,3}(吃着|在吃|接着吃|又吃)"
)
_LAPSE = re.compile(
    r"漏|忘(?!不|性)|落下|落了|少吃|少打|断断续续|减量|减了量|不按时|没按时|没准点|不规律|不准时|记不住|想不起来|没(都|全|天天|每天)吃|[一两二三四五六七几半\d]天没[吃打用]"
    r"|唔记得|不是(天天|每天|每次|每顿)|吃一?(天|顿|次)停一?(天|顿|次)|想起来(才|就|了)"
)
_AT_TIMES = re.compile(r"有时候?|偶尔|隔(一|两|三|几|天|三差五)|三天两头|时不时|一阵一阵")
_OF_TAKING = re.compile(r"[吃服用打]|药|顿|片|粒|漏|忘|这样|有(一|几|两)?[次回顿]?$")
NAMES_MEDICINE = re.compile(
    r"药|阿司匹林|波立维|氯吡格雷|替格瑞洛|倍林达|他汀|立普妥|倍他乐克|[美比]索?洛尔|沙坦|普利|地平|二甲双胍|胰岛素|呋塞米|螺内酯"
    r"|华法林|沙班"
)
_NO_LAPSE = re.compile(r"(没|没有|从没|从来没|从来没有|不会|不|没怎么)(漏|忘|落|断|停|少|间断)")
_TAKES = re.compile(
    r"早晚(各|都)?[一两二半\d]?(吸|片|粒|颗|针|次|喷)|一天[一两二三\d](次|回|顿|片|粒|吸|针)|按时|按点|按医生|遵医嘱|(都|全|天天|每天|一直|一顿|顿顿|照|老实|正常)[^，。没不]{0,3}(吃|用|打|服|吸|喷)|(吃|用|打|服|吸|喷)着|在(吃|用|打|服|吸|喷)"
    r"|(?<![今昨明后])天天(?!气)|每天|日日|有食|食紧|坚持|一次不落|一顿不落|一顿没|一次没"
)
_BARE_VERB = re.compile(r"(?:嗯|都|在|还|一直|肯定|当然)*[吃用打服吸喷](?:的|了|着|过了|呢|啊|呀|嘛|哩|嘞)*")


def adherence_in_words(text: str, question: str = "") -> str | None:
    """`as_prescribed`, `missed_some`, `stopped`, or None when the words tell none of them. Asked whether a course was
    taken to its end, 吃完了 is a yes; elsewhere the medicine has run out."""
    told: set[str] = set()
    text = last_word(text)
    if "完了" in question:
        text = _TO_THE_END.sub("按时吃", text)
    clauses = [clause for clause in clauses_of(text) if not _ELSEWHERE.search(clause)]
    for clause in clauses:
        told |= _told(clause, alone=len(clauses) == 1)
    if STOPPED in told and _RESUMED.search(text):
        return MISSED
    if not told and any(_BARE_VERB.fullmatch(clause) for clause in clauses):
        return TAKEN  # 吃，闺女给摆好的
    return next((value for value in (STOPPED, MISSED, TAKEN) if value in told), None)


def _told(clause: str, *, alone: bool) -> set[str]:
    never = _DARED_NOT.search(clause) and not _AT_TIMES.search(clause) and not _ONE_DAY.search(clause)
    if _said(_STOP, clause) or never:
        return {STOPPED}
    at_times = _AT_TIMES.search(clause) and (alone or _OF_TAKING.search(clause)) and not _NO_LAPSE.search(clause)
    if _said(_LAPSE, clause) or at_times:
        return {MISSED}
    return {TAKEN} if _TAKES.search(clause) or _NO_LAPSE.search(clause) else set()


def _said(pattern: re.Pattern[str], clause: str) -> bool:
    """Said and not denied: 没停 stops nothing, 从来没忘过 forgets nothing."""
    return any(not _NOT.search(clause[: found.start()]) for found in pattern.finditer(clause))
