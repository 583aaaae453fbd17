"""A nurse takes over a whole spoken call, from her page to her telephone: real sound, the strict carrier. A minute."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.model.clock import utc_now
from agent.model.contact import AttemptOutcome
from agent.model.record import Role, User
from agent.model.turn import TurnKind
from agent.speech.choose import choose_recogniser
from folders import ROOT
from settings import Settings
from telephony.simulator.config import PATIENTS
from telephony.simulator.persona import load_persona
from tests.e2e.spoken_line import SpokenLine, spoken_line
from tests.fakes import seed
from tests.unit.dashboard.conftest import Ward

pytestmark = pytest.mark.long
LONGEST_SECONDS = 180.0
PATIENT = load_persona(PATIENTS / "wants_a_person.yml")
MINE, NOT_ANSWERED = "+8657188000001", "+8657188000002"


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[SpokenLine]:
    people = [load_persona(path) for path in sorted(PATIENTS.glob("*.yml"))]
    async with spoken_line(tmp_path, choose_recogniser(ROOT / ".suifang"), people, Settings(transfer_seconds=6)) as it:
        async with it.store.transaction() as records:
            await records.add_user(User("lijing", "李静", Role.NURSE, seed.HASHED))
        yield it


async def pressed(line: SpokenLine, number: str, folder: Path) -> None:
    """The nurse waits on her page until the patient has spoken, then takes the call over."""
    nurse = await Ward(line.store, folder, utc_now).nurse()  # type: ignore[arg-type]
    while True:
        await asyncio.sleep(0.2)
        async with line.store.transaction(write=False) as records:
            calls = await records.calls_now()
            spoken = any(each.turn.kind is TurnKind.SPEECH for each in await records.turns("c1"))
        if calls and spoken:
            break
    answer = await nurse.post(f"/calls/{calls[0].id}/take-over", number=number)
    assert answer.status_code == 200


async def test_the_nurses_own_telephone_rings_and_she_talks_with_the_patient(line: SpokenLine, tmp_path: Path) -> None:
    async with asyncio.timeout(LONGEST_SECONDS):
        (attempt, contact), _ = await asyncio.gather(line.calls(PATIENT), pressed(line, MINE, tmp_path))
    async with line.store.transaction(write=False) as records:
        turns, events = await records.turns("c1"), await records.events("attempt", attempt.id)
    words = [event.to_status for event in events]
    print([(stored.turn.kind.value, stored.reply.text) for stored in turns], words)
    assert attempt.outcome is AttemptOutcome.TRANSFERRED and contact.reason == "transferred"
    assert words.index("take_over_asked") < words.index("transferring") < words.index("transferred")
    (wanted,) = [stored for stored in turns if stored.turn.kind is TurnKind.TAKE_OVER]
    assert len(wanted.reply.sentences) == 1 and "接通护士" in wanted.reply.text


async def test_when_she_does_not_answer_the_robot_promises_a_callback_and_goes_on(
    line: SpokenLine, tmp_path: Path
) -> None:
    async with asyncio.timeout(LONGEST_SECONDS):
        (attempt, _), _ = await asyncio.gather(line.calls(PATIENT), pressed(line, NOT_ANSWERED, tmp_path))
    async with line.store.transaction(write=False) as records:
        turns, events = await records.turns("c1"), await records.events("attempt", attempt.id)
        cards = [card.reason for card in await records.escalations() if card.rule == "take_over"]
    print([(stored.turn.kind.value, stored.turn.text, stored.reply.text) for stored in turns])
    assert "transfer_not_taken" in [event.to_status for event in events]
    assert any("没能接到电话" in stored.reply.text for stored in turns)
    assert cards == ["护士接管时电话没有接通，已承诺回电"]
