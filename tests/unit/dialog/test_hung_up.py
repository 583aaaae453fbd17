"""The line is gone: what was open is settled for the record."""

import pytest

from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.move import MoveKind
from tests.unit.dialog.talk import NO, Talk


def end_of(talk: Talk) -> tuple[ContactStatus, AttemptOutcome, str]:
    end = talk.hang_up().last.end
    assert end is not None and talk.said == ""
    return end.contact_status, end.outcome, end.reason


def test_after_the_last_question_the_contact_is_complete() -> None:
    talk = Talk().identified().until("anything_else")
    assert end_of(talk) == (ContactStatus.COMPLETED, AttemptOutcome.COMPLETED, "completed")


def test_whoever_was_asked_for_a_time_is_called_again_later() -> None:
    talk = Talk().identified().turn("现在没空", MoveKind.NOT_NOW)
    assert end_of(talk) == (ContactStatus.DUE, AttemptOutcome.POSTPONED, "postponed")


@pytest.mark.parametrize("asked", [(MoveKind.REFUSE, "refused"), (MoveKind.WANT_HUMAN, "want_human")])
@pytest.mark.parametrize("answered", [False, True])
def test_whoever_was_asked_whether_to_go_on_has_said_no(asked: tuple[MoveKind, str], answered: bool) -> None:
    move, reason = asked
    talk = Talk().identified()
    if answered:
        talk.turn("没有", MoveKind.DENY, NO)
    kept = answered or move is MoveKind.WANT_HUMAN
    status = ContactStatus.PARTIAL if kept else ContactStatus.DECLINED
    assert end_of(talk.turn("不说了", move)) == (status, AttemptOutcome.DECLINED, reason)


def test_a_death_that_nobody_confirmed_is_looked_at_before_anybody_calls_again() -> None:
    talk = Talk().identified().turn("他没了", MoveKind.DECEASED)
    assert talk.last.end is None  # asked whether it was understood rightly
    talk.hang_up()
    assert [request.rule for request in talk.last.requests] == ["deceased_unsure"]
