"""Hundreds of phrases around a finding, each with several findings: status_phrases.yml."""

from pathlib import Path

import pytest

from agent.content_yaml import read_source
from agent.model.finding import Status
from agent.triage.reader import Reader

PHRASES = read_source(Path(__file__).parent / "status_phrases.yml").data
NAMED = {"symptom": ["咳嗽", "胸闷", "头晕", "肚子疼"], "disease": ["肺炎", "阑尾炎", "冠心病"]}
ALLOWED = {
    "denied": {Status.DENIED},
    "present": {Status.PRESENT, Status.PAST},
    "past": {Status.PAST},
    "uncertain": {Status.UNCERTAIN},
    "not_meant": {Status.NOT_ASSERTED, Status.HYPOTHETICAL, Status.OTHER_PERSON},
}


@pytest.mark.parametrize("group", list(PHRASES))
def test_phrases(reader: Reader, group: str) -> None:
    status, _, kind = group.rpartition("_")
    wrong = []
    for phrase in (phrase for line in PHRASES[group] for phrase in line.split(" / ")):
        for name in NAMED[kind]:
            said = phrase.replace("X", name).replace("Y", "恶心")
            found = [finding for finding in reader.read(said).findings if name in finding.surface]
            if not found or found[0].status not in ALLOWED[status]:
                wrong.append((said, found[0].status if found else None))
    assert not wrong
