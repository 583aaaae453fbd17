"""Answers that take up the question's verb instead of a yes or no: 抬得起来吗？ 能举过头顶; 还在出血吗？ 已经止住了."""

import re

from agent.model.finding import Polarity
from agent.model.last_word import last_word
from agent.triage.answer_clauses import CLAUSES, LEAD

# what is asked to be done, and the words that tell it was: 锻炼做了吗？ 每天都练
_DONE = (
    (r"锻炼|训练|康复|练|做操|活动", r"(?:锻炼|训练|练|做|动|走)"),
    (r"复查|复诊|门诊|检查|看医生|拆线|换药", r"(?:复查|去医院|去|看|查|做|拆|换)"),
    (r"(?:吃|服|用|打|停)[^，。？！]{0,4}(?:药|胰岛素)|药[^，。？！]{0,8}(?:吃|服|用)", r"(?:吃|服|用|打)"),
    (r"量|测|称", r"(?:量|测|称)"),
)
_ASKS_DONE = re.compile(r"(?:[了过在]|坚持|每天|天天|按时|有没有|按照?|经常)[^，。？！]*(?:[吗？]|没有?)|没有?[？]?$")
_OFTEN = (
    r"每天|天天|每次|早就|早|已经|都|一直|坚持|按时|刚|才|昨天|前天|今天"
    r"|上周|上星期|上个星期|上礼拜|这周|早上|晚上|准时|照常|又"
)
_HAN = "[\u4e00-\u9fff]"
_ABLE = re.compile(
    r"能不能|可不可以|(?:能|可以)[^，。？！]{0,8}吗|得(?:起来|上去|动|了|下|住|开|来)[^，。？！]{0,2}[吗？]"
)
_CAN = re.compile(rf"^{LEAD}(?:能(?!不能|有|说|问)|可以|{_HAN}{{1,2}}得(?:起来|起|上去|动|了|下去|下|住|开|来|过))")
_CANNOT = re.compile(
    rf"^{LEAD}(?:不能|没法|没办法|不太能|{_HAN}{{1,2}}不(?:太|大|怎么)?(?:起来|起|上去|动|了|下去|下|住|开|来|高|过))"
)
_GOING_ON = re.compile(r"还(?:在|有没有)?[^，。？！]{0,3}[出流渗冒淌滴][^，。？！]{0,3}[吗？]|止住没|止住了[吗没]")
_STILL = re.compile(
    rf"^{LEAD}(?:(?:还|仍)(?:是|在)?(?:往外)?[出流渗冒淌滴]|(?:还|都|也)?(?:没|没有)(?:有|完全|全)?(?:止住|停|住)|止不住)"
)
_OVER = re.compile(
    rf"^{LEAD}(?:已经|早|早就|刚|都)*(?:止住了|止了|停了|住了|干了|不(?:怎么)?[出流渗冒淌滴](?:血|水)?了)"
)


def _taken_up() -> list[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]]:
    """For each kind of deed: the question, what says it was done, what says it was not."""
    return [
        (
            re.compile(rf"(?=.*(?:{asked}))(?=.*{_ASKS_DONE.pattern})"),
            re.compile(
                rf"^{LEAD}(?:(?:{_OFTEN})+(?:在|还在)?{deed}[着了过完好]*|(?:在|还在|正)?{deed}[着了过完好]+)"
                r"(?:一?[次回趟遍]|两次|的|呢|啦|啊|呀)*$"
            ),
            re.compile(rf"^{LEAD}(?:还|也|一直|都)*(?:没有?|不)(?:怎么|再)?{deed}[过完成]*(?:的|呢|啊|呀)*$"),
        )
        for asked, deed in _DONE
    ]


_TAKEN_UP = _taken_up()


def polarity_by_verb(text: str, question: str) -> Polarity | None:
    """Yes or no; None where the question is of another kind or the first clauses do not take it up."""
    pairs = [(_ABLE, _CAN, _CANNOT), (_GOING_ON, _STILL, _OVER), *_TAKEN_UP] if question else []
    for asks, yes, no in pairs:
        if not asks.search(question):
            continue
        for clause in [clause for clause in CLAUSES.split(last_word(text)) if clause][:2]:
            if no.match(clause):
                return Polarity.NO
            if yes.match(clause):
                return Polarity.YES
    return None
