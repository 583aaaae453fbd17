"""Two glimpses of one sentence, and the whole words bear out one of them: a nurse is told once."""

from dataclasses import replace

import pytest

from agent.conversation import Conversation
from agent.escalation import under_way
from agent.escalation.states import snooze, take
from agent.hearing.hearing_reader import HearingReader
from agent.model.escalation import Disposition, Escalation, EscalationStatus
from agent.model.finding import Level
from agent.model.record import OutboxKind
from tests.scenarios.test_conversation import READER, Call
from tests.scenarios.test_early_danger import cards, marked, on_the_line, overhears, reasons, told_of

WHOLE = "昨天晚上胸口疼了一阵子，像石头压着"
WRONG, RIGHT = "昨天晚上喘不上气", "昨天晚上胸口疼"


async def two_glimpses(first: str = WRONG, second: str = RIGHT) -> tuple[Call, Escalation, Escalation]:
    call = await on_the_line()
    await overhears(call, first)
    (wrong,) = await cards(call)
    await overhears(call, second)
    (right,) = [card for card in await cards(call) if card.id != wrong.id]
    assert wrong.rule != right.rule and {wrong.level, right.level} == {Level.RED}
    return call, wrong, right


async def stored(call: Call, card: Escalation) -> Escalation:
    return await (await call.records()).escalation(card.id)


async def by_nurse(call: Call, card: Escalation, name: str = "lijing") -> None:
    taken, event = take(card, name, call.now)
    async with call.store.transaction() as records:
        await records.save_escalation(taken)
        await records.add_event(event)


async def waiting(call: Call) -> list[Escalation]:
    return [card for card in await cards(call) if card.status is not EscalationStatus.RESOLVED]


async def test_the_glimpse_that_was_wrong_joins_the_card_of_the_danger_said() -> None:
    call, wrong, right = await two_glimpses()
    await call.turn(WHOLE, turn_id="w1")
    (card,) = await waiting(call)
    assert (card.id, card.level, card.evidence.words) == (right.id, Level.RED, WHOLE)
    assert under_way.halves(card) == card.also == (wrong.evidence,)  # its words and its sound
    gone = await stored(call, wrong)
    assert (gone.disposition, gone.level, gone.resolved_at) == (Disposition.JOINED, Level.YELLOW, None)
    assert await reasons(call, gone) == [wrong.rule, "joined"]
    assert (await told_of(call, gone))[-1] is OutboxKind.ESCALATION_CHANGED  # pages that show it are told
    ledger = [alarm for turn, alarm in await (await call.records()).alarms("c1") if turn == "w1"]
    assert any(alarm.rule == wrong.rule and "报过警" in alarm.reason for alarm in ledger)


async def test_what_was_denied_joins_without_its_words() -> None:
    call, wrong, right = await two_glimpses()
    await call.turn("喘不上气倒没有，就是胸口疼", turn_id="w1")
    (card,) = await waiting(call)
    assert (card.id, card.also, marked(card)) == (right.id, (), "胸口疼")
    assert "患者否认" in (await stored(call, wrong)).reason


async def test_she_who_took_the_wrong_one_keeps_her_card_and_it_carries_the_danger() -> None:
    call, wrong, right = await two_glimpses()
    await by_nurse(call, wrong)
    await call.turn(WHOLE, turn_id="w1")
    (card,) = await waiting(call)
    assert (card.id, card.owner, card.status) == (wrong.id, "lijing", EscalationStatus.TAKEN)
    assert (card.level, card.rule, card.created_at) == (Level.RED, right.rule, wrong.created_at)
    assert card.evidence.words == WHOLE and [each.words for each in card.also] == [WRONG]
    assert (await stored(call, right)).disposition is Disposition.JOINED


async def test_she_who_took_the_right_one_gets_no_second_card() -> None:
    call, _, right = await two_glimpses()
    await by_nurse(call, right)
    await call.turn(WHOLE, turn_id="w1")
    (card,) = await waiting(call)
    assert (card.id, card.owner, [each.words for each in card.also]) == (right.id, "lijing", [WRONG])


async def test_two_nurses_who_took_one_each_keep_both() -> None:
    call, wrong, right = await two_glimpses()
    await by_nurse(call, wrong, "lijing")
    await by_nurse(call, right, "wangfang")
    await call.turn(WHOLE, turn_id="w1")
    assert {card.owner: card.level for card in await waiting(call)} == {"lijing": Level.YELLOW, "wangfang": Level.RED}


async def test_one_that_was_put_off_stays_put_off_and_turns_yellow() -> None:
    call, wrong, _ = await two_glimpses()
    away, event = snooze(wrong, "lijing", call.now, call.now.replace(hour=23))
    async with call.store.transaction() as records:
        await records.save_escalation(away)
        await records.add_event(event)
    await call.turn(WHOLE, turn_id="w1")
    left = await stored(call, wrong)
    assert (left.status, left.level) == (EscalationStatus.SNOOZED, Level.YELLOW)


@pytest.mark.parametrize(("held", "left"), [(False, 1), (True, 2)])
async def test_an_older_card_takes_it_in_unless_it_is_in_hands_that_know_it_from_before(held: bool, left: int) -> None:
    call = await on_the_line()
    await call.turn("我胸口疼", turn_id="t1")
    (older,) = await cards(call)
    if held:
        await by_nurse(call, older)
    await overhears(call, WRONG)
    await call.turn(WHOLE, turn_id="w1")
    assert len(await waiting(call)) == left
    card = await stored(call, older)
    assert [each.words for each in card.also] == ([WHOLE] if held else [WHOLE, WRONG])
    assert [each.words for each in under_way.halves(card)] == ([] if held else [WRONG])


async def test_a_second_danger_of_the_same_words_keeps_its_own_card() -> None:
    call, wrong, right = await two_glimpses()
    await call.turn("昨天晚上喘不上气，胸口疼", turn_id="w1")
    assert {card.id for card in await waiting(call)} == {wrong.id, right.id}


async def test_one_glimpse_of_two_texts_that_the_sound_bears_out_is_one_card_in_the_end() -> None:
    call = await on_the_line()
    call.conversation = Conversation(replace(call.conversation._stages, reads=HearingReader(READER)))
    await overhears(call, "昨天晚上雄口疼", {RIGHT: 0.8, WRONG: 0.7})
    await call.turn(WHOLE, turn_id="w1")
    (card,) = await waiting(call)
    assert card.level is Level.RED and marked(card) == "胸口疼"
