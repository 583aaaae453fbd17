"""Two weights in one breath: 前几天六十五公斤，今天六十七公斤 is a gain of two kilograms. Pure."""

import re
from collections.abc import Sequence

from agent.model.finding import Measurement

LEAST_KG = 0.5
MOST_KG = 15.0  # more is a slip of the tongue or of the ear
_EARLIER = re.compile(r"昨|前天|前几天|前两天|上周|上星期|上礼拜|上次|上回|出院|住院|那天|原来|刚回来|大前天|几天前")
_NOW = re.compile(r"今天|今早|今晨|今儿|现在|刚才|刚称")


def gained(text: str, measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """`weight_gain_kg` when an earlier and a present weight of the last days are told and the present one is more.
    Source of the threshold it meets: 《慢性心力衰竭基层诊疗指南》, 3 days, 2 kg."""
    told = [one for one in measurements if one.name == "weight_kg" and not one.doubtful]
    if len(told) != 2 or any(one.name == "weight_gain_kg" for one in measurements):
        return ()
    first, second = told
    before, between = text[: first.span[0]], text[first.span[1] : second.span[0]]
    if _EARLIER.search(before) and not _NOW.search(before) and _NOW.search(between):
        was, now = first, second
    elif _NOW.search(before) and _EARLIER.search(between):
        was, now = second, first
    else:
        return ()
    more = round(now.value - was.value, 1)
    if not LEAST_KG <= more <= MOST_KG:
        return ()
    span = (first.span[0], second.span[1])
    return (Measurement("weight_gain_kg", more, "kg", text[span[0] : span[1]], span, doubtful=False),)
