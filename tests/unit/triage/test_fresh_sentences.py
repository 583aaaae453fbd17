"""Dangers and calm words as they are told at home: fresh_sentences.yml."""

from pathlib import Path

import pytest

from agent.content_yaml import read_source
from agent.model.finding import Level
from agent.triage.reader import Reader

SENTENCES = read_source(Path(__file__).parent / "fresh_sentences.yml").data


@pytest.mark.parametrize("family", list(SENTENCES["danger"]))
def test_a_danger_is_red(reader: Reader, family: str) -> None:
    assert [said for said in SENTENCES["danger"][family] if reader.read(said).level is not Level.RED] == []


def test_calm_words_alarm_nobody(reader: Reader) -> None:
    assert [said for said in SENTENCES["calm"] if reader.read(said).level is not Level.NONE] == []
