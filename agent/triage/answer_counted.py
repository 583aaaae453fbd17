"""Answers that count the findings of a list instead of naming them: 前两样有, 第三个没有, 最后一个有点."""

import re
from collections.abc import Sequence

from agent.model.finding import Status
from agent.triage.answer_clauses import CLAUSES
from agent.triage.question_form import Placed

_NUMBER = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "俩": 2, "三": 3, "3": 3, "四": 4, "4": 4, "五": 5, "5": 5}
_COUNTED = re.compile(
    rf"(?:(?P<side>前面?|头|后面?)(?:的|那)?(?P<many>[{''.join(_NUMBER)}])|第(?P<nth>[{''.join(_NUMBER)}])|(?P<first>前面那|前一|前者|头里那)|(?P<last>最后|末了|后面那|后一|后者)(?:那|这)?一?)"
    r"(?:个|样|种|项)?(?:症状|情况)?(?P<rest>.{1,6})$"
)
_THERE = re.compile(r"^(?:我|都|是|倒|倒是|好像|也|就|确实)*(?:有|占|会|是的)")
_NOT_THERE = re.compile(r"^(?:我|都|是|倒|倒是|好像|也|就|确实)*(?:没|不)")


def counted(places: Sequence[Placed], text: str, *, live: bool) -> dict[int, Status]:
    """Index to status of the items that the answer picks by their place; beside 前两样有 the others are denied, or
    left open where they can be asked again (`live`)."""
    told: dict[int, Status] = {}
    for clause in CLAUSES.split(text):
        found = _COUNTED.search(clause)
        if not found or (not (there := _THERE.match(found["rest"])) and not _NOT_THERE.match(found["rest"])):
            continue
        for index in _picked(found, len(places)):
            told[index] = Status.PRESENT if there else Status.DENIED
    if Status.PRESENT in told.values() and not live:
        return dict.fromkeys(range(len(places)), Status.DENIED) | told
    return told


def _picked(found: re.Match[str], count: int) -> range:
    if found["first"]:
        return range(1)
    if found["last"]:
        return range(count - 1, count)
    if found["nth"]:
        at = _NUMBER[found["nth"]] - 1
        return range(at, at + 1) if at < count else range(0)
    many = min(_NUMBER[found["many"]], count)
    return range(count - many, count) if found["side"].startswith("后") else range(many)
