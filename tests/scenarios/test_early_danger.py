"""A danger in words whose turn is not over: before a nurse at once, and settled by the whole words."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from agent.conversation import Conversation
from agent.escalation.states import take
from agent.escalation.under_way import heard_whole
from agent.hearing.hearing_reader import HearingReader
from agent.model.contact import AttemptOutcome, Channel
from agent.model.escalation import Escalation, EscalationKind, EscalationStatus
from agent.model.finding import Level, Reading
from agent.model.record import OutboxKind
from agent.model.turn import AudioSpan, Hypothesis, Origin, Turn, TurnKind
from agent.speech.segmenter import Segmenter
from agent.store.ports import Unavailable
from machine.virtual_time import BEGINNING, run_virtual
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from tests.fakes.one_call import Prompts, Tape
from tests.fakes.phone import LoudVad, PlainUpsampler, Says, ScriptedLine, ScriptedRecogniser
from tests.scenarios.test_conversation import READER, Call, NoDecider, _with

HALF = AudioSpan(1.0, 1.8)


async def on_the_line() -> Call:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年")
    return call


async def overhears(call: Call, words: str, verified: Mapping[str, float] = MappingProxyType({})) -> None:
    call.now += timedelta(seconds=1)
    texts = (Hypothesis(words, 0.6), *(Hypothesis(text, sure, Origin.VERIFIED) for text, sure in verified.items()))
    await call.conversation.overhear(
        Turn("w1", "c1", "a1", Channel.PHONE, TurnKind.SPEECH, call.now, words, 0.6, texts, HALF)
    )


async def cards(call: Call) -> list[Escalation]:
    return list(await (await call.records()).escalations())


async def the_card(call: Call) -> Escalation:
    (card,) = await cards(call)
    return card


def marked(card: Escalation) -> str:
    return card.evidence.words[slice(*card.evidence.span)]


async def told_of(call: Call, card: Escalation) -> list[OutboxKind]:
    async with call.store.transaction() as records:
        messages = await records.claim_outbox(limit=99, now=call.now)
    return [each.kind for each in messages if each.subject == card.id]


async def reasons(call: Call, card: Escalation) -> list[str | None]:
    return [event.reason for event in await (await call.records()).events("escalation", card.id)]


async def test_the_card_stands_before_the_turn_is_over_and_says_so() -> None:
    call, told = await on_the_line(), []
    call.conversation.tell_cards(lambda: told.append(call.now))
    await overhears(call, "不喘，就是胸口疼")
    card, records = await the_card(call), await call.records()
    assert (card.level, marked(card), card.evidence.audio) == (Level.RED, "胸口疼", HALF)
    assert "还在说" in card.reason and told == [call.now]
    assert await records.turn_count("c1") == 3  # nothing of the turn itself
    assert OutboxKind.ESCALATION_RAISED in await told_of(call, card)


async def test_the_whole_words_join_the_same_card() -> None:
    call = await on_the_line()
    await overhears(call, "就是胸口疼")
    early = await the_card(call)
    reply = await call.turn("就是胸口疼，疼了一早上了", turn_id="w1")
    card = await the_card(call)
    assert card.id == early.id and card.created_at == early.created_at and card.also == ()
    assert card.evidence.words == "就是胸口疼，疼了一早上了" and card.evidence.audio == AudioSpan(1.0, 3.0)
    assert card.level is Level.RED and "还在说" not in card.reason and "120" in reply.text
    assert await reasons(call, card) == [card.rule, "heard_whole"]


async def test_words_that_turn_out_to_be_a_machine_s_end_the_card_s_waiting_for_more() -> None:
    call = await on_the_line()
    await overhears(call, "就是胸口疼")
    assert "还在说" in (await the_card(call)).reason
    turn = Turn("w1", "c1", "a1", Channel.PHONE, TurnKind.MACHINE, call.now, "就是胸口疼，请留言")
    await call.conversation.machine(turn, AttemptOutcome.VOICEMAIL, sure=True)
    card = await the_card(call)
    assert "还在说" not in card.reason and OutboxKind.ESCALATION_CHANGED in await told_of(call, card)


@pytest.mark.parametrize(
    ("half", "whole", "why"),
    [
        ("胸口疼", "胸口疼倒是没有", "患者否认"),
        ("就是胸口疼", "我老伴就是胸口疼", "说的是别人"),
        ("胸口疼", "胸口疼以前有过，现在没有了", "是以前的事"),
        ("胸口疼", "雄黄的，没有什么", "没有再听到"),
    ],
)
async def test_what_the_rest_takes_back_turns_yellow_says_why_and_stands_in_the_ledger(
    half: str, whole: str, why: str
) -> None:
    call = await on_the_line()
    await overhears(call, half)
    early = await the_card(call)
    await call.turn(whole, turn_id="w1")
    card = next(each for each in await cards(call) if each.id == early.id)
    assert card.level is Level.YELLOW and card.status is EscalationStatus.OPEN
    assert f"听完整句后：{why}" in card.reason and "还在说" not in card.reason
    assert card.evidence.words == whole
    ledger = [alarm for turn, alarm in await (await call.records()).alarms("c1") if turn == "w1"]
    assert all(alarm.suppressed for alarm in ledger)
    assert any(alarm.rule == card.rule and "报过警" in alarm.reason and why in alarm.reason for alarm in ledger)
    assert (await reasons(call, card))[-1] == "taken_back"


async def test_half_a_danger_taken_for_its_like_becomes_the_card_of_the_whole_one() -> None:
    call = await on_the_line()
    await overhears(call, "喘不上气")
    early = await the_card(call)
    await call.turn("传不上去，是胸口疼", turn_id="w1")
    card = await the_card(call)
    assert card.id == early.id and card.rule != early.rule
    assert (card.level, marked(card)) == (Level.RED, "胸口疼") and "还在说" not in card.reason


async def test_words_never_understood_leave_it_red_and_say_so() -> None:
    call = await on_the_line()
    await overhears(call, "胸口疼")
    await call.turn("", TurnKind.HANGUP, turn_id="w1")
    card = await the_card(call)
    assert card.level is Level.RED and "没有听清" in card.reason and card.evidence.words == "胸口疼"


async def test_words_overheard_in_the_goodbye_and_not_made_out_leave_the_ended_call_as_it_was() -> None:
    call = await on_the_line()
    await overhears(call, "胸口疼")
    await call.turn("", TurnKind.HANGUP, turn_id="t8")
    ended = await (await call.records()).attempt("a1")
    reply = await call.turn("", TurnKind.UNHEARD, turn_id="w1")
    card = await the_card(call)
    assert reply.end and await (await call.records()).attempt("a1") == ended
    assert card.level is Level.RED and card.reason.count("没有听清") == 1


async def test_the_same_half_sentence_twice_is_told_once() -> None:
    call = await on_the_line()
    await overhears(call, "胸口疼")
    await overhears(call, "胸口疼，早上开始的")
    card = await the_card(call)
    assert await reasons(call, card) == [card.rule]


async def test_half_a_sentence_that_comes_after_its_turn_changes_nothing() -> None:
    call = await on_the_line()
    await call.turn("没有，都挺好的", turn_id="w1")
    await overhears(call, "胸口疼")
    assert await cards(call) == []


@pytest.mark.parametrize(
    "words", ["胸口疼不疼", "有没有胸口疼", "有", "我老伴胸口疼", "胸口不疼", "高压两百一", "胸通", "要是胸口疼"]
)
async def test_what_may_mean_something_else_waits_for_the_rest(words: str) -> None:
    call = await on_the_line()
    await overhears(call, words)
    assert await cards(call) == []


async def test_a_text_held_against_the_sound_is_enough_where_the_sound_bears_it_out() -> None:
    for sure, raised in ((0.3, 0), (0.8, 1)):
        call = await on_the_line()
        call.conversation = Conversation(replace(call.conversation._stages, reads=HearingReader(READER)))
        await overhears(call, "老头子风过去了", verified={"老头子昏过去了": sure})
        assert len(await cards(call)) == raised


@pytest.mark.parametrize(
    ("words", "texts", "raised"),
    [
        ("今天图血了", {"今天吐血了": 0.8}, 1),  # its likeness alone was in the words already
        ("今天图血了", {"今天吐血了": 0.55}, 0),
        ("我钱胸腾", {"我前兄腾": 0.9, "我前胸疼": 0.7}, 1),  # the likeliest of several names no danger
        ("早上刚挑完高压两百一图血", {"早上刚挑完高压两百一吐血": 0.8}, 1),
    ],
)
async def test_whichever_text_the_sound_bears_out_well_is_enough(
    words: str, texts: Mapping[str, float], raised: int
) -> None:
    call = await on_the_line()
    call.conversation = Conversation(replace(call.conversation._stages, reads=HearingReader(READER)))
    await overhears(call, words, texts)
    assert len(await cards(call)) == raised


async def test_killed_in_between_the_card_stays_and_the_end_of_the_call_says_that_the_rest_is_missing() -> None:
    call = await on_the_line()
    await overhears(call, "胸口疼")
    call.conversation = Conversation(call.conversation._stages)
    await call.turn("", TurnKind.HANGUP)
    card = await the_card(call)
    assert card.level is Level.RED and card.evidence.words == "胸口疼"
    assert "还在说" not in card.reason and "没有听清" in card.reason


async def test_another_calls_end_says_nothing_of_this_one() -> None:
    call = await on_the_line()
    await overhears(call, "胸口疼")
    hung_up = Turn("t9", "c1", "a2", Channel.PHONE, TurnKind.HANGUP, call.now)
    assert heard_whole(Reading(""), hung_up, await cards(call)) == []


async def test_a_measured_value_does_not_take_the_place_of_half_a_danger() -> None:
    call = await on_the_line()
    await overhears(call, "胸口疼")
    early = await the_card(call)
    await call.turn("雄口贴膏药呢，高压两百一", turn_id="w1")
    kinds = {card.rule: card.kind for card in await cards(call)}
    assert kinds[early.rule] is EscalationKind.RED_FLAG and len(kinds) == len(await cards(call))


async def test_a_card_that_a_nurse_took_meanwhile_stays_hers() -> None:
    call = await on_the_line()
    await overhears(call, "胸口疼")
    taken, event = take(await the_card(call), "lijing", call.now)
    async with call.store.transaction() as records:
        await records.save_escalation(taken)
        await records.add_event(event)
    await call.turn("胸口疼倒是没有", turn_id="w1")
    card = await the_card(call)
    assert (card.owner, card.status, card.level) == ("lijing", EscalationStatus.TAKEN, Level.YELLOW)


async def test_a_danger_said_before_is_joined_early_and_left_again() -> None:
    call = await on_the_line()
    await call.turn("我胸口疼", turn_id="t1")
    await overhears(call, "还是胸口疼")
    card = await the_card(call)
    assert [each.words for each in card.also] == ["还是胸口疼"]
    await call.turn("还是胸口疼倒没有", turn_id="w1")
    left = await the_card(call)
    assert left.also == () and left.level is Level.RED and left.reason == card.reason


async def test_without_the_dialogue_service_the_early_card_is_settled_all_the_same() -> None:
    call = await on_the_line()
    await overhears(call, "胸口疼")
    call.conversation = Conversation(_with(call, NoDecider()))
    await call.turn("胸口疼得厉害", turn_id="w1")
    card = await the_card(call)
    assert card.evidence.words == "胸口疼得厉害" and card.level is Level.RED


async def test_a_store_that_is_down_raises_nothing_half() -> None:
    call = await on_the_line()
    call.store.broken = True
    with pytest.raises(Unavailable):
        await overhears(call, "胸口疼")
    call.store.broken = False
    assert await cards(call) == []
    await call.turn("我胸口疼", turn_id="w1")
    assert (await the_card(call)).level is Level.RED


async def test_what_was_told_is_a_raised_card_and_then_a_changed_one() -> None:
    call = await on_the_line()
    await overhears(call, "胸口疼")
    await call.turn("胸口疼倒是没有", turn_id="w1")
    kinds = await told_of(call, await the_card(call))
    assert kinds == [OutboxKind.ESCALATION_RAISED, OutboxKind.ESCALATION_CHANGED]


def test_in_a_whole_call_the_card_stands_while_the_patient_speaks_and_nobody_is_cut_off() -> None:
    says = [Says(3.0, 1.0, "就是胸口疼，一早上了", so_far=((1.0, "就是胸口疼"),)), Says(4.6, 0.8)]
    line, shown = ScriptedLine(says, hangs_up_at=30.0), list[float]()

    async def main() -> tuple[Escalation, float]:
        loop, house = asyncio.get_running_loop(), Call()
        await house.ready()
        house.conversation.tell_cards(lambda: shown.append(loop.time()))
        recogniser = ScriptedRecogniser(says)
        parts = CallParts(
            conversation=house.conversation,
            prompts=Prompts(),
            new_ear=lambda on_change: Ear(recogniser, LoudVad(), Segmenter(), PlainUpsampler(), on_change),
            new_recorder=lambda path: Tape(),
            recordings=Path(),
            now=lambda: BEGINNING + timedelta(seconds=loop.time()),
            new_id=iter(f"turn-{n}" for n in range(1000)).__next__,
            apology="抱歉。",
        )
        await line.drive(PhoneCall(line, "a1", parts))
        turns = await (await house.records()).turns("c1")
        whole = next(each.turn for each in turns if each.turn.text == "就是胸口疼，一早上了")
        return await the_card(house), (whole.at - BEGINNING).total_seconds()

    card, told_at = run_virtual(main())
    assert 4.1 <= shown[0] <= 4.3 < 5.4 < told_at  # in the pause; the turn's words are taken after the last of them
    assert card.evidence.words == "就是胸口疼，一早上了" and "还在说" not in card.reason
