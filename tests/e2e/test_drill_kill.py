"""The drill that kills workers, in small: its own verdict must hold, and must be able to fail."""

import pytest

from drills import kill
from drills.kill_carrier import Call, DrillCarrier


@pytest.mark.long
def test_a_worker_killed_in_mid_call_loses_nothing() -> None:
    report = kill.run(["--only", "sqlite", "--attempts", "30"])
    assert report["held"], report
    assert report["sqlite"]["kills"] >= 1 and report["sqlite"]["turns_answered"] > 0


def test_the_carrier_notices_a_double_dial() -> None:
    carrier = DrillCarrier(1)
    for ref, attempt_id, number, began, ended in (
        ("CA1", "a1", "+861", 0.0, 5.0),
        ("CA2", "a2", "+861", 4.0, 6.0),  # rings while the first call is up
        ("CA3", "a3", "+862", 0.0, 1.0),
        ("CA4", "a3", "+862", 2.0, 3.0),  # one attempt, two calls
        ("CA5", "a5", "+863", 0.0, None),
    ):
        carrier.calls[ref] = Call(ref, attempt_id, number, began, "completed", ended)
    assert carrier.dialled_twice() == ["attempt a3", "number +861"]
