"""Whether a finding is denied: by what stands before it, within it or behind it."""

import re

from agent.model.finding import Status
from agent.triage.content import DISEASE
from agent.triage.cues import PART, SPOT, CuePatterns
from agent.triage.judged import Judged, question_tail
from agent.triage.no_that_is_none import there_all_the_same
from agent.triage.surroundings import Around

_NEGATED_INSIDE = re.compile(
    r"(?:都|也|倒|倒是|一点|是|并|还|就|好像|暂时|现在)?(?:不|没|没有|无|未)(?:是|怎么|太|会|再|在|大|有|很|觉得|感觉|算|到|过|超过|升到|飙到|窜到)*$"
    r"|没有?(?:出|带|见|沾)(?:过|什么)?$"
)
_UNTIL = re.compile(r"等[^，。]{0,6}$")
_THEN = re.compile(r"^[^，。]{0,6}(?:再|就)(?!也)")
_PREDICATE = re.compile(r"(?:都|很|有点|特别|就|会|还|又|老|总)$")
_UNSURE_NOT = re.compile(r"(?:觉得|感觉|应该|可能|估计|好像)[^，。]{0,3}不(?:是|像)$")
_ANSWER_REACH = 24  # characters in which the answer to one's own question follows
_SAID_NO = re.compile(
    r"^[^，。！？]{0,6}(?:[，？、 ]|是吧|是吗|对吧|[吗么啊呀嘛呢])"
    r"(?:我|他|她)?(?:就|都|是|也)?(?:说|回|讲|答)?(?:也|都|倒|倒是|这个|这些|就|那)*"
    r"(?:没有|没|无|不是|不会)(?=[的啊呀了哦呢]|[，。！？]|$)"
)
_ECHOED = re.compile(  # 有时候会憋醒？没有
    r"^(?:了|的|过)?(?:[吗么嘛啊呀][？?，, ]?|[？?])(?:我|他|她|那|这|倒|倒是|从来|一直)*"
    r"(?:没有|没|不会|没得|哪有|不是|木有|没.过){1,3}[的啊呀了哦呢]*(?:[，。！、 ]|$|(?=[睡吃挺好都我很现走]))"
)
_ECHOED_BY_NAME = re.compile(  # 喘吗？不喘; 喘不喘，我不喘
    r"^(?:[不没].{1,2}?[，？, ]|(?:了|的)?(?:[吗么嘛啊呀][？?，, ]?|[？?]))(?:我|他|她|倒|也|都|一点)*"
    r"(?:不|没)(?:怎么|再)?(?P<core>.)"
)
_LISTED_NO = re.compile(
    r"^(?:症状|情况)?\s*(?:[：:＝=－—]\s*(?:无|没有|没|否|阴性|未见)"
    r"|[（(]\s*(?:[-－—]|阴性?|无)\s*[)）])"
)
_AFTER_PAUSE = re.compile(  # 胸口疼……倒是没有; 胸口疼，这个倒没有
    r"^[啊呀嘛呢]?(?:…+(?:嗯|呃)?|[，~ ]+(?:嗯|呃|哦)?(?:[这那][个种]?|我)?(?=倒|可|还真|真|确|的确|一直|从来))"
    r"(?:倒是|倒|可|还真|真|确实|的确|一直|从来)*(?:没有|没)过?[的了啊呀哦呢吧]*(?:[，。！；]|$)"
)
_IN_ONE_BREATH = re.compile(r"一[^，。]{1,4}就[^，。]{0,4}$")  # 一上楼就喘不过气来都没有: two answers run together
_ALL_NONE = re.compile(r"^[^，。]{0,3}都没")
_STOPPED_IT = re.compile(r"^(?:所以|就|，)?(?:[我他她]|自己|大夫|医生)?(?:就|自己|又)?(?:给|把)?[^，。]{0,6}停(?!下来)")
_BEFORE_IT = re.compile(r"^(?:了|完|过)?(?:之前|以前|前(?=[^，。面头后]|$))")
_TOLD_OF = re.compile(r"(?:[您你]们?|医生|大夫|护士|人家|电视上?)(?:刚才|刚)?[说讲问]的(?:那个|那种|这个|这种|什么)?$")
_I_NEVER = re.compile(
    r"^[^，。]{0,6}，?(?:我|俺)(?:从来|一直|倒|可|是)*没(?:有|犯|得|出现|发作|闹)?过?(?:[，。！的啊呢]|$)"
)
_UNLIKE = re.compile(
    r"^(?:的)?(?:表现|症状|样子|感觉|情况)?(?:也|都|倒)?"
    r"(?:不像|不太像|不怎么像|不大像|可能性不大|可能不大)"
)
_BUT = re.compile("倒|可")
_STATED = re.compile(
    "得|有点|有些|一直|老是|总是|总|很|挺|今天|昨|现在|这两天|这几天|就是|还是|又|了|偶尔|有时|时不时|经常|天天|一阵"
)
_NOTHING = re.compile("(?:(什么|啥)|别的|其他|其它|毛病|不舒服|不得劲|不好)$")
_AT_TIMES = re.compile("偶尔|有时|时不时|经常|一阵|老|总")
_BY_NIGHT = re.compile("夜里|半夜|晚上|早上|早晨")
_UNLESS = re.compile("^(?!一).{1,6}就")  # 没上楼就喘, 不躺下就憋
_SOON = re.compile("一会|一下|[两几三]")
_JUST = re.compile(
    f"(?:[{SPOT}]|别的|其他|其它|别个|啥|什么|特别的|大的).*"
    "(?:(?:就|光|只|主要)(?:是|有|剩下?)(?:有点|有些|有时候?|偶尔|一直)?|就有[点些]|就[那这]个|就)[啊呢那个 ]*$"
    f"|[{SPOT}][了过]? ?(?:有点|有些|有时候?|偶尔|老是?|总是?|一直|还是|又|现在)$"
)
_TOLD_OF_IT = re.compile("是|还|一直|老|总|又|得|很|挺|有[点些]|厉害|[一二三四五六两几好半\\d]+个?[天周月年]")
_NOT_THERE_BUT = re.compile(f"不是[{PART}]+[里那儿边]*(?:而|倒)?(?:就|就是|是)$")  # 不是肚子是胸口疼
_LIST_NO = re.compile("有|无|未|认|除|存|具|得|啥|什")
_TOLD_BY_ITSELF = (  # 气短嘛走快了还是有点; 气短倒是有
    rf"[嘛么呢啊呀吧]?[^，。！？不没{SPOT}]{{0,6}}?(?:倒|却|还|就|又|总|老|一直|也)?是?有(?:一?点|些|时候?|过)*[的了啊呢嘛呀]*(?:[，。！；]|$)"
)
_OF_THE_ONE_BEFORE = re.compile(f"[{SPOT}](?:倒|倒是|是)?(?:没有|没得|没)$")
_ILLNESS = re.compile("(?:高血压|高血脂|糖尿病|[心肺肝肾胃]病|[脏管血]病|炎|癌|瘤|结石|脑梗|心梗)$")  # 没高血压糖尿病
_BY_ITSELF = re.compile(f"^{_TOLD_BY_ITSELF}")
_NO_AND_THE_NEXT = re.compile(
    f"^(?:倒|倒是|是)?(?:没有|没得|没)[{SPOT}{PART}]+(?:{_TOLD_BY_ITSELF}|[也都更]没有?[的了啊呢嘛呀]*(?:[，。！；]|$))"
)
_KEPT_TO_ONESELF = re.compile("[说讲提告瞒]")
_NEVER_SO = re.compile("这么|这样")
_COMES_OUT = re.compile("[汗嚏涕嗝噜血脓泪痰]")  # what is there by coming: 虚汗不出, 喷嚏不打
_DOES_NOT_COME = re.compile(
    r"^(?:倒是|倒|也|都|就|现在|一直|已经)*(?:不(?:怎么|再|大|太)?|没(?:再|怎么)?)[出流打冒渗]"
    r"(?:了|过)?(?:[，。！？；、 啊呀的呢]|$)"
)
_ITS_SOUND = re.compile(
    "(?:的?(?:声音?|响声?|杂音)|音)(?:倒是|倒|也|都|就|是|现在|一直)*(?:没有?|无|听不[到见出]|没听[到见出])"
    "[的了啊呢]*(?:[，。！？； ]|$)"
)
_CANNOT = re.compile("[^没不别]*(?:[咳吐拉尿解排屙喘]不[出上下来]|不就)")  # 咳不出痰, 走两步不就喘了
_NO_NEGATION = re.compile(  # 差不多天天吐, 要不就跳楼, 这不就疼了; but 只要不疼就行
    "(?:差不多(?:会|就|都|也|要|每.{1,3}|天天)*|(?<![只需想])要不(?:然|是)?(?:我|就|干脆|索性|直接|还是)*|不就(?:是|又|直接|要|还)*)$"
)
_SET_APART = re.compile("[嘛么呢倒却]|[也都更]没")
_LEAST_CLAUSE = 3  # characters of a place and what it does: 胸口疼


