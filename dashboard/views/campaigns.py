"""One-off lists with their progress, as the coordinator reads them."""

from dataclasses import dataclass
from datetime import datetime

from agent.campaigns import projected_end
from agent.model.campaign import Campaign, CampaignCount, CampaignStatus
from agent.model.ledger import DONE, FAILED, WAIVED, WITH_A_NURSE
from agent.store.screens import ScreenRecords
from dashboard.campaigning import Campaigning

STATUS = {
    CampaignStatus.DRAFT: "草稿",
    CampaignStatus.RUNNING: "进行中",
    CampaignStatus.PAUSED: "已暂停",
    CampaignStatus.STOPPED: "已停止",
}
FINISHED = "已完成"
PARTS = (("完成", DONE), ("转护士", WITH_A_NURSE), ("未联系上或拒绝", FAILED), ("免除", WAIVED))


@dataclass(frozen=True, slots=True)
class Row:
    """`share`: percent of the list that is done with. `ends_at` None: it cannot be said yet."""

    campaign: Campaign
    count: CampaignCount
    status: str
    share: int
    parts: tuple[tuple[str, int], ...]
    ends_at: datetime | None
    over: bool


async def load(records: ScreenRecords, desk: Campaigning, now: datetime, department: str | None) -> tuple[Row, ...]:
    """A department sees its own lists, who has none every list."""
    mine = [each for each in await records.campaigns() if department in (None, each.department)]
    counts = await records.campaign_counts([each.id for each in mine])
    return tuple(_row(each, counts[each.id], desk, now) for each in mine)


def _row(campaign: Campaign, count: CampaignCount, desk: Campaigning, now: datetime) -> Row:
    over = campaign.status is CampaignStatus.RUNNING and not count.open
    return Row(
        campaign=campaign,
        count=count,
        status=FINISHED if over else STATUS[campaign.status],
        share=100 * count.done // count.listed if count.listed else 0,
        parts=tuple((label, sum(count.contacts.get(status, 0) for status in group)) for label, group in PARTS),
        ends_at=projected_end(campaign, count, now, desk.hours),
        over=over or campaign.status is CampaignStatus.STOPPED,
    )
