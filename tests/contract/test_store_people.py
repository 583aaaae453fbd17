"""Patients, plans and users."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from agent.model.people import PlanStatus, Tier
from agent.model.record import Role, User
from agent.store.ports import Duplicate, NotFound, Store
from tests.fakes.rows import NOON, add_people, contact, patient, plan


async def test_a_patient_comes_back_as_it_was(store: Store) -> None:
    whole = patient(
        tier=Tier.LOW,
        birth_year=1948,
        sex="female",
        id_last4="042X",
        department="心内科",
        caregiver_name="李明",
        caregiver_phone="+8613490000999",
        hospital_number="00123456",
    )
    async with store.transaction() as records:
        await records.add_patient(whole)
    async with store.transaction(write=False) as records:
        assert await records.patient(whole.id) == whole
        assert await records.find_patient(name=whole.name, phone=whole.phone) == whole
        assert await records.find_patient(name="别人", phone=whole.phone) is None


async def test_the_same_name_on_the_same_phone_is_one_patient(store: Store) -> None:
    async with store.transaction() as records:
        await records.add_patient(patient(1))
        await records.add_patient(patient(2, phone=patient(1).phone))  # the family's phone
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_patient(patient(3, name=patient(1).name, phone=patient(1).phone))
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.save_patient(patient(2, name=patient(1).name, phone=patient(1).phone))


async def test_patients_come_in_the_order_of_their_ids_up_to_the_limit(store: Store) -> None:
    async with store.transaction() as records:
        for number in (3, 1, 2):
            await records.add_patient(patient(number))
        assert [known.id for known in await records.patients(limit=2)] == ["p0001", "p0002"]


async def test_a_patient_is_changed_and_one_that_is_missing_is_named(store: Store) -> None:
    async with store.transaction() as records:
        await records.add_patient(patient())
        await records.save_patient(patient(tier=Tier.LOW))
        assert (await records.patient("p0001")).tier is Tier.LOW
    for call in ("patient", "plan", "contact", "attempt", "recording", "escalation"):
        async with store.transaction(write=False) as records:
            with pytest.raises(NotFound):
                await getattr(records, call)("nobody")
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.save_patient(patient(9))


async def test_a_plan_with_its_contacts(store: Store) -> None:
    later = plan(id="plan-later", discharge_date=date(2026, 11, 20), created_at=NOON + timedelta(days=2))
    async with store.transaction() as records:
        await records.add_patient(patient())
        await records.add_plan(later, [])
        await records.add_plan(plan(), [contact(day=7), contact(day=3)])
    async with store.transaction() as records:
        assert await records.plans("p0001") == [plan(), later]
        assert await records.contacts(patient_id="p0001") == [contact(day=3), contact(day=7)]
        await records.save_plan(replace(later, status=PlanStatus.CANCELLED))
        assert (await records.plan("plan-later")).status is PlanStatus.CANCELLED


async def test_one_discharge_makes_one_plan_of_a_pathway(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_plan(plan(id="again"), [])


async def test_a_plan_of_nobody_is_refused_whole(store: Store) -> None:
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.add_plan(plan(), [contact()])
    async with store.transaction(write=False) as records:
        assert await records.contacts() == []


async def test_users(store: Store) -> None:
    nurse = User("lihua", "李华", Role.NURSE, "hash", must_change=True)
    admin = User("admin", "管理员", Role.ADMIN, "hash2")
    async with store.transaction() as records:
        await records.add_user(nurse)
        await records.add_user(admin)
        await records.save_user(replace(nurse, must_change=False))
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_user(nurse)
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.save_user(replace(nurse, name="nobody"))
    async with store.transaction(write=False) as records:
        assert await records.users() == [admin, replace(nurse, must_change=False)]
        assert await records.user("lihua") == replace(nurse, must_change=False)
        assert await records.user("nobody") is None


async def test_a_user_who_left_and_one_from_the_houses_own_login(store: Store) -> None:
    gone = User("lihua", "李华", Role.NURSE, "hash", disabled=True, seal="s1", language="en")
    known = User("wang", "王", Role.NURSE, "hash", subject="https://id.example 42", phone="+8613800000001")
    async with store.transaction() as records:
        await records.add_user(gone)
        await records.add_user(known)
    async with store.transaction(write=False) as records:
        assert await records.user("lihua") == gone
        assert await records.user_by_subject("https://id.example 42") == known
        assert await records.user_by_subject("https://id.example 43") is None
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.save_user(replace(gone, subject=known.subject))


async def test_tags_of_a_patient_keep_their_order(store: Store) -> None:
    async with store.transaction() as records:
        await records.add_patients([patient(7, tags=("独居", "听力差")), patient(8)])
    async with store.transaction(write=False) as records:
        found = await records.patients_by_id({patient(7).id, patient(8).id})
    assert [found[patient(number).id].tags for number in (7, 8)] == [("独居", "听力差"), ()]
