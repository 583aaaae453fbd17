"""What was there a few days ago and is gone by now is a yes to a question about these days, and alarms; what was there
in hospital is not; and what is over is what was told, not what was asked beside it."""

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader

BREATH = ReadingContext(question="有没有气短，或者夜里憋醒？", asked=("dyspnoea", "orthopnoea"))
CHEST = ReadingContext(question="胸口有没有疼或闷？", asked=("chest_pain", "chest_tightness"))
OEDEMA = ReadingContext(question="脚肿不肿？", asked=("oedema",))

THERE = """
昨天有过一次，今天没有 / 刚回来那两天有，后来没了 / 昨天犯了一回，今天没犯 / 就昨天晚上来了一下，今天没事
前天出现过，后来就没了 / 出院第二天发作了一次，之后没有再犯 / 有过一次，没再犯 / 有那么一两次，现在不了
那天有，现在没事了 / 昨儿个有，今儿没有 / 有，现在好了 / 头一天有点，后面就没了 / 大前天来了一阵，现在好了
"""
NOT_THERE = "没有 / 以前有，现在没有 / 住院的时候有，现在没有 / 手术前有，现在好了"


def _each(block: str) -> list[str]:
    return [words for line in block.strip().splitlines() for words in line.split(" / ")]


@pytest.mark.parametrize("context", [BREATH, CHEST], ids=["breath", "chest"])
@pytest.mark.parametrize("words", _each(THERE))
def test_what_was_there_these_days_alarms(reader: Reader, words: str, context: ReadingContext) -> None:
    reading = reader.read(words, context)
    assert Status.PRESENT in dict(reading.asked).values()
    assert reading.level is Level.RED


@pytest.mark.parametrize("words", _each(NOT_THERE))
def test_what_was_there_before_is_not_there(reader: Reader, words: str) -> None:
    reading = reader.read(words, BREATH)
    assert set(dict(reading.asked).values()) == {Status.DENIED}
    assert reading.level is Level.NONE


@pytest.mark.parametrize("words", ["前天闷了一阵，今天好了", "昨天闷了会儿，现在没事了", "前儿闷了会儿，今儿好了"])
def test_told_in_the_words_of_the_question(reader: Reader, words: str) -> None:
    assert reader.read(words, CHEST).level is Level.RED


@pytest.mark.parametrize("words", _each("昨天流了一次，今天没流 / 前天闷了一阵，今天好了 / 昨晚疼得厉害，今天不疼了"))
def test_the_end_of_something_else_answers_nothing(reader: Reader, words: str) -> None:
    assert reader.read(words, OEDEMA).asked == ()


@pytest.mark.parametrize("words", ["不疼", "今天不疼了", "不痒"])
def test_no_pain_is_no_answer_to_a_question_for_breath(reader: Reader, words: str) -> None:
    assert Status.DENIED not in dict(reader.read(words, BREATH).asked).values()
