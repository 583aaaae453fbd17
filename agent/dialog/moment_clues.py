"""How the words and the moment change what Rasa's guesses are worth: each clue says how many times likelier it makes a
move. Rasa sees words without a moment; this is the moment. Pure.

The shares of all moves still sum to 1 afterwards, so that the decider's thresholds keep their meaning.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from agent.dialog.habits import names_a_day
from agent.model.move import Move, MoveContext, MoveKind

ASKING = re.compile(
    r"吗|嘛$|么$|呢$|干嘛|怎么|怎样|咋|什么|啥|(?<!差不)多[少久长大高远重快]|几|能不能|可不可以|可以不|要不要|是不是|有没有|行不行|用不用|"
    r"为什么|为啥|哪|谁|([\u4e00-\u9fff])[不没]\1|是.{1,9}还是|.{2}还是.{2,}(?:[啊呀好]|那个)$|[不没]$|没有$"
)
_PLAINLY = re.compile(r"[吗呢]$|怎么|咋|什么|啥|几时|能不能|可不可以|要不要|是不是|行不行|用不用|为什么|多久|还是")
_NO_QUESTION = re.compile(
    r"(?:没|不了|没过?)多[久少远大]|不怎么|没什么|没啥|不咋|没几|有了?(?:那么)?几|好几|十几|几十|几天[前了]|"
    r"(?:着.{0,6}|[在还正才都可没忙].{0,6})呢$|^得?[看等]\w{0,5}?(?:哪天|啥时候?|什么时候|几时|有没有|能不能)"
)
TAKES_BACK = re.compile(
    r"(?:说|记|看|听|讲|报|写|打|弄|搞|数|答|念)(?:错|反|岔|倒|混)了|[说记看听讲报写念]成.{1,8}了|更正|改一下|^不对(?!劲).{3,}"
)
_ENDS_ASKING = re.compile(r"([^行好成中完\W])[不没]\1[的啊呀]?$|[\u4e00-\u9fff]{3}[了过]没有?$")
_RHETORICAL = re.compile(r"哪(?:能|敢|会|有那)|谁(?:不|没|还|敢|愿意|.{1,5}能)")  # 谁不喘呢 tells
_WHATEVER = re.compile(r"(?:哪|什么|啥|谁|几|怎么|咋)[^，]{0,4}(?:都|也)(?!不知|不晓)")
PLAIN_DEATH = re.compile(
    r"去世|过世|逝|[年月周天号期拜早晚夜]没的|(?<![烦累气热急吓忙疼痛饿困笑冷冻痒愁闷恨咸辣苦吵羡渴])死(?!板|活|心眼)|故|殁|火化|丧|后事|下葬|葬礼|埋了|抢救|没救|救回|人没了|人世|白事|过[咗身]身?"
)
_LIKE_DEATH = re.compile(
    PLAIN_DEATH.pattern + r"|(?<![抠拿带搬借抱接领叫收偷牵抢卷飞跑溜开取退流])走[了的掉咯咗]|走得|[刚年前天]走$|"
    r"没[了有]|[没冇]得|不在|老[了的掉咯]|去了|离开|牺牲|往生|烧了|坟|头七|百日|灵堂|殡|断气|咽气|闭眼|"
    r"没.{0,2}[留保挺撑熬扛活醒下]|送走|骨灰|入土"
)
_NAMES_MISTAKE = re.compile(
    r"错|不是|是谁|是哪|哪个是|谁是|哪个[^，]{0,4}[啊呀哟]|没这|没有这|没得这|不认|找谁|找哪|哪个人|搞混|别人|不叫|不姓|不住|同名|机主|没住过院|没做过"
)
_NAMES_NUMBER = re.compile(r"号|换|电话|手机|座机|卡|打[到我他她这那]")
_AGAIN = re.compile(r"错|不对|不是|改|刚才|刚刚|记|应该|重|其实|前[面头]|先头")
_BUSY = re.compile(
    r"没(?:有)?(?:工夫|功夫|空|时间)|忙(?!起来|的时候|活完)|晚点|回头|待会|改天|再打|再说|(?:腾|抽)不出|(?:走|脱)不开|顾不上"
)
_AFTERWARDS = re.compile(r"(?:[完好了后]|等).{0,4}再(?:说|聊|唠|打|谈|问|讲)")
_WAITS_FOR_SOMEBODY = re.compile(r"等.{0,6}(?:回来|放假|下班|放学|到家|有空|有时间|吃完|忙完|睡醒)")
_WHAT_DID_YOU_SAY = re.compile(
    r"(?:[你您]|刚才|刚刚)(?:说|讲|问|念)(?:的|的是|是|了|个)?(?:什么|啥|么|咩|乜)|再[说讲问念].{0,2}[遍次道回]"
)
_TOLD_BEFORE = re.compile(r"不是(?:都|已经|跟[你您]|给[你您])*(?:说|讲|答|告诉)(?:过|了|你|您)")
_WHAT_FOR = re.compile(r"(?:要|问|打听|打探|查|记|登记|核对).{0,6}(?:干嘛|干啥|干什么|干吗|做什么|做啥|作啥)")
_SWEARS = re.compile(r"屁(?:事|话)|狗屁|放你|滚|他妈的|妈的|操你|混蛋|王八|神经病|有病吧|缺德|吃干饭|废物|饭桶")
_ANOTHERS_SPEECH = re.compile(r"(?:他|她|妈|娘|爸|爹|爷|奶|姥|老伴|老头子?|老太婆?|孩子|娃)(?:说话|讲话|吐字)")
_STOPS = re.compile(
    r"打|联系|发|订|拉黑|骚扰|删|号|电话|短信|微信|信息|消息|投诉|举报|"
    r"别|不[要用必想许准]|甭|莫|勿|取消|退出|td|访|名字|找|烦|[行够算得]了|停"
)
_WHO_ARE_YOU = re.compile(
    r"(?:哪个?|哪家|什么|啥)(?:医院|单位|公司|部门|科)|[你您]们?是?(?:谁|哪位|哪里|哪儿|哪个|哪的|干啥|干嘛|干什么)|贵姓|怎么称呼"
)
_YES_FIRST = re.compile(r"^(?:是的?|对的?|嗯+|在的?|我就?是的?)[啊呀呢]? ")
_SOMEWHERE = re.compile(r"在.{1,5}(?:呢|呐|里头?|屋|家|上班|睡|学校|洗澡)|(?:去|上)(?:\w{0,4})(?:了|去了)$")
_WISHES = re.compile(r"^(?:就?希望|最好|要是|建议)")
_NAMES_SELF = re.compile(
    r"^[哦嗯啊喂对哎诶唉是的 ]*我就?是"
    r"(?!.*[他她们爸妈爷奶叔伯姨舅姑婆公嫂哥姐弟妹儿女孙媳婿爱老伴护工邻居同学孩宝人友])"
)
_THANKS = re.compile(
    r"谢|辛苦|费心|惦记|挂念|关心|劳|托.{0,4}福|多亏|感激|感恩|麻烦|难为|好人|有心|操心|受累|承蒙|得亏|过意|周到|多得晒"
)
_CALLS = re.compile(
    r"喂|好[啊呀哈]?$|你好|您好|早|哪位|^你?是?谁|谁[啊呀]?$|hello|hi|[在听]得?[到见]?[吗不没]$|哈[喽啰罗]|有人|讲话|说话|唔该|嗨"
)
_NOT_HEARD = re.compile(r"没(?:有)?听(?:见|到|清|着|明白|懂|仔细)|听不(?:见|到|清|真|懂|明白)")
_QUIETER = re.compile(r"小点儿?声|小声[点些]|轻[点些]声|声音?(?:小|轻)[点些]")
_WHAT_IS = re.compile(r"(?:什么|啥)(?:叫|是)[\u4e00-\u9fff]{2}")
_CHANGES = re.compile(r"换|新|改|停|不用|不是|空号|另|旧|老号|别的|以前|原来|打[到我他她这那]|报|登记|错")
_CALL_OR_BUSY = re.compile(
    r"打|联系|电话|空|忙|等|回头|改|再|晚[点些上]|待|方便|会儿?|先|开|吃饭|做饭|上班|接|睡|车|工地|干活|孩子|孙|喂|现在|正|课|洗|"
    r"地里|外头|外面|约|有事|腾不|走不开|我正?在.{1,8}呢|急|路上|公交|地铁|抱|坐|[点]钟?|今天|今儿|明[天儿]|后[天儿]|下午|晌"
)
_ANOTHERS_STATE = re.compile(r"^(?:现在)?(?:他|她|孩子|宝宝|娃)(?!.*(?:打|再|回|叫|等|接|睡|上[班学课]|不在|出去|忙))")
_TO_BE_DONE = re.compile(r"准备|打算|过两天|过几天|改天|后[天儿]|下(?:周|个?星期|个?礼拜|个?月)|还没|明年|开春|月底")
_TIME_OF_DAY = re.compile(r"白天|早|晚|中午|午|饭|夜|周|星期|礼拜|点")
_TALK = re.compile(r"你|您|打|电话|联系|空|忙|方便|说话|聊|问")
_FETCHES = re.compile(
    r"我.{0,4}(?:拿|找|取|翻|瞅|称|量|测|看看|夹)(?:一下|一翻|去|来|着)?$|我.{0,3}问一?[下问]|等我(?!.{0,6}回)|别挂"
)
_SPEAKS_FOR = re.compile(
    r"我是|我系|替|帮|代|让|叫|问我|跟你?[^量测称]{0,2}[说讲]|来接|来说|手机|电话|不会说|听不见|聋"
)
_ADDRESS = re.compile(r"你|您|姑娘|小伙|妹|同志|机器|电话")

Holds = Callable[[str, MoveContext], bool]


@dataclass(frozen=True, slots=True)
class Clue:
    """Something words and moment show. `times`: how many times likelier it makes each move; below 1 less likely."""

    holds: Holds
    times: Mapping[MoveKind, float]


def _in_identity(pattern: re.Pattern[str]) -> Holds:
    return lambda text, context: context.phase == "identity" and bool(pattern.search(text))


def _phase(name: str) -> Holds:
    return lambda text, context: context.phase == name


def _shows(pattern: re.Pattern[str]) -> Holds:
    return lambda text, context: bool(pattern.search(text))


def _lacks(pattern: re.Pattern[str]) -> Holds:
    return lambda text, context: not pattern.search(text)


def asks(text: str) -> bool:
    """True when the words have a question's form; 哪天都行 has none."""
    return bool(ASKING.search(_stripped(text)))


