"""What the whole sentence makes of a finding: another's, of another time, or asked about in general."""

import re

from agent.model.finding import Status
from agent.triage.cues import CuePatterns
from agent.triage.judged import Judged
from agent.triage.surroundings import Around

_SAID_OF = re.compile(r"^(?:了|过)?的(?:那个|那位|那天)?(?:就)?是([^，。！？,]{1,12})")
_MYSELF = re.compile(r"^(?:我(?!(?:们|家)?.)|我(?:自己|本人)|孩子|宝宝|娃|他$|她$|病人|患者|老人)")
_NOT_ME = re.compile(r"不是(?:我|我们家|我家)(?:的|家)?(?=[，,。！!]|$)")
_I_AM_WELL = re.compile(
    r"我(?:自己|本人|这边|家的?)(?:倒|可|是|这|的|看|身上)*(?:没(?!法|办|敢|去)|不(?!敢|知|懂|会|行|舒|好|能)|正常|清醒|好|干|壮|健康|腰|腿)"
)
_THEN = re.compile(
    r"住院(?!后|的药)|手术|开完?刀|做完|放(?:完)?支架|化疗那|刚(?:中风|得病|查出|确诊)|那(?:会儿|阵|年|时|次|回|个月|礼拜|几天|[两三]天|[一两三]?周)"
    r"|当(?:天|晚|年)|[一二两三四五六七八九十\d]岁|怀孕|月子|满月|小时候|以前|从前|去年|前年|年前|春天|上个?月|前些(?:日子|天|年)|[零〇九八][几零一二三四五六七八九]年|出院(?:的)?时候"
)
_NOW = (
    r"(?:现在|如今|后来|后头|过后|第[二三]天|隔天|目前|到今天"
    r"|(?:出院|出来|回家|做完|放完|换了药|加了[^，。]{1,4})(?:以后|之后|后|就)?)"
)
_WELL = (
    r"(?:再(?:也)?没|没再|再没有|一次(?:也|都)没|干净|清了|黄了|都是好的|没有了|就没|没事|早就?没|都?不(?:怎么)?(?:喘|疼|痛|晕|闷|麻|憋|肿|抽|烧|流)"
    r"|能(?:唱|跳|走|跑|拿|爬)|跳广场舞|清楚了|乐呵|感恩|正常|好好的|就?好了|吸收了|都?顺了?$|满地跑|壮|又精又灵|一口气)"
)
_WELL_NOW = re.compile(rf"{_NOW}[^。！？]{{0,14}}?{_WELL}")
_OF_OLD = re.compile(r"^[^，。]{0,4}是(?:[春夏秋冬]天|[^，。]{0,6}(?:那(?:会儿|阵|年|礼拜|个月|次|回)|住院那))")
_YEARS_AGO = re.compile(
    r"(?:^|，)[^，。]{0,8}?(?:[一二两三四五六七八九十几好多\d]+年(?:多|之)?前|大?前年|(?:[一二三四五六七八九〇零]{2,4}|\d{2,4})年(?!级))"
    r"(?:的事|啦|了|那阵|做的?|[，。]|$)"
)
_SOMEBODY = re.compile(
    r"有(?:一)?(?:个|位|名|对|)(?:[^，。我]{0,3})(?:人(?!工|家)|司机|女生|男生|女的|男的|老太太|老头|老人家|小伙子?|姑娘|大爷|大妈|大姐|酒鬼|学员|学生|同学"
    r"|病友|老乡|小孩|演员|同事|师傅)(?:[^，。我]{0,6})$"
)
_LATELY = re.compile(r"今天|今早|今儿|昨|前天|刚才|刚刚|这两天|这几天|最近|半夜|夜里|早上|上午|下午|晚上")
_STILL = re.compile(r"又(?!精)|还(?!没|好|在地|能)|一直|仍|老是|加重|厉害|没好")
_IN_GENERAL = re.compile(
    r"(?:(?:什么|啥|哪些|哪种)情况下?|怎么(?:数|判断|预防|避免|提前)|咋(?:判断|预防)|有没有办法|有啥办法|怎样才?算|啥样的?[^，。]{0,3}算|会不会(?!是)(?:[^，。又还]{0,10}))"
    r"[^，。]{0,8}$"
)
_WHAT_IT_IS = re.compile(
    r"^[^，。了]{0,4}(?:是(?:什么|啥|个啥|个什么|怎样的?)(?:感觉|样|滋味|味)|的?(?:前兆|先兆|征兆)[吗么呢吧？?]|是不是就是|跟[^，。]{1,6}怎么(?:分|区别)|怎么分|怎么区[分别]|多不多见|常见[吗不])"
)
_HOW_MUCH = re.compile(r"(?:多久|多少|多大|多高|几次|几度)")
_CALLS_FOR = re.compile(r"(?:要|得|该|才|算|需要|就)[^，。]{0,6}(?:医院|急诊|来|看|找|打|喂|吃|说|讲|叫|告诉)")
_TOO_MUCH = re.compile(r"多了?$")
_WHAT_IF = re.compile(r"^[^，。]{0,3}(?:会怎么样|会咋样|会怎样|有没有危险|有危险吗|有啥后果|有什么后果|中毒吗)")
_FEARED = re.compile(
    r"(?:怕|担心|害怕|生怕)(?!是|得|了|冷|热|动)[^，。没敢]{0,8}(?:哪天|万一|以后|将来|又|再|会|落个|没人|突然|一个人|一使劲|一不小心|产后|术后)[^，。没]{0,8}$"
)


