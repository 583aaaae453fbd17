"""One-off lists: set-based, since a list may name fifty thousand patients."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Update, and_, exists, func, literal, or_, select

from agent.model.campaign import Campaign, CampaignCount, Selection
from agent.model.contact import ContactStatus
from agent.model.people import CONTACTABLE, STOPS
from agent.store.message_table import opt_outs
from agent.store.ports import StaleVersion
from agent.store.sql.statements import Statements, as_row, columns
from agent.store.tables import campaign_patients, campaigns, contacts, events, patients, plans


class CampaignRecords(Statements):
    async def add_campaign(self, campaign: Campaign) -> None:
        await self._add(campaigns, as_row(campaign))

    async def campaign(self, campaign_id: str) -> Campaign:
        return await self._by_key(Campaign, campaigns, campaign_id)

    async def campaigns(self) -> Sequence[Campaign]:
        query = select(*columns(campaigns, Campaign))
        return await self._many(Campaign, query.order_by(campaigns.c.created_at.desc(), campaigns.c.id.desc()))

    async def save_campaign(self, campaign: Campaign) -> Campaign:
        saved = replace(campaign, version=campaign.version + 1)
        fence = and_(campaigns.c.id == campaign.id, campaigns.c.version == campaign.version)
        if await self._change(campaigns.update().where(fence).values(as_row(saved))) == 0:
            await self.campaign(campaign.id)
            raise StaleVersion("campaign")
        return saved

    async def list_patients(self, campaign_id: str, selection: Selection) -> int:
        chosen = _chosen(selection).add_columns(literal(campaign_id))
        await self._change(campaign_patients.insert().from_select(["patient_id", "campaign_id"], chosen))
        return (await self.campaign_counts([campaign_id]))[campaign_id].listed

    async def unlist_patient(self, campaign_id: str, patient_id: str) -> None:
        mine = (campaign_patients.c.campaign_id == campaign_id, campaign_patients.c.patient_id == patient_id)
        await self._change(campaign_patients.delete().where(*mine))

    async def campaign_waiting(self, campaign_id: str, *, limit: int) -> Sequence[str]:
        patient_id = campaign_patients.c.patient_id
        fresh = (~_has_contact(campaign_id), ~_never_again(patient_id))
        query = select(patient_id).where(campaign_patients.c.campaign_id == campaign_id, *fresh)
        rows = await self._rows(query.order_by(patient_id).limit(limit))
        return [row["patient_id"] for row in rows]

    async def campaign_counts(self, campaign_ids: Collection[str]) -> Mapping[str, CampaignCount]:
        of, status, counted = campaign_patients.c.campaign_id, contacts.c.status, func.count().label("all")
        on_them = await self._rows(select(of, counted).where(of.in_(campaign_ids)).group_by(of))
        listed = {row["campaign_id"]: row["all"] for row in on_them}
        theirs = select(contacts.c.campaign_id, status, counted).where(contacts.c.campaign_id.in_(campaign_ids))
        made: dict[str, dict[ContactStatus, int]] = {each: {} for each in campaign_ids}
        for row in await self._rows(theirs.group_by(contacts.c.campaign_id, status)):
            made[row["campaign_id"]][row["status"]] = row["all"]
        return {each: CampaignCount.of(listed.get(each, 0), has) for each, has in made.items()}

    async def move_campaign_contacts(self, campaign_id: str, due_at: datetime, reason: str) -> int:
        return await self._change(_due(campaign_id).values(due_at=due_at, reason=reason, **_CHANGED))

    async def waive_campaign_contacts(self, campaign_id: str, reason: str) -> int:
        return await self._change(_due(campaign_id).values(status=ContactStatus.WAIVED, reason=reason, **_CHANGED))


_CHANGED = {"version": contacts.c.version + 1, "leased_until": None, "leased_by": None}


def _due(campaign_id: str) -> Update:
    return contacts.update().where(contacts.c.campaign_id == campaign_id, contacts.c.status == ContactStatus.DUE)


def _has_contact(campaign_id: str) -> ColumnElement[bool]:
    return exists().where(
        contacts.c.campaign_id == campaign_id, contacts.c.patient_id == campaign_patients.c.patient_id
    )


def _never_again(patient_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Deceased or opted out, whether or not a contact was still to come then."""
    last = (
        select(events.c.to_status)
        .where(events.c.entity == "patient", events.c.entity_id == patient_id)
        .where(events.c.to_status.in_((*sorted(STOPS), CONTACTABLE)))
        .order_by(events.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return or_(func.coalesce(last, CONTACTABLE).in_(sorted(STOPS)), exists().where(opt_outs.c.patient_id == patient_id))


def _chosen(selection: Selection) -> Select[tuple[str]]:
    query = select(patients.c.id).where(~_never_again(patients.c.id))
    if selection.diagnosis:
        query = query.where(patients.c.diagnosis.contains(selection.diagnosis, autoescape=True))
    if selection.department:
        query = query.where(patients.c.department == selection.department)
    if selection.tier is not None:
        query = query.where(patients.c.tier == selection.tier)
    if selection.born_until is not None:
        query = query.where(patients.c.birth_year <= selection.born_until)
    if selection.discharged_since is not None:
        since = selection.discharged_since
        query = query.where(exists().where(plans.c.patient_id == patients.c.id, plans.c.discharge_date >= since))
    return query
