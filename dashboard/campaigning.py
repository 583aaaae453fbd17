"""What the campaign page is given: the pathways to choose from, and the calling hours that a projection needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.campaigns import OpenHours


@dataclass(frozen=True, slots=True)
class CampaignChoice:
    """A pathway at its first node."""

    pathway: str
    title: str
    version: str
    node_day: int
    draft: bool


@dataclass(frozen=True, slots=True)
class Campaigning:
    choices: Callable[[], Sequence[CampaignChoice]]
    hours: OpenHours
