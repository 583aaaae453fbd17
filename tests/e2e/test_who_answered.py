"""Machines and nurses in whole spoken calls: real sound, real recogniser, the strict carrier. Two to three minutes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationStatus
from agent.model.finding import Level
from agent.model.record import OutboxKind
from agent.model.turn import TurnKind
from agent.speech.choose import Choice, choose_recogniser
from agent.speech.ports import Recogniser
from folders import ROOT
from settings import Settings
from telephony.simulator.config import PATIENTS
from telephony.simulator.persona import load_persona
from tests.e2e.spoken_line import SpokenLine, spoken_line

pytestmark = pytest.mark.long
NOBODY, NURSE, AWAY = "", "+8657188000001", "+8657188000002"


@pytest.fixture(scope="module")
def hearing() -> tuple[Recogniser, Choice]:
    return choose_recogniser(ROOT / ".suifang")


@pytest.fixture
async def line(
    request: pytest.FixtureRequest, tmp_path: Path, hearing: tuple[Recogniser, Choice]
) -> AsyncIterator[SpokenLine]:
    settings = Settings(nurse_line=request.param, nurse_from_hour=0, nurse_until_hour=24, transfer_seconds=6)
    people = [load_persona(path) for path in sorted(PATIENTS.glob("*.yml"))]
    async with spoken_line(tmp_path, hearing, people, settings) as opened:
        yield opened


def persona(name: str):  # type: ignore[no-untyped-def]
    return load_persona(PATIENTS / f"{name}.yml")


@pytest.mark.parametrize("line", [NOBODY], indirect=True)
@pytest.mark.parametrize(
    ("name", "outcome", "status", "message"),
    [
        ("voicemail", AttemptOutcome.VOICEMAIL, ContactStatus.DUE, True),
        ("powered_off", AttemptOutcome.POWERED_OFF, ContactStatus.DUE, False),
        ("call_assistant", AttemptOutcome.CALL_ASSISTANT, ContactStatus.DUE, True),
        ("no_such_number", AttemptOutcome.NO_SUCH_NUMBER, ContactStatus.UNREACHABLE, False),
        # a trunk's first call: a 404 may be the trunk's own fault, so the number is tried again
        ("not_in_the_network", AttemptOutcome.FAILED, ContactStatus.DUE, False),
    ],
)
async def test_a_machine_is_known_and_hears_nothing_medical(
    line: SpokenLine, name: str, outcome: AttemptOutcome, status: ContactStatus, message: bool
) -> None:
    attempt, contact = await line.calls(persona(name))
    async with line.store.transaction(write=False) as records:
        turns, cards = await records.turns("c1"), await records.escalations()
        answers = await records.answers("c1")
    print(name, attempt.outcome, [(stored.turn.kind.value, stored.turn.text, stored.reply.text) for stored in turns])
    assert (attempt.outcome, contact.status) == (outcome, status)
    assert {stored.turn.kind for stored in turns} <= {TurnKind.MACHINE} and list(answers) == []
    said = "".join(stored.reply.text for stored in turns)
    assert bool(said) == message and "医院" not in said
    assert [card.rule for card in cards] == (["no_such_number"] if outcome is AttemptOutcome.NO_SUCH_NUMBER else [])


@pytest.mark.parametrize("line", [NOBODY], indirect=True)
async def test_whom_an_assistant_fetches_is_asked_who_he_is(line: SpokenLine) -> None:
    await line.calls(persona("call_assistant_fetches"))
    async with line.store.transaction(write=False) as records:
        turns = await records.turns("c1")
    print([(stored.turn.kind.value, stored.turn.text, stored.reply.text) for stored in turns])
    kinds = [stored.turn.kind for stored in turns]
    assert kinds[:2] == [TurnKind.MACHINE, TurnKind.START] and TurnKind.SPEECH in kinds


@pytest.mark.parametrize(("line", "outcome"), [(NURSE, AttemptOutcome.TRANSFERRED), (AWAY, None)], indirect=["line"])
async def test_who_asks_for_a_person_is_connected_with_one(line: SpokenLine, outcome: AttemptOutcome | None) -> None:
    attempt, _ = await line.calls(persona("wants_a_person"))
    async with line.store.transaction(write=False) as records:
        turns = await records.turns("c1")
        words = [event.to_status for event in await records.events("attempt", attempt.id)]
        cards = [each for each in await records.escalations() if each.rule == "want_human"]
        (recording,) = await records.recordings(contact_id="c1")
    print([(stored.turn.kind.value, stored.turn.text, stored.reply.text) for stored in turns], words)
    (card,) = cards
    assert card.evidence.words and turns[0].turn.kind is TurnKind.START
    assert words.index("transferring") > 0
    if outcome is not None:
        assert attempt.outcome is outcome and turns[-1].turn.kind is TurnKind.TRANSFER
    else:
        assert "transfer_not_taken" in words
        assert any("回电" in stored.reply.text for stored in turns)
        back = next(stored for stored in turns if stored.turn.kind is TurnKind.TRANSFER)
        later = [stored.turn.audio for stored in turns if stored.seq > back.seq and stored.turn.audio]
        before = [stored.turn.audio for stored in turns if stored.seq < back.seq and stored.turn.audio]
        assert later and before and later[0].start > before[-1].end  # one recording, one time
    assert recording.seconds > 10


@pytest.mark.parametrize("line", [NURSE], indirect=True)
async def test_a_pain_in_the_chest_is_answered_with_advice_and_not_with_a_ringing_telephone(line: SpokenLine) -> None:
    attempt, _ = await line.calls(persona("li_jianguo"))
    async with line.store.transaction(write=False) as records:
        turns = await records.turns("c1")
        words = [event.to_status for event in await records.events("attempt", attempt.id)]
    print([(stored.turn.kind.value, stored.turn.text, stored.reply.text) for stored in turns])
    assert attempt.outcome is AttemptOutcome.RED_FLAG and "transferring" not in words
    assert TurnKind.MACHINE not in {stored.turn.kind for stored in turns}


@pytest.mark.parametrize(("line", "taken"), [(NURSE, True), (AWAY, False)], indirect=["line"])
async def test_a_wish_to_die_is_connected_with_a_nurse_whose_card_was_there_before_her_telephone_rang(
    line: SpokenLine, taken: bool
) -> None:
    attempt, _ = await line.calls(persona("wants_to_die"))
    async with line.store.transaction(write=False) as records:
        turns = await records.turns("c1")
        events = {event.to_status: event.at for event in await records.events("attempt", attempt.id)}
        cards = [each for each in await records.escalations() if each.level is Level.RED]
    print([(stored.turn.kind.value, stored.turn.text, stored.reply.text) for stored in turns], events)
    (card,) = cards
    assert card.rule == "suicidal" and card.status is EscalationStatus.OPEN  # whatever became of the transfer
    asked = next(stored for stored in turns if stored.reply.transfer)
    assert card.created_at <= events["transferring"] and not asked.reply.end
    told = [message.subject for message in line.told if message.kind is OutboxKind.ESCALATION_RAISED]
    assert card.id in told
    assert ("transferred" in events) is taken and ("transfer_not_taken" in events) is not taken
    assert taken or any("回电" in stored.reply.text for stored in turns if stored.seq > asked.seq)
