"""Clues to a question of their own, and to words that were not heard. Pure."""

import re

from agent.dialog.clue import Clue, in_mid_questions, lacks_amid_questions, shows
from agent.dialog.question_form import asks
from agent.model.move import MoveContext, MoveKind

_ENDS_ASKING = re.compile(r"([^行好成中完烦\W])[不没]\1[的啊呀]?$|[\u4e00-\u9fff]{3}[了过]没有?$")
_WHAT_DID_YOU_SAY = re.compile(
    r"(?:[你您]|刚才|刚刚)(?:说|讲|问|念)(?:的|的是|是|了|个)?(?:什么|啥|么|咩|乜)|再(?:给我|跟我)?[说讲问念].{0,2}[遍次道回]"
)
_WHAT_FOR = re.compile(r"(?:要|问|打听|打探|查|记|登记|核对).{0,6}(?:干嘛|干啥|干什么|干吗|做什么|做啥|作啥)")
_WHAT_IS = re.compile(r"(?:什么|啥)(?:叫|是)[\u4e00-\u9fff]{2}")
_EXPLAINED = re.compile(r"(?:说|讲|看)(?:得)?(?:清楚|明白)")  # 病情和用药，医生讲清楚了吗
_OF_THE_CALL = re.compile(r"你|您|再|一遍|刚才|听不|信号|电话|声")
_SLOW_SPEECH = re.compile(r"说|讲|问|话|念|语速|快|机关枪|^(?:[你您再太]|慢慢?|一?点|[儿些啊呀吧嘛来个])+$")
_SLOW_MYSELF = re.compile(r"我(?:这人|现在)?(?:说话|讲话|说得|讲得|反应|脑子|嘴)(?:有点|比较|就是)?慢|别(?:着)?急")
_WHO_ARE_YOU = re.compile(
    r"(?:哪个?|哪家|什么|啥)(?:医院|单位|公司|部门|科)|[你您]们?是?(?:谁|哪位|哪里|哪儿|哪个|哪的|干啥|干嘛|干什么)|贵姓|怎么称呼"
)
_NOT_HEARD = re.compile(r"没(?:有)?听(?:见|到|清|着|明白|懂|仔细)|听不(?:见|到|清|真|懂|明白)")
_QUIETER = re.compile(r"小点儿?声|小声[点些]|轻[点些]声|声音?(?:小|轻)[点些]")
_ANOTHERS_SPEECH = re.compile(r"(?:他|她|妈|娘|爸|爹|爷|奶|姥|老伴|老头子?|老太婆?|孩子|娃)(?:说话|讲话|吐字)")


def _ends_asking(text: str, context: MoveContext) -> bool:
    """The words end in 够不够 or 走了没有, and not in the question's own 喘不喘."""
    found = _ENDS_ASKING.search(text)
    return found is not None and in_mid_questions(context) and found[0][:3] not in context.sentence


def _hears_nothing(text: str, context: MoveContext) -> bool:
    """听不清: the robot's words; 俺娘说话含糊听不清 is told of somebody else's."""
    return bool(_NOT_HEARD.search(text)) and not _ANOTHERS_SPEECH.search(text)


def _tells_of_explaining(text: str, context: MoveContext) -> bool:
    """讲得快没听懂, asked whether the doctor explained: told of him, not of the robot."""
    return bool(_EXPLAINED.search(context.sentence)) and not _OF_THE_CALL.search(text)


CLUES: tuple[Clue, ...] = (
    Clue(lambda text, context: asks(text), {MoveKind.ASK: 1.6, MoveKind.CORRECT: 0.6}),
    Clue(lambda text, context: not asks(text), {MoveKind.ASK: 0.7}),
    Clue(_ends_asking, {MoveKind.ASK: 6.0, MoveKind.DENY: 0.2, MoveKind.CORRECT: 0.3}),
    Clue(shows(_WHO_ARE_YOU), {MoveKind.ASK: 3.0}),
    Clue(shows(_WHAT_FOR), {MoveKind.ASK: 3.0, MoveKind.REFUSE: 0.7}),
    Clue(shows(_WHAT_IS), {MoveKind.ASK: 4.0, MoveKind.REPEAT: 0.2}),
    Clue(shows(_WHAT_DID_YOU_SAY), {MoveKind.REPEAT: 3.0, MoveKind.LOUDER: 2.0}),
    Clue(_hears_nothing, {MoveKind.REPEAT: 3.0, MoveKind.LOUDER: 2.0, MoveKind.ANSWER: 0.5}),
    Clue(shows(_ANOTHERS_SPEECH), {MoveKind.LOUDER: 0.2, MoveKind.REPEAT: 0.3, MoveKind.ANSWER: 2.0}),
    Clue(
        _tells_of_explaining, {MoveKind.REPEAT: 0.1, MoveKind.LOUDER: 0.1, MoveKind.SLOWER: 0.01, MoveKind.ANSWER: 2.0}
    ),
    Clue(lacks_amid_questions(_SLOW_SPEECH), {MoveKind.SLOWER: 0.2}),  # 慢慢吃, 自己走，慢点
    Clue(shows(_SLOW_MYSELF), {MoveKind.SLOWER: 0.05, MoveKind.AFFIRM: 2.0}),
    Clue(shows(_QUIETER), {MoveKind.LOUDER: 0.05}),
)
