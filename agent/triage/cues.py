"""The cue lists as compiled patterns."""

import re
from collections.abc import Iterable, Mapping

from agent.triage.forms import GAP

SPOT = "\ue000"  # stands for every character of a named finding in a masked text
PART = "\ue001"  # stands for every character of a body part
_SORT = "(?:慢性|急性)[^，。]{0,2}"  # 慢性非菌性前列腺炎
_END = ""  # in a tree of words: one of them ends here
_JOIN = "、和跟及与或且也还又以及 /或者并"


class _Tree(dict[str, "_Tree"]):
    """Words by their characters one after the other."""


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last place where the pattern stands."""
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def any_of(words: Iterable[str]) -> str:
    """Matches the longest of these literal words, and a shorter one when what follows asks for it. Written as the tree
    of their beginnings: a list of thousands is tried one by one, which took half of reading and 45 MB to compile."""
    tree = _Tree()
    for word in words:
        at = tree
        for character in word:
            at = at.setdefault(character, _Tree())
        at[_END] = _Tree()
    return f"(?:{_branches(tree)})"


def _branches(tree: _Tree) -> str:
    """What may come next, the end last. Characters after which the same may come stand together; the gap of a form
    stays by itself, where it is found again."""
    ways: dict[tuple[str, bool], list[str]] = {}
    for character, after in tree.items():
        if character != _END:
            ways.setdefault((_rest(after), character == GAP), []).append(re.escape(character))
    told = [(each[0] if len(each) == 1 else f"[{''.join(each)}]") + rest for (rest, _), each in ways.items()]
    return "|".join([*told, ""] if _END in tree else told)


def _rest(tree: _Tree) -> str:
    ways = _branches(tree)
    return ways if len(tree) == 1 else f"(?:{ways})"


class CuePatterns:
    """Patterns over the masked words before a finding (anchored at their end) and after it (at their start)."""

    def __init__(self, cues: Mapping[str, tuple[str, ...]]) -> None:
        fill = any_of(cues["filler"])
        question = any_of(cues["question_form"])
        list_negation, next_negation = any_of(cues["negation_list"]), any_of(cues["negation_next"])
        scope = f"(?:{fill}|{PART}|[{SPOT}]|[{_JOIN}])"
        not_question = (
            "(?!不过|不说|(?<=是)不是|(?<=有)没有|(?<=会)不会|(?<=能)不能|(?<=算)不算|(?<=动)不动|(?<=要)不是|(?<=除)非|不咋[地的样]|不怎么样"
            "|(?<=[不没未])排除|(?<=不能|没有|没法|无法|还没|还未|尚未|不可)排除"
            "|(?<=[不未])除外|(?<=不能)除外)"
        )
        self.question_before = re.compile(f"{question}(?:{fill}|{PART}|[{SPOT}{_JOIN}])*$")
        self.double_negation = re.compile(f"{any_of((*cues['double_negation'], *cues['untold']))}(?:{fill}|我|这)*$")
        reach = f"(?:{scope}|{any_of(cues['negated_person'])})*$"
        self.negation_list = re.compile(f"{not_question}{list_negation}(?!有?就|有?但|有?只){reach}")
        self.negation_next = re.compile(f"{not_question}{next_negation}(?:{fill}|{PART})*$")
        self.gone_after = re.compile(
            f"^(?:{any_of(cues['gone_after_filler'])}|[{SPOT}{PART}、和跟及与或 ])*"
            f"{any_of(cues['gone_after'])}(?=[了的啦啊呀哦吧呢嘛喽，。！；;,.! ~～]|$)"
        )
        self.healed_after = re.compile(
            f"^(?:{any_of(cues['gone_after_filler'])}|[{SPOT}{PART}、和跟及与或 ])*{any_of(cues['healed_after'])}"
        )
        self.gone_after_list = re.compile(
            f"^(?:[{SPOT}{PART}、和跟及与或啊呀啦呢 ]|什么的|之类的|这些|那些"
            f"|表现|症状|情况|现象|，(?=我|都|这|现在|全|[{SPOT}{PART}]))*"
            f"(?:我|这些|那些|现在|目前|最近|倒|可|他|她|从来)?(?:都|全|均|皆|一概|一样|一个|可|倒|也|从来|从来都|一个都)+"
            f"(?:没有|没(?=了|啊|[，。！,.!]|$)|无|不(?=是|存在|有|[{SPOT}]))"
        )
        self.echo_denied = re.compile(f"^(?!是不是){any_of(cues['echo_denied'])}")
        self.hypothetical_before = re.compile(f"(?<![主重只需]){any_of(cues['hypothetical_before'])}")  # 主要是疼
        self.hypothetical_after = re.compile(f"^[^，。！？；,.!?;]{{0,6}}{any_of(cues['hypothetical_after'])}")
        self.effect_before = re.compile(f"{any_of(cues['effect_before'])}(?:{scope}|我|他|她|人|宝宝|孩子)*$")
        self.effect_disease_before = re.compile(f"{any_of(cues['effect_disease_before'])}(?:{scope}|我|他|她)*$")
        self.reports = re.compile(f"^(?:她|他|他们|我)?{any_of(cues['reports'])}")
        self.unknown_after = re.compile(f"^{any_of(cues['unknown_after'])}")
        self.purpose_before = re.compile(f"{any_of(cues['purpose_before'])}(?:{scope})*$")
        self.mistaken_before = re.compile(f"{any_of(cues['mistaken_before'])}(?:{scope}|是|我|他|她|自己)*$")
        self.worry_before = re.compile(f"{any_of(cues['worry_before'])}(?:{scope}|是|我|他|她|自己)*$")
        self.uncertain_before = re.compile(
            f"{any_of(cues['uncertain_before'])}(?:{scope}|是|有|得了|自己|我|孩子|{_SORT})*$"
        )
        self.uncertain_after = re.compile(f"^(?:{any_of(cues['uncertain_after'])})")
        self.doubt_before = re.compile(f"{any_of(cues['doubt_symptom_before'])}(?:{scope})*$")
        self.less_before, self.less_inside, self.less_after = _less(cues, fill)
        self.for_pain = re.compile(any_of(cues["for_pain"]))
        self.steady_before, self.steady_after = _steady(cues)
        self.steady_lead, self.nothing_new, self.still_there = _as_before(cues)
        self.as_ever_lead = re.compile(_lead_of(cues, "as_ever_lead"))
        self.speaks_for = re.compile(f"[，,。 ]?(?:所以|就|要不|还是)?{any_of(cues['speaks_for'])}")
        self.mild_before, self.mild_inside, self.not_mild, self.on_effort = _mild(cues, scope)
        self.worse = re.compile(any_of(cues["worse"]))
        self.misheard_not = re.compile(f"(?:{any_of(cues['misheard_not'])})$")
        self.past_before = _past(cues)
        self.recent = re.compile(any_of(cues["recent"]))
        self.still_now, self.now_gone = (re.compile(any_of(cues[key])) for key in ("still_now", "now_gone"))
        self.others = re.compile(any_of(cues["others"]) + "(?<!老人家)")
        self.parents, self.kin = (re.compile(any_of(cues[key])) for key in ("parents", "kin"))
        self.name_after = _name(cues)
        self.name_before = re.compile(f"(?<![不停])(?<!没法){any_of(cues['name_before'])}$")
        self.general_question = re.compile(f"^[^，。！；,.!;]{{0,6}}?{any_of(cues['general_question'])}")

    def who(self, words: str) -> re.Match[str] | None:
        """The last person named who is not the patient; a parent only where nobody else is."""
        return last_match(self.others, words) or last_match(self.parents, words)


def _past(cues: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    """Of old; 从前天开始 is two days ago."""
    return re.compile(
        f"(?<![比跟和像与如从自打])(?<!相对){any_of(cues['past_before'])}(?!(?<=从前)(?:[天晚]|[几两]天))(?!(?<=过去)了)"
    )


def _name(cues: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    """What makes a finding the name of a drug or a ward; not the doctor who says something: 胸口疼医生让我住院."""
    return re.compile(f"^{any_of(cues['name_after'])}(?!(?<=医生|大夫|专家|医院)[说让讲叫看来告也都不没])")


def _steady(cues: Mapping[str, tuple[str, ...]]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """As on leaving hospital: ahead of a finding in its clause, behind it."""
    behind = f"^.{{0,4}}?，?{any_of(cues['steady_after'])}"
    return re.compile(any_of(cues["steady_before"])), re.compile(behind)


def _as_before(cues: Mapping[str, tuple[str, ...]]) -> tuple[re.Pattern[str], ...]:
    """Clauses of their own: as on leaving hospital, nothing new; and the words of what is still there after it."""
    nothing_new = f"(?:嗯|啊|哦|倒|倒是|也|那|我)*{any_of(cues['nothing_new'])}(?:吧|啊|呢|了)?"
    alone = f"(?:^|[，。,！!？? ]){nothing_new}(?=[，。,！!？? ]|$)"
    return re.compile(_lead_of(cues, "steady_lead")), re.compile(alone), re.compile(any_of(cues["still_there"]))


def _lead_of(cues: Mapping[str, tuple[str, ...]], key: str) -> str:
    return f"(?:嗯|啊|哦|我|反正|也|还|就|还是|都|是)*{any_of(cues[key])}(?:吧|呢|啊|的)?[，,]"


def _mild(cues: Mapping[str, tuple[str, ...]], scope: str) -> tuple[re.Pattern[str], ...]:
    """A little: ahead of a finding, within it; what makes it more; what effort it comes with."""
    degree, more, effort = (any_of(cues[key]) for key in ("mild", "not_mild", "on_effort"))
    return re.compile(f"{degree}(?:{scope}|又|发|儿)*$"), re.compile(degree), re.compile(more), re.compile(effort)


def _less(cues: Mapping[str, tuple[str, ...]], fill: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What says that it is there but less than before: ahead of a finding, within it, behind it."""
    times, filler = any_of(cues["earlier_times"]), any_of(cues["less_filler"])
    ahead = f"(?:没有?|不)(?:[比像跟和]?{times})?(?:那么|这么|那样|那般)|(?:没有?|不[像比跟]){times}"
    behind = f"{any_of(cues['less_after'])}|(?:没有?|不)(?:{times})?那么(?:厉害|严重|重|频繁|明显|多|勤|难受)"
    linked = f"(?:(?:{filler}|比{times})*(?:，(?:不过|但是|但|只是|就是|可是|可|倒)?)?)?(?:比{times}|{filler})*"
    return re.compile(f"(?:{ahead})(?:{fill}|{PART})*$"), re.compile(ahead), re.compile(f"^{linked}(?:{behind})")
