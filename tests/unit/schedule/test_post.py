"""Every message once: retried with growing waits, never sent again before the provider was asked."""

from datetime import datetime, timedelta

import pytest

from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.people import DECEASED
from agent.model.piece import OptOut
from agent.model.record import Event
from agent.schedule.ports import SendFailed
from agent.schedule.post import ANSWERS, HOLD, WAITS, Post, note_receipt
from tests.fakes.memory_store import MemoryStore
from tests.fakes.messenger import AskableMessenger, FakeMessenger
from tests.fakes.rows import NOON, add_people, patient

DOWN = SendFailed("provider_down", retryable=True)
LOST = SendFailed("provider_down", retryable=True, unsure=True)


class House:
    """A store, one SMS messenger and a clock that is set by hand."""

    def __init__(self, messenger: FakeMessenger) -> None:
        self.store, self.messenger, self.at = MemoryStore(), messenger, NOON
        self.post = Post(self.store, {messenger.channel: messenger}, self._now)

    def _now(self) -> datetime:
        return self.at

    async def queue(self, *ids: str, to: str = "+8613900000001", channel: Channel = Channel.SMS) -> None:
        async with self.store.transaction() as records:
            for count, each in enumerate(ids):
                at = NOON + timedelta(microseconds=count)
                await records.add_message(Message(each, channel, to, MessageKind.NOTICE, "您好", at))

    async def message(self, message_id: str) -> Message:
        async with self.store.transaction(write=False) as records:
            return await records.message(message_id)

    async def later(self, wait: timedelta) -> int:
        self.at += wait
        return await self.post.run_once()


async def test_what_is_queued_is_sent_once_in_order() -> None:
    house = House(FakeMessenger())
    await house.queue("a", "b")
    assert await house.post.run_once() == 2 and await house.later(HOLD * 3) == 0
    assert [each.id for each in house.messenger.sent] == ["a", "b"]
    assert [each.status for each in house.messenger.sent] == [MessageStatus.SENDING] * 2
    sent = await house.message("a")
    assert (sent.status, sent.provider_ref, sent.sent_at, sent.tries) == (MessageStatus.SENT, "ref-1", NOON, 1)


async def test_a_failure_that_may_pass_is_tried_again_with_growing_waits_until_it_is_given_up() -> None:
    house = House(FakeMessenger(fails=[DOWN] * 9))
    await house.queue("a")
    assert await house.post.run_once() == 1
    for wait in WAITS:
        assert (await house.message("a")).status is MessageStatus.QUEUED
        assert await house.later(wait - timedelta(seconds=1)) == 0
        assert await house.later(timedelta(seconds=1)) == 1
    failed = await house.message("a")
    assert (failed.status, failed.failed_why, failed.tries) == (MessageStatus.FAILED, "provider_down", len(WAITS) + 1)
    assert await house.later(timedelta(days=1)) == 0


async def test_after_a_failure_the_next_try_succeeds() -> None:
    house = House(FakeMessenger(fails=[DOWN]))
    await house.queue("a")
    await house.post.run_once()
    await house.later(WAITS[0])
    done = await house.message("a")
    assert (done.status, done.failed_why, done.tries) == (MessageStatus.SENT, None, 2)


async def test_a_bad_address_is_not_tried_again() -> None:
    house = House(FakeMessenger(fails=[SendFailed("bad_address", retryable=False)]))
    await house.queue("a")
    await house.post.run_once()
    failed = await house.message("a")
    assert (failed.status, failed.failed_why) == (MessageStatus.FAILED, "bad_address")


async def test_without_an_answer_the_provider_is_asked_before_anything_is_sent_again() -> None:
    house = House(AskableMessenger(fails=[LOST]))
    await house.queue("a")
    await house.post.run_once()
    assert (await house.message("a")).status is MessageStatus.SENDING
    await house.later(HOLD)
    assert (await house.message("a")).status is MessageStatus.SENT and len(house.messenger.sent) == 1


async def test_a_worker_that_died_before_sending_costs_a_wait_not_the_message() -> None:
    house = House(AskableMessenger())
    await house.queue("a")
    async with house.store.transaction() as records:  # claimed by a worker that then died
        await records.claim_messages(now=NOON, hold_until=NOON + HOLD, limit=1)
    await house.later(HOLD)
    assert (await house.message("a")).failed_why == "never_sent"
    await house.later(WAITS[0])
    assert (await house.message("a")).status is MessageStatus.SENT and len(house.messenger.sent) == 1


async def test_where_nobody_can_be_asked_an_interrupted_message_is_never_sent_twice() -> None:
    house = House(FakeMessenger(fails=[LOST]))
    await house.queue("a")
    await house.post.run_once()
    await house.later(HOLD)
    failed = await house.message("a")
    assert (failed.status, failed.failed_why) == (MessageStatus.FAILED, "interrupted")
    assert len(house.messenger.sent) == 1


