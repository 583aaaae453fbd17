"""One-off lists, given the pathways and the calling hours."""

from collections.abc import Callable
from pathlib import Path

from agent.campaigns import CampaignFiller
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import new_id, utc_now
from agent.schedule.calendar import CallingCalendar
from agent.store.ports import Store
from dashboard.campaigning import CampaignChoice, Campaigning


def choices(pathways: Path, data: Path) -> Callable[[], list[CampaignChoice]]:
    """Every pathway at its first node, first those that no diagnosis code chooses (satisfaction, vaccination, recall);
    reads the files when asked."""
    shelf = PathwayShelf(pathways, data / "pathways")
    names = sorted(path.parent.name for path in pathways.glob("*/pathway.yml"))

    def listed() -> list[CampaignChoice]:
        found = sorted((shelf.get(name) for name in names), key=lambda one: bool(one.applies_to.icd10))
        return [CampaignChoice(one.id, one.title, one.version, one.nodes[0].day, one.draft) for one in found]

    return listed


def campaigning(pathways: Path, data: Path, calendar: CallingCalendar) -> Campaigning:
    return Campaigning(choices(pathways, data), calendar)


def filler_for(store: Store, calendar: CallingCalendar) -> CampaignFiller:
    return CampaignFiller(store, calendar, utc_now, new_id)
