"""Who may do what with an escalation."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.escalation.states import (
    TRANSITIONS,
    Action,
    AlreadyResolved,
    AlreadyYours,
    NotAllowed,
    NotTaken,
    TakenByOther,
    assign,
    release,
    resolve,
    snooze,
    take,
)
from agent.model.escalation import Disposition, Escalation, EscalationStatus
from agent.model.record import Event
from tests.fakes.rows import NOON, escalation

OPEN = escalation()
TAKEN, _ = take(OPEN, "lihua", NOON)
RESOLVED, _ = resolve(TAKEN, "lihua", NOON, Disposition.CALLED_BACK, "已回电")
LATER = NOON + timedelta(minutes=3)


def test_taking_names_the_owner_and_the_moment() -> None:
    taken, event = take(OPEN, "lihua", NOON)
    assert (taken.status, taken.owner, taken.taken_at) == (EscalationStatus.TAKEN, "lihua", NOON)
    assert event == Event("escalation", OPEN.id, "open", "taken", NOON, "lihua")
    assert taken.version == OPEN.version  # the store counts versions


def test_releasing_puts_it_back_as_it_was() -> None:
    freed, event = release(TAKEN, "lihua", LATER, reason="shift_ends")
    assert freed == replace(OPEN, touched_at=LATER)
    assert event == Event("escalation", OPEN.id, "taken", "open", LATER, "lihua", "shift_ends")


def test_the_clock_may_release_what_a_nurse_forgot() -> None:
    freed, event = release(TAKEN, "scheduler", LATER, reason="untouched", over_owner=True)
    assert freed.owner is None
    assert (event.actor, event.reason) == ("scheduler", "untouched")


def test_resolving_keeps_who_when_how() -> None:
    done, event = resolve(TAKEN, "lihua", LATER, Disposition.EMERGENCY_CALLED, "已叫120")
    assert (done.status, done.owner) == (EscalationStatus.RESOLVED, "lihua")
    assert (done.taken_at, done.resolved_at) == (NOON, LATER)
    assert (done.disposition, done.note) == (Disposition.EMERGENCY_CALLED, "已叫120")
    assert event == Event("escalation", OPEN.id, "taken", "resolved", LATER, "lihua", "emergency_called")


def test_resolving_what_nobody_took_takes_it_at_the_same_moment() -> None:
    done, event = resolve(OPEN, "lihua", LATER, Disposition.FALSE_ALARM)
    assert (done.owner, done.taken_at, done.resolved_at) == ("lihua", LATER, LATER)
    assert event.from_status == "open"


Door = Callable[[Escalation, str], object]
DOORS: dict[Action, Door] = {
    Action.TAKE: lambda card, user: take(card, user, LATER),
    Action.RELEASE: lambda card, user: release(card, user, LATER),
    Action.RESOLVE: lambda card, user: resolve(card, user, LATER, Disposition.ADVISED),
}


@pytest.mark.parametrize(
    ("action", "card", "user", "refusal"),
    [
        (Action.TAKE, TAKEN, "wangfang", TakenByOther),
        (Action.TAKE, TAKEN, "lihua", AlreadyYours),
        (Action.TAKE, RESOLVED, "wangfang", AlreadyResolved),
        (Action.RELEASE, OPEN, "lihua", NotTaken),
        (Action.RELEASE, TAKEN, "wangfang", TakenByOther),
        (Action.RELEASE, RESOLVED, "lihua", AlreadyResolved),
        (Action.RESOLVE, TAKEN, "wangfang", TakenByOther),
        (Action.RESOLVE, RESOLVED, "lihua", AlreadyResolved),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    action: Action, card: Escalation, user: str, refusal: type[NotAllowed]
) -> None:
    with pytest.raises(refusal) as refused:
        DOORS[action](card, user)
    assert getattr(refused.value, "owner", "lihua") == "lihua"


def test_the_table_lists_every_action_and_nothing_leaves_resolved() -> None:
    assert set(TRANSITIONS) == set(Action)
    assert all(EscalationStatus.RESOLVED not in following for following in TRANSITIONS.values())


def test_assigning_hands_it_to_a_colleague_who_answers_for_it_from_now() -> None:
    given, event = assign(OPEN, "lihua", "wangfang", LATER)
    assert (given.status, given.owner, given.taken_at) == (EscalationStatus.TAKEN, "wangfang", LATER)
    assert (event.actor, event.reason) == ("lihua", "assigned:wangfang")
    passed_on, _ = assign(TAKEN, "lihua", "wangfang", LATER)
    assert passed_on.owner == "wangfang"
    with pytest.raises(TakenByOther):
        assign(TAKEN, "wangfang", "zhaomin", LATER)
    assert assign(TAKEN, "doctor", "zhaomin", LATER, over_owner=True)[0].owner == "zhaomin"
    with pytest.raises(AlreadyYours):
        assign(TAKEN, "doctor", "lihua", LATER, over_owner=True)


def test_a_snoozed_one_can_be_taken_by_anybody_and_snoozed_once() -> None:
    away, event = snooze(TAKEN, "lihua", LATER, LATER + timedelta(minutes=15))
    assert (away.status, away.snoozed_until) == (EscalationStatus.SNOOZED, LATER + timedelta(minutes=15))
    assert (event.from_status, event.to_status) == ("taken", "snoozed")
    assert take(away, "wangfang", LATER)[0].snoozed_until is None
    with pytest.raises(NotTaken):
        snooze(away, "lihua", LATER, LATER + timedelta(minutes=15))
    with pytest.raises(TakenByOther):
        snooze(TAKEN, "wangfang", LATER, LATER + timedelta(minutes=15))
