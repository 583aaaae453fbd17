"""One-off lists: made, set going, paused, stopped; their contacts come to be in portions, and are dialled like all
others, after everybody with a plan."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from agent.model.campaign import CAMPAIGN_TRANSITIONS, Campaign, CampaignCount, CampaignStatus, Selection
from agent.model.clock import HOSPITAL_ZONE, NewId, Now
from agent.model.contact import Contact, ContactStatus
from agent.model.people import Plan, PlanStatus
from agent.model.record import Event
from agent.store.ports import Records, Store

PORTION = 200
ENOUGH_DONE = 10  # before a pace is believed
PAUSED, STOPPED = "campaign_paused", "campaign_stopped"


class CampaignRefused(Exception):
    """The campaign cannot do this; the message says why, in Chinese."""


class OpenHours(Protocol):
    """What a projection asks of the calling hours."""

    def next_open(self, after: datetime) -> datetime: ...
    def open_hours_between(self, begin: datetime, end: datetime) -> float: ...
    def after_open_hours(self, begin: datetime, hours: float) -> datetime: ...


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and when."""

    actor: str
    at: datetime


async def create(records: Records, campaign: Campaign, selection: Selection) -> int:
    """The list as a draft, its department the selection's; returns how many patients are on it."""
    await records.add_campaign(replace(campaign, department=selection.department or None))
    listed = await records.list_patients(campaign.id, selection)
    await _note(records, campaign, None, By(campaign.created_by, campaign.created_at))
    return listed


async def start(records: Records, campaign_id: str, by: By, next_open: Callable[[datetime], datetime]) -> Campaign:
    """Sets it going, or going on: what was paused is due at the next open moment."""
    campaign = await records.campaign(campaign_id)
    if not (await records.campaign_counts([campaign_id]))[campaign_id].listed:
        raise CampaignRefused("名单是空的")
    return await _set_going(records, campaign, by, next_open)


async def _set_going(
    records: Records, campaign: Campaign, by: By, next_open: Callable[[datetime], datetime]
) -> Campaign:
    count = (await records.campaign_counts([campaign.id]))[campaign.id]
    going = replace(campaign, running_since=by.at, done_before=count.done, paused_until=None)
    saved = await _move(records, campaign, going, CampaignStatus.RUNNING, by)
    await records.move_campaign_contacts(campaign.id, next_open(by.at), "campaign")
    return saved


async def pause(records: Records, campaign_id: str, until: datetime, by: By) -> Campaign:
    """Nobody of it is dialled before `until`; each contact carries that date, so that no ledger loses it."""
    if until <= by.at:
        raise CampaignRefused("暂停到的日期已经过去")
    campaign = await records.campaign(campaign_id)
    paused = replace(campaign, paused_until=until)
    saved = await _move(records, campaign, paused, CampaignStatus.PAUSED, by)
    await records.move_campaign_contacts(campaign_id, until, PAUSED)
    return saved


async def stop(records: Records, campaign_id: str, by: By) -> Campaign:
    """For good: what is still open is waived."""
    campaign = await records.campaign(campaign_id)
    saved = await _move(records, campaign, replace(campaign, paused_until=None), CampaignStatus.STOPPED, by)
    await records.waive_campaign_contacts(campaign_id, STOPPED)
    return saved


async def _move(records: Records, before: Campaign, after: Campaign, status: CampaignStatus, by: By) -> Campaign:
    if status not in CAMPAIGN_TRANSITIONS[before.status]:
        raise CampaignRefused("名单已经停止" if before.status is CampaignStatus.STOPPED else "名单已经是这个状态")
    saved = await records.save_campaign(replace(after, status=status))
    await _note(records, saved, before.status, by)
    return saved


async def _note(records: Records, campaign: Campaign, before: CampaignStatus | None, by: By) -> None:
    await records.add_event(Event("campaign", campaign.id, before, campaign.status, by.at, by.actor))


class CampaignFiller:
    """Gives the listed patients of running campaigns their contacts, a portion at a time, and ends pauses."""

    def __init__(self, store: Store, hours: OpenHours, now: Now, new_id: NewId) -> None:
        self._store, self._hours, self._now, self._new_id = store, hours, now, new_id

    async def run_once(self) -> int:
        """Returns how many contacts were made."""
        async with self._store.transaction(write=False) as records:
            campaigns = await records.campaigns()
        made = 0
        for campaign in campaigns:
            if campaign.status is CampaignStatus.RUNNING:
                made += await self._fill(campaign)
            elif _rested(campaign, self._now()):
                await self._go_on(campaign.id)
        return made

    async def _go_on(self, campaign_id: str) -> None:
        by = By("scheduler", self._now())
        async with self._store.transaction() as records:
            campaign = await records.campaign(campaign_id)
            if _rested(campaign, by.at):
                await _set_going(records, campaign, by, self._hours.next_open)

    async def _fill(self, campaign: Campaign) -> int:
        now = self._now()
        due, day = self._hours.next_open(now), now.astimezone(HOSPITAL_ZONE).date()
        async with self._store.transaction() as records:
            still = await records.campaign(campaign.id)  # held: nobody stops it meanwhile
            waiting = await records.campaign_waiting(campaign.id, limit=PORTION)
            if still.status is not CampaignStatus.RUNNING:
                return 0
            made = 0
            for patient_id in waiting:
                pathway = (campaign.pathway, campaign.pathway_version)
                plan = Plan(self._new_id(), patient_id, *pathway, day, PlanStatus.ACTIVE, now)
                if any(_same(plan, each) for each in await records.plans(patient_id)):  # began today for another reason
                    await records.unlist_patient(campaign.id, patient_id)
                    continue
                contact = Contact(
                    self._new_id(), plan.id, patient_id, *pathway, campaign.node_day, due, ContactStatus.DUE,
                    campaign_id=campaign.id,
                )  # fmt: skip
                await records.add_plan(plan, [contact])
                await records.add_event(
                    Event("contact", contact.id, None, contact.status, now, "campaign", campaign.id)
                )
                made += 1
        return made


def _rested(campaign: Campaign, now: datetime) -> bool:
    paused = campaign.status is CampaignStatus.PAUSED
    return paused and campaign.paused_until is not None and campaign.paused_until <= now


def _same(made: Plan, known: Plan) -> bool:
    return (made.pathway, made.discharge_date) == (known.pathway, known.discharge_date)


def projected_end(campaign: Campaign, count: CampaignCount, now: datetime, hours: OpenHours) -> datetime | None:
    """When the last one will be done if it goes on as since it was last set going; None while that cannot be said."""
    if campaign.status is not CampaignStatus.RUNNING or campaign.running_since is None or not count.open:
        return None
    done = count.done - campaign.done_before
    spent = hours.open_hours_between(campaign.running_since, now)
    if done < ENOUGH_DONE or spent <= 0:
        return None
    return hours.after_open_hours(now, count.open * spent / done)


def day_begins(moment: datetime, days: int) -> datetime:
    """Midnight at the hospital so many days on."""
    day = moment.astimezone(HOSPITAL_ZONE) + timedelta(days=days)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)
