"""The asked word said with a no and without: 不动不疼，一抬就疼 is there, 疼啥疼 is not, 咋不疼 is."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from agent.model.finding import Status
from agent.triage.answer_apart import Answer
from agent.triage.answer_mentions import alike
from agent.triage.answer_times import FORMERLY, NOW

ASKS_MEANING = re.compile(  # 啥子叫反酸嘛 names it and answers nothing
    r"^(?:什么|啥子?|咩)(?:叫|是)?[^，。！？的都也没]{1,4}[嘛啊呀？]*$|^(?:什么|啥子?)叫|(?:是|指)的?(?:啥|什么)意思|是指(?:啥|什么)|听不懂|没听懂"
)
_APART = re.compile(r"[，。！？；、…\s]+")
_LEAST, _MOST = 2, 10  # characters of a clause
_NO_WORDS = frozenset(  # parts of the body and words that stand beside many findings: 心里 is no 心慌
    "心头胸腹肚腰背腿脚手眼口嘴鼻耳尿便痰血胃皮身脸舌牙喉嗓肩膝关节气力水色的了过还有没不很得发出会能来起上下大小多少好点感觉难受伤刀"
)
_NEGATED = "[不没](?:怎么|咋个?|太|大|再|觉得|觉着|会|是|能|曾)?"
_SUPPOSED = re.compile(r"要是|如果|万一|怕|担心|说明书|医生说|谁说|哪个[讲说]")
_FORMERLY = re.compile(
    rf"{FORMERLY}|原先|起初|开始|年前|头[一两二几三]个?(?:天|礼拜|星期|月|周|回|次)|第一(?:天|周|次|个?(?:礼拜|星期|月))"
    r"|当(?:天|时|晚)|那(?:会儿|阵|时|几天)|去年|前头|[夏冬]天|上个?(?:月|礼拜|星期|周)|前[几两]天|昨|住院|早上(?=.*现在)"
)
_BY_NOW = re.compile(
    rf"^(?:{NOW}|如今|今年|目前|今[早儿]|这会儿|已经|早就?|第二天|换|打|吃|做|透|用)|以后|之后|算是|再[没不]|了$"
)
_RHETORIC = r"(?:(?:^|[，。！？\s你说])(?:咋|怎么|怎|能)|哪能|哪会|咋能|咋会|谁)(?:个|能|会)?不"
_WHAT_OF_IT = r"(?:啥|什么|么事|啥子|嘛子|个?屁|个?鬼)"
_AFTER_WHAT = r"(?=[呀啊哩呢哟，。！\s]|$)"


class _Ways(NamedTuple):
    """One character of a finding's words: 疼啥疼 scorns it, 咋不疼 and 红是红 own to it, 不太疼 negates it."""

    scorned: re.Pattern[str]
    owned: re.Pattern[str]
    negated: re.Pattern[str]


@cache
def _ways(character: str) -> _Ways:
    word = re.escape(character)
    conceded = rf"(?:^|[，。！\s])(?:我|现在|就|还)?{word}(?:倒|末|么)?是(?:还|也|会)?(?:有点|有些|一点)?{word}"
    return _Ways(
        re.compile(f"(?<!啥)(?<!什么){word}{_WHAT_OF_IT}(?:{word}|{_AFTER_WHAT})"),  # but 吃啥吐啥
        re.compile(f"{_RHETORIC}{word}(?!了|的)|{conceded}"),
        re.compile(f"{_NEGATED}{word}"),
    )


def said_both_ways(words: str, answer: Answer) -> Status | None:
    """What the answer makes of the finding called `words` by denying it here and telling it there, or by asking in
    return; None where it does neither."""
    if "不" in words or "没" in words:
        return None
    text = alike(answer.text)
    clauses = _APART.split(text)
    for word in dict.fromkeys(alike(words)):
        if word in _NO_WORDS or word not in text or _shared(word, words, answer):
            continue
        ways = _ways(word)
        if ways.scorned.search(text):
            return Status.DENIED
        if ways.owned.search(text):
            return Status.PRESENT
        both = _both_ways(word, clauses, ways.negated)
        if both is Status.PRESENT or (both is not None and not answer.live):
            return both
    return None


def _shared(word: str, words: str, answer: Answer) -> bool:
    """眼黄 and 皮肤黄 were asked: 黄 alone tells neither from the other."""
    return any(word in alike(other) for other in answer.asked if other != words)


def _both_ways(word: str, clauses: Sequence[str], negated: re.Pattern[str]) -> Status | None:
    denied = [at for at, clause in enumerate(clauses) if negated.search(clause)]
    there = [
        at
        for at, clause in enumerate(clauses)
        if at not in denied and word in clause and not _SUPPOSED.search(clause) and f"{word}不{word}" not in clause
    ]
    if not denied or not there:
        return None
    over = any(_FORMERLY.search(clauses[at]) for at in there) or (
        denied[-1] > there[-1] and _BY_NOW.search(clauses[denied[-1]]) is not None
    )
    if over:
        return Status.DENIED
    return Status.PRESENT if any(_contrasts(clauses[no], clauses[yes]) for no in denied for yes in there) else None


def _contrasts(no: str, yes: str) -> bool:
    """Each tells its own circumstance: 不挨饿不痛 挨饿就痛, not 不是疼 or the same words put right."""
    apart = no[:2] != yes[:2] and not no.startswith(("不是", "我", "俺", "咱"))
    return apart and len(no) > _LEAST and max(len(no), len(yes)) <= _MOST
