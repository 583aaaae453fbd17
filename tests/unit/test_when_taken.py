"""The moment of a reading is the one its words name."""

from datetime import datetime

import pytest

from agent.model.clock import HOSPITAL_ZONE
from agent.when_taken import taken_at

SAID = datetime(2026, 3, 10, 10, 30, tzinfo=HOSPITAL_ZONE)


@pytest.mark.parametrize(
    ("words", "day", "hour"),
    [
        ("130/85今早", 10, 7),
        ("今早量的130/85", 10, 7),
        ("130/85，早上量的", 10, 7),
        ("早上九点量的130/85", 10, 9),
        ("昨晚140/90", 9, 20),
        ("昨天晚上八点半量的一百四，九十", 9, 20),
        ("昨天下午称的六十二公斤", 9, 15),
        ("前天量的130/85", 8, 10),
        ("晚上量的130/85", 9, 20),
        ("空腹血糖6.5", 10, 7),
        ("凌晨十二点半量的体温38.2", 10, 0),
        ("昨晚12点量的140/90", 10, 0),
        ("夜里两点量的38.5", 10, 2),
        ("昨天夜里两点量的38.5", 10, 2),
        ("昨天中午十一点半量的130/85", 9, 11),
        ("昨天中午一点量的130/85", 9, 13),
        ("昨天晚上量着高一点是150/90", 9, 20),
    ],
)
def test_the_words_give_the_moment(words: str, day: int, hour: int) -> None:
    taken = taken_at(words, SAID).astimezone(HOSPITAL_ZONE)
    assert (taken.day, taken.hour) == (day, hour)


@pytest.mark.parametrize(
    "words",
    [
        "130/85",
        "刚量的130/85",
        "今天130/85",
        "早上130/85，晚上140/90",
        "昨天头疼，血压130/85",
        "晚上睡不好，血压一百三",
    ],
)
def test_what_names_no_moment_or_two_is_of_the_moment_it_was_said(words: str) -> None:
    assert taken_at(words, SAID) == SAID


def test_no_reading_is_of_a_moment_to_come() -> None:
    early = SAID.replace(hour=6)
    assert taken_at("今早130/85", early) == early
