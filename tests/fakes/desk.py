"""What the coordinator's pages are given over the seeded ward."""

from collections.abc import Sequence
from pathlib import Path

from agent.dialog.pathway_loader import PathwayShelf
from agent.exchange.column_memory import ColumnMemory
from agent.model.contact import Channel, Contact
from agent.model.discharge import Discharge, Planned, PlannedPathway
from agent.model.people import Tier
from dashboard.house import House, Line
from dashboard.importing import Importing
from dashboard.writing import Template
from folders import PATHWAYS
from settings import Settings
from tests.fakes import seed
from wiring.house import HoursFile, Pathways

BY_WORD = {"心力衰竭": "heart_failure", "支架": "pci_stent", "术后": "post_op"}


class PlannerByWord:
    """The first word of the table that the diagnosis holds names the pathway."""

    def plan_for(self, discharge: Discharge) -> Planned:
        name = next((name for word, name in BY_WORD.items() if word in discharge.diagnosis), None)
        chosen = (PlannedPathway(name, seed.VERSION, seed.NODES),) if name else ()
        return Planned(discharge.tier or Tier.MIDDLE, chosen)

    def days_of(self, pathway: str, tier: Tier) -> tuple[int, ...]:
        return seed.NODES


def importing(folder: Path) -> Importing:
    return Importing(PlannerByWord(), ColumnMemory(folder / "columns.yml"))


def house(folder: Path) -> House:
    """One line that works, the house's calling hours kept in `folder`, its real pathways."""
    shelf = PathwayShelf(PATHWAYS)
    line = Line("twilio", "Twilio", "+8657188000000", 5, 2.0, lambda: True)
    return House((line,), HoursFile(Settings(data=folder)), Pathways(shelf))


class ByHand:
    """Two approved sentences over SMS and WeChat; the vendor carries any words."""

    channels = frozenset({Channel.SMS, Channel.WECHAT})
    any_words_by_sms = True

    def templates(self) -> Sequence[Template]:
        return (Template("please_call", "请患者回电"), Template("invitation", "问卷链接", linked=True))

    def filled(self, key: str, contact: Contact | None) -> tuple[str, str | None]:
        link = f"https://follow-up.example/{contact.id}" if contact and key == "invitation" else None
        return {"please_call": "请回电", "invitation": f"请点开 {link}"}[key], link


LIST = """科室导出,2026-11
姓名,联系方式,出院诊断,出院日期,危险度,出院科室
钱桂芬,13490000021,慢性心力衰竭,2026-11-19,高,心血管内科
冯建军,13490000022,冠心病支架术后,2026-11-18,高,心血管内科
沈玉兰,1349000,慢性心力衰竭,2026-11-18,中,心血管内科
韩志强,13490000024,湿疹,2026-11-18,低,皮肤科
""".encode("gb18030")
"""A ward's own headings, one line that is wrong and one that no pathway fits."""
