"""How a finding is meant: present, denied, past, and why. Reads the words around it, clause by clause."""

import re
from dataclasses import dataclass

from agent.model.finding import Status
from agent.model.reading_context import ReadingContext
from agent.triage.content import DISEASE
from agent.triage.cues import PART, SPOT, CuePatterns
from agent.triage.surroundings import Around

_NEGATED_INSIDE = re.compile(
    r"(?:都|也|倒|倒是|一点|是|并|还|就|好像|暂时|现在)?(?:不|没|没有|无|未)(?:是|怎么|太|会|再|在|大|有|很|觉得|感觉|算)*$"
)
_ASKS = re.compile(r"[?？]|吗|呢$|么$|怎么|什么|是不是|会不会|有没有|多久|哪")
_QUESTION_TAIL = re.compile(r"^(?:了|的|啊|过)?(?:[？?]|吗|么|吧)")
_DRUG_TAIL = re.compile(
    r"^(?:(?![吃喝用有是可])[\u4e00-\u9fff]){0,4}(?:颗粒|糖浆|胶囊|口服液|合剂|冲剂|滴丸|喷雾|软膏)"
)
_CAUSES = re.compile(r"^(?:引起|导致|造成|的原因)")
_PLAIN_IS = re.compile(r"^这?是(?!不是|否)")
_IS_IT = re.compile(r"(?:^|[，。！？,.!?\s这那还])(?:是|算|叫)$")
_PREDICATE = re.compile(r"(?:都|很|有点|特别|就|会|还|又|老|总)$")
_DISEASE_NAME = re.compile(r"(?:炎|癌|瘤|病|结石|息肉|囊肿|感染|综合征|过敏|溃疡)$")
_UNSURE_NOT = re.compile(r"(?:觉得|感觉|应该|可能|估计|好像)[^，。]{0,3}不(?:是|像)$")
_WHAT_IS = re.compile(r"(?:什么叫|怎么叫|啥叫|什么是|啥是)$")
_HOW_TO_TELL = re.compile(r"(?:怎么|如何|怎样|什么仪器|什么检查)[^，。]*(?:确诊|判断|知道|诊断)[^，。]{0,4}$")
_MAY_IT = re.compile(r"会(?:一直|也|有|得|再|很|长|出现)*$")
_CLAUSE_ASKS = re.compile(r"(?:吗|么|是吧)[？?，,。]?$|[？?]$")
_WHY = re.compile(r"为什么|怎么|为啥|咋")
_ABOUT_NOW = re.compile(r"出院|这几天|这两天|这些天|最近|近来|近期|今天|昨天|这周|这星期|回家|夜里|晚上|上次联系")
_SURELY = re.compile(r"(?:肯定|必然|当然)会$")
_WHENEVER = re.compile(r"一(?!定)|每|只要|天天|总|老")
_HABIT = re.compile(r"(?:就|都|也|时|有时|偶尔|经常|总|老|还|才|候|便|后)会$")
_GONE_INSIDE = re.compile(r"^退(?:烧|热)")
_STILL_FEVER = re.compile(r"(?:不|没|未|没有|不能|退不了|反复|老不|总不|不见|还没|没法|不怎么|也不|都不)$")
_AGO = re.compile(r"(?:\d+|[一二三四五六七八九十几两多好半]+)(?:多|几)?(?:年|个月|个多月)(?:多|之)?(?:以|之)?前")
_FIRST_OTHER = re.compile(r"我|自己|本人|孩子|宝宝|患者|病人")
_WITH = re.compile(r"(?:跟|和|与|给|对|向|让|被|男|女|陪)(?:我的?|他的?)?$")
_THIRD_PERSON = re.compile(r"患者|老人|他|她|病人|老爷子|老太太|家属")


@dataclass(frozen=True, slots=True)
class Judged:
    """`recent` marks a past finding of the last days: an alarm may still be due. `kin`: a parent of the speaker has it
    now, and the speaker may be the patient's child."""

    status: Status
    reason: str
    recent: bool = False
    kin: bool = False


