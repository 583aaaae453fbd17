"""Who cannot use what was prescribed, cannot get it or cannot pay for it: a nurse hears of it, wherever it is told."""

import re

from agent.dialog.adherence import NAMES_MEDICINE
from agent.dialog.phrases import Phrase
from agent.dialog.work import Work
from agent.model.answer import AnswerType
from agent.model.escalation import EscalationKind
from agent.model.move import MoveKind
from agent.model.session import Phase

_USE = re.compile(
    "(?:(?<![会要])不(?:太|大|咋|怎么)?会|学不会|不(?:知道|晓得|懂|清楚)(?:怎么|咋|如何)|[弄搞](?:不来|不懂|不明白)怎么)(?:个)?"
    "(?:用(?![力劲])|使(?!劲)|打(?![呼嗝扰牌麻喷电])|吸(?!烟)|喷|量|测|操作|装|贴|扎|戴|缠|换药|冲管|练|弄(?!错)|做(?![饭梦菜生]))(?!了|过)"
)
_NOT_OF_CARE = re.compile("手机|微信|电脑|短信|按键|智能|电视|视频")
_SUPPLY = re.compile(
    "[买配开拿领][也都]?不[到着上出]|断货|缺货|没货|断供|不卖"
    "|(?:药房|药店|医院|社区|诊所|卫生院|当地|附近|[县镇]上?里?)[^，。]{0,4}没有?(?:这|那|我|卖|药)"
)
_LOST = re.compile("(?:药|针|胰岛素|喷雾)[^，。]{0,5}(?:[弄搞]?丢了|掉了|找不[到着]|不见了|[忘落]在)")
_DEAR = re.compile("[吃用买打负][担]?不起|没钱[买吃开用打]")
_PRICE = re.compile("太贵|贵得|贵了|没钱|好贵")
_WITHOUT = re.compile("停|不[吃用打买]|没[吃用打买再]|少[吃用打]|省着|断")
_OF_CARE = re.compile(f"{NAMES_MEDICINE.pattern}|针|片|喷|吸的|敷料|造口袋|压力袖套")
_MINE = re.compile("(?:不是|没有)(?:买|配|开)不")
REASONS = {
    Phrase.HELP_USE: "需要帮助：不会用药、用器械或做锻炼，请教会患者",
    Phrase.HELP_SUPPLY: "需要帮助：药配不到、丢了或负担不起，请联系患者",
}


def note(work: Work) -> None:
    """Once for each kind: a card, and a sentence that help is coming where no answer of ours says so by itself."""
    session = work.session
    if not session.verified or session.phase not in (Phase.QUESTIONS, Phase.CLOSING):
        return
    wanted = _wanted(work)
    if wanted is None or wanted in session.raised:
        return
    work.request(EscalationKind.REQUEST, REASONS[wanted], wanted)
    if work.heard.kind is not MoveKind.ASK:
        work.say(wanted)


def _wanted(work: Work) -> Phrase | None:
    words, question = work.heard.turn.text, work.question
    if _USE.search(words) and not _NOT_OF_CARE.search(words):
        return Phrase.HELP_USE
    of_medicine = question is not None and question.type is AnswerType.ADHERENCE
    if not of_medicine and not _OF_CARE.search(words):
        return None
    gone = (_SUPPLY.search(words) and not _MINE.search(words)) or _LOST.search(words)
    dear = _DEAR.search(words) or (_PRICE.search(words) and _WITHOUT.search(words))
    return Phrase.HELP_SUPPLY if gone or dear else None
