"""Short answers as data: what each makes of the finding that the question asked about."""

from pathlib import Path

import pytest
import yaml

from agent.triage.reader import Reader

STATUSES = ("present", "denied", "uncertain")
LISTS = yaml.safe_load(Path(__file__).with_name("short_answers.yml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(entry["question"], entry["surface"], status, str(words), id=f"{entry['question']}{words}")
    for entry in LISTS
    for status in STATUSES
    for words in entry.get(status, ())
]


@pytest.mark.parametrize(("question", "surface", "status", "words"), CASES)
def test_short_answer(reader: Reader, question: str, surface: str, status: str, words: str) -> None:
    assert [str(got) for got in reader.asked_statuses(words, question, [surface])] == [status]
