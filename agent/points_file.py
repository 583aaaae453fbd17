"""plans/points.yml → what earns how many points; everything wrong in it with its line and what to write instead."""

from collections.abc import Iterator
from pathlib import Path

from agent.content_yaml import Source, nearest, read_source
from agent.model.points import DEED_WORDS, PointsRules
from agent.model.problem import ContentError

PER_DAY, WORTH = "每天最多", "得分"
_DEEDS = {word: deed for deed, word in DEED_WORDS.items()}


def load_points(path: Path) -> PointsRules:
    """Raises the first ContentError."""
    for error in points_problems(path):
        raise error
    data = read_source(path).data
    return PointsRules(data[PER_DAY], {deed: data[word][WORTH] for word, deed in _DEEDS.items() if word in data})


def points_problems(path: Path) -> list[ContentError]:
    """Everything wrong in the file; empty when all is well."""
    try:
        source = read_source(path)
    except ContentError as broken:
        return [broken]
    return list(_checked(source))


def _checked(source: Source) -> Iterator[ContentError]:
    data = source.data
    if not isinstance(data, dict) or not _amount(data.get(PER_DAY)):
        yield source.error((PER_DAY,), f"{PER_DAY} is missing or no whole number", f"Write `{PER_DAY}: 20`")
        return
    for word, rule in data.items():
        if word != PER_DAY and word not in _DEEDS:
            remedy = nearest(str(word), _DEEDS, f"there are: {', '.join(_DEEDS)}")
            yield source.error((word,), f"nothing is called {word}", remedy)
        elif word != PER_DAY and not (isinstance(rule, dict) and set(rule) == {WORTH} and _amount(rule[WORTH])):
            yield source.error((word,), f"{word} says no whole number of points", f"Write `{word}: {{{WORTH}: 2}}`")


def _amount(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1000
