"""A machine answered: what is kept, what is planned, what is told to whom, and what nobody reads."""

from datetime import timedelta

import pytest

from agent.attempts.transitions import begin_attempt
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.record import OutboxKind
from agent.model.turn import Reply, Turn, TurnKind
from tests.fakes import rows
from tests.scenarios.test_conversation import Call

ASSISTANT = "您好，我是机主的智能助理，他说胸口疼得厉害，血压一百八"


class Machine(Call):
    """A call that a machine answers before anything was said."""

    async def answers(
        self, outcome: AttemptOutcome, text: str, *, sure: bool = True, message: tuple[str, ...] = ()
    ) -> Reply | None:
        await self.ready(message)
        turn = Turn("m1", "c1", "a1", rows.turn().channel, TurnKind.MACHINE, self.now, text, 0.9)
        return await self.conversation.machine(turn, outcome, sure=sure)


@pytest.mark.parametrize(
    ("outcome", "wait"),
    [
        (AttemptOutcome.VOICEMAIL, timedelta(hours=4)),
        (AttemptOutcome.CALL_ASSISTANT, timedelta(hours=4)),
        (AttemptOutcome.POWERED_OFF, timedelta(days=1)),
        (AttemptOutcome.SUSPENDED, timedelta(days=1)),
        (AttemptOutcome.RESTRICTED, timedelta(days=1)),
        (AttemptOutcome.OUT_OF_REACH, timedelta(hours=2)),
        (AttemptOutcome.NO_ANSWER, timedelta(hours=3)),
        (AttemptOutcome.BUSY, timedelta(minutes=10)),
    ],
)
async def test_each_machine_has_its_own_next_time(outcome: AttemptOutcome, wait: timedelta) -> None:
    call = Machine()
    await call.answers(outcome, "您好")
    records = await call.records()
    attempt, contact = await records.attempt("a1"), await records.contact("c1")
    assert (attempt.outcome, attempt.detail) == (outcome, outcome.value)
    assert (contact.status, contact.due_at) == (ContactStatus.DUE, call.now + wait)
    assert await records.escalations() == []


async def test_a_number_nobody_has_stops_and_goes_to_a_person() -> None:
    call = Machine()
    await call.answers(AttemptOutcome.NO_SUCH_NUMBER, "您拨打的号码是空号")
    records = await call.records()
    (card,) = await records.escalations()
    assert (await records.contact("c1")).status is ContactStatus.UNREACHABLE
    assert (card.rule, "空号" in card.reason, card.evidence.words) == ("no_such_number", True, "")
    async with call.store.transaction() as writing:
        kinds = {message.kind for message in await writing.claim_outbox(limit=9, now=call.now)}
    assert OutboxKind.ESCALATION_RAISED in kinds


async def test_what_a_machine_says_is_kept_and_read_by_nobody() -> None:
    call = Machine()
    reply = await call.answers(AttemptOutcome.CALL_ASSISTANT, ASSISTANT)
    records = await call.records()
    (stored,) = await records.turns("c1")
    assert (stored.turn.kind, stored.turn.text, stored.move) == (TurnKind.MACHINE, ASSISTANT, "machine")
    assert (stored.reading.findings, stored.reading.alarms, stored.reading.measurements) == ((), (), ())
    assert list(await records.answers("c1")) == list(await records.escalations()) == []
    assert reply is not None and reply.end and reply.sentences == ()


async def test_only_machines_that_take_messages_hear_one() -> None:
    message = ("我们过些时候再打给您。",)
    voicemail = await Machine().answers(AttemptOutcome.VOICEMAIL, "请留言", message=message)
    powered_off = await Machine().answers(AttemptOutcome.POWERED_OFF, "已关机", message=message)
    assert voicemail is not None and voicemail.sentences == message
    assert powered_off is not None and powered_off.sentences == ()


async def test_somebody_who_talks_on_about_a_pain_in_the_chest_is_not_hung_up_on() -> None:
    call = Machine()
    words = "快来人啊我胸口疼得受不了了从早上疼到现在"
    assert await call.answers(AttemptOutcome.VOICEMAIL, words, sure=False) is None
    assert (await (await call.records()).attempt("a1")).outcome is AttemptOutcome.INTENDED
    turn = Turn("m1", "c1", "a1", rows.turn().channel, TurnKind.MACHINE, call.now, words)
    assert await call.conversation.machine(turn, AttemptOutcome.VOICEMAIL, sure=True) is not None  # a phrase told


async def test_the_second_suspended_line_is_a_persons_work() -> None:
    call = Machine()
    await call.answers(AttemptOutcome.SUSPENDED, "已停机")
    await second_attempt(call)
    turn = Turn("m2", "c1", "a2", rows.turn().channel, TurnKind.MACHINE, call.now, "已停机")
    await call.conversation.machine(turn, AttemptOutcome.SUSPENDED, sure=True)
    records = await call.records()
    assert (await records.contact("c1")).status is ContactStatus.UNREACHABLE
    assert [card.rule for card in await records.escalations()] == ["suspended"]


async def test_after_a_machine_the_next_call_begins_from_the_start() -> None:
    call = Machine()
    await call.answers(AttemptOutcome.VOICEMAIL, "请留言")
    await second_attempt(call)
    turn = Turn("s2", "c1", "a2", rows.turn().channel, TurnKind.START, call.now)
    assert "王建国" in (await call.conversation.receive(turn)).text


async def second_attempt(call: Machine) -> None:
    async with call.store.transaction() as records:
        contact = await records.contact("c1")
        await begin_attempt(records, contact, rows.attempt(1, id="a2", contact_id="c1", patient_id="p1"))
