"""Answers that take up the question's verb instead of a yes or no: 抬得起来吗？ 能举过头顶; 还在出血吗？ 已经止住了."""

import re

from agent.model.finding import Polarity
from agent.triage.answer_clauses import CLAUSES, LEAD

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


def polarity_by_verb(text: str, question: str) -> Polarity | None:
    """Yes or no; None where the question is of another kind or the first clauses do not take it up."""
    pairs = [(_ABLE, _CAN, _CANNOT), (_GOING_ON, _STILL, _OVER)]
    for asks, yes, no in pairs:
        if not asks.search(question):
            continue
        for clause in [clause for clause in CLAUSES.split(text) if clause][:2]:
            if no.match(clause):
                return Polarity.NO
            if yes.match(clause):
                return Polarity.YES
    return None
