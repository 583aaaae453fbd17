"""One-off lists of the store in memory."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from agent.model.campaign import Campaign, CampaignCount, Selection
from agent.model.contact import Contact, ContactStatus
from agent.model.people import Patient
from tests.fakes.memory_tables import MemoryWrites, one, stop_of


class MemoryCampaigns(MemoryWrites):
    async def add_campaign(self, campaign: Campaign) -> None:
        self._add(self._t.campaigns, campaign.id, campaign)

    async def campaign(self, campaign_id: str) -> Campaign:
        return one(self._t.campaigns, campaign_id)

    async def campaigns(self) -> Sequence[Campaign]:
        return sorted(self._t.campaigns.values(), key=lambda each: (each.created_at, each.id), reverse=True)

    async def save_campaign(self, campaign: Campaign) -> Campaign:
        saved: Campaign = self._fenced(self._t.campaigns, campaign)
        return saved

    async def list_patients(self, campaign_id: str, selection: Selection) -> int:
        self._check()
        chosen = [each.id for each in self._t.patients.values() if self._fits(each, selection)]
        for patient_id in chosen:
            self._t.listed[campaign_id, patient_id] = None
        return len(chosen)

    async def unlist_patient(self, campaign_id: str, patient_id: str) -> None:
        self._check()
        self._t.listed.pop((campaign_id, patient_id), None)

    async def campaign_waiting(self, campaign_id: str, *, limit: int) -> Sequence[str]:
        made = {each.patient_id for each in self._of(campaign_id)}
        mine = sorted(patient_id for listed, patient_id in self._t.listed if listed == campaign_id)
        return [each for each in mine if each not in made and not self._never_again(each)][:limit]

    async def campaign_counts(self, campaign_ids: Collection[str]) -> Mapping[str, CampaignCount]:
        return {each: self._count(each) for each in campaign_ids}

    def _count(self, campaign_id: str) -> CampaignCount:
        listed = sum(each == campaign_id for each, _ in self._t.listed)
        made = Counter(each.status for each in self._of(campaign_id))
        return CampaignCount.of(listed, dict(made))

    async def move_campaign_contacts(self, campaign_id: str, due_at: datetime, reason: str) -> int:
        self._check(due_at)
        return self._change_due(campaign_id, due_at=due_at, reason=reason)

    async def waive_campaign_contacts(self, campaign_id: str, reason: str) -> int:
        self._check()
        return self._change_due(campaign_id, status=ContactStatus.WAIVED, reason=reason)

    def _change_due(self, campaign_id: str, **changes: object) -> int:
        due = [each for each in self._of(campaign_id) if each.status is ContactStatus.DUE]
        for each in due:
            self._t.contacts[each.id] = replace(each, version=each.version + 1, **changes)  # type: ignore[arg-type]
            self._t.leases.pop(each.id, None)
        return len(due)

    def _of(self, campaign_id: str) -> list[Contact]:
        return [each for each in self._t.contacts.values() if each.campaign_id == campaign_id]

    def _never_again(self, patient_id: str) -> bool:
        return stop_of(self._t, patient_id) is not None

    def _fits(self, patient: Patient, selection: Selection) -> bool:
        plans = (plan for plan in self._t.plans.values() if plan.patient_id == patient.id)
        since, born = selection.discharged_since, selection.born_until
        return (
            not self._never_again(patient.id)
            and selection.diagnosis in patient.diagnosis
            and selection.department in ("", patient.department)
            and selection.tier in (None, patient.tier)
            and (born is None or (patient.birth_year is not None and patient.birth_year <= born))
            and (since is None or any(plan.discharge_date >= since for plan in plans))
        )
