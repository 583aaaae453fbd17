"""Clues to putting off, waiting, refusing and leaving, and to mere politeness. Pure."""

import re

from agent.dialog.clue import Clue, lacks, lacks_amid_questions, phase, shows
from agent.model.move import MoveContext, MoveKind

_BUSY = re.compile(
    r"没(?:有)?(?:工夫|功夫|空|时间)|忙(?!起来|的时候|活完)|晚点|回头|待会|改天|(?<!没)再打|再说|(?:腾|抽)不出|(?:走|脱)不开|顾不上"
)
_AFTERWARDS = re.compile(r"(?:[完好了后]|等).{0,4}(?<!没)再(?:说|聊|唠|打|谈|问|讲)")
_CALL_OR_BUSY = re.compile(
    r"打|联系|电话|空|忙|等|回头|改|再|晚[点些上]|待|方便|会儿?|先|开|吃饭|做饭|上班|接|睡|车|工地|干活|孩子|孙|喂|现在|正|课|洗|"
    r"地里|外头|外面|约|有事|腾不|走不开|我正?在.{1,8}呢|急|路上|公交|地铁|抱|坐|[点]钟?|今天|今儿|明[天儿]|后[天儿]|下午|晌"
)
_FETCHES = re.compile(
    r"我.{0,4}(?:拿|找|取|翻|瞅|称|量|测|看看|夹)(?:一下|一翻|去|来|着)?$|我.{0,3}问一?[下问]|等我(?!.{0,6}回)|别挂"
)
_WAITS_FOR_SOMEBODY = re.compile(r"等.{0,6}(?:回来|放假|下班|放学|到家|有空|有时间|吃完|忙完|睡醒)")
_CALL_BACK = re.compile(
    r"(?<![别莫甭用要没])(?:打过?来(?!的)|再来电|再打|打给我(?![女儿闺老家爸妈爱孩媳])|回头打|晚[点些]打|给我打|打回来)"
)
_ASKS_FOR_LATER = re.compile(
    r"(?:等一?会|待会|晚[点一]|改天|回头|过一?会|过[一两几]天|[明后][天儿]|下午|晚上|下次).{0,8}"
    r"(?:行不行?|行吗|行么|可以吗|可以不|好吗|好不好|中不中?|成不成?|要得不)$"
)
_STOPS = re.compile(
    r"打|联系|发|订|拉黑|骚扰|删|号|电话|短信|微信|信息|消息|投诉|举报|"
    r"别|不[要用必想许准]|甭|莫|勿|取消|退出|td|访|名字|找|烦|[行够算得]了|停"
)
_TIME_OF_DAY = re.compile(r"白天|早|晚|中午|午|饭|夜|周|星期|礼拜|点")
_SWEARS = re.compile(r"屁(?:事|话)|狗屁|放你|滚|他妈的|妈的|操你|混蛋|王八|神经病|有病吧|缺德|吃干饭|废物|饭桶")
_NO_WORD = re.compile(r"^(?:[^滚操\W]|(?:([^滚操\W])\1){2,})\W*$")  # 屁, 东东西西: a sound, or a stutter of the hearing
_REPROACHES = re.compile(r"烦不烦|累不累啊|有完没完|没完没了|[问打]起来没完|至于吗")
_NO_TALK = re.compile(
    r"[行够得][了啦]|[答说讲聊谈问搞录烦吵]|算了|随访|回访|调查|问卷|配合|参加|接受|告诉|隐私|透露|拒绝|[想要]了?$|^(?:不|别|甭|莫)"
)
_LATER = re.compile(
    r"你|您|打|电话|联系|回头|等|再|现在|这[会阵]|此刻|正|待|晚[点些]|过[一会几]|先|改[天日]|没空|没时间|没[工功]夫|有事|挂|聊|说|[点]钟?|"
    r"[去要]接|排队|地铁|公交|[在上开]车|开会"
)
_GO_FASTER = re.compile(r"快[点些]?儿?[说问讲]|[说问讲]快[点些]|抓紧[说问]|长话短说|赶紧[说问]")
_SHOT = re.compile(r"疫苗|愿意打")
_CALLED = re.compile(r"电话|你|您|再|回头|空|忙|等|打过?来")
_ADDRESS = re.compile(r"你|您|姑娘|小伙|妹|同志|机器|电话")
_THANKS = re.compile(
    r"谢|辛苦|费[心神]|惦记|挂念|关心|劳|托.{0,4}福|多亏|感激|感恩|麻烦|难为|好人|有心|操心|受累|承蒙|得亏|过意|周到|多得晒"
)
_CALLS = re.compile(
    r"喂|好[啊呀哈]?$|你好|您好|早|哪位|^你?是?谁|谁[啊呀]?$|hello|hi|[在听]得?[到见]?[吗不没]$|哈[喽啰罗]|有人|讲话|说话|^.?听着|唔该|嗨"
)


