"""Values that are only talked of: 如果烧到39度, 医生说超过180再去医院, 39度以上才吃退烧药 measure nothing."""

import re
from collections.abc import Iterable, Sequence

from agent.model.finding import Measurement
from agent.triage.surroundings import sentence_start

_IF = re.compile(r"如果|要是|万一|假如|一旦|要不是|除非|什么时候|等到?(?=[^，。]{0,4}(?:烧|高|低|过|到))")
_NOW = re.compile(r"现在|今天|今早|昨|刚才|刚量|这会儿|已经|量了|量的|测了|测的|一量")
_BEYOND = re.compile(r"(?:超过|高于|低于|大于|小于|高过|不能过|不超过)(?:了)?$")
_TOLD = re.compile(
    r"(?:医生|大夫|护士|你们|您|说明书|书上|网上|听说|人家)[^，。]{0,4}(?:说|讲|让|叫|交代|嘱咐|写)[^。]{0,12}$"
)
_STEP = r"(?:去|来|吃|喝|用|打|要|需|得|给|停|该|叫|能|可以|应该|上|贴|住)"
_INSTRUCTS = re.compile(
    rf"^(?:度|℃|%|的|，)*(?:以上|以下|以内|往上|往下|的话|的时候|时|左右)?(?:，)?(?:我|就|再|才|都|也|了)*{_STEP}(?!了)(?![^，。]{{0,6}}了)"
)
_THEN = re.compile(r"^(?:度|℃|%|的)*(?:以上|以下|以内|往上|往下|的话|的时候|时)?(?:，)?(?:才|再)(?!量|测|说)")
_ASKS = re.compile(r"^[^。！]*(?:吗|么|呢|怎么办|咋办|[？?])")


def only_talked_of(text: str, start: int, end: int, *, asked: bool) -> bool:
    """Whether the value at [start, end) is a limit somebody set, or, where a value was `asked` for and would be stored,
    a condition; nothing that was measured. A condition nobody asked for is held back with its reason elsewhere."""
    before, after = text[sentence_start(text, start) : start], text[end:]
    supposed = _IF.search(before)
    if supposed and not _NOW.search(before[supposed.end() :]):
        return asked
    if _THEN.match(after):
        return True
    beyond = _BEYOND.search(before)
    steps = _INSTRUCTS.match(after)
    if beyond or _TOLD.search(before):
        return bool(steps) or bool(beyond and _ASKS.match(after) and not _NOW.search(before))
    return bool(steps and steps.group().startswith(("以上", "以下", "度以上", "度以下", "的话", "度的话")))


def measured_ones(text: str, values: Iterable[Measurement], asked: Sequence[str]) -> list[Measurement]:
    """Those of `values` that are not only talked of. `asked`: the names the question asks for."""
    return [one for one in values if not only_talked_of(text, *one.span, asked=one.name in asked)]
