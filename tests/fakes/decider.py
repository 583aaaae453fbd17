"""A decider of a few dozen patterns in Rasa's place, for cases that do not name the move themselves."""

import re

from agent.model.move import Move, MoveContext, MoveKind

PATTERNS: tuple[tuple[MoveKind, str], ...] = (
    (MoveKind.DECEASED, "去世|过世|不在了|走了好几天|没了好几天"),
    (MoveKind.OPT_OUT, "别再打|不要再打|退订|以后都别打|再也不要"),
    (MoveKind.SUSPECT_FRAUD, "骗子|诈骗|骗人"),
    (MoveKind.WRONG_PERSON, "打错|不认识|没有这个人"),
    (MoveKind.NUMBER_CHANGED, "换号|号码换|换了电话|换了号"),
    (
        MoveKind.CAREGIVER,
        "(我是|这是)(他|她|患者|病人|孩子).{0,2}(女儿|儿子|老伴|爱人|家属|妈妈|爸爸|女婿|媳妇|妻子|丈夫)",
    ),
    (MoveKind.WANT_HUMAN, "找(个)?(人|护士|医生)|转人工|人工|给我转"),
    (MoveKind.REFUSE, "不想(回答|说|聊)|不回答|别问了|不方便告诉"),
    (MoveKind.NOT_NOW, "没空|在开会|晚点|等会儿再打|现在不方便|在开车|晚上.{0,4}再打|明天.{0,6}再打"),
    (MoveKind.WAIT, "等一下|等一等|等会儿|我去拿|稍等"),
    (MoveKind.CORRECT, "说错了|不对，|改一下|刚才说的不对"),
    (MoveKind.REPEAT, "再说一遍|没听清|什么？|你说什么|重复一下"),
    (MoveKind.SLOWER, "慢一?点|说慢"),
    (MoveKind.LOUDER, "大声|声音大|听不见"),
    (MoveKind.ABUSE, "他妈|滚|神经病"),
    (MoveKind.FOREIGN, "^[A-Za-z ,.'?!]+$|唔|嘅|咩|佢"),
    (MoveKind.ASK, "吗？?$|能不能|可不可以|怎么办|多少钱|为什么"),
    (MoveKind.THANKS, "^(谢谢|多谢)"),
    (MoveKind.GOODBYE, "再见|挂了|拜拜"),
    (MoveKind.GREET, "^(你好|您好|喂)"),
)


class ScriptedDecider:
    """The first pattern that fits; else what triage's polarity says; else an answer where anything can be one."""

    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        return decide(text, context)


def decide(text: str, context: MoveContext) -> Move:
    for kind, pattern in PATTERNS:
        if re.search(pattern, text):
            return Move(kind)
    if context.polarity in ("yes", "no"):
        return Move(MoveKind.AFFIRM if context.polarity == "yes" else MoveKind.DENY)
    open_answer = (
        context.has_measurement or context.has_finding or context.expect in ("free_text", "identity", "choice")
    )
    return Move(MoveKind.ANSWER if open_answer else MoveKind.NONSENSE)
