"""What the talk does not do: take a family's word for the patient's, doubt what is sure, go round without end."""

from dataclasses import replace

import pytest

from agent.dialog.identity import candidates
from agent.dialog.time_wishes import read_wish
from agent.dialog.work import Heard
from agent.model.finding import Alarm, Level, Reading
from agent.model.move import Move, MoveKind
from agent.model.session import DetourKind, Phase
from agent.model.turn import TurnKind
from tests.unit.dialog.talk import NO, NOW, Talk, pathway, reading, red

HIGH = "一百九，一百二十"


def red_limit() -> str:
    return next(limit.id for limit in pathway().questions["pressure"].limits if limit.level is Level.RED)


def asked(question: str) -> Talk:
    return Talk().identified().until(question)


def dangerous() -> Reading:
    told = Alarm(red_limit(), Level.RED, "血压过高", (), HIGH, (0, len(HIGH)))
    return replace(reading(HIGH, numbers={"systolic": 190, "diastolic": 120}), alarms=(told,))


def test_a_dangerous_number_that_was_heard_well_is_not_read_back_first() -> None:
    assert asked("pressure").turn(HIGH, read=dangerous(), sure=0.95).session.phase is Phase.RED_FLAG
    unsure = asked("pressure").turn(HIGH, read=dangerous(), sure=0.3)
    assert unsure.session.phase is Phase.QUESTIONS and "对吗" in unsure.said


@pytest.mark.parametrize(("words", "begins"), [("一九五八年的", False), ("我是本人，一九五八年的", True)])
def test_a_family_that_knows_the_birth_year_is_not_the_patient(words: str, begins: bool) -> None:
    talk = Talk().turn("我是他儿子", MoveKind.CAREGIVER).turn(words)
    assert talk.session.verified is begins


def test_the_same_doubt_is_put_once_in_a_contact() -> None:
    doubt = replace(Reading("胸口通"), confirm="chest_pain")
    talk = Talk().identified().turn("胸口通", read=doubt)
    assert talk.session.detour is not None and talk.session.detour.kind is DetourKind.CONFIRM
    assert talk.turn("没有", MoveKind.DENY, NO).session.detour is None
    assert talk.turn("胸口通", read=doubt).session.detour is None


def test_half_a_pressure_is_not_completed_by_a_higher_lower_one() -> None:
    half = reading("高压一百三", numbers={"systolic": 130})
    talk = asked("pressure").turn("高压一百三", read=half)
    assert talk.session.detour is not None and talk.session.detour.kind is DetourKind.HALF
    talk.turn("一百五", read=Reading("一百五"))
    assert talk.session.answer("pressure") is None


@pytest.mark.parametrize("words", ["两个月以后", "过五十天"])
def test_a_wish_of_more_than_a_month_is_none(words: str) -> None:
    wish = read_wish(words, NOW)
    assert wish is None or (wish.at - NOW).days <= 31


@pytest.mark.parametrize(("words", "years"), [("二六年的", {"1926", "2026"}), ("五八年的", {"1958"})])
def test_a_year_of_two_digits_is_none_that_is_still_to_come(words: str, years: set[str]) -> None:
    turn = Talk()._turn(TurnKind.SPEECH, words)
    assert candidates(Heard(Move(MoveKind.ANSWER), Reading(words), turn, NOW)) == years


def test_a_red_limit_of_a_measurement_says_all_that_its_yellow_one_would() -> None:
    talk = asked("pressure").turn(HIGH, read=reading(HIGH, numbers={"systolic": 190, "diastolic": 70}))
    limits = {limit.id: limit for limit in pathway().questions["pressure"].limits}
    told = [limits[request.rule] for request in talk.last.requests if request.rule in limits]
    measured = [limit.measurement for limit in told]
    assert any(limit.level is Level.RED for limit in told) and len(measured) == len(set(measured))


def test_of_two_dangers_the_advice_to_call_120_is_given() -> None:
    first, second = red("伤口化脓，烧到三十九度", "wound_infection"), red("伤口化脓，烧到三十九度", "high_fever")
    talk = Talk().identified().turn(first.text, read=replace(first, alarms=(*first.alarms, *second.alarms)))
    assert talk.session.phase is Phase.RED_FLAG and "120" in talk.said
    assert "120" not in Talk().identified().turn(first.text, read=first).said