async def test_a_provider_that_can_not_be_asked_is_asked_again_for_three_days_and_nothing_is_sent_meanwhile() -> None:
    class Silent(AskableMessenger):
        async def find(self, message: Message) -> str | None:
            raise DOWN

    house = House(Silent(fails=[LOST]))
    await house.queue("a")
    await house.post.run_once()
    for _ in range(3):
        assert await house.later(timedelta(hours=23)) == 1
        assert (await house.message("a")).status is MessageStatus.SENDING
    await house.later(timedelta(hours=4))
    failed = await house.message("a")
    assert (failed.status, failed.failed_why) == (MessageStatus.FAILED, "interrupted")
    assert len(house.messenger.sent) == 1


async def test_a_channel_nobody_serves_fails_at_once() -> None:
    house = House(FakeMessenger())
    await house.queue("a", channel=Channel.WECHAT)
    await house.post.run_once()
    assert (await house.message("a")).failed_why == "no_messenger"


@pytest.mark.parametrize(
    ("receipts", "ends"),
    [
        ([MessageStatus.DELIVERED, MessageStatus.SENT], MessageStatus.DELIVERED),
        ([MessageStatus.READ, MessageStatus.DELIVERED, MessageStatus.FAILED], MessageStatus.READ),
        ([MessageStatus.FAILED, MessageStatus.DELIVERED], MessageStatus.FAILED),
    ],
)
async def test_receipts_come_late_twice_and_out_of_order(receipts: list[MessageStatus], ends: MessageStatus) -> None:
    house = House(FakeMessenger())
    await house.queue("a")
    await house.post.run_once()
    for receipt in receipts:
        await note_receipt(house.store, "a", receipt, NOON, "30003")
    assert (await house.message("a")).status is ends


@pytest.mark.parametrize(
    ("receipt", "code"), [(MessageStatus.DELIVERED, None), (MessageStatus.READ, None), (MessageStatus.FAILED, "30003")]
)
@pytest.mark.parametrize("answer", [None, DOWN])
async def test_a_receipt_before_the_providers_answer_stays(
    receipt: MessageStatus, code: str | None, answer: SendFailed | None
) -> None:
    class Overtaken(FakeMessenger):
        async def send(self, message: Message) -> str:
            await note_receipt(house.store, message.id, receipt, NOON, code or "")
            return await super().send(message)

    house = House(Overtaken(fails=[answer] if answer else []))
    await house.queue("a")
    await house.post.run_once()
    message = await house.message("a")
    assert (message.status, message.failed_why) == (receipt, code)
    assert message.provider_ref == (None if answer else "ref-1")
    assert await house.later(HOLD) == 0


async def test_whoever_opted_out_gets_only_the_answer_to_their_own_message() -> None:
    house = House(FakeMessenger())
    async with house.store.transaction() as records:
        await add_people(records)
        await records.add_opt_out(OptOut(patient().id, NOON, Channel.WECHAT))
        for kind in MessageKind:
            mine = Message(kind, Channel.SMS, patient().phone, kind, "您好", NOON, patient_id=patient().id)
            await records.add_message(mine)
    await house.post.run_once()
    assert {each.kind for each in house.messenger.sent} == ANSWERS
    assert (await house.message(MessageKind.EDUCATION)).failed_why == "opted_out"


async def test_whoever_died_is_sent_nothing_more_and_the_account_says_why() -> None:
    house = House(FakeMessenger())
    async with house.store.transaction() as records:
        await add_people(records)
        lesson = Message("m", Channel.SMS, patient().phone, MessageKind.EDUCATION, "您好", NOON, patient().id)
        await records.add_message(lesson)
        await records.add_event(Event("patient", patient().id, None, DECEASED, NOON, "adt"))
    await house.post.run_once()
    assert house.messenger.sent == [] and (await house.message("m")).failed_why == DECEASED


async def test_a_fault_of_ours_in_one_message_keeps_nobody_elses_back() -> None:
    class Faulty(AskableMessenger):
        async def find(self, message: Message) -> str | None:
            raise KeyError("SerialNo")

    house = House(Faulty(fails=[LOST]))
    await house.queue("a")
    await house.post.run_once()
    await house.queue("b", to="+8613900000002")
    with pytest.raises(KeyError):
        await house.later(HOLD)
    assert (await house.message("b")).status is MessageStatus.SENT


class SlowMessenger(AskableMessenger):
    """Takes ten seconds for each message; a second worker looks for work in between."""

    def __init__(self) -> None:
        super().__init__()
        self.house: House | None = None
        self._looked = False

    async def send(self, message: Message) -> str:
        assert self.house is not None
        self.house.at += timedelta(seconds=10)
        if self.house.at > NOON + HOLD and not self._looked:
            self._looked = True
            await self.house.post.run_once()
        return await super().send(message)


async def test_a_slow_provider_makes_no_message_go_twice() -> None:
    messenger = SlowMessenger()
    house = messenger.house = House(messenger)
    ids = [f"m{n:03}" for n in range(100)]
    await house.queue(*ids)
    rounds = 1
    await house.post.run_once()
    assert len(messenger.sent) < 20 and (await house.message("m099")).tries == 0
    while await house.later(timedelta(seconds=1)):
        rounds += 1
    for _ in WAITS:
        await house.later(timedelta(hours=3))
    assert [each.id for each in messenger.sent] == ids and rounds > 5
