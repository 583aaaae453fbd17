"""A clue: what words and moment show, and how many times likelier that makes a move. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.model.move import MoveContext, MoveKind

Holds = Callable[[str, MoveContext], bool]


@dataclass(frozen=True, slots=True)
class Clue:
    """`holds` says whether the clue is there; `times` is below 1 for a move it makes less likely."""

    holds: Holds
    times: Mapping[MoveKind, float]


def phase(name: str) -> Holds:
    return lambda text, context: context.phase == name


def shows(pattern: re.Pattern[str]) -> Holds:
    return lambda text, context: bool(pattern.search(text))


def lacks(pattern: re.Pattern[str]) -> Holds:
    return lambda text, context: not pattern.search(text)


def in_identity(pattern: re.Pattern[str]) -> Holds:
    return lambda text, context: context.phase == "identity" and bool(pattern.search(text))


def in_mid_questions(context: MoveContext) -> bool:
    return context.question is not None and context.phase not in ("identity", "sure", "postpone")


def lacks_amid_questions(pattern: re.Pattern[str]) -> Holds:
    """A rare move amid the questions needs one of its own words."""
    return lambda text, context: in_mid_questions(context) and not pattern.search(text)


def told(text: str, context: MoveContext) -> bool:
    return context.question is not None and (context.has_finding or context.has_measurement)
