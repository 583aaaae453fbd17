"""Clues to an answer, and to one that is taken back. Pure."""

import re

from agent.dialog.clue import Clue, lacks, lacks_amid_questions, phase, shows, told
from agent.dialog.habits import names_a_day
from agent.model.move import MoveContext, MoveKind

TAKES_BACK = re.compile(
    r"(?:说|记|看|听|讲|报|写|打|弄|搞|数|答|念)(?:错|反|岔|倒|混)了|[说记看听讲报写念]成.{1,8}了|更正|改一下|(?:刚才|前面|上面|上一)[^，]{0,6}改成|^不对(?!劲).{3,}"
)
_AGAIN = re.compile(r"错|不对|不是|改|刚才|刚刚|记|应该|重|其实|前[面头]|先头")
_TOLD_BEFORE = re.compile(r"不是(?:都|已经|跟[你您]|给[你您])*(?:说|讲|答|告诉)(?:过|了|你|您)")
_CONCEDES = re.compile(r"([\u4e00-\u9fff]{1,2})(?:倒|么|末|嘛)?是\1(?:了|过|着)")  # 讲是讲了，没记住
_ANOTHERS_STATE = re.compile(r"^(?:现在)?(?:他|她|孩子|宝宝|娃)(?!.*(?:打|再|回|叫|等|接|睡|上[班学课]|不在|出去|忙))")
_TO_BE_DONE = re.compile(
    r"准备|打算|过两天|过几天|改天|后[天儿]|下(?:周|个?星期|个?礼拜|个?月)|还没|明年|开春|月底|等.{1,6}[弄约挂去办带陪]"
)
_TALK = re.compile(r"你|您|打(?!算)|听|电话|联系|空|忙|方便|说话|聊|问")


def _asks_done(text: str, context: MoveContext) -> bool:
    """Asked whether something is done, or when it will be, they say that it will: 正准备去呢."""
    when = re.search("[了过]吗|好了|日子|什么时候|哪一?天|几号", context.sentence)
    to_come = _TO_BE_DONE.search(text) or names_a_day(text)
    return bool(when) and context.phase == "questions" and bool(to_come) and not _TALK.search(text)


def _takes_option(text: str, context: MoveContext) -> bool:
    """A choice between ways to be called, and the words name one of them: 别打电话，发个微信就中."""
    named = re.findall("微信|短信|电话", text)
    return context.expect == "choice" and any(way in context.sentence for way in named)


CLUES: tuple[Clue, ...] = (
    Clue(told, {MoveKind.ANSWER: 1.5}),
    Clue(shows(TAKES_BACK), {MoveKind.CORRECT: 2.0}),
    Clue(lacks(_AGAIN), {MoveKind.CORRECT: 0.5}),
    Clue(lambda text, context: told(text, context) and not _AGAIN.search(text), {MoveKind.CORRECT: 0.3}),
    Clue(lacks_amid_questions(_AGAIN), {MoveKind.CORRECT: 0.3}),
    Clue(shows(_TOLD_BEFORE), {MoveKind.CORRECT: 0.001, MoveKind.ANSWER: 2.0}),  # 刚才不是说了吗，两分
    Clue(shows(_CONCEDES), {MoveKind.CORRECT: 0.02, MoveKind.REPEAT: 0.2, MoveKind.ANSWER: 2.0}),
    Clue(phase("permission"), {MoveKind.CORRECT: 0.3, MoveKind.CAREGIVER: 0.5}),
    Clue(shows(_ANOTHERS_STATE), {MoveKind.NOT_NOW: 0.3, MoveKind.ANSWER: 2.0}),
    Clue(_asks_done, {MoveKind.NOT_NOW: 0.01, MoveKind.WAIT: 0.1, MoveKind.REPEAT: 0.2, MoveKind.ANSWER: 3.0}),
    Clue(
        _takes_option,
        {MoveKind.OPT_OUT: 0.01, MoveKind.REFUSE: 0.1, MoveKind.NUMBER_CHANGED: 0.05, MoveKind.ANSWER: 4.0},
    ),
)
