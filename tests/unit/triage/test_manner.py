"""有点 before a finding, and 上楼: a nurse today instead of now, unless something beside it makes it more."""

import pytest

from agent.model.finding import Level
from agent.triage.reader import Reader

TODAY = ["刀口边上有点红", "伤口稍微有点肿，不疼", "走平路没事，就是上楼有点喘", "干重活的时候有点喘"]
NOW = [
    "刀口红肿",
    "刀口有点红，还往外流水",
    "伤口有点红肿，一直发烧",
    "有点喘",
    "走两步就有点喘",
    "上楼喘得厉害",
    "上楼有点喘，越来越重",
    "上楼有点喘，夜里躺不平",
]


@pytest.mark.parametrize("said", TODAY)
def test_a_little_waits_for_today(reader: Reader, said: str) -> None:
    assert reader.read(said).level is Level.YELLOW


@pytest.mark.parametrize("said", NOW)
def test_more_than_a_little_does_not_wait(reader: Reader, said: str) -> None:
    assert reader.read(said).level is Level.RED


def test_what_was_a_little_and_is_over_alarms_nobody(reader: Reader) -> None:
    assert reader.read("出院那两天有点喘，现在不喘了").level is Level.NONE
