"""How a finding is meant: present, denied, past, and why. Reads the words around it, clause by clause."""

import re
from dataclasses import replace

from agent.model.finding import Manner, Status
from agent.model.reading_context import ReadingContext
from agent.triage.content import DISEASE, Concept
from agent.triage.cues import PART, SPOT, CuePatterns, last_match
from agent.triage.denied import DenialReader
from agent.triage.judged import ASKS, QUESTION_TAIL, Judged, question_tail
from agent.triage.supposed import SuppositionReader
from agent.triage.surroundings import Around
from agent.triage.told_of import FrameReader

_ANOTHER = re.compile(f"[{SPOT}{PART}]")
_HAVE_IT = re.compile(
    r"(?:^|[，。！？\s我她他也还])(?:是|有|得了|就是|属于|患了|患有|叫)?"
    r"(?:慢性|急性|轻微|轻度|早期|什么)?$"
)
_ASKED_TAIL = re.compile(r"^(?:了|的)?(?:吗|么|吧|嘛|[？])")
_DRUG_TAIL = re.compile(
    r"^(?:(?![吃喝用有是可含服了拿买])[\u4e00-\u9fff]){0,4}(?:颗粒|糖浆|胶囊|口服液|合剂|冲剂|滴丸|喷雾|软膏)"
)
_CAUSES = re.compile(r"^(?:引起|导致|造成|的原因)")
_NOT_SURE = re.compile(r"会不会|不确定|不知道|不清楚|说不准|怀疑")
_WHICH = re.compile(r"(?:到底|究竟)是[^，。]*$")
_PLAIN_IS = re.compile(r"^这?是(?!不是|否)")
_IS_IT = re.compile(r"(?:^|[，。！？\s这那还就])(?:是|算|叫|属于|是这种|是那种|就是)$")
_DISEASE_NAME = re.compile(r"(?:痛风|炎|癌|瘤|病|症|结石|息肉|囊肿|感染|综合征|过敏|溃疡)$")
_ASKING = ("吗", "？")  # 么 and 嘛 also soften a statement
_ABOUT_NOW = re.compile(r"出院|这几天|这两天|这些天|最近|近来|近期|今天|昨天|这周|这星期|回家|夜里|晚上|上次联系")
_GONE_INSIDE = re.compile(r"^退(?:烧|热)")
_STILL_FEVER = re.compile(r"(?:不|没|未|没有|不能|退不了|反复|老不|总不|不见|还没|没法|不怎么|也不|都不)$")
_TO_COOL = re.compile(  # 怎么给他退烧, 吃什么药能退烧, 在家物理退烧
    r"(?:怎么|怎样|如何|咋|办法|什么药?|才能?|能|可以|帮|给|赶紧|尽快|快点|需要|要|用|物理|想|为了)"
    r"(?:快速|赶紧|尽快|来|去|先|给|让|[他她我]|孩子|宝宝|娃|老人|小孩|帮忙){0,3}$"
)
_UNKNOWN = re.compile("(?:这个|这|倒|还|真|也)*不(?:知道|晓得)[啊呀呢了]*")  # 腹泻不知道; but not 头疼不知道怎么办
_AGO = re.compile(r"(?:\d+|[一二三四五六七八九十几两多好半]+)(?:多|几)?(?:年|个月|个多月)(?:多|之)?(?:以|之)?前")
_BUT_I = re.compile(
    r"^[^，。！？]{0,4}，(?:我|俺|咱)(?:自己|本人|这|这边)?(?:倒是?|可|却|反正|是|就)?"
    r"(?:没(?!去|吃|敢|在|来|睡|办|法|人|跟|看|量|送|打|听)|不(?!知|清|晓|敢|在|会|懂|能|想|放|明|舒)|会不会|是不是|怕|担心|啥事)"
)
_HOUSEHOLD = re.compile(r"老伴|老公|老婆|媳妇|爱人|丈夫|妻子")
_JUST_NOW = re.compile(r"突然|忽然|刚才|刚刚|刚(?!出院|手术|做)|现在|今早|一下子|快来|怎么办|叫不")
_HELPS = re.compile(
    r"(?:赶紧|使劲|一直|又|连忙|给我?)*(?:掐|扶|叫了|喊了|摇|抱着?|架着?|背着?|按着?|拍|打了?120|送我)"
)  # whoever helps is well
_FIRST_OTHER = re.compile(r"我|自己|本人|孩子|宝宝|患者|病人")
_WITH = re.compile(r"(?:跟|和|与|给|对|向|让|被|男|女|陪|比|告诉|瞒着)(?:我的?|他的?)?$")
_LESS_REACH = 16  # characters behind a finding in which 好多了 belongs to it
_DONE = re.compile(r"[完过]了?(?:个|一个)?手术|[完过后了]$")
_BRIEFLY = re.compile(  # an episode that passed, not an illness that healed
    r"一会儿?|[分秒]钟|半天|半个(?:钟头|小时)|一阵|[歇坐躺缓停蹲]|含|喝|吃了?[颗块片粒]|就松|过了|后来"
)
_BY_REST = re.compile(r"[歇坐躺缓停蹲站]")
_BROUGHT_ON = re.compile(r"一.{1,4}就|[下步层楼路坡走动干快累重活地]+(?:就|便|都)$|每次|只要|老是?|总是?")
_COMES_BACK = re.compile(
    r"有时候?|时不时|时常|偶尔|老是?(?!毛病)|总是?|经常|隔三差五|动不动|一阵一阵|有那么[一两几]?[下会阵]"
)
_NO_WORSE = re.compile(r"[没不](?:有|怎么|太)?(?:发|流|渗|冒|出|化|带)?(?:[脓水血烧热烫臭味烂裂]+)")  # 有点红，没流水
_MORE_THAN = re.compile(r"比[^，。好轻少强]{1,6}$")
_ONCE = re.compile(r"(?:^|[^没])(?:有|那|头|曾)一?[回次](?!性)")
_WELL_THEN = re.compile(r"反倒|反而|好好的|挺好的?|没事")
_SINCE = re.compile(
    r"(?:住院|出院|手术|回家|回来|化疗|看病)?(?:以后|之后|后|起|开始)(?:就|，|$)"
)  # 上次住院之后胸口就闷
_ASKS_FOR_NEW = re.compile("突然|新出现|变差|加重")
_STILL = re.compile("还是|一直|仍|照样|照旧|还(?!有)|老是?|总是?")
_HOW_IT_CAME = re.compile(  # 不知道怎么就晕倒了, 是不是贫血引起的头晕
    r"(?:怎么|咋)(?:回事|搞|弄)?的?(?:就|又|突然)$|(?:引起|导致|造成|诱发)的$"
)
_LONG_OVER = re.compile(
    r"^(?:那)?(?:都)?是[^，。]{0,6}(?:去年|前年|以前|之前|早先|住院|手术前|年前|上个?月|老早)[^，。]{0,4}的事"
)
_RELIEVED = re.compile(r"就(?:好|缓|不抖|不慌)")  # 吃了块糖就好
_AGAIN = re.compile(r"了?，?(?:可|但|没多久|过一?会儿?|一会儿?|后来|今天|昨天|现在|就|接着)*又")
_STILL_SO = re.compile(r"^(?:我|他|她|就|也|反正)*(?:还|一直|照样|仍)")
_SPEECH = re.compile(r"[说讲话]|口齿|舌头")
_THIRD_PERSON = re.compile(r"患者|老人|他|她|病人|老爷子|老太太|家属|[我俺](?:妈|爸|爹|娘|老伴|公公|婆婆)")