def asks_plainly(text: str) -> bool:
    """True when the form alone settles it: 没有 at the end may be a plain no."""
    return bool(_PLAINLY.search(_stripped(text)))


def _stripped(text: str) -> str:
    return _NO_QUESTION.sub("", _RHETORICAL.sub("", _WHATEVER.sub("", text)))


def _told(text: str, context: MoveContext) -> bool:
    return context.question is not None and (context.has_finding or context.has_measurement)


def _in_mid_questions(context: MoveContext) -> bool:
    return context.question is not None and context.phase not in ("identity", "sure", "postpone")


def _lacks_amid_questions(pattern: re.Pattern[str]) -> Holds:
    """A rare move amid the questions needs one of its own words."""
    return lambda text, context: _in_mid_questions(context) and not pattern.search(text)


def _hears_nothing(text: str, context: MoveContext) -> bool:
    """听不清: the robot's words; 俺娘说话含糊听不清 is told of somebody else's."""
    return bool(_NOT_HEARD.search(text)) and not _ANOTHERS_SPEECH.search(text)


def _knows_not(text: str, context: MoveContext) -> bool:
    """这个不好说: not known, not refused."""
    return context.polarity == "unsure" and context.phase == "questions"


def _nobody_takes_over(text: str, context: MoveContext) -> bool:
    return context.question is not None and not _SPEAKS_FOR.search(text)


