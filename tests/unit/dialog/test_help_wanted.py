"""Who cannot use, get or pay for what was prescribed: a nurse hears of it once, and help is promised."""

import pytest

from agent.dialog.phrases import Phrase
from agent.model.move import MoveKind
from tests.unit.dialog.talk import Talk, pathway

USE, SUPPLY = "护士会联系您，教您怎么做", "我告诉护士，请她帮您想办法"


@pytest.mark.parametrize(
    ("words", "promised"),
    [
        ("那个吸的我不会用", USE),
        ("不会打胰岛素", USE),
        ("不知道怎么喷", USE),
        ("那个动作我不会做", USE),
        ("药房没有这个药", SUPPLY),
        ("胰岛素买不到", SUPPLY),
        ("药盒丢了", SUPPLY),
        ("药太贵，停了", SUPPLY),
        ("吃不起", SUPPLY),
    ],
)
def test_help_is_promised_and_a_nurse_hears(words: str, promised: str) -> None:
    talk = Talk(of=pathway("copd")).identified().until("inhaler").turn(words)
    assert promised in talk.said
    assert talk.last.requests[0].rule in (Phrase.HELP_USE, Phrase.HELP_SUPPLY)
    assert promised not in talk.turn(words).said


@pytest.mark.parametrize(
    "words",
    ["不会吸烟", "会不会用血压计", "我不会用微信", "吃了，就是有点贵", "不会不用的", "以后不会打了", "不会做饭"],
)
def test_what_wants_no_help_is_no_card(words: str) -> None:
    talk = Talk(of=pathway("copd")).identified().until("inhaler").turn(words)
    assert not {one.rule for one in talk.last.requests} & {Phrase.HELP_USE, Phrase.HELP_SUPPLY}


def test_a_question_of_their_own_is_answered_and_a_nurse_hears_too() -> None:
    talk = Talk(of=pathway("copd")).identified().until("inhaler").turn("吸药的那个东西不会用", MoveKind.ASK)
    assert Phrase.HELP_USE in {one.rule for one in talk.last.requests}
    assert USE not in talk.said


def test_who_cannot_measure_is_not_asked_for_the_number_again() -> None:
    talk = Talk(of=pathway("hypertension")).identified().until("pressure").turn("我不会量血压")
    assert talk.session.current != "pressure" and "pressure" in talk.session.unanswered
