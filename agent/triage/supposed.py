"""Whether a finding is only supposed: a condition, a worry, hearsay, what something may bring about."""

import re

from agent.model.finding import Status
from agent.triage.content import DISEASE
from agent.triage.cues import PART, SPOT, CuePatterns, last_match
from agent.triage.judged import ASKS, Judged
from agent.triage.surroundings import Around

_WHAT_IS = re.compile(
    r"(?:什么叫|怎么叫|啥叫|什么是|啥是|(?:什么|啥|怎么|怎样|几度|多少|多高|多久)[^，。]{0,3}(?:才?算是?|叫做?|才是))$"
)
_SO_MUCH = re.compile(r"(?:吓|心|忧|害怕)得(?:我|他|她|人|自己|都|直|又)*$")  # 吓得胸口疼
_WHAT_LIKE = re.compile(r"^是(?:个|一个)?(?:什么|啥)样")
_HOW_TO_TELL = re.compile(r"(?:怎么|如何|怎样|什么仪器|什么检查)[^，。]*(?:确诊|判断|知道|诊断)[^，。]{0,4}$")
_CONSEQUENCE = re.compile(r"(?<=..)(?:就|便|会)[^，。]{0,4}$")
_NEVERTHELESS = re.compile(r"^(?:哪怕|即使|即便|就算)")
_TALKED_OF = re.compile(
    rf"^(?:的话|的患者|的病人|这种病|这个病)?，?(?:一般|通常|上午|晚上|也|都|就|还)*(?:会不会|会|能|容易)(?:也|都|一直|经常|有|出现|引起|引发|导致|造成|伴有|影响)*"
    rf"(?:{SPOT}|{PART}|传染|遗传|复发|转移|癌变|致命|要命)[^，。？！]{{0,8}}(?:吗|么|不|呢|[？])"
)
_HANDED_ON = re.compile(r"遗传|传染")  # 会遗传给孩子吗
_OWN = re.compile(r"我|自己|本人|孩子|宝宝|小孩|娃|他|她|这|得了|有了|查出|诊断|确诊|现在|已经")
_HEARSAY = re.compile(
    r"(?:(?:网上|网站|百度|说明书|听说|电视|书上|新闻|手机上|不是说)[^，。]{0,6}|(?:有人|人家|别人|都)[^，。]{0,2}(?:说|讲))"
    rf"[^，。]{{0,4}}(?:会|能|容易|可以)(?:引起|导致|造成|有|出现)?(?:{SPOT}|{PART}|的)*$"
)
_ILLNESS = r"(?:炎|癌|瘤|结核|梗|病|症|流感|肺气肿|结石|性病|梅毒|疱疹|中风|脑出血)"
_TOPIC_MAY = re.compile(
    rf"^(?:[^，。我他她你您]{{0,6}}){_ILLNESS}[^，。我他她]{{0,4}}(?:也|都|就|一般|通常|容易)*(?:会|能|是|可以)[^，。]{{0,2}}$"
)
_TOPIC_IF = re.compile(
    rf"(?:^|[，。！？])(?:如果|要是|假如)?(?:是|得了|有)?[^，。我他她]{{0,6}}{_ILLNESS}的话，?[^，。现在我]{{0,4}}$"
)
_MUST_IT = re.compile(r"^(?:是)?(?:必须|一定|非得|非要)(?!了)[^，。]{1,8}(?:吗|么|吧|[？?])|^是[^，。]{1,4}还是")
_ALSO_GET = re.compile(r"会(?:不会)?(?:得|是|有|感染|传染|变成|转成)[^，。]{1,6}(?:吗|么|和|或|、)$")
_MAY_IT = re.compile(r"会(?:一直|也|有|得|再|很|长|出现)*$")
_MAY_ALL_BE = re.compile(rf"^(?:[{SPOT}{PART}和跟与、]|什么的)*(?:都|也)?(?:是)?有可能")
_IS_IT_THIS = re.compile(r"会不会$|(?:是不是|会不会是?)(?:因为|由于)[^，。？]*的$")
_CLAUSE_ASKS = re.compile(r"(?:吗|么|是吧)[？?，,。]?$|[？?]$")
_WHY = re.compile(r"为什么|怎么|为啥|咋")
_SURELY = re.compile(r"(?:肯定|必然|当然)会$")
_WHENEVER = re.compile(r"一(?!定)|每|只要|天天|总|老")
_HABIT = re.compile(r"(?:就|都|也|时|有时|偶尔|经常|总|老|还|才|候|便|后)会$")

_HAPPENED = ("了", "引起的", "导致的", "造成的", "诱发的")  # 支架会不会堵了胸口疼, 是不是贫血引起的头晕