def _asks_done(text: str, context: MoveContext) -> bool:
    """Asked whether something is done, or when it will be, they say that it will: 正准备去呢."""
    when = context.expect == "date" or bool(re.search("[了过]吗|好了|日子", context.sentence))
    told = _TO_BE_DONE.search(text) or names_a_day(text)
    return when and context.phase == "questions" and bool(told) and not _TALK.search(text)


def _takes_option(text: str, context: MoveContext) -> bool:
    """A choice between ways to be called, and the words name one of them: 别打电话，发个微信就中."""
    named = re.findall("微信|短信|电话", text)
    return context.expect == "choice" and any(way in context.sentence for way in named)


def _ends_asking(text: str, context: MoveContext) -> bool:
    """The words end in 够不够 or 走了没有, and not in the question's own 喘不喘."""
    found = _ENDS_ASKING.search(text)
    return found is not None and _in_mid_questions(context) and found[0][:3] not in context.sentence


def _never_again(text: str, context: MoveContext) -> bool:
    """Asked when to call, they say that nobody need call; 白天别打 tells when."""
    return (
        context.phase == "postpone"
        and not _TIME_OF_DAY.search(text)
        and bool(re.search("(?:不用|用不着|别|甭|莫|不消|不必|不要).{0,3}打", text))
    )


