"""One reader for all triage tests: building it takes a fraction of a second, reading microseconds."""

from pathlib import Path

import pytest

from agent.triage.content import Content, load
from agent.triage.reader import Reader

CONTENT = Path(__file__).resolve().parents[3] / "nlu_data"


@pytest.fixture(scope="session")
def content() -> Content:
    return load(CONTENT)


@pytest.fixture(scope="session")
def reader(content: Content) -> Reader:
    return Reader(content)
