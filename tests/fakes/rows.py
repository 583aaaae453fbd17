"""Rows for tests that need some: override what the test is about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact, ContactStatus
from agent.model.escalation import Escalation, EscalationKind, EscalationStatus, Evidence
from agent.model.finding import Level, Reading
from agent.model.people import Patient, Plan, PlanStatus, Tier
from agent.model.record import StoredTurn, TurnOutcome
from agent.model.turn import Reply, Turn, TurnKind
from agent.store.ports import Records

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon at the hospital


def patient(number: int = 1, **changes: Any) -> Patient:
    made = Patient(
        id=f"p{number:04}", name=f"病人{number}", phone=f"+861349{number:07}", diagnosis="心力衰竭", tier=Tier.HIGH
    )
    return replace(made, **changes)


def plan(number: int = 1, **changes: Any) -> Plan:
    made = Plan(
        id=f"plan{number:04}",
        patient_id=f"p{number:04}",
        pathway="heart_failure",
        pathway_version="1",
        discharge_date=date(2026, 11, 18),
        status=PlanStatus.ACTIVE,
        created_at=NOON,
    )
    return replace(made, **changes)


def contact(number: int = 1, day: int = 3, **changes: Any) -> Contact:
    made = Contact(
        id=f"c{number:04}-{day}",
        plan_id=f"plan{number:04}",
        patient_id=f"p{number:04}",
        pathway="heart_failure",
        pathway_version="1",
        node_day=day,
        due_at=NOON + timedelta(days=day - 3),
        status=ContactStatus.DUE,
    )
    return replace(made, **changes)


def attempt(number: int = 1, day: int = 3, **changes: Any) -> Attempt:
    made = Attempt(
        id=f"a{number:04}-{day}",
        contact_id=f"c{number:04}-{day}",
        patient_id=f"p{number:04}",
        channel=Channel.PHONE,
        outcome=AttemptOutcome.INTENDED,
        created_at=NOON,
    )
    return replace(made, **changes)


def turn(seq: int = 1, **changes: Any) -> Turn:
    made = Turn(
        id=f"t{seq:04}",
        contact_id="c0001-3",
        attempt_id="a0001-3",
        channel=Channel.PHONE,
        kind=TurnKind.SPEECH,
        at=NOON + timedelta(seconds=10 * seq),
        text="还好",
    )
    return replace(made, **changes)


def outcome(seq: int = 1, **changes: Any) -> TurnOutcome:
    stored = StoredTurn(seq=seq, turn=turn(seq), move="answer", reading=Reading("还好"), reply=Reply(("好的。",)))
    return replace(TurnOutcome(stored=stored, session="{}"), **changes)


def escalation(number: int = 1, **changes: Any) -> Escalation:
    made = Escalation(
        id=f"e{number:04}",
        patient_id="p0001",
        contact_id="c0001-3",
        kind=EscalationKind.RED_FLAG,
        level=Level.RED,
        rule="chest_pain",
        reason="说有胸痛",
        evidence=Evidence("心口疼得厉害", (0, 3), "t0001", "a0001-3", None, 0.9, False),
        status=EscalationStatus.OPEN,
        created_at=NOON + timedelta(minutes=number),
    )
    return replace(made, **changes)


async def add_people(records: Records, count: int = 1, days: tuple[int, ...] = (3, 7)) -> None:
    """Patients 1..count, each with a plan and a contact for each of `days`."""
    for number in range(1, count + 1):
        await records.add_patient(patient(number))
        await records.add_plan(plan(number), [contact(number, day) for day in days])
