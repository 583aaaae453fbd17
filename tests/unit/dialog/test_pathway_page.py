"""The page a clinician signs holds everything the robot may say."""

import pytest

from agent.dialog.pathway_chart import rows
from agent.dialog.pathway_loader import load_all
from agent.dialog.pathway_page import page
from agent.dialog.pathway_phrases import WHEN, unused
from agent.dialog.pathway_text import FILLED_IN, filled
from agent.dialog.phrases import PLACEHOLDERS, Phrase
from agent.model.pathway import Pathway
from folders import PATHWAYS
from tests.unit.dialog.talk import pathway

ALL = load_all(PATHWAYS)


@pytest.mark.parametrize("one", ALL.values(), ids=list(ALL))
def test_every_sentence_is_on_the_page(one: Pathway) -> None:
    html = page(one)
    said = [question.wording.voice for question in one.questions.values()]
    said += [question.wording.elder for question in one.questions.values()]
    said += ["".join(advice.sentences) for advice in one.advice.values()]
    said += ["".join(sentences) for sentences in one.phrases.values()]
    said += [*one.confirms.values(), *one.confirms_again.values(), *one.halves.values()]
    said += [alarm.reason for question in one.questions.values() for alarm in question.alarms]
    said += [limit.reason for question in one.questions.values() for limit in question.limits]
    said += list(one.sources)
    missing = [sentence for sentence in said if filled(sentence) not in html]
    assert missing == []


def test_the_chart_shows_branches_beside_their_question() -> None:
    heart = pathway("heart_failure")
    found = [(row.question.id, row.depth, row.why) for row in rows(heart, heart.node(3))]
    assert found[2:4] == [("swelling", 0, ""), ("swelling_worse", 1, "是")]
    assert found[-1] == ("anything_else", 0, "")


def test_a_draft_says_so() -> None:
    assert "未经医生签发" in page(pathway("heart_failure"))


def test_the_last_question_stands_after_the_pathways_own_and_blanks_are_named_in_chinese() -> None:
    html = page(pathway())
    listed = html[html.index("id='questions'") : html.index("id='dangers'")]
    assert listed.index("活动后气短") < listed.index("其他情况或问题") < listed.index("最高体温")
    assert set(FILLED_IN) == PLACEHOLDERS
    assert "〔姓名〕" in html and "{name}" not in html and "{callback}" not in html


def test_every_shared_sentence_stands_beside_the_moment_it_is_said_at() -> None:
    listed = [which for moments in WHEN.values() for which in moments]
    assert sorted(listed) == sorted(Phrase) and len(set(listed)) == len(listed)
    html = page(pathway())
    assert html.index("同意") < html.index("先征得同意再提问的路径") < html.index("想请您回答几个问题")
    assert all(when in html for moments in WHEN.values() for when in moments.values())


def test_what_a_pathway_never_says_is_named() -> None:
    assert Phrase.CONSENT in unused(pathway("heart_failure")) and Phrase.CONSENT not in unused(pathway("recall"))
    assert Phrase.ASK_PERSON in unused(pathway("paediatric_pneumonia"))
    assert Phrase.NEXT_CONTACT in unused(pathway("recall")) and "本路径不说" in page(pathway("recall"))
