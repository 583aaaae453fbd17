"""What is done about a due contact: a call, a link, a message first, a better hour; and after a broken-off call."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.attempts.retries import RetryPolicy
from agent.attempts.ways import Ladder
from agent.by_hand import plan as plan_by_hand
from agent.model.answer import Answer, AnswerType
from agent.model.contact import Attempt, AttemptOutcome, Callee, Channel, ContactStatus
from agent.model.escalation import EscalationKind, EscalationStatus
from agent.model.message import MessageKind
from agent.model.urgency import Urgency
from agent.schedule.going_on import GoingOn
from agent.schedule.warm_up import Arm, WarmUp, WarmUpMode, answer_rate, arm_of, effect
from tests.fakes import rows
from tests.fakes.invitations import PlainInvitations
from tests.fakes.rows import NOON
from tests.unit.schedule.test_dispatcher import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAMILY_PHONE = "+8613900000002"


class House(World):
    """A house that sends links to the young and messages before the first call."""

    retries = RetryPolicy(1, ladder=Ladder(links=True, message_under_age=45))

    def sends(self, mode: WarmUpMode = WarmUpMode.OFF, share: float = 1.0, *, reach: bool = True) -> "House":
        warm_up = WarmUp(self.store, mode, lambda: self.now, share)
        self.dispatcher.write_to_patients(PlainInvitations(reach), warm_up)
        return self

    async def person(self, **changes: object) -> None:
        async with self.store.transaction() as records:
            await records.save_patient(rows.patient(**changes))

    async def messages(self) -> list[MessageKind]:
        async with self.store.transaction(write=False) as records:
            return [each.kind for each in await records.messages(patient_id="p0001")]


async def test_a_young_patient_gets_a_link_and_is_called_a_day_later() -> None:
    house = (await House().ready()).sends()
    await house.person(birth_year=1995)
    assert await house.dispatch() == 0
    attempt, contact = await house.only_attempt()
    assert (attempt.outcome, attempt.channel) == (AttemptOutcome.LINK_SENT, Channel.SMS)
    assert (contact.status, contact.due_at, contact.attempts_made) == (ContactStatus.DUE, NOON + DAY, 1)
    assert await house.messages() == [MessageKind.LINK] and house.carrier.calls == {}
    house.now += DAY
    assert await house.dispatch() == 1


async def test_after_the_calls_and_the_link_the_family_members_telephone_rings() -> None:
    house = (await House().ready()).sends()
    await house.person(birth_year=1940, caregiver_phone=FAMILY_PHONE)
    assert await house.dispatch() == 1
    await house.carrier_says_of_all("no-answer")
    house.now += HOUR
    assert await house.dispatch() == 0 and await house.messages() == [MessageKind.LINK]
    house.now += DAY
    assert await house.dispatch() == 1
    async with house.store.transaction(write=False) as records:
        assert (await records.attempts())[-1].callee is Callee.CAREGIVER
    assert house.carrier.numbers[-1] == FAMILY_PHONE


async def test_where_no_message_arrives_the_young_are_called() -> None:
    house = (await House().ready()).sends(reach=False)
    await house.person(birth_year=1995)
    assert await house.dispatch() == 1


async def test_the_first_call_is_announced_and_comes_a_quarter_of_an_hour_later() -> None:
    house = (await House().ready()).sends(WarmUpMode.ON)
    assert await house.dispatch() == 0 and await house.messages() == [MessageKind.WARM_UP]
    house.now += timedelta(minutes=15)
    assert await house.dispatch() == 1 and await house.messages() == [MessageKind.WARM_UP]


async def test_whoever_is_in_danger_waits_for_no_message() -> None:
    house = (await House().ready()).sends(WarmUpMode.ON)
    async with house.store.transaction() as records:
        await records.weigh({"c0001-3": Urgency.OPEN_RED})
    assert await house.dispatch() == 1 and await house.messages() == []


@pytest.mark.parametrize("urgency", [Urgency.OPEN_RED, Urgency.CALL_BACK])
async def test_a_young_patient_in_danger_is_called_not_written_to(urgency: Urgency) -> None:
    house = (await House().ready()).sends()
    await house.person(birth_year=1995)
    async with house.store.transaction() as records:
        await records.weigh({"c0001-3": urgency})
    assert await house.dispatch() == 1 and await house.messages() == []


async def test_the_other_half_is_called_without_a_word_and_counted() -> None:
    house = (await House().ready()).sends(WarmUpMode.ON, share=0.0)
    assert await house.dispatch() == 1 and await house.messages() == []
    await house.carrier_says_of_all("no-answer")
    found = await effect(house.store, NOON - DAY)
    assert (found.called, found.answered) == ({Arm.WITH: 0, Arm.WITHOUT: 1}, {Arm.WITH: 0, Arm.WITHOUT: 0})
    assert found.difference() is None


def test_the_split_is_by_chance_and_for_good() -> None:
    drawn = [arm_of(f"p{number}", 0.5) for number in range(2000)]
    assert 900 < drawn.count(Arm.WITH) < 1100
    assert drawn == [arm_of(f"p{number}", 0.5) for number in range(2000)]


def calls(taken: int, lost: int) -> list[Attempt]:
    over = rows.attempt(outcome=AttemptOutcome.NO_ANSWER, ended_at=NOON)
    return [replace(over, outcome=AttemptOutcome.COMPLETED, answered_at=NOON)] * taken + [over] * lost


async def test_it_switches_itself_on_while_too_few_calls_are_answered() -> None:
    assert answer_rate(calls(10, 10)) is None and answer_rate(calls(30, 30)) == 0.5
    world = await World(patients=40).ready()
    warm_up = WarmUp(world.store, WarmUpMode.AUTO, lambda: world.now)
    async with world.store.transaction() as records:
        for number, each in enumerate(calls(15, 25), 1):
            mine = (f"c{number:04}-3", f"p{number:04}")
            await records.add_attempt(replace(each, id=f"a{number}", contact_id=mine[0], patient_id=mine[1]))
    assert warm_up.arm("p0001") is None
    assert await warm_up.look() == 1 and warm_up.arm("p0001") is not None


async def test_a_first_call_waits_for_the_hour_at_which_the_patient_answers() -> None:
    world = await World().ready()
    async with world.store.transaction() as records:
        for week in (1, 2):
            began = NOON - week * timedelta(days=7) + 5 * HOUR  # 17:00
            past = rows.attempt(id=f"past{week}", day=7, created_at=began, ended_at=began, answered_at=began)
            plan = rows.plan(week + 1, patient_id="p0001", pathway=f"earlier{week}")
            await records.add_plan(plan, [rows.contact(1, 7, id=f"c-past{week}", plan_id=plan.id)])
            await records.add_attempt(replace(past, contact_id=f"c-past{week}", outcome=AttemptOutcome.COMPLETED))
    assert await world.dispatch() == 0
    async with world.store.transaction(write=False) as records:
        contact = await records.contact("c0001-3")
    assert (contact.due_at, contact.reason) == (NOON + 5 * HOUR, "best_hour")
    world.now = contact.due_at
    assert await world.dispatch() == 1


async def test_a_call_broken_off_brings_a_link_once_if_there_is_something_to_go_on_from() -> None:
    world = await World().ready()
    going_on = GoingOn(world.store, PlainInvitations(), lambda: world.now)
    await world.dispatch()
    attempt, contact = await world.only_attempt()
    async with world.store.transaction() as records:
        await records.save_attempt(replace(attempt, outcome=AttemptOutcome.HUNG_UP, ended_at=world.now))
        await records.save_contact(replace(contact, status=ContactStatus.DUE))
    await going_on.contact_changed(contact.id)
    async with world.store.transaction() as records:
        assert await records.messages() == []
        made = rows.outcome()
        spoken = replace(made.stored.turn, contact_id=contact.id, attempt_id=attempt.id)
        given = Answer("breath", AnswerType.YES_NO, True, "喘", 0.9, spoken.id)
        await records.save_turn(replace(made, stored=replace(made.stored, turn=spoken), answers=(given,)))
    await going_on.contact_changed(contact.id)
    await going_on.contact_changed(contact.id)
    async with world.store.transaction(write=False) as records:
        assert [each.kind for each in await records.messages()] == [MessageKind.LINK]


async def test_where_somebody_else_has_the_telephone_nobody_is_called_before_a_person_has_looked() -> None:
    world = await World().ready()
    card = rows.escalation(kind=EscalationKind.REQUEST, rule="number_changed")
    async with world.store.transaction() as records:
        began = NOON - DAY
        plan = rows.plan(2, patient_id="p0001", pathway="earlier")
        await records.add_plan(plan, [rows.contact(1, 7, id="c-past", plan_id=plan.id)])
        past = rows.attempt(id="past", day=7, created_at=began, ended_at=began, outcome=AttemptOutcome.WRONG_PERSON)
        await records.add_attempt(replace(past, contact_id="c-past"))
        await records.add_escalation(card)
    assert await world.dispatch() == 0
    async with world.store.transaction() as records:
        contact = await records.contact("c0001-3")
        assert contact.reason == "number_in_doubt" and contact.due_at.date() == (NOON + DAY).date()
        seen = (await records.escalations(patient_id="p0001"))[0]
        await records.save_escalation(replace(seen, status=EscalationStatus.RESOLVED))
    world.now = contact.due_at
    assert await world.dispatch() == 1


@pytest.mark.parametrize("status", [ContactStatus.DUE, ContactStatus.PARTIAL])
async def test_a_patient_nobody_hears_gets_the_link_even_without_an_answer(status: ContactStatus) -> None:
    world = await World().ready()
    going_on = GoingOn(world.store, PlainInvitations(), lambda: world.now)
    await world.dispatch()
    attempt, contact = await world.only_attempt()
    async with world.store.transaction() as records:
        silent = replace(attempt, outcome=AttemptOutcome.HUNG_UP, ended_at=world.now, detail="silence")
        await records.save_attempt(silent)
        await records.save_contact(replace(contact, status=status))
    await going_on.contact_changed(contact.id)
    await going_on.contact_changed(contact.id)
    async with world.store.transaction(write=False) as records:
        assert [each.kind for each in await records.messages()] == [MessageKind.LINK]


async def rings_until_given_up(house: House, *, most: int = 20) -> list[str]:
    """What is tried, call by call, until the contact is unreachable; calls ring out, links stay unopened."""
    for _ in range(most):
        await house.dispatch()
        await house.carrier_says_of_all("no-answer")
        async with house.store.transaction(write=False) as records:
            contact, made = await records.contact("c0001-3"), await records.attempts()
        if contact.status is ContactStatus.UNREACHABLE:
            return [f"{each.channel} {each.callee}" for each in sorted(made, key=lambda each: each.created_at)]
        house.now = max(house.now, contact.due_at) + HOUR
    raise AssertionError("tried for ever")


ROUND = ["phone patient", "sms patient", "phone caregiver", "phone caregiver"]


async def test_once_more_is_a_whole_round_by_every_way() -> None:
    house = (await House().ready()).sends()
    await house.person(birth_year=1940, caregiver_phone=FAMILY_PHONE)
    assert await rings_until_given_up(house) == ROUND
    async with house.store.transaction() as records:
        again = await plan_by_hand.again(records, await records.contact("c0001-3"), house.now, "zhaomin")
    assert (again.tries, again.attempts_made) == (0, 4)
    house.now += 8 * DAY  # nobody is disturbed more often than the weekly cap allows
    assert await rings_until_given_up(house) == ROUND * 2


async def test_a_number_that_was_dead_does_not_end_the_round_on_a_new_one() -> None:
    world = await World().ready()
    dead = rows.attempt(outcome=AttemptOutcome.NO_SUCH_NUMBER, created_at=NOON - DAY, ended_at=NOON - DAY)
    async with world.store.transaction() as records:
        contact = await records.contact("c0001-3")
        given_up = replace(contact, status=ContactStatus.UNREACHABLE, attempts_made=1)
        await records.add_attempt(replace(dead, contact_id=contact.id))
        await plan_by_hand.again(records, await records.save_contact(given_up), NOON, "zhaomin")
    assert await world.dispatch() == 1
    await world.carrier_says_of_all("busy")
    async with world.store.transaction(write=False) as records:
        contact = await records.contact("c0001-3")
    assert (contact.status, contact.tries) == (ContactStatus.DUE, 1)


@pytest.mark.parametrize("urgency", [None, Urgency.OPEN_RED, Urgency.CALL_BACK])
async def test_where_a_message_is_all_that_is_left_and_none_arrives_a_person_takes_over(
    urgency: Urgency | None,
) -> None:
    house = (await House().ready()).sends(reach=False)
    await house.person(birth_year=1995)
    if urgency is not None:
        async with house.store.transaction() as records:
            await records.weigh({"c0001-3": urgency})
    assert await rings_until_given_up(house) == ["phone patient"]
