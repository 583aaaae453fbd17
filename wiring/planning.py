"""The house's plan rules, and how a plan is written in this process."""

import logging
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import new_id, utc_now
from agent.model.discharge import Discharge, Planned
from agent.model.pathway import Pathway
from agent.model.people import Tier
from agent.model.plan_rules import PlanRules
from agent.model.problem import ContentError
from agent.planning.lessons import EducationOnly
from agent.planning.plan_rules_file import load_rules
from agent.planning.planner import RulePlanner
from agent.planning.replanner import Replanner
from agent.planning.when import When
from agent.store.ports import Store
from folders import ROOT
from settings import Settings
from wiring.calling_hours import calendar_of
from wiring.telling import Telling

log = logging.getLogger("suifang.planning")

HOUSE_RULES = ROOT / "plans" / "rules.yml"


def names_in(pathways: Path) -> set[str]:
    """Folders that hold a pathway, whether or not it is fine itself."""
    return {path.parent.name for path in pathways.glob("*/pathway.yml")}


def rules_of(settings: Settings, pathways: Collection[str]) -> PlanRules:
    """Raises ContentError naming line and remedy."""
    path = Path(settings.plan_rules) if settings.plan_rules else HOUSE_RULES
    if not path.is_file():
        raise ContentError(
            path.name, 1, "there is no such file", f"Correct SUIFANG_PLAN_RULES; a sample: {HOUSE_RULES}"
        )
    return load_rules(path, pathways)


def planner_of(settings: Settings, pathways: Mapping[str, Pathway]) -> RulePlanner:
    """Raises ContentError."""
    return RulePlanner(rules_of(settings, pathways), pathways)


class FreshPlanner:
    """The planner of today's rules and pathways: read again when the rules file was changed. A file that somebody broke
    is told in the log, and the last good one stays in use."""

    def __init__(self, settings: Settings, load: Callable[[], Mapping[str, Pathway]]) -> None:
        self._settings, self._load = settings, load
        self._path = Path(settings.plan_rules) if settings.plan_rules else HOUSE_RULES
        self._stamp = self._written()
        self._planner = planner_of(settings, load())

    def plan_for(self, discharge: Discharge) -> Planned:
        return self._fresh().plan_for(discharge)

    def days_of(self, pathway: str, tier: Tier) -> tuple[int, ...]:
        return self._fresh().days_of(pathway, tier)

    @property
    def rules(self) -> PlanRules:
        return self._fresh().rules

    def _fresh(self) -> RulePlanner:
        written = self._written()
        if written != self._stamp:
            self._stamp = written
            try:
                self._planner = planner_of(self._settings, self._load())
            except ContentError as error:
                log.error("plan rules not read again: %s line %d", error.file, error.line)
        return self._planner

    def _written(self) -> int:
        return self._path.stat().st_mtime_ns if self._path.is_file() else 0


def change_plans(settings: Settings, store: Store, planner: FreshPlanner, telling: Telling) -> None:
    """From now on what is committed changes the plans it concerns."""
    replanner = Replanner(store, planner, lambda: writing(settings, "rules"))
    telling.card_changed.append(replanner.card_changed)
    telling.contact_changed.append(replanner.contact_changed)


def lessons_for(settings: Settings, store: Store, shelf: PathwayShelf) -> EducationOnly:
    return EducationOnly(store, shelf, utc_now, new_id, drafts=settings.allow_drafts)


def writing(settings: Settings, actor: str) -> When:
    """Now, by `actor`, in the house's calling hours. Raises CalendarError."""
    return When(utc_now(), new_id, actor, calendar_of(settings).next_open)
