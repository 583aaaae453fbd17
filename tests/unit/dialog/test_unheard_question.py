"""Words from before the robot's question was out: no answer to it, yet nothing in them is lost."""

from dataclasses import replace

from agent.dialog.contexts import reading_context
from agent.model.finding import Status
from agent.model.move import MoveKind
from agent.model.session import Phase
from tests.unit.dialog.talk import NO, YES, Talk, finding, reading, red


def test_a_no_to_a_question_that_was_not_heard_leaves_it_open_and_puts_it_again() -> None:
    talk = Talk().identified()
    asked, question = talk.said, talk.session.current
    talk.early("没有", MoveKind.DENY, NO)
    assert talk.session.answers == () and talk.session.current == question
    assert talk.said in asked  # in full, not as "I did not understand"
    assert talk.session.misses == 0


def test_triage_is_not_told_of_a_question_that_was_not_heard() -> None:
    talk = Talk().identified()
    assert reading_context(talk.session, talk.pathway).asked
    unheard = reading_context(talk.session, talk.pathway, question_heard=False)
    assert (unheard.asked, unheard.question) == ((), "")
    assert unheard.limits == reading_context(talk.session, talk.pathway).limits  # values alarm all the same


def test_what_names_itself_is_an_answer_all_the_same() -> None:
    talk = Talk().identified().early("我喘", MoveKind.ANSWER, reading("我喘", finding("dyspnoea")))
    assert talk.session.answer("breath").value is True
    talk = Talk().identified().early("不喘", MoveKind.DENY, reading("不喘", finding("dyspnoea", Status.DENIED)))
    assert talk.session.answer("breath").value is False


def test_danger_is_obeyed_whenever_it_is_said() -> None:
    talk = Talk().identified().early("我胸口疼", MoveKind.ANSWER, red("我胸口疼", "chest_pain"))
    assert talk.session.phase is Phase.RED_FLAG


def test_nobody_is_identified_by_a_yes_from_before_the_question() -> None:
    talk = Talk().early("嗯是", MoveKind.AFFIRM, YES)
    assert not talk.session.verified and talk.session.identity_step == "name"


def test_it_is_not_put_again_for_ever() -> None:
    talk = Talk().identified()
    question = talk.session.current
    for _ in range(12):
        talk.early("没有", MoveKind.DENY, NO)
    assert talk.session.current != question


def test_a_doubt_is_not_settled_by_words_from_before_it_was_put() -> None:
    talk = Talk().identified().turn("好像", MoveKind.ANSWER, replace(reading("好像"), confirm="chest_pain"))
    open_before = talk.session.detours
    talk.early("没有", MoveKind.DENY, NO)
    assert open_before and talk.session.detours == open_before
