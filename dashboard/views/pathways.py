"""The list of pathways, with what runs on which version."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from agent.model.contact import ContactStatus
from agent.model.pathway_use import PathwayUse
from dashboard.deps import DashboardDeps
from dashboard.house import PathwayRow


@dataclass(frozen=True, slots=True)
class VersionUse:
    version: str
    shown: str
    current: bool
    due: int
    under_way: int


@dataclass(frozen=True, slots=True)
class Row:
    pathway: PathwayRow
    shown: str  # the version as screens name it
    use: tuple[VersionUse, ...]


def rows(pathways: Sequence[PathwayRow], use: Sequence[PathwayUse], deps: DashboardDeps) -> tuple[Row, ...]:
    counts: dict[str, dict[str, dict[ContactStatus, int]]] = defaultdict(lambda: defaultdict(dict))
    for each in use:
        counts[each.pathway][each.version][each.status] = each.count
    return tuple(Row(one, _shown(one, deps), _use(one, counts[one.name], deps)) for one in pathways)


def _shown(pathway: PathwayRow, deps: DashboardDeps) -> str:
    return deps.pathway_versions(pathway.name, pathway.version)[0] if pathway.version else ""


def _use(
    pathway: PathwayRow, counts: dict[str, dict[ContactStatus, int]], deps: DashboardDeps
) -> tuple[VersionUse, ...]:
    return tuple(
        VersionUse(
            version,
            deps.pathway_versions(pathway.name, version)[0],
            version == pathway.version,
            found.get(ContactStatus.DUE, 0),
            found.get(ContactStatus.IN_PROGRESS, 0),
        )
        for version, found in sorted(counts.items(), key=lambda item: item[0] != pathway.version)
    )