CLUES: tuple[Clue, ...] = (
    Clue(_lacks(PLAIN_DEATH), {MoveKind.DECEASED: 0.4}),
    Clue(_lacks(_LIKE_DEATH), {MoveKind.DECEASED: 0.1}),
    Clue(lambda text, context: _in_mid_questions(context) and not PLAIN_DEATH.search(text), {MoveKind.DECEASED: 0.2}),
    Clue(
        lambda text, context: _in_mid_questions(context) and not _NAMES_MISTAKE.search(text),
        {MoveKind.WRONG_PERSON: 0.3},
    ),
    Clue(
        lambda text, context: _in_mid_questions(context) and not _NAMES_NUMBER.search(text),
        {MoveKind.NUMBER_CHANGED: 0.3},
    ),
    Clue(
        lambda text, context: context.phase == "identity" and not _NAMES_MISTAKE.search(text),
        {MoveKind.WRONG_PERSON: 0.3},
    ),
    Clue(_phase("permission"), {MoveKind.CORRECT: 0.3, MoveKind.CAREGIVER: 0.5}),
    Clue(lambda text, context: asks(text), {MoveKind.ASK: 1.6, MoveKind.CORRECT: 0.6}),
    Clue(lambda text, context: not asks(text), {MoveKind.ASK: 0.7}),
    Clue(_shows(_TOLD_BEFORE), {MoveKind.CORRECT: 0.001, MoveKind.ANSWER: 2.0}),  # 刚才不是说了吗，两分
    Clue(_shows(TAKES_BACK), {MoveKind.CORRECT: 2.0}),
    Clue(_lacks(_AGAIN), {MoveKind.CORRECT: 0.5}),
    Clue(_shows(_BUSY), {MoveKind.NOT_NOW: 2.0, MoveKind.ASK: 0.5}),
    Clue(_shows(_AFTERWARDS), {MoveKind.NOT_NOW: 6.0, MoveKind.ASK: 0.2}),
    Clue(_shows(_FETCHES), {MoveKind.WAIT: 2.0}),
    Clue(_nobody_takes_over, {MoveKind.CAREGIVER: 0.1}),
    Clue(_lacks(_STOPS), {MoveKind.OPT_OUT: 0.2}),
    Clue(_shows(_WHO_ARE_YOU), {MoveKind.ASK: 3.0}),
    Clue(_in_identity(_YES_FIRST), {MoveKind.AFFIRM: 2.5}),
    Clue(_in_identity(_SOMEWHERE), {MoveKind.CAREGIVER: 2.0, MoveKind.NOT_NOW: 0.7}),
    Clue(_shows(_WISHES), {MoveKind.WANT_HUMAN: 0.4, MoveKind.ANSWER: 2.0}),
    Clue(_shows(_WHAT_DID_YOU_SAY), {MoveKind.REPEAT: 3.0, MoveKind.LOUDER: 2.0}),
    Clue(_shows(_WHAT_FOR), {MoveKind.ASK: 3.0, MoveKind.REFUSE: 0.7}),
    Clue(_shows(_SWEARS), {MoveKind.ABUSE: 3.0, MoveKind.ANSWER: 0.6}),
    Clue(_shows(_ANOTHERS_SPEECH), {MoveKind.LOUDER: 0.2, MoveKind.REPEAT: 0.3, MoveKind.ANSWER: 2.0}),
    Clue(_shows(_WAITS_FOR_SOMEBODY), {MoveKind.WAIT: 0.2, MoveKind.NOT_NOW: 2.0}),
    Clue(_lacks(_ADDRESS), {MoveKind.ABUSE: 0.8}),
    Clue(_told, {MoveKind.ANSWER: 1.5}),
    Clue(lambda text, context: _told(text, context) and not _AGAIN.search(text), {MoveKind.CORRECT: 0.3}),
    Clue(_in_identity(_NAMES_SELF), {MoveKind.AFFIRM: 4.0, MoveKind.WRONG_PERSON: 0.3, MoveKind.CAREGIVER: 0.5}),
    Clue(_never_again, {MoveKind.OPT_OUT: 3.0}),
    Clue(
        lambda text, context: context.phase == "postpone" and bool(_TIME_OF_DAY.search(text)),
        {MoveKind.OPT_OUT: 0.1},
    ),
    Clue(_phase("postpone"), {MoveKind.NOT_NOW: 4.0, MoveKind.WAIT: 0.3, MoveKind.CORRECT: 0.2}),
    Clue(_lacks(_THANKS), {MoveKind.THANKS: 0.15}),
    Clue(_lacks(_CALLS), {MoveKind.GREET: 0.2}),
    Clue(_lacks_amid_questions(_CALL_OR_BUSY), {MoveKind.NOT_NOW: 0.3}),
    Clue(_lacks_amid_questions(_CHANGES), {MoveKind.NUMBER_CHANGED: 0.2}),
    Clue(_hears_nothing, {MoveKind.REPEAT: 3.0, MoveKind.LOUDER: 2.0, MoveKind.ANSWER: 0.5}),
    Clue(_shows(_QUIETER), {MoveKind.LOUDER: 0.05}),
    Clue(_knows_not, {MoveKind.REFUSE: 0.05, MoveKind.ANSWER: 2.0}),
    Clue(_shows(_WHAT_IS), {MoveKind.ASK: 4.0, MoveKind.REPEAT: 0.2}),
    Clue(_shows(_ANOTHERS_STATE), {MoveKind.NOT_NOW: 0.3, MoveKind.ANSWER: 2.0}),
    Clue(_asks_done, {MoveKind.NOT_NOW: 0.01, MoveKind.REPEAT: 0.2, MoveKind.ANSWER: 3.0}),
    Clue(
        _takes_option,
        {MoveKind.OPT_OUT: 0.01, MoveKind.REFUSE: 0.1, MoveKind.NUMBER_CHANGED: 0.05, MoveKind.ANSWER: 4.0},
    ),
    Clue(_ends_asking, {MoveKind.ASK: 6.0, MoveKind.DENY: 0.2, MoveKind.CORRECT: 0.3}),
    Clue(_phase("red_flag"), {MoveKind.NOT_NOW: 0.5, MoveKind.FOREIGN: 0.3}),
)


def weighed(guesses: Iterable[Move], text: str, context: MoveContext) -> list[Move]:
    """Rasa's guesses as shares of 1 after every clue, best first."""
    known = list(guesses)
    shares = {guess.kind: guess.confidence for guess in known}
    unnamed = max(0.0, 1.0 - sum(shares.values()))
    for clue in CLUES:
        if clue.holds(text, context):
            shares = {kind: share * clue.times.get(kind, 1.0) for kind, share in shares.items()}
    whole = sum(shares.values()) + unnamed
    moves = [Move(kind, share / whole if whole else 0.0) for kind, share in shares.items()]
    return sorted(moves, key=lambda move: -move.confidence)
