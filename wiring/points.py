"""Points by the rules that the settings name; none where they say off."""

from pathlib import Path

from agent.model.clock import utc_now
from agent.model.problem import ContentError
from agent.points import PointsGiver
from agent.points_file import load_points
from agent.store.ports import Store
from folders import ROOT
from settings import Settings, SettingsError
from wiring.telling import Telling

HOUSE_POINTS = ROOT / "plans" / "points.yml"
OFF = "off"


def give_points(settings: Settings, store: Store, telling: Telling) -> None:
    """From now on what patients do earns points. Raises SettingsError."""
    if settings.points == OFF:
        return
    try:
        rules = load_points(Path(settings.points) if settings.points else HOUSE_POINTS)
    except ContentError as error:
        raise SettingsError(f"SUIFANG_POINTS: {error}") from None
    telling.contact_changed.append(PointsGiver(store, rules, utc_now).contact_changed)
