"""有点 before a finding, and 上楼: a nurse today instead of now, unless something beside it makes it more."""

from dataclasses import replace

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
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


WHICH = ReadingContext(
    question="伤口有没有红肿，或者流水？", asked=("wound_infection", "wound_bleeding"), which_next=True
)


@pytest.mark.parametrize("said", ["有", "有一点", "嗯有的", "还没长好", "还没完全好", "有啊，挺吓人的", "有，好几天了"])
def test_a_bare_yes_to_several_things_names_none(reader: Reader, said: str) -> None:
    reading = reader.read(said, WHICH)
    assert reading.level is Level.YELLOW
    assert {finding.status for finding in reading.findings} == {Status.UNCERTAIN}


def test_a_bare_yes_without_a_choice_to_come_stays_red(reader: Reader) -> None:
    chest = ReadingContext(question="胸口有没有疼或者发闷？", asked=("chest_pain", "chest_tightness"))
    assert reader.read("有", chest).level is Level.RED


def test_what_is_not_new_after_a_stroke_waits_for_today(reader: Reader) -> None:
    assert reader.read("没有新的，就还是左手不利索").level is Level.YELLOW
    assert reader.read("左手突然不利索").level is Level.RED


@pytest.mark.parametrize(
    "said",
    ["跟出院时一样，一动就喘", "就还是左手不利索，没有新的", "大舌头，跟出院的时候一样"],
)
def test_as_on_leaving_hospital_waits_for_today(reader: Reader, said: str) -> None:
    assert reader.read(said).level is Level.YELLOW


@pytest.mark.parametrize(
    "said",
    [
        "伤口跟出院时一样，左手没劲",
        "咳嗽是老毛病，左手没劲了",
        "咳嗽是老毛病左手没劲了",
        "没有新的药，左手没劲了",
        "没有新的，左手没劲了",
        "没有新的，今天左手还是没劲",
        "跟出院时一样，吃饭还行，左手没劲了",
        "跟出院时一样，就是今天左手没劲",
    ],
)
def test_what_is_steady_must_be_the_danger_itself(reader: Reader, said: str) -> None:
    assert reader.read(said).level is Level.RED


def test_a_dizzy_spell_is_no_faint(reader: Reader) -> None:
    assert reader.read("头晕过一回，起猛了").level is not Level.RED
    assert reader.read("前天晕过一回").level is Level.RED


def test_which_of_them_in_words_that_are_no_finding_is_no_yes_to_the_rest(reader: Reader) -> None:
    assert reader.read("有点红，不流水", replace(WHICH, which_told=True)).level is Level.NONE


def test_of_three_things_asked_the_one_named_is_there_and_the_danger_is_asked_by_itself(reader: Reader) -> None:
    three = ReadingContext(question="有没有头痛、头晕或者胸闷？", asked=("headache", "dizziness", "chest_tightness"))
    reading = reader.read("头晕过一回，就一下", three)
    assert dict(reading.asked) == {"dizziness": Status.PRESENT}
    assert reading.left_out == ("chest_tightness",) and reading.level is not Level.RED


SPEAKS_FOR = ["他说话不利索，我来说吧", "他说话不清楚，我替他说", "我妈讲话不利索，我跟您说"]
SPEAKS_NEW = ["他今天说话突然不清楚了，我来说吧", "他说话不清楚了", "他胸口疼，我来说吧", "他左手没劲，我来说吧"]
AS_EVER = ["差不多还是喘", "差不多，还是喘", "还是喘，跟以前差不多", "老样子，还喘着呢"]
NOT_AS_EVER = ["差不多天天喘", "喘得比以前厉害", "差不多吧，就是左手没劲", "跟以前一样，左手没劲了"]
BESIDE_AS_EVER = ["还是喘，跟以前差不多，左手没劲了"]


@pytest.mark.parametrize("said", SPEAKS_FOR)
def test_who_speaks_for_a_patient_tells_no_new_stroke(reader: Reader, said: str) -> None:
    assert reader.read(said, ReadingContext(caregiver=True)).level is Level.YELLOW


@pytest.mark.parametrize("said", AS_EVER)
def test_breathless_as_ever_is_asked_for_what_changed(reader: Reader, said: str) -> None:
    reading = reader.read(said)
    assert (reading.level, reading.steady) == (Level.YELLOW, ("dyspnoea",))


@pytest.mark.parametrize("said", [*SPEAKS_NEW, *NOT_AS_EVER, *BESIDE_AS_EVER])
def test_what_is_new_stays_red(reader: Reader, said: str) -> None:
    assert reader.read(said, ReadingContext(caregiver=True)).level is Level.RED


def test_a_harmless_finding_beside_a_denial_leaves_the_denial(reader: Reader) -> None:
    asked = ReadingContext(question="伤口有没有红肿、渗液？", asked=("wound_infection", "wound_bleeding"))
    reading = reader.read("有点痒，没红没流水", asked)
    assert reading.asked == (("wound_infection", Status.DENIED),)
    assert reading.left_out == ("wound_bleeding",)


def test_a_hot_flush_is_no_fever(reader: Reader) -> None:
    assert reader.read("晚上老有潮热").level is Level.NONE
    assert {found.concept for found in reader.read("午后潮热，三十七度八").findings} >= {"fever"}


def test_a_belly_that_is_not_hard_is_no_sexual_complaint(reader: Reader) -> None:
    found = reader.read("不硬", ReadingContext(question="肚子硬不硬？")).findings
    assert [(one.concept, one.status) for one in found] == [("abdominal_distension", Status.DENIED)]