class FrameReader:
    """Frames that reach over a sentence, where the words beside a finding say nothing of it."""

    def __init__(self, cues: CuePatterns) -> None:
        self._cues = cues

    def judge(self, here: Around, core: tuple[int, int]) -> Judged | None:
        """None where no frame fits."""
        return self._anothers(here) or self._over(here) or self._in_general(here, core)

    def _anothers(self, here: Around) -> Judged | None:
        """喘的是我公公; 晕倒的是邻居，不是我; 我表哥胸口闷，我自己正常."""
        rest = here.text[here.end : here.sentence[1]]
        if _SOMEBODY.search(here.text[here.clause[0] : here.start]):
            return Judged(Status.OTHER_PERSON, "说的是别人（有个人）")
        said = _SAID_OF.match(rest)
        if said and not _MYSELF.match(said.group(1)):
            who = self._cues.who(said.group(1))
            if who is not None:
                parent = bool(self._cues.parents.search(who.group())) and not _NOT_ME.search(rest)
                return Judged(Status.OTHER_PERSON, f"说的是别人（{who.group()}）", kin=parent)
        if _NOT_ME.search(rest):
            return Judged(Status.OTHER_PERSON, "说的是别人，不是自己")
        who = self._cues.who(here.text[here.sentence[0] : here.start])
        if who is not None and _I_AM_WELL.search(rest):
            return Judged(Status.OTHER_PERSON, f"说的是别人（{who.group()}），自己没有")
        return None

    def _over(self, here: Around) -> Judged | None:
        """住院那阵喘得下不了床，现在跳广场舞都行: then, and well since."""
        rest = here.text[here.end : here.sentence[1]]
        if _OF_OLD.match(rest):
            return Judged(Status.PAST, "说是以前的事")
        told = here.text[here.sentence[0] : here.sentence[1]]
        if _YEARS_AGO.search(rest) and not (_LATELY.search(told) or _STILL.search(rest)):
            return Judged(Status.PAST, "说是多年以前的事")
        then, well = _THEN.search(here.text[here.sentence[0] : here.end]), _WELL_NOW.search(rest)
        if then is None or well is None or _LATELY.search(told) or _STILL.search(rest[: well.end()]):
            return None
        return Judged(Status.PAST, f"说的是以前（{then.group()}），现在好了")

    def _in_general(self, here: Around, core: tuple[int, int]) -> Judged | None:
        """什么情况下喘了就得上医院, 鼻子出血多久不停要来医院, 低血糖是什么感觉: nobody's own."""
        before, rest = here.text[here.near : core[0]], here.text[core[1] : here.clause[1] + 1]
        if _IN_GENERAL.search(before) and not here.text[: here.start].endswith("了"):  # 支架会不会堵了胸口疼
            return Judged(Status.HYPOTHETICAL, "是在打听，不是已经有")
        if _WHAT_IT_IS.match(rest) or (_TOO_MUCH.search(here.text[here.near : core[1]]) and _WHAT_IF.match(rest)):
            return Judged(Status.HYPOTHETICAL, "是在打听，不是已经有")
        if _HOW_MUCH.search(before + rest) and _CALLS_FOR.search(rest) and not rest.startswith("了"):
            return Judged(Status.HYPOTHETICAL, "在问到什么程度才要紧")
        if _FEARED.search(before):
            return Judged(Status.HYPOTHETICAL, "是担心，没有说已经有")
        return None
