"""One half of a double question denied: the other half is asked by itself, and only when it is a danger."""

from dataclasses import replace
from functools import cache

import pytest

from agent.dialog.engine import reading_context
from agent.dialog.pathway_loader import load_all
from agent.model.escalation import EscalationKind
from agent.model.finding import Level, Polarity, Status
from agent.model.move import MoveKind
from agent.model.session import Phase
from agent.triage.content import load
from agent.triage.reader import Reader
from folders import NLU_DATA, PATHWAYS
from tests.unit.dialog.talk import Talk, pathway

CHEST = "那胸口发闷、压得慌，有没有？"


@cache
def reader() -> Reader:
    return Reader(load(NLU_DATA))


class Spoken(Talk):
    """Every answer is read by triage as in a live talk."""

    def says(self, text: str, kind: MoveKind = MoveKind.DENY) -> "Spoken":
        read = reader().read(text, reading_context(self.session, self.pathway))
        self.turn(text, kind, read)
        return self


def at_the_chest() -> Spoken:
    talk = Spoken(of=pathway("coronary_stent"))
    talk.identified().until("chest")
    return talk


def test_the_half_left_out_is_asked_and_a_no_settles_it_without_a_card() -> None:
    talk = at_the_chest().says("没有疼")
    assert talk.said == CHEST
    talk.says("没有")
    assert talk.session.current == "wound"
    assert not [request for step in talk.steps for request in step.requests]
    answer = talk.session.answer("chest")
    assert answer is not None
    assert answer.value is False


@pytest.mark.parametrize("words", ["有", "闷", "有点闷"])
def test_a_yes_to_the_other_half_is_red_and_corrects_the_answer(words: str) -> None:
    talk = at_the_chest().says("没有疼").says(words, MoveKind.ANSWER)
    assert talk.session.phase is Phase.RED_FLAG
    answer = talk.session.answer("chest")
    assert answer is not None
    assert answer.value is True


def test_no_to_something_else_does_not_settle_it() -> None:
    talk = at_the_chest().says("没有疼").says("不咳嗽")
    assert talk.said == CHEST
    talk.says("不咳嗽")
    assert [request.kind for request in talk.last.requests] == [EscalationKind.UNCLEAR]
    assert talk.session.current == "wound"


def test_hanging_up_before_the_other_half_leaves_a_card() -> None:
    talk = at_the_chest().says("没有疼")
    talk.hang_up()
    assert [request.kind for request in talk.last.requests] == [EscalationKind.UNCLEAR]


def test_both_halves_denied_at_once_are_not_asked_again() -> None:
    assert at_the_chest().says("不疼也不闷").session.current == "wound"
    assert at_the_chest().says("都没有").session.current == "wound"


def test_two_dangers_left_out_are_asked_one_after_the_other() -> None:
    talk = Spoken(of=pathway("stroke"))
    talk.identified().until("new_signs")
    talk.says("嘴不歪")
    first = talk.said
    talk.says("没有")
    second = talk.said
    assert first.endswith("那说话不清楚，有没有？")
    assert second.endswith("那一边手脚没劲，有没有？")


def test_what_is_no_danger_is_not_asked_again() -> None:
    reading = reader().read(
        "胃不疼",
        replace(
            reading_context(Spoken().session, pathway("coronary_stent")),
            question="吃药以后有没有胃疼、皮疹或者头晕？",
            asked=("stomach_pain", "rash", "dizziness"),
        ),
    )
    assert reading.left_out == ()
    assert dict(reading.asked) == {"stomach_pain": Status.DENIED}
    assert reading.polarity in (Polarity.NO, Polarity.UNKNOWN)


def test_every_danger_beside_another_finding_has_its_own_question() -> None:
    dangerous = {c for rule in load(NLU_DATA).rules if rule.level is Level.RED for c in rule.any_of}
    missing = {
        (pathway_id, question.id, concept)
        for pathway_id, one in load_all(PATHWAYS).items()
        for question in one.questions.values()
        for concept in question.asks
        if len(question.asks) > 1 and concept in dangerous and concept not in one.halves
    }
    assert not missing