class StatusReader:
    """Applies the cues in order of certainty; the first that fits decides."""

    def __init__(self, cues: CuePatterns) -> None:
        self._cues = cues

    def judge(self, here: Around, core: tuple[int, int], kind: str, context: ReadingContext) -> Judged:
        """The status of the span of `here`. `core` is the sensation within it; `kind` symptom or disease."""
        if kind != DISEASE and _DISEASE_NAME.search(here.inside):
            kind = DISEASE
        for step in (self._named, self._denied, self._supposed, self._others):
            judged = step(here, core, kind, context)
            if judged is not None:
                return judged
        judged = self._doubted(here, kind)
        return judged or self._when(here, context.question)

    def _named(self, here: Around, core: tuple[int, int], kind: str, context: ReadingContext) -> Judged | None:
        rest = here.text[here.end : here.clause[1]]
        if self._cues.name_after.match(rest) or _DRUG_TAIL.match(rest):
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
        return Judged(Status.DENIED, "烧退了")

    def _denied(self, here: Around, core: tuple[int, int], kind: str, context: ReadingContext) -> Judged | None:
        cues = self._cues
        before = here.before
        gap = here.text[here.start : core[0]]
        if gap and _NEGATED_INSIDE.search(gap):
            if cues.double_negation.search(gap):
                return None
            return Judged(Status.DENIED, f"「{here.inside}」里带否定")
        if cues.double_negation.search(before):
            return Judged(Status.PRESENT, "双重否定，等于有")
        if self._a_not_a(here, core):
            return Judged(Status.UNCERTAIN, "是问句，没有说有")
        if _UNSURE_NOT.search(here.text[here.near : here.start]):
            return Judged(Status.UNCERTAIN, "自己觉得不是，没有把握")
        if cues.question_before.search(before) and not cues.negation_next.search(before[-2:]):
            return None
        found = cues.negation_list.search(before) or cues.negation_next.search(before)
        if found:
            if self._question_tail(here, 0) and not cues.negation_list.search(before):
                return Judged(Status.UNCERTAIN, "在问是不是没有了")
            return Judged(Status.DENIED, f"前面有否定「{_plain(here, found)}」")
        return self._denied_after(here, core)

    def _denied_after(self, here: Around, core: tuple[int, int]) -> Judged | None:
        cues = self._cues
        echo = cues.echo_denied.match(here.text[here.end : here.clause[1]])
        if echo and here.text[here.end + echo.end() :][:1] in here.text[core[0] : core[1]]:
            return Judged(Status.DENIED, "后面接着否定")
        if _PREDICATE.search(here.before) and here.after[:1] in (SPOT, PART):
            return None
        gone = cues.gone_after.match(here.after) or cues.gone_after_list.match(here.after_sentence)
        if gone is None:
            return None
        if self._question_tail(here, gone.end()):
            return Judged(Status.UNCERTAIN, "在问还有没有")
        return Judged(Status.DENIED, f"后面说「{here.text[here.end : here.end + gone.end()].strip()}」")

    def _a_not_a(self, here: Around, core: tuple[int, int]) -> bool:
        word = here.text[core[0] : core[1]]
        left, right = here.text[: core[0]], here.text[core[1] :]
        return (left.endswith((f"{word}不", f"{word[:1]}不")) and not left.endswith(f"是{word}不")) or right.startswith(
            f"不{word}"
        )

    def _question_tail(self, here: Around, length: int) -> bool:
        """真的没有吗, 疼没有？: a question after all."""
        return bool(_QUESTION_TAIL.match(here.text[here.end + length : here.sentence[1] + 1]))

    def _supposed(self, here: Around, core: tuple[int, int], kind: str, context: ReadingContext) -> Judged | None:
        cues = self._cues
        clause_before = here.before
        supposed = _last(cues.hypothetical_before, clause_before)
        if supposed and not (kind != DISEASE and "会" in clause_before[supposed.end() :]):
            return Judged(Status.HYPOTHETICAL, "是假设（如果、要是、万一）")
        if cues.hypothetical_after.match(here.after):
            return Judged(Status.HYPOTHETICAL, "是假设（……的话）")
        if cues.uncertain_before.search(clause_before) and "是" in clause_before[-3:]:
            return None
        effect = cues.effect_before.search(clause_before)
        if kind == DISEASE and _ASKS.search(here.text[here.end : here.clause[1] + 1]):
            effect = effect or cues.effect_disease_before.search(clause_before)
        if effect and _ASKS.search(_sentence(here)) and not _HABIT.search(clause_before):
            return Judged(Status.HYPOTHETICAL, "在问会不会引起，不是已经有")
        if self._asks_what_may_come(here):
            return Judged(Status.HYPOTHETICAL, "在问会不会，不是已经有")
        if _WHAT_IS.search(here.text[here.near : here.start]):
            return Judged(Status.NOT_ASSERTED, "在问这是什么意思")
        if kind == DISEASE and _HOW_TO_TELL.search(here.text[here.near : here.start]):
            return Judged(Status.NOT_ASSERTED, "在问怎么判断")
        if cues.worry_before.search(clause_before):
            return Judged(Status.NOT_ASSERTED, "是担心，没有说已经有")
        asked = cues.general_question.match(here.text[here.end : here.sentence[1]])
        if asked and (kind == DISEASE or "意思" in asked.group() or "区别" in asked.group()):
            return Judged(Status.NOT_ASSERTED, "是在打听这种病")
        return None

    def _asks_what_may_come(self, here: Around) -> bool:
        """气血虚会脱发吗, 要是脑出血会一直疼是吧, 破了肯定会出血: asked or reckoned with, not told."""
        before = here.text[here.near : here.start]
        clause = here.text[here.end : here.clause[1] + 1]
        if _SURELY.search(before) and not _WHENEVER.search(before):
            return True
        if not _MAY_IT.search(before) or not _CLAUSE_ASKS.search(clause.strip()) or _WHY.search(before):
            return False
        return not _HABIT.search(before)

    def _others(self, here: Around, core: tuple[int, int], kind: str, context: ReadingContext) -> Judged | None:
        before = here.text[here.sentence[0] : here.start]
        if context.question and _THIRD_PERSON.search(context.question):
            return None
        found, parent = _last(self._cues.others, before), None
        if found is None and context.question:
            found = parent = _last(self._cues.parents, before)
        if found is None or _WITH.search(before[: found.start()]) or _FIRST_OTHER.search(before[found.end() :]):
            return None
        if self._cues.reports.match(before[found.end() :]):
            return None
        if context.caregiver and self._cues.kin.search(found.group()):
            return None
        when = self._when(here, context.question)
        kin = parent is not None and (when.status is Status.PRESENT or when.recent)
        return Judged(Status.OTHER_PERSON, f"说的是别人（{found.group()}）", kin=kin)

    def _doubted(self, here: Around, kind: str) -> Judged | None:
        cues = self._cues
        before = here.before
        if kind == DISEASE:
            found = cues.uncertain_before.search(before)
            rest = here.text[here.end : here.clause[1] + 1]
            if _CAUSES.match(rest) and "会不会" not in before:
                return None
            if found and (not _PLAIN_IS.match(found.group()) or _ASKS.search(rest)):
                return Judged(Status.UNCERTAIN, "只是怀疑或在问")
            rest = here.text[here.end : here.clause[1]]
            if cues.uncertain_after.match(rest) or before.endswith("还是"):
                return Judged(Status.UNCERTAIN, "只是怀疑")
            return None
        if cues.unknown_after.match(here.text[here.end : here.clause[1]]):
            return Judged(Status.UNCERTAIN, "自己也说不清")
        alone = here.start == here.clause[0] and here.end == here.clause[1]
        if alone and here.text[here.end : here.end + 1] in ("?", "？"):
            return Judged(Status.UNCERTAIN, "只是重复了一遍，在问")
        if _IS_IT.search(here.text[: here.start]) and _QUESTION_TAIL.match(here.text[here.end :]):
            return Judged(Status.UNCERTAIN, "在问是不是")
        if cues.doubt_before.search(before):
            return Judged(Status.UNCERTAIN, "自己也不确定，或在问")
        return None

    def _when(self, here: Around, question: str) -> Judged:
        """Present or past. 疼过 answers a question about the days since discharge with a yes of these days."""
        cues = self._cues
        before = here.text[here.clause[0] : here.start]
        after = here.text[here.end : here.clause[1]]
        recent = bool(cues.recent.search(here.text[here.sentence[0] : here.start]))
        rest = here.text[here.end : here.sentence[1]]
        if cues.healed_after.match(here.after) and not self._question_tail(here, 0):
            return Judged(Status.PAST, "说已经好了", recent)
        if cues.now_gone.search(rest) and not cues.still_now.search(before):
            return Judged(Status.PAST, "以前有，现在好了", recent)
        old = cues.past_before.search(before) or _AGO.search(before)
        if after.startswith("过") and not after.startswith(("过敏", "过来", "过去", "过得", "过一会")):
            return Judged(Status.PAST, "说的是以前有过", recent or (not old and bool(_ABOUT_NOW.search(question))))
        if old and not cues.still_now.search(before[old.end() :] + after):
            return Judged(Status.PAST, f"说的是以前（{old.group()}）", recent and not _AGO.search(before))
        return Judged(Status.PRESENT, "直接说有")


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _sentence(here: Around) -> str:
    return here.text[here.sentence[0] : here.sentence[1] + 1]


def _plain(here: Around, found: re.Match[str]) -> str:
    return here.text[here.near + found.start() : here.near + found.end()]
