"""Facts and counts over a slice of contacts, on every store."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from agent.escalation import states
from agent.model.answer import Answer, AnswerType
from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import Disposition, EscalationKind, EscalationStatus
from agent.model.faq_proposal import FaqProposal
from agent.model.finding import Level
from agent.model.insight import AlarmCount, CallCount, QuestionCount, Slice
from agent.model.pathway_use import PathwayUse
from agent.model.people import Tier
from agent.model.stay import Stay, StayStatus
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


def waits_of(counts: Sequence[AlarmCount]) -> dict[tuple[Level, int], int]:
    """(level, seconds until it was taken) → how many."""
    found: Counter[tuple[Level, int]] = Counter()
    for each in counts:
        if each.waited is not None:
            found[each.level, each.waited] += each.count
    return dict(found)


async def test_contacts_are_counted_and_listed_by_the_day_they_were_planned_for(store: ScreenStore) -> None:
    today = Slice(TODAY, TODAY)
    async with store.transaction(write=False) as records:
        assert await records.contact_tally(today) == {ContactStatus.COMPLETED: 1, ContactStatus.UNREACHABLE: 1}
        assert (await records.contact_tally(replace(today, until=TODAY + timedelta(days=7))))[ContactStatus.DUE] == 2
        found = await records.contacts_within(today, status=ContactStatus.UNREACHABLE)
        assert [each.id for each in found] == ["c0002-3"]
        assert len(await records.contacts_within(today, limit=1)) == 1
        assert await records.departments() == [HEART, BONES] or await records.departments() == [BONES, HEART]
    async with store.transaction() as records:
        (completed,) = await records.contacts_within(today, status=ContactStatus.COMPLETED)
        await records.save_contact(replace(completed, status=ContactStatus.WAIVED))
    async with store.transaction(write=False) as records:
        assert [each.id for each in await records.contacts_within(today, owed=True)] == ["c0002-3"]
        assert len(await records.contacts_within(today)) == 2


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


async def test_calls_and_alarms_of_the_slice_are_counted(store: ScreenStore) -> None:
    today, past_midnight = Slice(TODAY, TODAY), NOON + timedelta(hours=12, minutes=30)
    asked = EscalationKind.UNANSWERED_QUESTION
    async with store.transaction() as records:
        await records.add_attempt(attempt(1, id="late", outcome=AttemptOutcome.BUSY, created_at=past_midnight))
        await records.add_attempt(attempt(1, id="chat", outcome=AttemptOutcome.COMPLETED, channel=Channel.WEBCHAT))
        await records.add_escalation(escalation(2, kind=asked, level=Level.YELLOW, created_at=NOON))
        await records.add_escalation(escalation(3, kind=asked, created_at=NOON + timedelta(seconds=1)))
    async with store.transaction(write=False) as records:
        calls = sorted(await records.call_counts(today), key=lambda each: (each.hour, each.birth_year or 0))
        assert calls == [CallCount(0, 1950, 1, 0), CallCount(12, None, 1, 0), CallCount(12, 1950, 1, 1)]
        cards: Counter[tuple[object, ...]] = Counter()
        for each in await records.alarm_counts(today):
            cards[each.kind, each.status, each.disposition] += each.count
        wrong = (EscalationKind.RED_FLAG, EscalationStatus.RESOLVED, Disposition.FALSE_ALARM)
        assert cards == {wrong: 1, (asked, EscalationStatus.OPEN, None): 2}
        assert waits_of(await records.alarm_counts(today)) == {(Level.RED, 120): 1}
        assert [each.id for each in await records.alarm_facts(today, kind=asked)] == ["e0003", "e0002"]
        assert [each.id for each in await records.alarm_facts(today, kind=asked, limit=1)] == ["e0003"]
        assert await records.call_counts(Slice(TODAY + timedelta(days=1), TODAY + timedelta(days=2))) == []
    async with store.transaction(write=False, sees=BONES) as records:
        assert await records.call_counts(today) == [CallCount(12, None, 1, 0)]
        assert await records.alarm_counts(today) == []


async def test_what_joined_another_card_is_no_alarm_of_its_own(store: ScreenStore) -> None:
    today, joined = Slice(TODAY, TODAY), states.joined(escalation(2, created_at=NOON), NOON + timedelta(seconds=2))
    async with store.transaction() as records:
        await records.add_escalation(joined)
    async with store.transaction(write=False) as records:
        assert await records.escalation("e0002") == joined
        assert [each.id for each in await records.alarm_facts(today)] == ["e0001"]
        assert sum(each.count for each in await records.alarm_counts(today)) == 1
        assert [each.id for each in await records.escalations_resolved(since=NOON)] == []


async def test_waits_are_counted_in_whole_seconds_of_the_clock(store: ScreenStore) -> None:
    begins = NOON + timedelta(milliseconds=900)
    async with store.transaction() as records:
        for number, waited in ((4, 1.2), (5, 1.4), (6, 61.0)):
            taken = {"status": EscalationStatus.TAKEN, "owner": "n", "taken_at": begins + timedelta(seconds=waited)}
            await records.add_escalation(escalation(number, patient_id="p0001", contact_id="c0001-3", created_at=begins,
                                                    level=Level.YELLOW, rule=f"r{number}", **taken))  # fmt: skip
    async with store.transaction(write=False) as records:
        waits = waits_of(await records.alarm_counts(Slice(TODAY, TODAY)))
    assert waits == {(Level.YELLOW, 2): 2, (Level.YELLOW, 61): 1, (Level.RED, 120): 1}


async def test_which_versions_the_unfinished_contacts_run_on(store: ScreenStore) -> None:
    async with store.transaction(write=False) as records:
        (use,) = await records.pathway_use()
        asked = contact(1, 10)
        assert use == PathwayUse(asked.pathway, asked.pathway_version, ContactStatus.DUE, 2)
    async with store.transaction(write=False, sees=HEART) as records:
        assert [use.count for use in await records.pathway_use()] == [1]


async def test_answers_that_stand_with_their_values(store: ScreenStore) -> None:
    async with store.transaction(write=False) as records:
        (found,) = await records.answer_facts(Slice(TODAY, TODAY), {"weight", "pressure"})
        assert await records.answer_facts(Slice(TODAY, TODAY), ()) == []
        assert await records.answer_facts(Slice(TODAY, TODAY, department=BONES), {"weight"}) == []
    assert (found.question, found.value, found.raw, found.patient_id) == ("weight", 61.0, "六十", patient(1).id)
    assert not found.unconfirmed
    async with store.transaction() as records:
        left = Answer("weight", AnswerType.NUMBER, 62.0, "六十二", 0.6, "t0002", unconfirmed=True)
        await records.save_turn(replace(outcome(2), answers=(left,)))
        (found,) = await records.answer_facts(Slice(TODAY, TODAY), {"weight"})
    assert (found.value, found.unconfirmed) == (62.0, True)


async def test_stays_of_those_who_were_discharged_then(store: ScreenStore) -> None:
    left, day = date(2026, 10, 1), timedelta(days=1)
    stay = Stay("s1", patient(1).id, StayStatus.DISCHARGED, "hl7", NOON, discharge_date=left)
    again = replace(stay, id="s2", status=StayStatus.ADMITTED, discharge_date=None, updated_at=NOON)
    other = replace(stay, id="s3", patient_id=patient(2).id, discharge_date=left - 5 * day)
    async with store.transaction() as records:
        await records.add_stays([stay, again, other, replace(again, id="s4", status=StayStatus.CANCELLED)])
    async with store.transaction(write=False) as records:
        found = await records.stay_facts(Slice(left, left))
        assert await records.stay_facts(Slice(left, left, department=BONES)) == []
    assert [(fact.patient_id, fact.status, fact.on) for fact in found] == [
        (patient(1).id, StayStatus.DISCHARGED, left),
        (patient(1).id, StayStatus.ADMITTED, NOON.date()),
    ]


async def test_proposed_answers_wait_until_they_are_dropped(store: ScreenStore) -> None:
    one = FaqProposal("q1", ("能吃柚子吗", "柚子能不能吃", "吃柚子行吗"), "请先问医生。", "zhaomin", NOON)
    async with store.transaction() as records:
        await records.add_faq_proposal(one)
        await records.add_faq_proposal(replace(one, id="q0", at=NOON + timedelta(hours=1)))
    async with store.transaction(write=False) as records:
        assert [each.id for each in await records.faq_proposals()] == ["q1", "q0"]
        assert (await records.faq_proposals())[0] == one
    async with store.transaction() as records:
        await records.drop_faq_proposal("q1")
        await records.drop_faq_proposal("q1")
    async with store.transaction(write=False) as records:
        assert [each.id for each in await records.faq_proposals()] == ["q0"]
