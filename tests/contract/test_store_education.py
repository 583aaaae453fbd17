"""Health education owed to patients, on every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.contact import Channel
from agent.model.education import EducationDue
from agent.store.ports import Duplicate, NotFound, Store
from tests.fakes.rows import NOON, add_people, contact, patient


def due(n: int, item: str = "salt") -> EducationDue:
    owner, at = contact(1), NOON + timedelta(minutes=n)
    return EducationDue(f"e{n}", owner.id, owner.patient_id, item, "少盐", "每天不超过5克。", at)


async def test_what_is_owed_waits_until_it_was_sent(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_education(due(2, "weigh"))
        await records.add_education(due(1))
    sent = replace(due(1), sent_at=NOON + timedelta(hours=1), channel=Channel.SMS)
    async with store.transaction() as records:
        assert await records.education_waiting(limit=10) == [due(1), due(2, "weigh")]
        await records.save_education(sent)
    async with store.transaction(write=False) as records:
        assert await records.education_waiting(limit=10) == [due(2, "weigh")]
        assert await records.education(patient(1).id) == [sent, due(2, "weigh")]
        assert await records.education("nobody") == []


async def test_a_contact_owes_each_item_once(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_education(due(1))
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_education(due(2))


async def test_nothing_is_sent_that_was_not_owed(store: Store) -> None:
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.save_education(due(1))