def _since(old: re.Match[str], before: str) -> bool:
    """出院那天起, 上次住院之后就, 原来好好的: from then on, until now."""
    if _WELL_THEN.search(before, old.end()):
        return True
    return old.group().startswith(("上", "出院", "手术", "回")) and bool(_SINCE.match(before, old.end()))


class StatusReader:
    """Applies the cues in order of certainty; the first that fits decides."""

    def __init__(self, cues: CuePatterns) -> None:
        self._cues = cues
        self._denials = DenialReader(cues)
        self._suppositions = SuppositionReader(cues)
        self._frames = FrameReader(cues)

    def judge(self, here: Around, core: tuple[int, int], kind: str, context: ReadingContext) -> Judged:
        """The status of the span of `here`. `core` is the sensation within it; `kind` symptom or disease."""
        if kind != DISEASE and _DISEASE_NAME.search(here.inside):
            kind = DISEASE
        return (
            self._named(here)
            or self._contrasted(here)
            or self._denials.judge(here, core, kind)
            or self._suppositions.judge(here, core, kind)
            or self._frames.judge(here, core)
            or self._others(here, context)
            or self._doubted(here, kind)
            or self._less(here)
            or self._steady(here)
            or self._mild(here, self._when(here, context.question))
        )

    def _named(self, here: Around) -> Judged | None:
        rest = here.text[here.end : here.clause[1]]
        listed = here.masked.startswith(SPOT, here.end)  # 高血压糖尿病 is no name of a sugar
        if (self._cues.name_after.match(rest) and not listed) or _DRUG_TAIL.match(rest):
            return Judged(Status.NOT_ASSERTED, "是药名、检查或手术的一部分，不是症状")
        if len(here.inside) == 1 and here.text[: here.start].endswith("退"):
            return self._fever_gone(here, here.start - 1)
        if _GONE_INSIDE.match(here.inside):
            return self._fever_gone(here, here.start)
        if here.inside == "痰" and here.text[: here.start].endswith("化"):
            return Judged(Status.NOT_ASSERTED, "是药名或治疗的一部分，不是症状")
        if len(here.inside) <= 2 and self._cues.name_before.search(here.text[: here.start]):
            return Judged(Status.NOT_ASSERTED, "是药名或治疗的一部分，不是症状")
        return None

    def _fever_gone(self, here: Around, start: int) -> Judged:
        if _STILL_FEVER.search(here.text[:start]):
            return Judged(Status.PRESENT, "烧没有退")
        if _TO_COOL.search(here.text[:start]) and not here.text.startswith("了", here.end):
            return Judged(Status.PRESENT, "在问怎么退烧：还烧着")
        return Judged(Status.DENIED, "烧退了")

    def _contrasted(self, here: Around) -> Judged | None:
        """我老姐姐拉黑便，我倒没有; 我妈有高血压，我会不会也得: the speaker sets himself apart from whom he told of."""
        if not _BUT_I.match(here.text[here.end : here.sentence[1]]):
            return None
        before = here.text[here.sentence[0] : here.start]
        found = self._cues.who(before)
        told = before[found.end() :] if found else ""
        if found is None or _FIRST_OTHER.search(told) or self._cues.reports.match(told):
            return None
        return Judged(Status.OTHER_PERSON, f"说的是别人（{found.group()}），自己没有")

    def _others(self, here: Around, context: ReadingContext) -> Judged | None:
        before = here.text[here.sentence[0] : here.start]
        if context.question and _THIRD_PERSON.search(context.question):
            return None
        found, parent = last_match(self._cues.others, before), None
        if found is None and context.question:
            found = parent = last_match(self._cues.parents, before)
        if found is None or _WITH.search(before[: found.start()]) or _FIRST_OTHER.search(before[found.end() :]):
            return None
        if _HELPS.match(here.text[found.end() + here.sentence[0] :]):
            return None
        if self._cues.reports.match(before[found.end() :]):
            return None
        if context.caregiver and self._cues.kin.search(found.group()):
            return None
        when = self._when(here, context.question)
        acute = _HOUSEHOLD.search(found.group()) and _JUST_NOW.search(here.text[here.sentence[0] : here.sentence[1]])
        kin = bool(parent or acute) and (when.status is Status.PRESENT or when.recent)
        return Judged(Status.OTHER_PERSON, f"说的是别人（{found.group()}）", kin=kin)

    def _doubted(self, here: Around, kind: str) -> Judged | None:
        cues = self._cues
        before = here.before
        if _WHICH.search(before) and "还是" in here.text[here.clause[0] : here.clause[1]]:
            return Judged(Status.UNCERTAIN, "在问到底是哪一种")
        if kind == DISEASE:
            found = cues.uncertain_before.search(before)
            rest = here.text[here.end : here.clause[1] + 1]
            if _CAUSES.match(rest) and not _NOT_SURE.search(before):
                return None
            if found and (not _PLAIN_IS.match(found.group()) or ASKS.search(rest)):
                return Judged(Status.UNCERTAIN, "只是怀疑或在问")
            rest = here.text[here.end : here.clause[1]]
            asked = _HAVE_IT.search(here.text[here.near : here.start]) and _ASKED_TAIL.match(here.text[here.end :])
            if asked or cues.uncertain_after.match(rest) or before.endswith("还是"):
                return Judged(Status.UNCERTAIN, "只是怀疑")
            return None
        rest = here.text[here.end : here.clause[1]]
        if cues.unknown_after.match(rest) or _UNKNOWN.fullmatch(rest):
            return Judged(Status.UNCERTAIN, "自己也说不清")
        alone = here.start == here.clause[0] and here.end == here.clause[1]
        if alone and here.text[here.end : here.end + 1] in ("?", "？"):
            return Judged(Status.UNCERTAIN, "只是重复了一遍，在问")
        if _HAVE_IT.search(here.text[here.near : here.start]) and here.text[here.end :].lstrip("了的")[:1] in _ASKING:
            return Judged(Status.UNCERTAIN, "在问有没有")
        if _IS_IT.search(here.text[: here.start]) and QUESTION_TAIL.match(here.text[here.end :]):
            return Judged(Status.UNCERTAIN, "在问是不是")
        if cues.doubt_before.search(before) and not _HOW_IT_CAME.search(here.text[here.near : here.start]):
            return Judged(Status.UNCERTAIN, "自己也不确定，或在问")
        return None

    def _when(self, here: Around, question: str) -> Judged:
        """Present or past. 疼过 answers a question about the days since discharge with a yes of these days."""
        cues = self._cues
        before = here.text[here.clause[0] : here.start]
        after = here.text[here.end : here.clause[1]]
        recent = bool(cues.recent.search(here.text[here.sentence[0] : here.start]))
        rest = here.text[here.end : here.sentence[1]]
        if _LONG_OVER.match(rest):
            return Judged(Status.PAST, "说是以前的事")
        if _RELIEVED.search(here.inside):
            return Judged(Status.PAST, "说后来缓过来了", recent=True)
        if cues.healed_after.match(here.after) and not question_tail(here, 0):
            return Judged(Status.PAST, "说已经好了", recent)
        gone = cues.now_gone.search(rest)
        if gone and not _AGAIN.match(rest[gone.end() :]) and not cues.still_now.search(before):
            if _BY_REST.search(rest[: gone.end()]) and _BROUGHT_ON.search(before):
                return Judged(Status.PRESENT, "活动就有、歇下就好：还会再犯")
            told_long_ago = cues.past_before.search(before) or _AGO.search(before)
            at_times = _COMES_BACK.search(before) and not told_long_ago
            if at_times and gone.group().startswith("就"):  # 有时候堵得慌，叹口气就好了
                return Judged(Status.PRESENT, "时有时无：还会再犯")
            episode = not told_long_ago and _BRIEFLY.search(rest[: gone.end()]) is not None
            return Judged(Status.PAST, "以前有，现在好了", recent or episode)
        if here.inside.startswith("前") and not _DONE.search(before):  # the 前 of 手术前 taken for that of 前胸
            before += "前"
        old = cues.past_before.search(before) or _AGO.search(before)
        if not old and cues.recent.search(here.inside):  # 夜里憋醒过
            recent = True
        if after.startswith("过") and not after.startswith(("过敏", "过来", "过去", "过得", "过一会")):
            return Judged(Status.PAST, "说的是以前有过", recent or (not old and bool(_ABOUT_NOW.search(question))))
        if old and not cues.still_now.search(before[old.end() :] + here.inside + after) and not _since(old, before):
            return Judged(Status.PAST, f"说的是以前（{old.group()}）", recent and not _AGO.search(before))
        once = _ONCE.search(before) and not recent and not _ABOUT_NOW.search(question)
        return Judged(Status.PRESENT, "直接说有", doubt="说的是有一回：要问清是哪天的事" if once else "")

    def _less(self, here: Around) -> Judged | None:
        cues = self._cues
        if "比" in here.inside or _MORE_THAN.search(here.before):  # 一条腿比另一条粗好多, 比昨天疼好多: more
            return None
        ahead = here.text[here.end : here.end + _LESS_REACH]
        if cues.less_before.search(here.before) or cues.less_inside.search(here.inside) or cues.less_after.match(ahead):
            return Judged(Status.PRESENT, "说比以前轻，但还有", manner=Manner.LESS)
        return None

    def _steady(self, here: Around) -> Judged | None:
        """What a patient went home with is no new stroke: 大舌头，跟出院的时候一样. Nothing may say that it grew, and
        what is steady must be this finding: 伤口跟出院时一样，左手没劲 is a stroke."""
        cues = self._cues
        clause, (begin, end) = here.text[here.clause[0] : here.clause[1]], here.sentence
        rest = cues.nothing_new.sub("", here.text[here.end : end])
        if cues.worse.search(here.text[here.clause[0] : here.start] + rest):
            return None
        if cues.nothing_new.search(here.text) and cues.still_there.search(clause) and not clause.endswith("了"):
            return Judged(Status.PRESENT, "说没有新的", manner=Manner.STEADY)
        ahead = here.masked[here.clause[0] : here.start]
        before = cues.steady_before.search(ahead)
        of_this = before and not _ANOTHER.search(ahead[: before.start()])
        told = here.text[begin : here.clause[0]]
        lead = cues.steady_lead.fullmatch(told) or (cues.as_ever_lead.fullmatch(told) and _STILL_SO.match(ahead))
        if of_this or lead or cues.steady_after.match(rest):
            return Judged(Status.PRESENT, "说和以前一样", manner=Manner.STEADY)
        his_speech = _SPEECH.search(here.inside) and _THIRD_PERSON.search(here.text[begin : here.start])
        if his_speech and cues.speaks_for.match(rest):  # 他说话不利索，我来说吧
            return Judged(Status.PRESENT, "家属说明为什么代他说", manner=Manner.STEADY)
        return None

    def _mild(self, here: Around, judged: Judged) -> Judged:
        """刀口有点红, 上楼有点喘: a little, with nothing in the sentence that makes it more."""
        cues = self._cues
        mild = cues.mild_before.search(here.before) or cues.mild_inside.search(here.inside)
        if judged.status is not Status.PRESENT or not mild or cues.not_mild.search(_NO_WORSE.sub("", here.text)):
            return judged
        on_effort = cues.on_effort.search(here.text[here.clause[0] : here.clause[1]]) is not None
        manner = Manner.MILD_ON_EFFORT if on_effort else Manner.MILD
        return replace(judged, reason="说只有一点", manner=manner)

    def to_be_asked(self, here: Around, judged: Judged, concept: Concept, context: ReadingContext) -> Judged:
        """What may be pain, or left of the last stroke, is asked about before it is taken for a palsy."""
        if concept.pain_mimics:
            judged = self._for_pain(here, judged)
        return self._as_it_was(here, judged, context.question) if concept.id in context.asked else judged

    def _as_it_was(self, here: Around, judged: Judged, question: str) -> Judged:
        """手还是没劲, asked whether anything has come suddenly: the weakness of the last stroke or a new one?"""
        known = judged.manner in (Manner.STEADY, Manner.LESS) or judged.doubt
        if judged.status is not Status.PRESENT or known or not _ASKS_FOR_NEW.search(question):
            return judged
        told = here.text[here.sentence[0] : here.sentence[1]]
        if not _STILL.search(here.text[here.clause[0] : here.start] + here.inside) or self._cues.worse.search(told):
            return judged
        return replace(judged, doubt="可能是上次留下的：问清有没有加重")

    def _for_pain(self, here: Around, judged: Judged) -> Judged:
        """胳膊疼得抬不起来: what hurts too much to move is asked again before it is taken for a palsy."""
        told = here.text[here.clause[0] : here.sentence[1]]
        hurts = judged.status is Status.PRESENT and self._cues.for_pain.search(told)
        return replace(judged, doubt="也可能是疼得动不了") if hurts else judged
