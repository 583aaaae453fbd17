"""The house's plan rules, and how a plan is written in this process."""

from collections.abc import Mapping
from pathlib import Path

from agent.dialog.pathway_yaml import PathwayError
from agent.dialog.plan_rules_file import load_rules
from agent.dialog.planner import RulePlanner
from agent.model.clock import new_id, utc_now
from agent.model.pathway import Pathway
from agent.model.plan_rules import PlanRules
from agent.planning.when import When
from settings import ROOT, Settings
from wiring.calling_hours import calendar_of

HOUSE_RULES = ROOT / "plans" / "rules.yml"


def rules_of(settings: Settings, pathways: Mapping[str, Pathway]) -> PlanRules:
    """Raises PathwayError naming line and remedy."""
    path = Path(settings.plan_rules) if settings.plan_rules else HOUSE_RULES
    if not path.is_file():
        raise PathwayError(
            path.name, 1, "there is no such file", f"Correct SUIFANG_PLAN_RULES; a sample: {HOUSE_RULES}"
        )
    return load_rules(path, pathways)


def planner_of(settings: Settings, pathways: Mapping[str, Pathway]) -> RulePlanner:
    """Raises PathwayError."""
    return RulePlanner(rules_of(settings, pathways), pathways)


def writing(settings: Settings, actor: str) -> When:
    """Now, by `actor`, in the house's calling hours. Raises CalendarError."""
    return When(utc_now(), new_id, actor, calendar_of(settings).next_open)