class DenialReader:
    """Negation in all its places; double negation and questions are none."""

    def __init__(self, cues: CuePatterns) -> None:
        self._cues = cues

    def judge(self, here: Around, core: tuple[int, int], kind: str) -> Judged | None:
        """Denied, or a denial that is none; None when nothing denies it."""
        cues = self._cues
        before = here.before
        gap = here.text[here.start : core[0]]
        if there := there_all_the_same(here, core):
            return there
        if gap and _NEGATED_INSIDE.search(gap) and not _CANNOT.match(here.text[here.start : core[1]]):
            if cues.double_negation.search(before + gap):
                return None
            return Judged(Status.DENIED, f"「{here.inside}」里带否定")
        if told := cues.double_negation.search(before):
            return Judged(Status.PRESENT, _why_there(told.group()))
        if self._echoed(here):
            return Judged(Status.DENIED, "重复了问题，又说没有")
        if self._a_not_a(here, core):
            return Judged(Status.UNCERTAIN, "是问句，没有说有")
        if _UNSURE_NOT.search(here.text[here.near : here.start]):
            return Judged(Status.UNCERTAIN, "自己觉得不是，没有把握")
        if cues.question_before.search(before) and not cues.negation_next.search(before[-2:]):
            return self._answered_no(here)
        if _OF_THE_ONE_BEFORE.search(before) and _BY_ITSELF.match(here.after):
            return None
        found = cues.negation_list.search(before) or cues.negation_next.search(before)
        listed = kind == DISEASE and _ILLNESS.search(here.text[here.near : here.start])
        if found and (listed or not _begins_anew(here, found.group())):
            return self._negated(here, found)
        misheard = cues.misheard_not.search(here.text[here.near : core[0]])
        if misheard:
            doubt = f"「{misheard.group()}」像是「不」听错了，要问清"
            return Judged(Status.UNCERTAIN, "前面像是「不」字听错了", doubt=doubt)
        return self._denied_after(here, core, kind)

    def _negated(self, here: Around, found: re.Match[str]) -> Judged:
        if _BEFORE_IT.match(here.text[here.end :]) and "不" not in found.group():  # 不发烧以前吃过药: two sentences
            return Judged(Status.PRESENT, "说的是没有它之前：后来有了")
        if question_tail(here, 0) and not self._cues.negation_list.search(here.before):
            return Judged(Status.UNCERTAIN, "在问是不是没有了")
        if "这么" in here.inside and _plain(here, found).endswith("过"):
            return Judged(Status.PRESENT, "从没有过这么厉害：现在有")
        if found.group() in ("没", "不") and _UNLESS.match(here.inside):
            if _SOON.search(here.inside):
                return Judged(Status.PRESENT, "说没多久就有")
            doubt = "可能是说不用活动就有，也可能是说没有，要问清"
            return Judged(Status.UNCERTAIN, "没……就……，两种意思", doubt=doubt)
        return Judged(Status.DENIED, f"前面有否定「{_plain(here, found)}」")

    def _denied_after(self, here: Around, core: tuple[int, int], kind: str) -> Judged | None:
        cues = self._cues
        echo = cues.echo_denied.match(here.text[here.end : here.clause[1]])
        if echo and here.text[here.end + echo.end() :][:1] in here.text[core[0] : core[1]]:
            return Judged(Status.DENIED, "后面接着否定")
        if _TOLD_OF.search(here.text[here.near : here.start]) and _I_NEVER.match(
            here.text[here.end : here.sentence[1]]
        ):
            return Judged(Status.DENIED, "说的是您问的那个，自己没有")
        if _PREDICATE.search(here.before) and here.after[:1] in (SPOT, PART):
            return None
        if _LISTED_NO.match(here.text[here.end : here.sentence[1]]):
            return Judged(Status.DENIED, "后面写着没有")
        run_on = _NO_AND_THE_NEXT.match(here.after)
        if run_on and _SET_APART.search(run_on.group()):
            return Judged(Status.DENIED, "后面说没有")
        if run_on:  # 胸痛没有咳嗽还是有点: of which?
            return Judged(Status.UNCERTAIN, "后面说没有，又说还有", doubt="像是两句话连在一起，要问清")
        if _STOPPED_IT.match(here.text[here.end : here.clause[1]]):  # 浑身疼我给停了: the medicine
            return None
        if _AFTER_PAUSE.match(here.text[here.end : here.sentence[1]]):
            return Judged(Status.DENIED, "停了一下，说没有")
        if _ITS_SOUND.match(here.text[here.end : here.sentence[1]]):
            return Judged(Status.DENIED, "后面说没有这种声音")
        if _COMES_OUT.fullmatch(here.inside[-1:]) and _DOES_NOT_COME.match(here.text[here.end : here.sentence[1]]):
            return Judged(Status.DENIED, "后面说不出、不流、不打")
        return self._gone(here, core, kind)

    def _gone(self, here: Around, core: tuple[int, int], kind: str) -> Judged | None:
        cues = self._cues
        gone = cues.gone_after.match(here.after) or cues.gone_after_list.match(here.after_sentence)
        if gone is None and kind == DISEASE and _UNLIKE.match(here.text[here.end : here.clause[1]]):
            return Judged(Status.DENIED, "后面说不像")
        if gone is None:
            return None
        if question_tail(here, gone.end()):
            return Judged(Status.UNCERTAIN, "在问还有没有")
        if _IN_ONE_BREATH.search(here.text[here.near : here.start]) and _ALL_NONE.match(here.text[here.end :]):
            return Judged(Status.UNCERTAIN, "先说有，又接着说都没有", doubt="像是两句话连在一起，要问清")
        if _UNTIL.search(here.before) and _THEN.match(here.after[gone.end() :]):
            return Judged(Status.PRESENT, "说等它好了再做什么：现在还有")
        if _denies_another(here, core, kind, gone) or _contrasts(here, gone.group()):
            return None
        return Judged(Status.DENIED, f"后面说「{here.text[here.end : here.end + gone.end()].strip()}」")

    @staticmethod
    def _echoed(here: Around) -> bool:
        """The question said over, and then a no: 憋醒吗？没有."""
        ahead = here.text[here.end : here.end + _ANSWER_REACH]
        by_name = _ECHOED_BY_NAME.match(ahead)
        return _ECHOED.match(ahead) is not None or (by_name is not None and by_name["core"] in here.inside)

    @staticmethod
    def _answered_no(here: Around) -> Judged | None:
        """医生问有没有胸闷，我说没有: asked and answered in one breath."""
        if _SAID_NO.match(here.text[here.end : here.end + _ANSWER_REACH]):
            return Judged(Status.DENIED, "自己问了，又说没有")
        return None

    def _a_not_a(self, here: Around, core: tuple[int, int]) -> bool:
        """疼不疼 asks; 不疼不疼 says no twice."""
        word = here.text[core[0] : core[1]]
        left, right = here.text[: core[0]], here.text[core[1] :]
        if re.search(rf"[不没]{re.escape(word)}[不没]$", left) or (
            left[-1:] in ("不", "没") and right.startswith(left[-1] + word)
        ):
            return False
        doubled = (f"{word}不", f"{word[:1]}不", f"{word}没", f"{word[:1]}没")
        again = (f"不{word}", f"没{word}", f"不{word[-1]}")  # 大便黑不黑
        return (left.endswith(doubled) and not left.endswith(f"是{word}不")) or right.startswith(again)


