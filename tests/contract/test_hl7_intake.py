"""ADT messages into every store: what each event does, what a second sending changes, what waits for repair."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from agent.exchange.hl7v2.receiver import Receiver
from agent.exchange.receiving import Parts
from agent.model.contact import Contact, ContactStatus
from agent.model.discharge import Discharge, Planned, PlannedPathway
from agent.model.inbound import InboundStatus
from agent.model.people import Patient, PlanStatus, Tier
from agent.model.stay import StayStatus
from agent.store.ports import Store
from tests.fakes.adt import DG1, PID, PV1, ack_of, adt

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DEAD = PID + "|" * 17 + "Y"
NO_CARD = PID.replace("~110101194803070420^^^^NNCHN", "")
ALIVE = PID + "|" * 17 + "N"


class ByWord:
    def plan_for(self, discharge: Discharge) -> Planned:
        if "坏了" in discharge.diagnosis:
            raise ValueError(discharge.diagnosis)
        words = {"心力衰竭": "heart_failure", "胆囊": "general_surgery"}
        chosen = [name for word, name in words.items() if word in discharge.diagnosis]
        return Planned(Tier.HIGH, tuple(PlannedPathway(name, "1", (3, 7, 30)) for name in chosen))

    def days_of(self, pathway: str, tier: Tier) -> tuple[int, ...]:
        return (3, 7, 30)


@dataclass
class House:
    store: Store
    now: datetime = NOW
    ids: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        parts = Parts(self.store, ByWord(), lambda moment: moment, lambda: self.now, lambda: f"id{next(self.ids):05}")
        self.receiver = Receiver(parts)

    async def say(self, raw: bytes) -> tuple[str, str]:
        """(code, condition) of the answer."""
        self.now += timedelta(minutes=1)
        code, _, condition = ack_of(await self.receiver.receive(raw))
        return code, condition

    async def patients(self) -> list[Patient]:
        async with self.store.transaction(write=False) as records:
            return list(await records.patients())

    async def due(self) -> list[Contact]:
        async with self.store.transaction(write=False) as records:
            return list(await records.contacts(status=ContactStatus.DUE))

    async def waiting(self) -> list[tuple[str, str | None]]:
        async with self.store.transaction(write=False) as records:
            return [(message.id, message.code) for message in await records.inbound_failed()]


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


async def test_a_discharge_makes_the_plan_and_its_second_sending_changes_nothing(house: House) -> None:
    assert await house.say(adt("A03", "1")) == ("AA", "")
    first = await house.due()
    assert [contact.node_day for contact in first] == [3, 7, 30]
    later = adt("A03", "1").replace(b"20261121100000", b"20261121100500")  # the same, sent again
    other_number = adt("A03", "2", evn="EVN|A03|20261121000001")
    for again in (adt("A03", "1"), later, other_number):
        assert await house.say(again) == ("AA", "")
    assert await house.due() == first
    (patient,) = await house.patients()
    assert (patient.hospital_number, patient.caregiver_phone) == ("Z26110317", "+8613490000101")
    async with house.store.transaction(write=False) as records:
        (stay,) = await records.stays(patient.id)
        (plan,) = await records.plans(patient.id)
    assert (stay.visit, stay.icd10, stay.status) == ("V77", ("I50.0",), StayStatus.DISCHARGED)
    assert plan.status is PlanStatus.ACTIVE


async def test_an_error_of_ours_is_answered_and_the_message_waits_for_repair(house: House) -> None:
    assert await house.say(adt("A03", "1", dg1=DG1.replace("充血性心力衰竭", "坏了"))) == ("AE", "207")
    ((message_id, code),) = await house.waiting()
    assert code == "unforeseen" and await house.patients() == []
    assert (await house.receiver.again(message_id)).tries == 2  # and the error is no end of the repair either
    assert await house.say(adt("A03", "2", visit="78")) == ("AA", "")


async def test_a_cancelled_discharge_cancels_the_plan_and_may_come_again_word_for_word(house: House) -> None:
    await house.say(adt("A03", "1", evn=""))
    assert await house.say(adt("A13", "2", evn="")) == ("AA", "")
    assert await house.due() == []
    assert await house.say(adt("A13", "3", evn="")) == ("AA", "")
    assert await house.say(adt("A03", "4", evn="")) == ("AA", "")
    assert [contact.node_day for contact in await house.due()] == [3, 7, 30]
    (patient,) = await house.patients()
    async with house.store.transaction(write=False) as records:
        assert [plan.status for plan in await records.plans(patient.id)] == [PlanStatus.ACTIVE]
        waived = await records.contacts(patient_id=patient.id, status=ContactStatus.WAIVED)
    assert {contact.reason for contact in waived} == {"discharge_cancelled"}


async def test_nobody_is_called_at_home_while_in_hospital(house: House) -> None:
    await house.say(adt("A03", "1"))
    again = {"visit": "78", "pv1": PV1.replace("20261120093000", "")}
    assert await house.say(adt("A01", "2", **again)) == ("AA", "")
    assert await house.due() == []
    assert await house.say(adt("A11", "3", **again)) == ("AA", "")
    assert [contact.node_day for contact in await house.due()] == [3, 7, 30]
    assert await house.say(adt("A11", "4", **again)) == ("AA", "")
    assert len(await house.due()) == 3


async def test_another_stay_ends_and_the_earlier_plan_goes_on_beside_its_own(house: House) -> None:
    await house.say(adt("A03", "1"))
    await house.say(adt("A01", "2", visit="78", pv1=PV1.replace("20261120093000", "")))
    stones = {
        "visit": "78",
        "dg1": DG1.replace("I50.0^充血性心力衰竭", "K80^胆囊结石"),
        "pv1": PV1.replace("20261120", "20261121"),
    }
    assert await house.say(adt("A03", "3", **stones)) == ("AA", "")
    assert sorted((c.pathway, c.node_day) for c in await house.due()) == [
        (name, day) for name in ("general_surgery", "heart_failure") for day in (3, 7, 30)
    ]
    assert await house.say(adt("A01", "4", visit="78", pv1=PV1.replace("20261120093000", ""))) == ("AA", "")  # old news
    assert len(await house.due()) == 6


async def test_an_update_changes_the_person_and_completes_what_a_discharge_lacked(house: House) -> None:
    assert await house.say(adt("A03", "1", dg1="")) == ("AE", "101")
    assert [code for _, code in await house.waiting()] == ["DG1-3_missing"]
    assert await house.say(adt("A08", "2")) == ("AA", "")
    assert len(await house.due()) == 3
    moved = PID.replace("13490000001", "13490000009").replace("王^秀兰", "王^秀岚")
    assert await house.say(adt("A08", "3", pid=moved)) == ("AA", "")
    (patient,) = await house.patients()
    assert (patient.phone, patient.name) == ("+8613490000009", "王秀岚")
    assert len(await house.due()) == 3
    assert await house.say(
        adt(
            "A08",
            "4",
            pid=NO_CARD.replace("Z26110317", "Z9").replace("13490000001", "13490000077"),
            pv1="",
        )
    ) == ("AA", "")
    assert len(await house.patients()) == 1  # news of somebody we do not follow up


async def test_death_cancels_everything_and_tells_the_coordinator_once(house: House) -> None:
    await house.say(adt("A03", "1"))
    assert await house.say(adt("A08", "2", pid=DEAD)) == ("AA", "")
    assert await house.say(adt("A08", "3", pid=DEAD)) == ("AA", "")
    assert await house.due() == []
    (patient,) = await house.patients()
    async with house.store.transaction(write=False) as records:
        (card,) = await records.escalations(patient_id=patient.id)
        assert (card.rule, [p.status for p in await records.plans(patient.id)]) == (
            "death_reported",
            [PlanStatus.CANCELLED],
        )
    again = PV1.replace("20261120093000", "20261121080000")
    assert (await house.say(adt("A03", "4", pv1=again)))[0] == "AE"
    assert await house.due() == []
    assert await house.say(adt("A08", "5", pid=ALIVE)) == ("AA", "")
    assert len(await house.due()) == 3  # it was a mistake: what lies ahead is planned again
    assert await house.say(adt("A03", "6", pid=ALIVE, pv1=again, visit="79")) == ("AA", "")
    assert len(await house.due()) == 3


async def test_a_death_on_the_way_out_plans_nothing(house: House) -> None:
    assert await house.say(adt("A03", "1", pid=DEAD)) == ("AA", "")
    assert await house.due() == [] and await house.patients() == []


async def test_a_broken_message_is_kept_and_mended(house: House) -> None:
    broken = adt("A03", "1", pid=PID.replace("13490000001", "134900"))
    assert await house.say(broken) == ("AE", "102")
    assert await house.say(broken) == ("AE", "102")
    ((message_id, code),) = await house.waiting()
    assert code == "phone_length"
    still = await house.receiver.again(message_id)
    assert (still.status, still.tries) == (InboundStatus.FAILED, 3)
    mended = await house.receiver.again(message_id, adt("A03", "1"))
    assert (mended.status, mended.result, mended.code) == (InboundStatus.APPLIED, "new_patient", None)
    assert len(await house.due()) == 3 and await house.waiting() == []
    assert (await house.receiver.again(message_id)).tries == mended.tries


async def test_a_mended_message_under_the_same_number_is_taken(house: House) -> None:
    await house.say(adt("A03", "1", pid=PID.replace("13490000001", "134900")))
    assert await house.say(adt("A03", "1")) == ("AA", "")
    assert len(await house.due()) == 3 and await house.waiting() == []


async def test_another_message_under_a_used_number_is_never_lost_silently(house: House) -> None:
    await house.say(adt("A03", "1"))
    other = adt(
        "A03",
        "1",
        pid=NO_CARD.replace("Z26110317", "Z2").replace("王^秀兰", "李^梅").replace("13490000001", "13490000002"),
    )
    assert await house.say(other) == ("AE", "205")
    assert await house.say(other) == ("AE", "205")
    ((message_id, _),) = await house.waiting()
    assert len(await house.due()) == 3
    assert (await house.receiver.again(message_id)).result == "new_patient"
    assert len(await house.due()) == 6


async def test_two_people_are_not_made_one(house: House) -> None:
    await house.say(adt("A03", "1"))
    other = NO_CARD.replace("王^秀兰", "李^梅").replace("19480307", "19800101")
    for event, number in (("A03", "2"), ("A08", "3")):
        assert await house.say(adt(event, number, pid=other)) == ("AE", "204")
    (patient,) = await house.patients()
    assert patient.name == "王秀兰"
    assert [code for _, code in await house.waiting()] == ["doubt", "doubt"]


@pytest.mark.parametrize(
    ("event", "answer"), [("A02", ("AA", "")), ("A99", ("AR", "201")), ("A13", ("AA", "")), ("A04", ("AA", ""))]
)
async def test_what_does_not_concern_us_leaves_nothing_to_repair(
    house: House, event: str, answer: tuple[str, str]
) -> None:
    assert await house.say(adt(event, "1")) == answer
    assert await house.waiting() == [] and await house.patients() == []


async def test_an_outpatients_visit_ends_without_a_follow_up(house: House) -> None:
    assert await house.say(adt("A03", "1", pv1=PV1.replace("|I|", "|O|"))) == ("AA", "")
    assert await house.patients() == []


async def test_an_update_to_another_patients_name_and_phone_waits_for_a_person(house: House) -> None:
    await house.say(adt("A03", "1"))
    other = NO_CARD.replace("Z26110317", "Z2").replace("13490000001", "13490000002")
    await house.say(adt("A03", "2", pid=other.replace("19480307", "19500101")))
    twin = NO_CARD.replace("Z26110317", "Z2").replace("19480307", "19500101")
    assert await house.say(adt("A08", "3", pid=twin)) == ("AE", "204")
    assert [code for _, code in await house.waiting()] == ["doubt"]
    assert {patient.phone for patient in await house.patients()} == {"+8613490000001", "+8613490000002"}
