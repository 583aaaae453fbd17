"""How a patient is spoken to and how long is waited for the answer."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agent.dialog.wording import numbers_wanted
from agent.model.session import Detour, DetourKind
from agent.turn.opening import is_elder
from tests.unit.dialog.talk import OPENING, Talk, pathway

NEW_YEAR_IN_SHANGHAI = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(("born", "elder"), [(1950, True), (1951, True), (1952, False), (None, False)])
def test_over_seventy_five_is_old_by_the_hospital_s_calendar(born: int | None, elder: bool) -> None:
    assert is_elder(born, NEW_YEAR_IN_SHANGHAI) is elder


def test_an_old_patient_hears_a_slower_voice_and_is_waited_for_from_the_first_sentence() -> None:
    usual, old = Talk(), Talk(replace(OPENING, elder=True))
    assert not usual.last.reply.slower and old.last.reply.slower
    assert old.last.reply.patience_seconds > usual.last.reply.patience_seconds


def test_a_pressure_is_two_numbers_until_one_of_them_is_known() -> None:
    question = next(each for each in pathway("hypertension").questions.values() if each.type == "blood_pressure")
    session = Talk(of=pathway("hypertension")).session
    assert numbers_wanted(question, session) == 2
    assert numbers_wanted(question, replace(session, detours=(Detour(DetourKind.HALF, "150/", question.id),))) == 1
    assert numbers_wanted(None, session) == 1


def test_the_channel_is_told_how_many_numbers_to_expect() -> None:
    question = next(each for each in pathway("hypertension").questions.values() if each.type == "blood_pressure")
    talk = Talk(of=pathway("hypertension")).identified()
    assert talk.until(question.id).last.reply.numbers == 2
