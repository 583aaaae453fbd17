"""How many unfinished contacts stand on one version of a pathway."""

from dataclasses import dataclass

from agent.model.contact import ContactStatus


@dataclass(frozen=True, slots=True)
class PathwayUse:
    pathway: str
    version: str
    status: ContactStatus
    count: int