def _knows_not(text: str, context: MoveContext) -> bool:
    """这个不好说: not known, not refused."""
    return context.polarity == "unsure" and context.phase == "questions"


def _never_again(text: str, context: MoveContext) -> bool:
    """Asked when to call, they say that nobody need call; 白天别打 tells when."""
    return (
        context.phase == "postpone"
        and not _TIME_OF_DAY.search(text)
        and bool(re.search("(?:不用|用不着|别|甭|莫|不消|不必|不要).{0,3}打", text))
    )


def _tells_of_life(text: str, context: MoveContext) -> bool:
    """啥都不想干, 管不住嘴: said of themselves, neither to the robot nor of the call."""
    said_to_us = (_ADDRESS, _SWEARS, _REPROACHES, _NO_TALK)
    return context.phase == "questions" and not any(pattern.search(text) for pattern in said_to_us)


def _tells_why(text: str, context: MoveContext) -> bool:
    """没改，上班忙, 出门不方便, asked which of several it is: the reason, and no wish to be called later."""
    return context.expect == "choice" and context.phase == "questions" and not _LATER.search(text)


def _tells_of_shot(text: str, context: MoveContext) -> bool:
    """打打打，在哪儿打, asked about a vaccination, or 针打完了没再打: no telephone call."""
    if "针" in text:
        return context.phase == "questions" and not re.search("等|回头|再说|(?<!没)再打|正打", text)
    return bool(_SHOT.search(context.sentence)) and "打" in text and not _CALLED.search(text)


CLUES: tuple[Clue, ...] = (
    Clue(shows(_BUSY), {MoveKind.NOT_NOW: 2.0, MoveKind.ASK: 0.5}),
    Clue(shows(_CALL_BACK), {MoveKind.NOT_NOW: 4.0, MoveKind.ASK: 0.2}),
    Clue(shows(_ASKS_FOR_LATER), {MoveKind.NOT_NOW: 8.0, MoveKind.ASK: 0.1}),
    Clue(shows(_AFTERWARDS), {MoveKind.NOT_NOW: 6.0, MoveKind.ASK: 0.2}),
    Clue(shows(_GO_FASTER), {MoveKind.NOT_NOW: 0.05, MoveKind.WAIT: 0.1, MoveKind.SLOWER: 0.2, MoveKind.ANSWER: 3.0}),
    Clue(lacks_amid_questions(_CALL_OR_BUSY), {MoveKind.NOT_NOW: 0.3}),
    Clue(shows(_FETCHES), {MoveKind.WAIT: 2.0}),
    Clue(shows(_WAITS_FOR_SOMEBODY), {MoveKind.WAIT: 0.2, MoveKind.NOT_NOW: 2.0}),
    Clue(lacks(_STOPS), {MoveKind.OPT_OUT: 0.2}),
    Clue(_never_again, {MoveKind.OPT_OUT: 3.0}),
    Clue(
        lambda text, context: context.phase == "postpone" and bool(_TIME_OF_DAY.search(text)),
        {MoveKind.OPT_OUT: 0.1},
    ),
    Clue(phase("postpone"), {MoveKind.NOT_NOW: 4.0, MoveKind.WAIT: 0.3, MoveKind.CORRECT: 0.2}),
    Clue(phase("red_flag"), {MoveKind.NOT_NOW: 0.5, MoveKind.FOREIGN: 0.3}),
    Clue(_knows_not, {MoveKind.REFUSE: 0.05, MoveKind.CORRECT: 0.3, MoveKind.ANSWER: 2.0}),
    Clue(shows(_SWEARS), {MoveKind.ABUSE: 3.0, MoveKind.ANSWER: 0.6}),
    Clue(shows(_REPROACHES), {MoveKind.ABUSE: 3.0, MoveKind.REFUSE: 2.0, MoveKind.ASK: 0.1, MoveKind.AFFIRM: 0.2}),
    Clue(shows(_NO_WORD), {MoveKind.ABUSE: 0.1}),
    Clue(_tells_why, {MoveKind.NOT_NOW: 0.01}),
    Clue(_tells_of_shot, {MoveKind.NOT_NOW: 0.1, MoveKind.OPT_OUT: 0.3, MoveKind.REFUSE: 0.1, MoveKind.ANSWER: 2.0}),
    Clue(lacks(_ADDRESS), {MoveKind.ABUSE: 0.8}),
    Clue(_tells_of_life, {MoveKind.REFUSE: 0.4, MoveKind.ABUSE: 0.4}),
    Clue(lacks(_THANKS), {MoveKind.THANKS: 0.15}),
    Clue(lacks(_CALLS), {MoveKind.GREET: 0.2}),
)