class SuppositionReader:
    """What is talked about without being had."""

    def __init__(self, cues: CuePatterns) -> None:
        self._cues = cues

    def judge(self, here: Around, core: tuple[int, int], kind: str) -> Judged | None:
        """Supposed, feared, heard of or asked about; None when it is none of these."""
        cues = self._cues
        clause_before = here.before
        if kind == DISEASE and _MAY_ALL_BE.match(here.after):
            return Judged(Status.UNCERTAIN, "只说有可能")
        supposed = last_match(cues.hypothetical_before, clause_before)
        if supposed and not self._follows(here, core, kind, supposed):
            return Judged(Status.HYPOTHETICAL, "是假设（如果、要是、万一）")
        if cues.hypothetical_after.match(here.after):
            return Judged(Status.HYPOTHETICAL, "是假设（……的话）")
        if cues.purpose_before.search(clause_before):
            return Judged(Status.NOT_ASSERTED, "说的是预防、筛查或副作用，不是已经有")
        if _WHAT_IS.search(here.text[here.near : here.start]) or _WHAT_LIKE.match(here.text[here.end :]):
            return Judged(Status.NOT_ASSERTED, "在问这是什么意思")
        if kind == DISEASE and _HOW_TO_TELL.search(here.text[here.near : here.start]):
            return Judged(Status.NOT_ASSERTED, "在问怎么判断")
        if kind == DISEASE and cues.mistaken_before.search(clause_before):
            return Judged(Status.DENIED, "以为是，其实不是")
        if self._topic(here, kind):
            return Judged(Status.HYPOTHETICAL, "是在打听这种病，不是说自己")
        if cues.uncertain_before.search(clause_before) and "是" in clause_before[-3:]:
            return self._feared(here, kind)
        return self._may_bring(here, kind) or self._worried(here, kind)

    def _feared(self, here: Around, kind: str) -> Judged | None:
        """担心是肺炎: a guess of their own. A symptom that is feared to be there is judged like any other."""
        if kind == DISEASE and self._cues.worry_before.search(here.before):
            return Judged(Status.UNCERTAIN, "担心是，没有确定")
        return None

    def _may_bring(self, here: Around, kind: str) -> Judged | None:
        """Asked or told as what something may bring about."""
        cues, clause_before = self._cues, here.before
        if _HEARSAY.search(clause_before):
            return Judged(Status.NOT_ASSERTED, "是听说或书上写的，不是自己有")
        effect = cues.effect_before.search(clause_before)
        if kind != DISEASE and here.text[: here.start].endswith(_HAPPENED):
            effect = None
        if kind == DISEASE and ASKS.search(here.text[here.end : here.clause[1] + 1]):
            effect = effect or cues.effect_disease_before.search(clause_before)
        if effect and kind == DISEASE and _IS_IT_THIS.search(clause_before):
            return Judged(Status.UNCERTAIN, "在问会不会是，没有确定")
        if effect and ASKS.search(_sentence(here)) and not _HABIT.search(clause_before):
            return Judged(Status.HYPOTHETICAL, "在问会不会引起，不是已经有")
        if self._asks_what_may_come(here):
            return Judged(Status.HYPOTHETICAL, "在问会不会，不是已经有")
        return None

    @staticmethod
    def _topic(here: Around, kind: str) -> bool:
        """流感是高烧还是低烧, 结核上午也会低烧吗, 肿瘤的话血迹会是少量的吗: an illness as the topic of a question."""
        before, after = here.text[here.near : here.start], here.text[here.end : here.clause[1] + 1]
        asks = _CLAUSE_ASKS.search(here.text[here.start : here.sentence[1] + 1].rstrip(" 。"))
        if kind == DISEASE and _ALSO_GET.search(before):
            return True
        if kind == DISEASE and not _OWN.search(before) and _MUST_IT.match(after):
            return True
        return bool(asks or "还是" in after) and bool(_TOPIC_MAY.match(before) or _TOPIC_IF.search(before))

    def _worried(self, here: Around, kind: str) -> Judged | None:
        cues = self._cues
        if cues.worry_before.search(here.before) and (kind == DISEASE or not self._from_fear(here)):
            return Judged(Status.NOT_ASSERTED, "是担心，没有说已经有")
        if kind == DISEASE and self._talked_of(here):
            return Judged(Status.HYPOTHETICAL, "是在打听这种病")
        asked = cues.general_question.match(here.text[here.end : here.sentence[1]])
        if asked and (kind == DISEASE or "意思" in asked.group() or "区别" in asked.group()):
            return Judged(Status.NOT_ASSERTED, "是在打听这种病")
        return None

    @staticmethod
    def _from_fear(here: Around) -> bool:
        """吓得胸口疼 is felt; 吓得差点晕过去 is a way of speaking."""
        return _SO_MUCH.search(here.before) is not None and not here.inside.startswith(("差", "快", "要"))

    @staticmethod
    def _follows(here: Around, core: tuple[int, int], kind: str, cue: re.Match[str]) -> bool:
        """要是走快了就喘, 如果累了胸口会闷: what follows from a condition that does occur is felt, not supposed."""
        if kind == DISEASE:
            return False
        led = here.masked[here.near + cue.end() : core[0]]
        if "也" in led and _NEVERTHELESS.match(cue.group()):  # 哪怕坐着不动也喘
            return not _CLAUSE_ASKS.search(here.text[core[1] : here.clause[1] + 1])
        found = _CONSEQUENCE.search(led)
        if found is None and "会" not in led:
            return False
        asked = _CLAUSE_ASKS if found and not found.group().startswith("会") else ASKS
        return not asked.search(here.text[core[1] : here.clause[1] + 1])

    @staticmethod
    def _talked_of(here: Around) -> bool:
        """阑尾炎会疼吗, 肺结核能传染吗: a disease as the topic of a question, nobody's own."""
        if here.text[here.clause[0] : here.start].strip() or _OWN.search(here.text[here.sentence[0] : here.start]):
            return False
        rest = here.masked[here.end : here.sentence[1] + 1]
        return bool(_TALKED_OF.match(rest)) and not (_OWN.search(rest) and not _HANDED_ON.search(rest))

    def _asks_what_may_come(self, here: Around) -> bool:
        """气血虚会脱发吗, 要是脑出血会一直疼是吧, 破了肯定会出血: asked or reckoned with, not told."""
        before = here.text[here.near : here.start]
        clause = here.text[here.end : here.clause[1] + 1]
        if _SURELY.search(before) and not _WHENEVER.search(before):
            return True
        if not _MAY_IT.search(before) or not _CLAUSE_ASKS.search(clause.strip()) or _WHY.search(before):
            return False
        return not _HABIT.search(before)


def _sentence(here: Around) -> str:
    return here.text[here.sentence[0] : here.sentence[1] + 1]
