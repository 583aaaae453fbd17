"""Who says nothing, and who answers by keys, in whole calls: real sound, real recogniser, the strict carrier."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.model.answer import Answer
from agent.model.clock import utc_now
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.record import StoredTurn
from agent.model.turn import TurnKind
from agent.schedule.going_on import GoingOn
from agent.speech.choose import choose_recogniser
from folders import ROOT
from settings import Settings
from telephony.simulator.persona import Line, Persona
from tests.e2e.spoken_line import SpokenLine, spoken_line
from tests.fakes.invitations import PlainInvitations

pytestmark = pytest.mark.long
SILENT = Persona("+8613490000021", "silent", pick_up_after_seconds=0.5)
KEYS = Persona(
    "+8613490000022",
    "keys",
    pick_up_after_seconds=0.5,
    lines=tuple(Line(digits=keys) for keys in ("1", "1957#", "136*78#", "2", "1", "2", "2", "2", "2", "2")),
)


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[SpokenLine]:
    hearing = choose_recogniser(ROOT / ".suifang")
    async with spoken_line(tmp_path, hearing, [SILENT, KEYS], Settings()) as opened:
        yield opened


async def said(line: SpokenLine) -> tuple[list[StoredTurn], list[Answer]]:
    async with line.store.transaction(write=False) as records:
        turns, answers = await records.turns("c1"), await records.answers("c1")
    for each in turns:
        print(each.turn.kind.value, repr(each.turn.text), "->", each.reply.text)
    return list(turns), list(answers)


async def test_who_says_nothing_is_asked_otherwise_then_offered_keys_then_let_go_and_gets_the_link(
    line: SpokenLine,
) -> None:
    attempt, contact = await line.calls(SILENT)
    turns, answers = await said(line)
    assert [each.turn.kind for each in turns] == [TurnKind.START] + [TurnKind.SILENCE] * 3 and not answers
    asked = [each.reply.text for each in turns]
    assert len(set(asked)) == 4 and "按1" in asked[2] and "再见" in asked[3]
    assert (attempt.outcome, attempt.detail) == (AttemptOutcome.HUNG_UP, "silence")
    assert contact.status is ContactStatus.DUE and contact.due_at > utc_now()
    await GoingOn(line.store, PlainInvitations(), utc_now).contact_changed("c1")
    async with line.store.transaction(write=False) as records:
        assert len(await records.messages(contact_id="c1")) == 1


async def test_who_answers_by_keys_is_understood_to_the_end(line: SpokenLine) -> None:
    attempt, _ = await line.calls(KEYS, of="hypertension")
    turns, answers = await said(line)
    values = {answer.question: answer.value for answer in answers}
    assert values["pressure"] == "136/78" and False in values.values()
    assert attempt.outcome is AttemptOutcome.COMPLETED
    assert {each.turn.kind for each in turns} <= {TurnKind.START, TurnKind.DIGITS, TurnKind.HANGUP}
