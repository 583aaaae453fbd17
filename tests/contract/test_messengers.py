"""What every way to a patient promises, held against each of them: SMS by three vendors, WeChat, the page, the fake."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.model.contact import Channel
from agent.model.message import MessageKind, MessageStatus
from agent.schedule.ports import KnowsWhatWasSent, SendFailed
from agent.schedule.post import HOLD
from tests.fakes.chat_house import PATIENT
from tests.fakes.messenger_sides import EVERYBODY, SENDERS, Side


@pytest.fixture(params=tuple(SENDERS))
async def sender(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Side]:
    async with SENDERS[request.param](tmp_path) as side:
        yield side


@pytest.fixture(params=tuple(EVERYBODY))
async def side(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Side]:
    async with EVERYBODY[request.param](tmp_path) as side:
        yield side


# out


async def test_what_is_taken_has_a_reference_and_arrives_once(sender: Side) -> None:
    assert sender.messenger is not None and sender.messenger.channel is sender.channel
    ref = await sender.messenger.send(sender.message())
    assert ref
    assert len(await sender.arrived()) == 1


async def test_two_messages_have_two_references(sender: Side) -> None:
    assert sender.messenger is not None
    refs = {await sender.messenger.send(sender.message(f"m{number}")) for number in range(3)}
    assert len(refs) == 3


async def test_a_message_whose_answer_was_lost_is_not_sent_twice(sender: Side) -> None:
    """Where the vendor can be asked, it is sent on record; where not, it counts as failed. The patient has it once."""
    await sender.queued()
    sender.loses_answer()
    await sender.post.run_once()
    assert (await sender.stored()).status is MessageStatus.SENDING
    for _ in range(3):
        sender.house.now += HOLD + timedelta(seconds=1)
        await sender.post.run_once()
    told = await sender.stored()
    if isinstance(sender.messenger, KnowsWhatWasSent):
        assert told.status is MessageStatus.SENT and told.provider_ref
    else:
        assert (told.status, told.failed_why) == (MessageStatus.FAILED, "interrupted")
    assert len(await sender.arrived()) == 1


async def test_who_can_be_asked_does_not_know_what_never_came(sender: Side) -> None:
    if isinstance(sender.messenger, KnowsWhatWasSent):
        await sender.messenger.send(sender.message("another"))
        never = sender.message("never came", text="从来没有发过的话")
        try:
            assert await sender.messenger.find(never) is None
        except SendFailed as unknown:
            assert unknown.unsure  # a vendor that names only what arrived: it is not sent again


@pytest.mark.parametrize("name", tuple(SENDERS))
async def test_a_refusal_is_one_of_ours_and_says_whether_it_may_go_later(name: str, tmp_path: Path) -> None:
    async with SENDERS[name](tmp_path) as side:
        assert side.messenger is not None
        for word, (code, retryable) in side.refusals.items():
            side.refuses(word)
            with pytest.raises(SendFailed) as failed:
                await side.messenger.send(side.message(f"m-{word}"))
            assert (word, failed.value.code, failed.value.retryable) == (word, code, retryable)
            assert not failed.value.unsure
        assert await side.arrived() == []


@pytest.mark.parametrize("name", tuple(SENDERS))
async def test_the_post_tries_again_what_may_go_later(name: str, tmp_path: Path) -> None:
    async with SENDERS[name](tmp_path) as side:
        later = next((word for word, (_, retryable) in side.refusals.items() if retryable), None)
        if later is None:
            return  # this vendor's later is a lost answer: held above
        await side.queued()
        side.refuses(later)
        await side.post.run_once()
        assert (await side.stored()).status is MessageStatus.QUEUED
        side.house.now += timedelta(minutes=1)
        await side.post.run_once()
        assert (await side.stored()).status is MessageStatus.SENT
        assert len(await side.arrived()) == 1


# what became of it


async def test_a_receipt_moves_the_message_on_and_nothing_moves_it_back(sender: Side) -> None:
    await sender.queued()
    await sender.post.run_once()
    for fine in (True, True, False):
        await sender.receipt(await sender.stored(), fine)
    assert (await sender.stored()).status is MessageStatus.DELIVERED


async def test_a_message_that_did_not_arrive_is_failed(sender: Side) -> None:
    await sender.queued()
    sender.cannot_arrive()
    await sender.post.run_once()
    await sender.receipt(await sender.stored(), False)
    told = await sender.stored()
    assert told.status is MessageStatus.FAILED and told.failed_why


# in


async def test_the_same_push_twice_is_one_message(side: Side) -> None:
    for number in (1, 1, 2, 1):
        await side.says(f"今天还好 {number}", number)
    if side.settle is not None:
        await side.settle()
    pieces = await (await side.house.records()).pieces(PATIENT)
    ours = [each.text for each in pieces if each.channel is side.channel and "今天还好" in each.text]
    assert sorted(ours) == ["今天还好 1", "今天还好 2"]


async def test_who_opts_out_is_answered_and_then_left_alone(side: Side) -> None:
    await side.says("退订", 1)
    assert any("已退订" in text for text in await side.answered())
    assert await (await side.house.records()).opt_out(PATIENT) is not None
    await side.post.run_once()  # the answer itself goes
    before = await side.arrived()
    if side.messenger is not None:
        await side.queued()
        await side.post.run_once()
        told = await side.stored()
        assert (told.status, told.failed_why) == (MessageStatus.FAILED, "opted_out")
    assert await side.arrived() == before


async def test_the_way_back_is_open(side: Side) -> None:
    for number, (word, answer) in enumerate((("退订", "已退订"), ("恢复", "已恢复随访"))):
        await side.says(word, number)
        assert any(answer in text for text in await side.answered())
        side.house.now += timedelta(seconds=10)
    assert await (await side.house.records()).opt_out(PATIENT) is None


async def test_every_answer_of_the_house_reaches_the_patient(side: Side) -> None:
    """Whatever a patient gets to read outside a questionnaire can be carried: a template is there, a window open."""
    for number, word in enumerate(("退订", "恢复", "我的随访", "再发一次", "趋势")):
        await side.says(word, number)
        await side.answered()
        side.house.now += timedelta(minutes=1)
        await side.post.run_once()
    sent = [each for each in await (await side.house.records()).messages(patient_id=PATIENT)]
    replies = [each for each in sent if each.kind is MessageKind.CHAT and each.channel is side.channel]
    assert replies and {each.status for each in replies} <= {MessageStatus.SENT, MessageStatus.DELIVERED}
    assert side.channel is not Channel.SMS or len(replies) == 5
