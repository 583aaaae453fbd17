"""What time alone does to a card."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.escalation import states
from agent.escalation.clock_file import HOUSE_FILE, ClockFileError, house_clocks, read_clocks
from agent.escalation.clocks import heat, moved_by_time, next_rung, snooze_limit
from agent.model.escalation import EscalationStatus
from agent.model.finding import Level
from tests.fakes.rows import NOON, escalation

POLICY = house_clocks()
CARD = escalation(created_at=NOON)


def test_the_clock_turns_amber_then_red_by_the_policy_of_its_level() -> None:
    yellow = replace(CARD, level=Level.YELLOW)
    looks = [(heat(CARD, NOON + timedelta(minutes=m), POLICY), heat(yellow, NOON + timedelta(minutes=m), POLICY))
             for m in (2, 3, 10, 120, 360)]  # fmt: skip
    assert looks == [("", ""), ("amber", ""), ("red", ""), ("red", "amber"), ("red", "red")]


def test_a_snoozed_card_comes_back_when_its_time_has_come() -> None:
    until = NOON + timedelta(minutes=30)
    away, _ = states.snooze(CARD, "lihua", NOON, until)
    assert moved_by_time(away, until - timedelta(seconds=1), POLICY) is None
    back = moved_by_time(away, until, POLICY)
    assert back is not None and back.escalation.status is EscalationStatus.OPEN
    assert (back.escalation.owner, back.escalation.snoozed_until) == (None, None)
    assert (back.event.actor, back.event.reason) == ("clock", "snooze_over")


def test_a_taken_card_that_nobody_touches_goes_back() -> None:
    taken, _ = states.take(CARD, "lihua", NOON)
    assert moved_by_time(taken, NOON + POLICY.give_back - timedelta(seconds=1), POLICY) is None
    back = moved_by_time(taken, NOON + POLICY.give_back, POLICY)
    assert back is not None and back.escalation.status is EscalationStatus.OPEN and back.event.reason == "untouched"
    touched = replace(taken, touched_at=NOON + timedelta(minutes=10))
    assert moved_by_time(touched, NOON + POLICY.give_back, POLICY) is None


def test_an_untaken_red_card_climbs_rung_by_rung_and_then_rests() -> None:
    card, told = CARD, []
    for minutes in range(30):
        moved = moved_by_time(card, NOON + timedelta(minutes=minutes), POLICY)
        if moved is not None and moved.rung is not None:
            card = moved.escalation
            told.append((minutes, moved.rung.name))
    assert told == [(5, "护士长"), (10, "值班医生")]
    assert card.status is EscalationStatus.OPEN and next_rung(card, POLICY) is None


def test_what_is_taken_or_yellow_does_not_climb_and_the_ladder_begins_anew_after_a_take() -> None:
    assert next_rung(replace(CARD, level=Level.YELLOW), POLICY) is None
    taken, _ = states.take(replace(CARD, told=2), "lihua", NOON)
    assert next_rung(taken, POLICY) is None
    freed, _ = states.release(taken, "lihua", NOON + timedelta(minutes=20))
    assert moved_by_time(freed, NOON + timedelta(minutes=24), POLICY) is None
    again = moved_by_time(freed, NOON + timedelta(minutes=25), POLICY)
    assert again is not None and again.rung is not None and again.rung.name == "护士长"


def test_a_red_card_may_be_put_off_for_a_short_time_only() -> None:
    assert snooze_limit(CARD, NOON, POLICY) == NOON + timedelta(minutes=30)
    assert snooze_limit(replace(CARD, level=Level.YELLOW), NOON, POLICY) == NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("give_back_minutes = 20", "give_back_minutes = 0", "give_back_minutes: write a number of minutes above 0"),
        ("[yellow]", "[green]", r"\[yellow\] is missing"),
        ("amber_minutes = 3 ", "amber_minutes = 30 ", r"\[red\] red_minutes comes before amber_minutes"),
        ("after_minutes = 10", "after_minutes = 1", "ladder: write the rungs in the order"),
        ('name = "值班医生"', 'name = ""', "ladder 2: name says who is told"),
        ("sms = []", 'sms = "13800000000"', "ladder 1 sms: write a list"),
        ("[red]", "[red", "clocks.toml"),
    ],
)
def test_a_wrong_entry_is_named_with_its_remedy(tmp_path: Path, before: str, after: str, says: str) -> None:
    path = tmp_path / "clocks.toml"
    path.write_text(HOUSE_FILE.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ClockFileError, match=says):
        read_clocks(path)


def test_numbers_of_the_ladder_are_read(tmp_path: Path) -> None:
    path = tmp_path / "clocks.toml"
    text = HOUSE_FILE.read_text(encoding="utf-8").replace("sms = []", 'sms = ["+8613800000001"]', 1)
    path.write_text(text.replace("webhook = []\n", 'webhook = ["https://pager.example/x"]\n'), encoding="utf-8")
    first, second = read_clocks(path).ladder
    assert (first.sms, second.webhook) == (("+8613800000001",), ("https://pager.example/x",))
