"""The ladder: telephone, message, family member, coordinator; and the hour of the next call."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.attempts.hours import another_hour, best_hour
from agent.attempts.retries import RetryPolicy, Tried, told_to_the_coordinator
from agent.attempts.ways import CALL, FAMILY, LINK, Ladder, Way
from agent.model.contact import Attempt, AttemptOutcome, Callee, Channel, ContactStatus
from agent.schedule.calendar import CallingCalendar
from tests.fakes import rows
from tests.fakes.rows import NOON

OLD = rows.patient(birth_year=1950, caregiver_phone="+8613900000002")
YOUNG = rows.patient(birth_year=1990)
HOUSE = RetryPolicy(2, ladder=Ladder(links=True, family_calls=1, message_under_age=45))
NO, BUSY, DEAD = AttemptOutcome.NO_ANSWER, AttemptOutcome.BUSY, AttemptOutcome.NO_SUCH_NUMBER


def made(*ways: tuple[Way, AttemptOutcome]) -> list[Attempt]:
    return [
        rows.attempt(id=f"a{n}", channel=way.channel, callee=way.callee, outcome=outcome)
        for n, (way, outcome) in enumerate(ways)
    ]


SENT = (LINK, AttemptOutcome.LINK_SENT)


@pytest.mark.parametrize(
    ("before", "following"),
    [
        ([], CALL),
        ([(CALL, NO)], CALL),
        ([(CALL, NO), (CALL, BUSY)], LINK),
        ([(CALL, NO), (CALL, NO), SENT], FAMILY),
        ([(CALL, NO), (CALL, NO), SENT, (FAMILY, NO)], None),
        ([(CALL, DEAD)], FAMILY),  # no message either to a number that nobody has
        ([(CALL, AttemptOutcome.RESTRICTED)] * 2, LINK),
        ([(CALL, AttemptOutcome.FAILED)] * 7, CALL),  # the phone never rang
        ([(CALL, AttemptOutcome.FAILED)] * 8, None),
        ([(CALL, AttemptOutcome.POSTPONED)] * 5, CALL),
    ],
)
def test_an_older_patient_is_called_then_written_to_then_the_family(before, following) -> None:  # type: ignore[no-untyped-def]
    assert HOUSE.next_way(OLD, made(*before), NOON) == following


def test_a_younger_patient_is_written_to_first() -> None:
    assert HOUSE.next_way(YOUNG, [], NOON) == LINK
    assert HOUSE.next_way(YOUNG, made(SENT), NOON) == CALL
    assert HOUSE.next_way(YOUNG, made(SENT, (CALL, NO), (CALL, NO)), NOON) is None  # no family number
    assert HOUSE.next_way(rows.patient(birth_year=None), [], NOON) == CALL


def test_a_house_without_messages_sends_none() -> None:
    assert RetryPolicy(1).next_way(OLD, made((CALL, NO)), NOON) == FAMILY


def after(outcome: AttemptOutcome, *before: tuple[Way, AttemptOutcome], patient=OLD, policy=HOUSE):  # type: ignore[no-untyped-def]
    ended = rows.attempt(id="now", outcome=outcome)
    return policy.after(ended, outcome.value, NOON, Tried(patient, made(*before)))


def test_the_wait_follows_the_cause() -> None:
    assert after(BUSY).resume_at == NOON + timedelta(minutes=10)
    assert after(NO).resume_at == NOON + timedelta(hours=3)
    assert after(AttemptOutcome.POWERED_OFF).resume_at == NOON + timedelta(days=1)
    assert after(NO, (CALL, NO)).resume_at == NOON + timedelta(minutes=5)  # a message next
    assert after(NO, (CALL, NO), SENT, (FAMILY, NO)).contact_status is ContactStatus.UNREACHABLE


def test_a_dead_number_is_told_even_while_the_family_is_tried() -> None:
    dead = rows.attempt(outcome=DEAD)
    assert after(DEAD).contact_status is ContactStatus.DUE
    assert told_to_the_coordinator(dead, []) is not None
    suspended = rows.attempt(id="a9", outcome=AttemptOutcome.SUSPENDED)
    assert told_to_the_coordinator(suspended, []) is None
    assert told_to_the_coordinator(suspended, made((CALL, AttemptOutcome.SUSPENDED))) is not None


def at(hour: int, day: int = 1, *, taken: bool = False) -> Attempt:
    began = datetime(2026, 11, day, hour - 8, 20, tzinfo=UTC)
    outcome = AttemptOutcome.COMPLETED if taken else NO
    return rows.attempt(
        id=f"h{day}-{hour}", created_at=began, ended_at=began + timedelta(minutes=2), outcome=outcome,
        answered_at=began if taken else None,
    )  # fmt: skip


def test_the_best_hour_is_learned_from_answers() -> None:
    assert best_hour([at(19, 1, taken=True)]) is None  # one is chance
    assert best_hour([at(19, 1, taken=True), at(19, 8, taken=True), at(10, 2), at(10, 9, taken=True)]) == 19
    machine = [at(10, day, taken=True) for day in (1, 2, 3)]
    taken_by_a_machine = [rows.replace(each, outcome=AttemptOutcome.VOICEMAIL) for each in machine]
    assert best_hour(taken_by_a_machine) is None


def test_who_did_not_answer_is_called_at_the_best_hour_or_at_another_one() -> None:
    opens = CallingCalendar().next_open
    noon = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
    assert another_hour(noon, [9], None, opens) == noon
    assert another_hour(noon, [9], 18, opens) == noon.replace(hour=10)
    evening = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)  # 21:00, after calling hours
    assert another_hour(evening, [18], None, opens) == datetime(2026, 11, 3, 2, 0, tzinfo=UTC)  # 10:00
    assert another_hour(evening, [10, 18], None, opens) == datetime(2026, 11, 3, 7, 0, tzinfo=UTC)  # 15:00
    assert another_hour(evening, [18], 19, opens) == datetime(2026, 11, 3, 11, 0, tzinfo=UTC)


def test_the_channel_of_a_chat_does_not_matter() -> None:
    assert Way.of(rows.attempt(channel=Channel.WECHAT)) == LINK
    assert Way.of(rows.attempt(callee=Callee.CAREGIVER)) == FAMILY
