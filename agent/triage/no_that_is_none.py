"""A no before a finding that tells of it all the same: at rest only, at other times, less than before, or meant the
other way."""

import re

from agent.model.finding import Manner, Status
from agent.triage.at_rest import only_at_rest
from agent.triage.judged import Judged
from agent.triage.surroundings import Around

_NOT_SO_MUCH = re.compile(r"不是(?:很|太|特别|那么|非常)[^，。]{0,3}$")
_NOT_SAID_TO_BE = re.compile("[的了]?(?:才怪|就怪了|[那都]?是(?:假的|假话|不可能|骗人))")  # 不疼才怪
_NOT_OFTEN = re.compile("[得过了]?(?:几[次回下天]|多久|多长时?间?|一会儿?就)")  # 没疼几回
_ENDS_OF_NO = frozenset("不没么再会")
_RELIEVED_BY = re.compile(  # 含了药就不疼了
    "(?:含|喷|硝酸甘油|救心丸?|速效|止[疼痛]药|布洛芬|芬必得|去痛片)[^，。！？不没]{0,6}[就才](?:不|没)(?:怎么|再|会)*$"
)
_AT_OTHER_TIMES = re.compile(  # 不疼的时候挺好, 比没拉肚子的时候稀; but 没有头晕的时候 is a plain no
    "(?:不(?:怎么|太|再|大)?|(?P<no>没(?:有|怎么|再)?))$"
)
_TIMES = re.compile("[了着]?的?(?:时候|那会儿?|那阵子?)(?P<more>(?![的了吧啊呢嘛呀]*(?:[，。！？；、 ]|$)))?")
_NOT_SO_BAD = re.compile(
    "[的得](?:很|太|特别|那么|这么|多么?|怎么|十分|非常)?(?:厉害|严重|狠|凶|重|勤|频繁|要命|明显|难受|[高大多])"
)


def there_all_the_same(here: Around, core: tuple[int, int]) -> Judged | None:
    """A no that holds at rest only, is meant the other way, or says that it is less or came and went."""
    begin = here.sentence[0]
    if any(only_at_rest(here.text[begin:at], here.text[at:]) for at in (here.start, core[0])):
        return Judged(Status.PRESENT, "说不做什么、歇着就没有：一动还有")
    told, rest = here.text[begin : core[0]], here.text[core[1] : here.sentence[1]]
    if _NOT_SAID_TO_BE.match(rest) and told.endswith(("不", "没", "没有")):
        return Judged(Status.PRESENT, "反话：有")
    if told.endswith("没多") or (_NOT_OFTEN.match(rest) and told.endswith(("没", "没有"))):
        return Judged(Status.PRESENT, "说次数少、时间短：有过")
    if told[-1:] in _ENDS_OF_NO and _RELIEVED_BY.search(told):
        return Judged(Status.PRESENT, "说用了药才没有：有过")
    times = _TIMES.match(rest)
    apart = _AT_OTHER_TIMES.search(told) if times else None
    if times and apart and (apart["no"] is None or times["more"] is not None):
        return Judged(Status.PRESENT, "说的是没有它的时候：别的时候有")
    if _NOT_SO_BAD.match(rest) and told.endswith(("不是", "没", "没有")):
        return Judged(Status.PRESENT, "说没那么厉害：有一点", manner=Manner.MILD)
    before = here.before + here.text[here.start : core[0]]
    if _NOT_SO_MUCH.search(before) and here.text[core[1] : core[1] + 1] == "了":
        return Judged(Status.PRESENT, "说比以前轻，但还有", manner=Manner.LESS)
    return None
