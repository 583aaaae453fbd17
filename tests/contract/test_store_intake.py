"""Taking patients in, on every store: who is who, rows in bulk, stays, messages as they came."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from agent.model.contact import ContactStatus
from agent.model.inbound import Inbound, InboundStatus
from agent.model.people import Identity
from agent.model.record import Event
from agent.model.stay import Stay, StayStatus
from agent.store.ports import Duplicate, NotFound, ReadOnly, Store
from tests.fakes.rows import NOON, add_people, contact, patient, plan

STAY = Stay(
    "s1", patient(1).id, StayStatus.ADMITTED, "hl7", NOON, "V1", None, "心力衰竭", ("I50.0", "I10"), None, ("独居",)
)
MESSAGE = Inbound("m1", "hl7", "HIS^1", "77", "d1", b"MSH|\xb0\xa1", InboundStatus.FAILED, NOON, "no_name", "PID-5")


def identity(number: int, **changes: str | None) -> Identity:
    one = patient(number)
    return replace(Identity(one.name, one.phone), **changes)


async def test_who_shares_number_phone_or_card_is_found_once(store: Store) -> None:
    people = [
        patient(1, hospital_number="Z1"),
        patient(2, id_last4="042X"),
        patient(3),
        patient(4, name=patient(3).name),
    ]
    async with store.transaction() as records:
        await records.add_patients(people)
        await records.add_patients([])
    async with store.transaction(write=False) as records:
        assert await records.patients_like([]) == []
        assert await records.patients_like([identity(9, hospital_number="Z1")]) == [people[0]]
        assert await records.patients_like([identity(9, name=people[1].name, id_last4="042X")]) == [people[1]]
        assert await records.patients_like([identity(9, id_last4="042X")]) == []
        found = await records.patients_like([identity(3), identity(1, hospital_number="Z1"), identity(8)])
        assert found == [people[0], people[2]]


async def test_one_wrong_row_of_many_writes_none(store: Store) -> None:
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_patients([patient(1), patient(2), replace(patient(1), id="other")])
    async with store.transaction() as records:
        assert await records.patients() == []
        await records.add_patients([patient(1), patient(2)])
        await records.add_plans([plan(1), plan(2)], [contact(1, 3), contact(2, 7)])
        await records.add_contacts([contact(1, 7)])
        await records.add_events(
            [Event("contact", contact(1).id, None, word, NOON, "import") for word in ("due", "waived")]
        )
    async with store.transaction(write=False) as records:
        assert [c.id for c in await records.contacts()] == ["c0001-3", "c0001-7", "c0002-7"]
        assert [event.to_status for event in await records.events("contact", "c0001-3")] == ["due", "waived"]
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.add_contacts([contact(9, 3)])


async def test_education_waits_for_its_day(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, days=())
        waived = {"status": ContactStatus.WAIVED, "reason": "education_only"}
        await records.add_contacts([contact(1, day, **waived) for day in (3, 4, 9)])
        await records.add_contacts([contact(1, 5), contact(1, 6, status=ContactStatus.WAIVED, reason="readmitted")])
    async with store.transaction(write=False) as records:
        now = NOON + timedelta(days=4)
        found = await records.contacts_for_education(now=now, since=NOON, limit=9)
        assert [each.node_day for each in found] == [3, 4]
        assert len(await records.contacts_for_education(now=now, since=NOON, limit=1)) == 1
        assert await records.contacts_for_education(now=now, since=NOON + timedelta(days=2), limit=9) == []


async def test_a_stay_is_kept_with_its_codes(store: Store) -> None:
    left = replace(
        STAY, status=StayStatus.DISCHARGED, discharge_date=date(2026, 11, 18), updated_at=NOON + timedelta(days=1)
    )
    async with store.transaction() as records:
        await add_people(records)
        await records.add_stays([STAY, replace(STAY, id="s2", visit="V2")])
        await records.save_stay(left)
    async with store.transaction(write=False) as records:
        assert await records.stays(patient(1).id) == [replace(STAY, id="s2", visit="V2"), left]
        assert await records.stays("nobody") == []
    for lost in (replace(STAY, id="s9"),):
        with pytest.raises(NotFound):
            async with store.transaction() as records:
                await records.save_stay(lost)


async def test_a_message_is_found_by_its_number_or_its_content(store: Store) -> None:
    other = replace(MESSAGE, id="m2", sender="LIS", digest="d2", received_at=NOON + timedelta(minutes=1))
    async with store.transaction() as records:
        await records.add_inbound(MESSAGE)
        await records.add_inbound(other)
        await records.add_inbound(replace(other, id="m3", source="fhir", control_id="", status=InboundStatus.APPLIED))
    async with store.transaction() as records:
        assert await records.inbound("m1") == MESSAGE
        like = records.inbound_like
        assert await like(source="hl7", sender="HIS^1", control_id="77", digest="new") == [MESSAGE]
        assert await like(source="hl7", sender="HIS^1", control_id="78", digest="d2") == [other]
        assert await like(source="fhir", sender="LIS", control_id="", digest="d9") == []
        assert await records.inbound_failed() == [other, MESSAGE]
        await records.save_inbound(replace(MESSAGE, status=InboundStatus.APPLIED, tries=2, handled_at=NOON))
    async with store.transaction(write=False) as records:
        assert await records.inbound_failed(limit=1) == [other]
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.save_inbound(replace(MESSAGE, id="m9"))


async def test_hundreds_of_rows_arrive_as_they_were_and_a_twin_among_them_is_refused(store: Store) -> None:
    people = [patient(n, birth_year=1900 + n % 100, id_last4=None if n % 2 else "042X") for n in range(1, 120)]
    odd = replace(people[7], name='引号\\t"和，换行\n与\\N', department="")
    people[7] = odd
    contacts = [contact(n, 3, status=ContactStatus.WAIVED, reason="imported_late") for n in range(1, 120)]
    stays = [replace(STAY, id=f"s{n}", patient_id=patient(n).id, tags=("独居", "a,b")) for n in range(1, 120)]
    events = [Event("contact", contact(n).id, None, ContactStatus.DUE, NOON, "import") for n in range(1, 120)]
    async with store.transaction() as records:
        await records.add_patients(people)
        await records.add_stays(stays)
        await records.add_plans([plan(n) for n in range(1, 120)], contacts)
        await records.add_events(events)
    async with store.transaction(write=False) as records:
        assert await records.patients() == people
        assert await records.stays(odd.id) == [stays[7]]
        assert sorted(c.id for c in await records.contacts()) == sorted(c.id for c in contacts)
        assert await records.plan(plan(9).id) == plan(9)
        assert await records.contact(contact(9).id) == contacts[8]
        assert [event.at for event in await records.events("contact", contact(9).id)] == [NOON]
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_patients([patient(n) for n in range(200, 260)] + [patient(205)])
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.add_contacts([contact(n, 9) for n in range(300, 340)])
    with pytest.raises(ValueError, match="naive"):
        async with store.transaction() as records:
            await records.add_stays(
                [replace(STAY, id=f"n{n}", updated_at=NOON.replace(tzinfo=None)) for n in range(40)]
            )
    async with store.transaction(write=False) as records:
        assert len(await records.patients()) == 119
    with pytest.raises(ReadOnly):
        async with store.transaction(write=False) as records:
            await records.add_patients([patient(n) for n in range(400, 440)])
