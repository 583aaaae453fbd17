"""Short answers as data: what each makes of the findings that the question asked about."""

import time
from pathlib import Path
from typing import Any

import pytest

from agent.content_yaml import read_source
from agent.dialog.pathway_loader import load_all
from agent.model.answer import AnswerType
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader
from folders import PATHWAYS

HERE = Path(__file__).parent
STATUSES = ("present", "denied", "uncertain")
LETTERS = {"present": "p", "denied": "d", "uncertain": "u"}


def _data(name: str) -> Any:
    return read_source(HERE / name).data


SHORT = _data("short_answers.yml")
CASES = [
    pytest.param(entry["question"], entry["surface"], status, words, id=f"{entry['question']}{words}")
    for entry in SHORT
    for status in STATUSES
    for words in entry.get(status, ())
]


@pytest.mark.parametrize(("question", "surface", "status", "words"), CASES)
def test_short_answer(reader: Reader, question: str, surface: str, status: str, words: str) -> None:
    assert [str(got) for got in reader.asked_statuses(words, question, [surface])] == [status]


def _pairs() -> list[Any]:
    pairs: list[Any] = []
    question: dict[str, Any] = {}
    for entry in _data("questions_and_answers.yml"):
        if "asks" in entry:
            question = entry
        else:
            case = f"{question['asks']}{entry['a']}"
            pairs.append(pytest.param(question["asks"], question["of"], entry["a"], entry["is"], id=case))
    return pairs


@pytest.mark.parametrize(("question", "surfaces", "answer", "expected"), _pairs())
def test_question_and_answer(reader: Reader, question: str, surfaces: list[str], answer: str, expected: str) -> None:
    got = "".join(LETTERS[status] for status in reader.asked_statuses(answer, question, surfaces))
    assert "".join("-" if want == "-" else one for want, one in zip(expected, got, strict=True)) == expected


@pytest.mark.parametrize("status", STATUSES)
def test_every_short_answer_to_every_closed_question_of_the_pathways(reader: Reader, status: str) -> None:
    """What is read of the concepts a question asks: the status, or for the unsure also nothing, so that it is asked
    again. 没胃口 is itself a discomfort."""
    questions = {
        question.wording.voice: question.asks
        for pathway in load_all(PATHWAYS).values()
        for question in pathway.questions.values()
        if question.type is AnswerType.YES_NO and question.asks
    }
    words = [answer for answer in SHORT[0][status] if "恶心" not in answer and "没胃口" not in answer]
    wrong = []
    for wording, asks in questions.items():
        for answer in words:
            asked = reader.read(answer, ReadingContext(question=wording, asked=asks)).asked
            got = {str(one) for _, one in asked}
            if got != {status} and (got or status != "uncertain"):
                wrong.append((wording, answer, got))
    assert not wrong


@pytest.mark.parametrize("words", ["也都就", "一点", "感觉好像", "的了", "从昨天就", "没有也", "除了都"])
def test_a_hostile_answer_is_not_slow(reader: Reader, words: str) -> None:
    began = time.process_time()
    for length in (13, 39, 400):
        reader.asked_statuses((words * length)[:length] + "x", "有没有恶心？", ["恶心"])
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("words", ["我在开会，今晚八点再打", "在开会", "孩子开家长会", "等一会"])
def test_a_meeting_is_no_yes(words: str, reader: Reader) -> None:
    """会 says yes at the end (走快了会), but not where it is a meeting or a while."""
    asked = ReadingContext(question="这几天走路或者上楼，喘不喘？", asked=("dyspnoea",))
    assert not reader.read(words, asked).findings
