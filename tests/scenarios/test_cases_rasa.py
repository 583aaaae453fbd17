"""The same conversations through real Rasa: the moves named in the cases are not looked at."""

from pathlib import Path
from typing import Any

import pytest

from agent.model.move import Move, MoveContext
from agent.triage.content import load
from agent.triage.reader import Reader
from tests.e2e.rasa_service import rasa_service
from tests.scenarios.case_runner import ROOT, Case, all_cases, play, read_case

pytestmark = pytest.mark.rasa


def first_difference(case: Case, played: dict[str, Any]) -> str | None:
    """The first turn that came out otherwise than the case says."""
    for number, (was, wanted) in enumerate(zip(played["turns"], case.raw["turns"], strict=True), 1):
        if was["expect"] != wanted.get("expect"):
            where = f"{case.path.parent.parent.name}/{case.path.stem} turn {number}"
            return f"{where}: {wanted.get('says')} ({wanted.get('move')}): {was['expect'].get('reply')}"
    return None


async def test_every_case_comes_out_the_same(tmp_path: Path) -> None:
    reader = Reader(load(ROOT / "nlu_data"))
    different: list[str] = []
    async with rasa_service(tmp_path) as service:
        for path in all_cases():
            case = read_case(path)

            async def decides(
                text: str, context: MoveContext, talk: str = f"{path.parent.parent.name}-{path.stem}"
            ) -> Move:
                return await service.decider.decide(conversation_id=talk, text=text, context=context)

            found = first_difference(case, await play(case, reader, decides))
            different += [found] if found else []
    assert not different, "\n".join(different)
