"""The virtual year's own verdict must be able to fail."""

from datetime import timedelta

from agent.model.contact import Attempt, AttemptOutcome
from drills.year import PER_DAY, PER_WEEK, over_the_caps
from tests.fakes import rows
from tests.fakes.rows import NOON


def calls(count: int, apart: timedelta, outcome: AttemptOutcome = AttemptOutcome.NO_ANSWER) -> list[Attempt]:
    return [rows.attempt(id=f"a{n}", created_at=NOON + n * apart, outcome=outcome) for n in range(count)]


def test_a_patient_called_too_often_on_a_day_or_in_a_week_is_noticed() -> None:
    minute, day = timedelta(minutes=1), timedelta(hours=18)
    assert over_the_caps(calls(PER_DAY, minute)) == []
    assert over_the_caps(calls(PER_DAY + 1, minute)) == ["p0001"]
    assert over_the_caps(calls(PER_WEEK, day)) == []
    assert over_the_caps(calls(PER_WEEK + 1, day)) == ["p0001"]
    assert over_the_caps(calls(PER_DAY + 1, minute, AttemptOutcome.FAILED)) == []