def _why_there(negated: str) -> str:
    """Why words with a 没 or 不 before a finding tell of it all the same."""
    if _KEPT_TO_ONESELF.search(negated):
        return "没跟别人说，自己是有的"
    return "从没有过这么厉害：现在有" if _NEVER_SO.search(negated) else "说的是「不是没有」：有"


def _plain(here: Around, found: re.Match[str]) -> str:
    return here.text[here.near + found.start() : here.near + found.end()]


def _denies_another(here: Around, core: tuple[int, int], kind: str, gone: re.Match[str]) -> bool:
    """喘得厉害，脚倒不肿: the 不 belongs to what follows it, unless that is this sensation again at no other place."""
    follows = here.end + gone.end()
    if not gone.group().endswith("不") or here.masked[follows : follows + 1] != SPOT:
        return False
    part = "".join(here.text[here.end + at] for at, letter in enumerate(gone.group()) if letter == PART)
    again = here.text[follows] in here.text[core[0] : core[1]]
    return kind == DISEASE or not again or part not in here.inside  # 外痔也不疼: the pain is denied


def _contrasts(here: Around, gone: str) -> bool:
    """喘得厉害，脚肿也没有; 胸口疼，发烧倒没有: a statement, and something else that is not there. A bare list,
    胸闷，气短，心慌都没有, is denied as a whole."""
    last = re.split("[，,]", gone)
    if len(last) < 2 or SPOT not in last[-1]:
        return False
    ahead = here.text[here.clause[0] : here.start]
    return _BUT.search(last[-1]) is not None or _STATED.search(ahead + here.inside) is not None


