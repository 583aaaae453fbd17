"""A contact whose talk broke off is taken up by the next attempt; one that ended in danger begins anew."""

from dataclasses import replace

import pytest

from agent.dialog import engine
from agent.model.move import MoveKind
from agent.model.session import Session
from tests.unit.dialog.talk import NO, OPENING, Talk, finding, reading, red


def next_attempt(of: Talk) -> Talk:
    again = Talk()
    again.steps = [engine.open(OPENING, again.pathway, Session.from_json(of.session.to_json()))]
    return again


def broken_off() -> Talk:
    """Two questions answered, the third open."""
    return Talk().identified().turn("没有", read=NO).turn("没有", read=NO)


def test_what_was_answered_stands_and_the_open_question_comes_first() -> None:
    talk = broken_off()
    waiting = talk.session.current
    again = next_attempt(talk.hang_up())
    assert len(again.session.answers) == 2 and again.session.answers == talk.session.answers
    assert again.identified().session.current == waiting
    given = {answer.question for answer in again.session.answers}
    while again.turn("没有", MoveKind.DENY, NO).session.current is not None:
        assert again.session.current not in given


def test_what_was_told_and_what_a_nurse_was_told_is_known_in_the_next_attempt() -> None:
    """Else a second symptom would not make the danger of two, and the same doubt would be put again."""
    talk = broken_off().turn("脚肿", read=replace(reading("脚肿", finding("oedema")), confirm="chest_pain")).hang_up()
    again = next_attempt(talk).session
    assert "oedema" in again.present and "confirm:chest_pain" in again.raised
    assert (again.present, again.raised) == (talk.session.present, talk.session.raised)


@pytest.mark.parametrize("ended", [False, True])
def test_after_a_danger_everything_is_asked_anew(ended: bool) -> None:
    talk = broken_off()
    talk.turn("我胸口疼得厉害", read=red("我胸口疼得厉害", "chest_pain"))
    if ended:
        talk.hang_up()
    begun = next_attempt(talk).session
    assert begun.answers == () and begun.raised == ()
    assert begun.queue == Talk().session.queue
