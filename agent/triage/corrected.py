"""Values taken back in one breath: 高压136，低压83，记错了，高压118. What is named anew replaces what it was;
so does what it is now: 住院那会儿高压二百，现在一百三十五."""

import re
from collections.abc import Callable, Iterable, Sequence

from agent.model.finding import Measurement
from agent.triage.numerals import Number

_TAKEN_BACK = re.compile(r"不对|不是|错了|说错|哦不|噢不|[啊哎呃]不[，,]|应该是|记错|更正")
_NOT_THIS = re.compile(r"不是$")
_BUT_THAT = re.compile(r"^[^，。！？\d]{0,4}，?(?:而是|是|应该是)")
_NAMES_NOTHING = re.compile(r"[，。、：:,. …是应该呃嗯啊哦了的我说记错不对更正]")
_LAST = 2  # values before the correction that a bare number may mean: the two of a pressure

_EARLIER = re.compile(r"(?:住院|手术前|得病|发病|以前|之前|原来|早先|去年|前年|上个?月|上次|上回)[^，。！？]{0,8}$")
_NOW = re.compile(r"(?:现在|今天|今早|如今|目前|这[两几]天|出院后?|回家后?|回来后?)[^，。！？]{0,8}$")
_REACH = 16  # characters before a value in which its time is told

Make = Callable[[Number, str], Measurement | None]  # the number as a value of that kind, None where it can not be one


def revised(text: str, measured: Sequence[Measurement], told: Sequence[Number], make: Make) -> list[Measurement]:
    """`measured` without the values taken back. `told` are all numbers of the text."""
    kept = [one for one in measured if not _not_but(text, one)]
    cues = list(_TAKEN_BACK.finditer(text))
    if not cues:
        return kept
    ends = [cue.start() for cue in cues[1:]] + [len(text)]
    for cue, end in zip(cues, ends, strict=True):
        earlier = [one for one in kept if one.span[1] <= cue.start()]
        anew = [number for number in told if cue.end() <= number.start < end]
        if not earlier or not anew:
            continue
        named = [one for one in kept if cue.end() <= one.span[0] < end]
        if len(anew) == 1 and _bare(text, cue.end(), anew[0]):
            meant = _nearest(earlier[-_LAST:], anew[0], make)
            named = [meant] if meant else []
            kept = [one for one in kept if one.span[1] <= cue.start() or one.span[0] >= end] + named
        names = {one.name for one in named}
        kept = [one for one in kept if one.span[1] > cue.start() or one.name not in names]
    return kept


def of_now(text: str, measured: Sequence[Measurement]) -> list[Measurement]:
    """`measured` without the values of an earlier time beside which the same is told of now; weights are compared
    (agent/triage/weight_change.py) and kept."""
    now = {one.name for one in measured if _NOW.search(text[max(0, one.span[0] - _REACH) : one.span[0]])}
    return [
        one
        for one in measured
        if one.name not in now
        or one.name.startswith("weight")
        or not _EARLIER.search(text[max(0, one.span[0] - _REACH) : one.span[0]])
    ]


def _not_but(text: str, one: Measurement) -> bool:
    """不是一百三，是一百四."""
    return bool(_NOT_THIS.search(text[: one.span[0]]) and _BUT_THAT.match(text[one.span[1] :]))


def _bare(text: str, start: int, number: Number) -> bool:
    """No word stands between the correction and the number that could name it: 不对，七十二; 记错了，是七十二."""
    return not _NAMES_NOTHING.sub("", text[start : number.start])


def _nearest(earlier: Iterable[Measurement], number: Number, make: Make) -> Measurement | None:
    """The number as the one of the `earlier` values that it comes nearest to."""
    able = [(one, made) for one in earlier if one.value > 0 and (made := make(number, one.name)) is not None]
    return min(able, key=lambda pair: abs(pair[0].value - pair[1].value) / pair[0].value, default=(None, None))[1]