def _begins_anew(here: Around, negated: str) -> bool:
    """没发烧胸口疼, 没有发烧伤口一直渗血: words without stops. What was denied ends where a statement begins, and where
    just one thing is said to be there: 没有别的就是胸口疼, or what comes at times: 没什么胸口偶尔疼. Short words in
    a row, 没发烧咳嗽, are one list, with blanks between them too."""
    if _NO_NEGATION.search(here.text[here.near : here.start]):
        return True
    told = here.text[here.start - len(negated) : here.start]
    nothing = _NOTHING.search(told)
    if _JUST.search(negated) or _NOT_THERE_BUT.search(negated) or (nothing and _AT_TIMES.search(here.inside)):
        return True
    if nothing and not nothing[1] and _BY_NIGHT.search(here.inside):  # but 没什么夜里憋醒 is one denial
        return True
    if here.inside.startswith("干咳") and "痰" in told:  # 没痰干咳
        return True
    known = negated.rfind(SPOT)
    between = negated[known + 1 :]
    if " " in between and not between.strip(f"{PART} "):
        return bool(_TOLD_OF_IT.match(here.after) or _STATED.search(here.inside))
    if known < 0 or between.strip(PART):
        return False
    if _STATED.search(here.inside + here.text[here.end : here.end + 1]):
        return True
    return len(here.inside) >= _LEAST_CLAUSE and not _LIST_NO.search(negated)
