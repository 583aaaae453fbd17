"""Chinese words have no spaces: a sentence is searched by its pairs of neighbouring characters."""

import re
from collections.abc import Iterator

_RUN = re.compile(r"[^\W_]+")


def pairs(text: str) -> Iterator[str]:
    """Each pair of neighbours, and each run's last character alone, in order; punctuation parts runs."""
    for run in _RUN.findall(text.casefold()):
        yield from (run[at : at + 2] for at in range(len(run)))


def row_of_pairs(text: str) -> str:
    """What SQLite's full-text index is given."""
    return " ".join(pairs(text))


def set_of_pairs(text: str) -> list[str]:
    """What PostgreSQL's index of arrays is given: pairs and single characters."""
    singles = {char for run in _RUN.findall(text.casefold()) for char in run}
    return sorted({*pairs(text), *singles})


def phrases(wanted: str) -> str | None:
    """SQLite's match expression for a substring; None where nothing searchable is in it."""
    runs = _RUN.findall(wanted.casefold())
    return " AND ".join(_phrase(run) for run in runs) or None


def _phrase(run: str) -> str:
    if len(run) == 1:
        return f'"{run}"*'
    return '"{}"'.format(" ".join(run[at : at + 2] for at in range(len(run) - 1)))


def needed(wanted: str) -> list[str]:
    """What an array must hold for a sentence to contain the wanted words."""
    runs = _RUN.findall(wanted.casefold())
    return sorted({gram for run in runs for gram in (list(pairs(run))[:-1] if len(run) > 1 else [run])})
