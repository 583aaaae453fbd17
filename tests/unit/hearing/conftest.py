"""One reader and one verifier for all hearing tests: the phrases of the whole lexicon take a moment to collect."""

import pytest

from agent.hearing.hearing_reader import HearingReader
from agent.hearing.verifier import Verifier
from agent.triage.content import load
from agent.triage.reader import Reader
from folders import NLU_DATA


@pytest.fixture(scope="session")
def plain_reader() -> Reader:
    return Reader(load(NLU_DATA))


@pytest.fixture(scope="session")
def reader(plain_reader: Reader) -> HearingReader:
    return HearingReader(plain_reader)


@pytest.fixture(scope="session")
def verifier(plain_reader: Reader) -> Verifier:
    return Verifier(plain_reader)
