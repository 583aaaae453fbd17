"""Which pathways a one-off list is offered."""

from pathlib import Path

from folders import PATHWAYS
from wiring.campaigns import choices


def test_pathways_of_no_diagnosis_come_first(tmp_path: Path) -> None:
    names = [choice.pathway for choice in choices(PATHWAYS, tmp_path)()]
    assert names.index("satisfaction") < names.index("acute_infarction") < names.index("stroke")
