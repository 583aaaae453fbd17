"""In which order due contacts are dialled: by clinical risk first, then by due time."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from agent.model.finding import Level
from agent.model.people import Tier


class Urgency(IntEnum):
    """The lower the earlier; the stored number."""

    CALL_BACK = 0  # a nurse wants this patient called
    OPEN_RED = 1  # a red alarm of this patient is not resolved
    WATCHED = 2  # an unresolved yellow alarm, or a red one within the last month
    HIGH = 3  # tier high, or a pathway for those
    MIDDLE = 4
    LOW = 5  # tier low, and one-off lists


@dataclass(frozen=True, slots=True)
class Risk:
    """What is known of a patient's danger. `earlier_red`: raised within the last month, resolved or not."""

    tier: Tier
    open_red: bool = False
    open_yellow: bool = False
    earlier_red: bool = False

    @staticmethod
    def of(tier: Tier, cards: Collection[tuple[Level, bool]]) -> "Risk":
        """From the levels of the patient's cards, each with whether it is open; only recent ones among the resolved."""
        red = any(level is Level.RED for level, _ in cards)
        return Risk(tier, (Level.RED, True) in cards, (Level.YELLOW, True) in cards, red)


def urgency_of(risk: Risk, *, urgent_pathway: bool = False, one_off: bool = False) -> Urgency:
    if risk.open_red:
        return Urgency.OPEN_RED
    if risk.open_yellow or risk.earlier_red:
        return Urgency.WATCHED
    if one_off:
        return Urgency.LOW
    if risk.tier is Tier.HIGH or urgent_pathway:
        return Urgency.HIGH
    return Urgency.MIDDLE if risk.tier is Tier.MIDDLE else Urgency.LOW
