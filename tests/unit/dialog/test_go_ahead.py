"""Leave to ask is no answer: 好的 to "a few questions; are you short of breath?" is neither a yes nor a no."""

import pytest

from agent.dialog import go_ahead
from agent.dialog.contexts import reading_context
from agent.model.move import MoveKind
from agent.model.session import Phase
from tests.unit.dialog.talk import NO, YES, Talk, finding, reading

LEAVE = [
    "好的",
    "好",
    "行",
    "可以",
    "方便",
    "方便的",
    "中",
    "得",
    "要得",
    "你问吧",
    "您说",
    "行，你问吧",
    "嗯好",
    "好的，谢谢",
    "哦，好，说吧",
]
LEAVE_AT_FIRST = ["嗯", "嗯嗯", "哎", "没事，你说", "没问题", "不忙", "没问题你问吧"]
ANSWERS = [
    "有",
    "没有",
    "是",
    "是的",
    "对",
    "喘",
    "不喘",
    "好多了",
    "还行",
    "还好",
    "挺好的",
    "没事",
    "没事了",
    "不好",
    "啊",
    "呃",
    "谢谢",
    "有点",
    "不方便",
    "不行",
]


@pytest.mark.parametrize("words", [*LEAVE, *LEAVE_AT_FIRST])
def test_after_the_intro_it_leaves_the_question_open_and_puts_it_again(words: str) -> None:
    talk = Talk().identified()
    question = talk.session.current
    talk.turn(words, MoveKind.AFFIRM, YES if words in LEAVE else NO)
    assert talk.session.answers == () and talk.session.current == question
    assert talk.session.phase is Phase.QUESTIONS and talk.session.misses == 0
    assert talk.session.reply.sentences == (talk.pathway.questions[question].wording.voice,)


@pytest.mark.parametrize("words", [*LEAVE, *LEAVE_AT_FIRST])
def test_triage_puts_it_down_to_no_symptom(words: str) -> None:
    talk = Talk().identified()
    assert reading_context(talk.session, talk.pathway, "喘").asked
    assert reading_context(talk.session, talk.pathway, words).asked == ()


@pytest.mark.parametrize("words", ANSWERS)
def test_an_answer_is_one(words: str) -> None:
    talk = Talk().identified()
    assert not go_ahead.nothing_but(words, talk.session, talk.pathway)


def test_the_second_time_it_is_asked_in_plainer_words_and_in_the_end_left() -> None:
    talk = Talk().identified()
    question = talk.session.current
    talk.turn("好的", MoveKind.AFFIRM, YES).turn("好的", MoveKind.AFFIRM, YES)
    assert talk.session.reply.sentences[-1] == talk.pathway.questions[question].wording.elder
    for _ in range(3):
        talk.turn("好的", MoveKind.AFFIRM, YES)
    assert talk.session.current != question and question in talk.session.unanswered


def test_a_plain_yes_or_all_clear_counts_once_the_question_stood_alone() -> None:
    talk = Talk().identified().turn("好的", MoveKind.AFFIRM, YES)
    assert not go_ahead.nothing_but("嗯", talk.session, talk.pathway)
    assert not go_ahead.nothing_but("没问题", talk.session, talk.pathway)
    assert go_ahead.nothing_but("好的", talk.session, talk.pathway)


def test_what_names_the_symptom_beside_it_is_an_answer() -> None:
    talk = Talk().identified().turn("好的，有点喘", MoveKind.AFFIRM, reading("好的，有点喘", finding("dyspnoea")))
    assert talk.session.answer("breath").value is True


@pytest.mark.parametrize("words", ["好了你说", "好了", "我回来了，问吧", "嗯，好了"])
def test_back_from_a_pause_the_question_is_put_again(words: str) -> None:
    talk = Talk().identified().turn("等一下", MoveKind.WAIT)
    talk.turn(words, MoveKind.AFFIRM, YES)
    assert talk.session.answers == () and talk.session.detour is None and talk.session.misses == 0
    assert "喘" in talk.said


def test_no_danger_rests_on_words_in_which_triage_reads_no_yes() -> None:
    talk = Talk().identified().turn("那个啥来着行不行的", MoveKind.AFFIRM, reading("那个啥来着行不行的"))
    assert talk.session.answers == () and talk.session.phase is Phase.QUESTIONS
