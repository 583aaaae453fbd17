"""What a patient has done earns points by the coordinator's rules, each deed once and no more than so much a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from agent.model.clock import HOSPITAL_ZONE, Now
from agent.model.contact import Channel, ContactStatus
from agent.model.message import MessageKind, MessageStatus
from agent.model.points import Deed, PointsEarned, PointsRules
from agent.observed import LABELS
from agent.store.ports import Duplicate, Records, Store

LOOKS_BACK = timedelta(days=3)  # at readings: a change of the contact is told within seconds, or after a restart


class PointsGiver:
    """Told of every contact that changed; safe to repeat, since a deed's own id keeps it from counting twice."""

    def __init__(self, store: Store, rules: PointsRules, now: Now) -> None:
        self._store, self._rules, self._now = store, rules, now

    async def contact_changed(self, contact_id: str) -> None:
        async with self._store.transaction(write=False) as records:
            if not await self._new(records, contact_id):
                return
        try:
            async with self._store.transaction() as records:
                for earned in await self._new(records, contact_id):
                    await records.add_points(earned)
        except Duplicate:
            return  # another worker was told the same

    async def _new(self, records: Records, contact_id: str) -> list[PointsEarned]:
        done = await self._done(records, contact_id)
        known = await records.points(done[0].patient_id) if done else []
        fresh = [each for each in done if each.id not in {one.id for one in known}]
        return within_the_day(fresh, known, self._rules.per_day)

    async def _done(self, records: Records, contact_id: str) -> list[PointsEarned]:
        """Every deed of this contact that is worth something, whether it counted before or not."""
        contact, now = await records.contact(contact_id), self._now()
        found: dict[str, PointsEarned] = {}

        def add(deed: Deed, what: str, at: datetime) -> None:
            worth, known = self._rules.worth.get(deed, 0), f"{deed}:{what}"
            if worth > 0 and known not in found:
                found[known] = PointsEarned(known, contact.patient_id, contact.id, deed, worth, at)

        if contact.status is ContactStatus.COMPLETED:
            add(Deed.CONTACT_COMPLETED, contact.id, now)
        for taken in await records.observations(contact.patient_id, since=now - LOOKS_BACK):
            if taken.contact_id == contact.id:
                add(Deed.READING_SENT, f"{contact.patient_id}:{LABELS[taken.name][0]}:{_day(taken.at)}", taken.at)
        for sent in await records.messages(contact_id=contact.id):
            lesson = sent.kind is MessageKind.EDUCATION and sent.channel is Channel.WEBCHAT  # an SMS is but its link
            if lesson and sent.status is MessageStatus.READ:
                add(Deed.EDUCATION_READ, sent.id, now)
        return list(found.values())


def within_the_day(fresh: Sequence[PointsEarned], known: Sequence[PointsEarned], per_day: int) -> list[PointsEarned]:
    """Those of the new ones that still fit into their day, whole. Pure."""
    had: dict[str, int] = {}
    for each in known:
        had[_day(each.at)] = had.get(_day(each.at), 0) + each.points
    fits = []
    for each in sorted(fresh, key=lambda one: -one.points):
        if had.get(_day(each.at), 0) + each.points <= per_day:
            had[_day(each.at)] = had.get(_day(each.at), 0) + each.points
            fits.append(each)
    return fits


def _day(at: datetime) -> str:
    return at.astimezone(HOSPITAL_ZONE).date().isoformat()
