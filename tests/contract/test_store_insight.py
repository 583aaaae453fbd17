"""Facts and counts over a slice of contacts, on every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.answer import Answer, AnswerType
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import Disposition, EscalationStatus
from agent.model.insight import QuestionCount, Slice
from agent.model.pathway_use import PathwayUse
from agent.model.people import Tier
from agent.store.screens import ScreenStore
from tests.fakes.rows import NOON, attempt, contact, escalation, outcome, patient, plan

TODAY = NOON.date()
HEART, BONES = "心内科", "骨科"


@pytest.fixture(autouse=True)
async def ward(store: ScreenStore) -> None:
    """p1 of the heart ward, answered and alarmed; p2 of the bone ward, not reached; each with a contact a week on."""
    async with store.transaction() as records:
        await records.add_patient(patient(1, department=HEART, birth_year=1950))
        await records.add_patient(patient(2, department=BONES, tier=Tier.LOW))
        for number, status in ((1, ContactStatus.COMPLETED), (2, ContactStatus.UNREACHABLE)):
            await records.add_plan(plan(number), [contact(number, status=status), contact(number, 10)])
        talked = {"answered_at": NOON + timedelta(seconds=8), "ended_at": NOON + timedelta(seconds=98)}
        await records.add_attempt(attempt(1, outcome=AttemptOutcome.COMPLETED, **talked))
        await records.add_attempt(attempt(2, outcome=AttemptOutcome.NO_ANSWER))
        answer = Answer("weight", AnswerType.NUMBER, 60.0, "六十", 0.9, "t0001")
        await records.save_turn(replace(outcome(1), answers=(answer, replace(answer, value=61.0))))
        done = {"status": EscalationStatus.RESOLVED, "disposition": Disposition.FALSE_ALARM}
        await records.add_escalation(escalation(1, taken_at=NOON + timedelta(minutes=3), **done))


async def test_contacts_are_counted_and_listed_by_the_day_they_were_planned_for(store: ScreenStore) -> None:
    today = Slice(TODAY, TODAY)
    async with store.transaction(write=False) as records:
        assert await records.contact_tally(today) == {ContactStatus.COMPLETED: 1, ContactStatus.UNREACHABLE: 1}
        assert (await records.contact_tally(replace(today, until=TODAY + timedelta(days=7))))[ContactStatus.DUE] == 2
        found = await records.contacts_within(today, status=ContactStatus.UNREACHABLE)
        assert [each.id for each in found] == ["c0002-3"]
        assert len(await records.contacts_within(today, limit=1)) == 1
        assert await records.departments() == [HEART, BONES] or await records.departments() == [BONES, HEART]


@pytest.mark.parametrize(
    "narrower", [{"department": HEART}, {"tier": Tier.HIGH}, {"pathway": "heart_failure", "department": HEART}]
)
async def test_a_slice_is_narrowed(store: ScreenStore, narrower: dict[str, object]) -> None:
    wanted = replace(Slice(TODAY, TODAY), **narrower)  # type: ignore[arg-type]
    async with store.transaction(write=False) as records:
        assert await records.contact_tally(wanted) == {ContactStatus.COMPLETED: 1}
        assert [fact.birth_year for fact in await records.attempt_facts(wanted)] == [1950]
    async with store.transaction(write=False, sees=BONES) as records:
        assert await records.contact_tally(wanted) == {}


async def test_calls_alarms_and_answers_of_the_slice(store: ScreenStore) -> None:
    today = Slice(TODAY, TODAY)
    async with store.transaction(write=False) as records:
        calls = [(fact.answered, fact.talk_seconds) for fact in await records.attempt_facts(today)]
        assert sorted(calls) == [(False, 0.0), (True, 90.0)]
        (alarm,) = await records.alarm_facts(today)
        assert (alarm.id, alarm.disposition, alarm.words) == ("e0001", Disposition.FALSE_ALARM, "心口疼得厉害")
        assert await records.question_counts(today) == [QuestionCount("heart_failure", "1", "weight", 1)]
        assert await records.alarm_facts(Slice(TODAY + timedelta(days=1), TODAY + timedelta(days=2))) == []


async def test_which_versions_the_unfinished_contacts_run_on(store: ScreenStore) -> None:
    async with store.transaction(write=False) as records:
        (use,) = await records.pathway_use()
        asked = contact(1, 10)
        assert use == PathwayUse(asked.pathway, asked.pathway_version, ContactStatus.DUE, 2)
    async with store.transaction(write=False, sees=HEART) as records:
        assert [use.count for use in await records.pathway_use()] == [1]
