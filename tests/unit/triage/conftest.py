"""One reader for all triage tests: building it takes a fraction of a second, reading microseconds."""

import pytest

from agent.triage.content import Content, load
from agent.triage.reader import Reader
from folders import NLU_DATA


@pytest.fixture(scope="session")
def content() -> Content:
    return load(NLU_DATA)


@pytest.fixture(scope="session")
def reader(content: Content) -> Reader:
    return Reader(content)
