"""A gain told as two weights alarms like one told as a gain."""

import pytest

from agent.triage.reader import Reader


@pytest.mark.parametrize(
    ("words", "kilograms"),
    [
        ("前几天六十五公斤，今天六十七公斤", 2.0),
        ("昨天一百三十二斤，今天一百三十四斤", 1.0),
        ("今天六十八公斤，出院的时候六十五公斤", 3.0),
        ("今天六十五公斤，昨天六十六公斤", None),
        ("我六十五公斤，老伴六十七公斤", None),
        ("前几天六十公斤，今天八十公斤", None),
    ],
)
def test_the_gain_between_two_weights(reader: Reader, words: str, kilograms: float | None) -> None:
    gains = [one.value for one in reader.read(words).measurements if one.name == "weight_gain_kg"]
    assert gains == ([] if kilograms is None else [kilograms])


def test_two_kilograms_are_a_card(reader: Reader) -> None:
    assert "weight_gain_fast" in {alarm.rule for alarm in reader.read("前几天六十五公斤，今天六十七公斤").alarms}
