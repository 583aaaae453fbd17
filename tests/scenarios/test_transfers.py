"""A call handed to a nurse, on record: the card stands before anybody's telephone rings."""

from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationStatus
from agent.model.record import OutboxKind
from agent.model.turn import TRANSFER_NOT_TAKEN, TRANSFER_TAKEN, TurnKind
from agent.store.ports import Records
from tests.scenarios.test_conversation import Call


async def asked_for_a_nurse() -> Call:
    call = Call(nurse_hours=(8, 17))
    await call.begin()
    await call.says("是我", "一九五五年")
    return call


async def cards_told(call: Call) -> list[tuple[OutboxKind, str]]:
    async with call.store.transaction() as records:
        messages = await records.claim_outbox(limit=99, now=call.now)
        for message in messages:
            await records.outbox_done(message.id)
    return [(message.kind, message.subject) for message in messages if message.kind.startswith("escalation")]


async def states(records: Records) -> list[str]:
    words = [event.to_status for event in await records.events("attempt", "a1")]
    return [word for word in words if word.startswith("transfer")]


async def test_the_card_is_committed_with_the_turn_that_asks_for_the_transfer() -> None:
    call = await asked_for_a_nurse()
    reply = await call.says("转人工")
    records = await call.records()
    (card,) = await records.escalations()
    assert reply.transfer is not None and card.rule == "want_human"
    assert (OutboxKind.ESCALATION_RAISED, card.id) in await cards_told(call)
    assert await states(records) == ["transferring"]
    assert await call.conversation.transferring("a1")


async def test_a_nurse_takes_it() -> None:
    call = await asked_for_a_nurse()
    await call.says("转人工")
    await cards_told(call)
    reply = await call.turn(TRANSFER_TAKEN, TurnKind.TRANSFER)
    records = await call.records()
    (card,) = await records.escalations()
    attempt = await records.attempt("a1")
    assert reply.end and reply.sentences == ()
    assert (attempt.outcome, attempt.detail) == (AttemptOutcome.TRANSFERRED, "transferred")
    assert (await records.contact("c1")).status is ContactStatus.PARTIAL
    assert card.status is EscalationStatus.OPEN  # whoever spoke with the patient closes it
    assert await cards_told(call) == [(OutboxKind.ESCALATION_CHANGED, card.id)]
    assert await states(records) == ["transferring", "transferred"]
    assert not await call.conversation.transferring("a1")


async def test_nobody_takes_it() -> None:
    call = await asked_for_a_nurse()
    await call.says("转人工")
    reply = await call.turn(TRANSFER_NOT_TAKEN, TurnKind.TRANSFER)
    records = await call.records()
    assert "回电" in reply.text and not reply.end
    assert await states(records) == ["transferring", "transfer_not_taken"]
    assert (await records.attempt("a1")).outcome is AttemptOutcome.ANSWERED


async def test_a_red_flag_said_while_the_nurses_telephone_rings_is_a_card_too() -> None:
    call = await asked_for_a_nurse()
    await call.says("转人工", "我胸口疼得厉害")
    assert {card.rule for card in await (await call.records()).escalations()} == {"want_human", "chest_pain"}


async def test_the_carriers_word_is_never_read_as_the_patients() -> None:
    call = await asked_for_a_nurse()
    await call.says("转人工")
    await call.turn(TRANSFER_NOT_TAKEN, TurnKind.TRANSFER)
    stored = (await (await call.records()).turns("c1"))[-1]
    assert (stored.move, stored.reading.findings, stored.turn.text) == ("transfer", (), TRANSFER_NOT_TAKEN)
