"""Every pathway's conversations, without Rasa: triage and engine are real, the move stands in the case."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from folders import NLU_DATA, PATHWAYS
from tests.scenarios.case_runner import Reads, all_cases, play, read_case, write_case


@pytest.fixture(scope="session")
def reader() -> Iterator[Reads]:
    from agent.triage.content import load
    from agent.triage.reader import Reader

    yield Reader(load(NLU_DATA))


@pytest.mark.parametrize("path", all_cases(), ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
async def test_case(path: Path, reader: Reads, request: pytest.FixtureRequest) -> None:
    case = read_case(path)
    played = await play(case, reader)
    if request.config.getoption("--update", default=False):
        write_case(path, played)
        return
    assert played["opening"] == case.raw.get("opening")
    for number, (was, wanted) in enumerate(zip(played["turns"], case.raw["turns"], strict=True), 1):
        assert was["expect"] == wanted.get("expect"), f"turn {number}: {wanted.get('says', wanted.get('kind'))}"


def test_every_pathway_has_enough_cases() -> None:
    """At least six each, among them danger off-topic, a refusal, an interruption and a correction."""
    for pathway in sorted(path.parent for path in PATHWAYS.glob("*/pathway.yml")):
        kinds = {case.stem for case in pathway.glob("cases/*.yml")}
        assert len(kinds) >= 6, f"{pathway.name} has {len(kinds)} cases"
        for kind in ("red_flag", "refusal", "interruption", "correction"):
            assert any(name.startswith(kind) for name in kinds), f"{pathway.name} has no {kind} case"
