"""A number that was read back and not confirmed: what is kept of it when the patient leaves."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.dialog import engine
from agent.model.contact import ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Level
from agent.model.move import MoveKind
from agent.model.session import Phase, Session
from tests.unit.dialog.talk import NO, OPENING, YES, Talk, pathway, reading

WORDS = "一百三十六七十八"


def read_back(upper: float = 136, lower: float = 78, talk: Talk | None = None) -> Talk:
    said = reading(WORDS, numbers={"systolic": upper, "diastolic": lower})
    talk = (talk or Talk(replace(OPENING, node_day=7), pathway()).identified()).until("pressure")
    return talk.turn(WORDS, read=said, sure=0.6)


def kept(talk: Talk) -> list[tuple[object, bool]]:
    return [(each.value, each.unconfirmed) for each in talk.last.answers if each.question == "pressure"]


LEAVING: dict[str, Callable[[Talk], Talk]] = {
    "hung up": Talk.hang_up,
    "said goodbye": lambda talk: talk.turn("不说了，再见", MoveKind.REFUSE).turn("不行", MoveKind.REFUSE),
    "not understood, then hung up": lambda talk: talk.turn("啥").turn("啥").hang_up(),
    "asked something, then hung up": lambda talk: talk.faq("你是机器人吗", "robot", "我是机器人。").hang_up(),
}


@pytest.mark.parametrize("way", LEAVING)
def test_however_the_patient_leaves_what_was_read_back_is_kept_as_unconfirmed(way: str) -> None:
    asked = read_back()
    told = asked.last
    left = LEAVING[way](asked)
    assert left.session.phase is Phase.ENDED and kept(left) == [("136/78", True)]
    answer = left.session.answer("pressure")
    assert answer is not None and (answer.raw, answer.confidence) == (WORDS, 0.6)
    assert told.session.held[0].turn_id == answer.turn_id and left.session.held == ()


def test_our_own_failure_keeps_it_too() -> None:
    talk = read_back()
    step = engine.give_up(talk.session, talk.pathway, "rasa_down")
    assert [(each.question, each.unconfirmed) for each in step.answers] == [("pressure", True)]


@pytest.mark.parametrize("way", ["no", "said it wrong", "not measured"])
def test_what_the_patient_contradicted_is_not_kept(way: str) -> None:
    talk = read_back()
    match way:
        case "no":
            talk.turn("不对", MoveKind.DENY, NO)
        case "said it wrong":
            talk.turn("我说错了", MoveKind.CORRECT)
        case _:
            talk.turn("啥").turn("啥").turn("没量过，不知道")
    assert kept(talk.hang_up()) == [] and talk.session.answer("pressure") is None


def test_another_number_takes_its_place_at_once() -> None:
    talk = read_back()
    talk.turn("一百四八十", read=reading("一百四八十", numbers={"systolic": 140, "diastolic": 80}), sure=0.6)
    assert kept(talk.hang_up()) == [("140/80", True)]


def test_a_confirmed_one_is_no_longer_in_doubt() -> None:
    talk = read_back().turn("对", MoveKind.AFFIRM, YES)
    assert kept(talk) == [("136/78", False)] and talk.session.held == ()
    assert kept(talk.hang_up()) == []


def test_half_a_pressure_is_kept_and_never_in_place_of_a_whole_one() -> None:
    half = reading("高压一百三", numbers={"systolic": 130})
    talk = Talk(replace(OPENING, node_day=7), pathway()).identified().until("pressure")
    assert kept(talk.turn("高压一百三", read=half).hang_up()) == [("130/", True)]
    talk = read_back().turn("对", MoveKind.AFFIRM, YES).turn("刚才说错了", MoveKind.CORRECT)
    assert talk.session.current == "pressure"
    assert kept(talk.turn("高压一百三", read=half).hang_up()) == []


def test_who_takes_a_value_back_and_leaves_at_the_new_one_leaves_the_new_one() -> None:
    talk = read_back().turn("对", MoveKind.AFFIRM, YES).turn("刚才说错了", MoveKind.CORRECT)
    left = read_back(150, 90, talk).hang_up()
    assert kept(left) == [("150/90", True)] and left.last.answers[0].corrected


@pytest.mark.parametrize(("upper", "lower"), [(78, 136), (136, 400)])
def test_what_cannot_be_is_not_kept(upper: float, lower: float) -> None:
    assert kept(read_back(upper, lower).hang_up()) == []


def test_a_number_outside_its_range_is_not_kept() -> None:
    talk = Talk(replace(OPENING, node_day=7), pathway()).identified().until("weight")
    talk.turn("六百五十公斤", read=reading("六百五十公斤", numbers={"weight_kg": 650}))
    assert "对吗" in talk.said and talk.hang_up().last.answers == ()


def test_nothing_of_a_wrong_number_is_kept() -> None:
    talk = read_back().turn("你打错了", MoveKind.WRONG_PERSON)
    assert talk.session.phase is Phase.ENDED and kept(talk) == [] and talk.session.held == ()


def test_an_unconfirmed_answer_makes_no_contact_partial() -> None:
    talk = Talk(replace(OPENING, node_day=150), pathway("hypertension")).identified()
    end = read_back(talk=talk).hang_up().last.end
    assert end is not None and end.contact_status is ContactStatus.DUE


def test_the_next_attempt_asks_again_and_the_confirmed_value_takes_its_place() -> None:
    earlier = Session.from_json(read_back().hang_up().session.to_json())
    again = Talk(replace(OPENING, node_day=7), pathway())
    again.steps = [engine.open(OPENING, again.pathway, earlier)]
    assert again.session.answer("pressure") is None
    again.identified().until("pressure")
    again.turn(WORDS, read=reading(WORDS, numbers={"systolic": 136, "diastolic": 78}))
    assert kept(again) == [("136/78", False)] and not again.last.answers[0].corrected


def test_what_waited_when_an_attempt_was_only_left_is_kept_by_the_next() -> None:
    """In chat an attempt may time out with its session open."""
    again = Talk(replace(OPENING, node_day=7), pathway())
    again.steps = [engine.open(OPENING, again.pathway, read_back().session)]
    assert kept(again.identified().hang_up()) == [("136/78", True)]


def test_a_limit_that_no_reading_told_of_makes_one_yellow_card() -> None:
    left = read_back(186, 112).hang_up().last
    assert left.requests and {(each.kind, each.level) for each in left.requests} == {
        (EscalationKind.THRESHOLD, Level.YELLOW)
    }
    assert all(each.reason.endswith("（数值未核对）") for each in left.requests)


def test_a_session_stored_without_the_new_fields_is_read() -> None:
    talk = read_back().turn("对", MoveKind.AFFIRM, YES)
    stored = json.loads(talk.session.to_json())
    del stored["held"]
    for answer in stored["answers"]:
        del answer["unconfirmed"]
    assert Session.from_json(json.dumps(stored)) == talk.session
