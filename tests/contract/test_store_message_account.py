"""The account of a day's messages: closed while each has gone, failed for a reason, or is still to go."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.message_account import ARRIVED, FAILED, OPEN, SENT, MessageAccount
from agent.store.screens import ScreenStore
from tests.fakes.rows import NOON

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
QUEUED = Message("m", Channel.SMS, "+8613900000001", MessageKind.STAFF, "演习", NOON)


async def account_of(store: ScreenStore, *messages: Message) -> MessageAccount:
    """A moment after noon, an hour's delay being allowed."""
    async with store.transaction() as records:
        for number, message in enumerate(messages):
            await records.add_message(replace(message, id=f"m{number}"))
    return await again(store)


async def again(store: ScreenStore, later: timedelta = timedelta()) -> MessageAccount:
    async with store.transaction(write=False) as records:
        return await records.message_account(since=NOON - HOUR, until=NOON + HOUR, stuck_before=NOON - HOUR + later)


def in_status(*statuses: MessageStatus) -> Sequence[Message]:
    return [replace(QUEUED, status=status) for status in statuses]


async def test_every_message_of_the_day_is_in_one_sum(store: ScreenStore) -> None:
    failed = replace(QUEUED, status=MessageStatus.FAILED, failed_why="bad_address")
    account = await account_of(store, *in_status(*set(MessageStatus) - {MessageStatus.FAILED}), failed, failed)
    assert (account.of(ARRIVED), account.of(SENT), account.of(FAILED), account.of(OPEN)) == (2, 1, 2, 2)
    assert (account.total, account.failures, account.closed) == (7, {"bad_address": 2}, True)


async def test_messages_of_other_days_are_not_in_it(store: ScreenStore) -> None:
    sent = replace(QUEUED, status=MessageStatus.SENT)
    account = await account_of(store, replace(sent, created_at=NOON - DAY), replace(sent, created_at=NOON + HOUR))
    assert account.total == 0 and account.closed


async def test_a_failure_without_a_reason_leaves_it_open(store: ScreenStore) -> None:
    assert not (await account_of(store, *in_status(MessageStatus.FAILED))).closed


async def test_what_should_have_gone_long_ago_is_stuck_whatever_its_day(store: ScreenStore) -> None:
    long_ago = replace(QUEUED, created_at=NOON - DAY)
    waits = replace(long_ago, not_before=NOON)  # tried again later: not stuck yet
    account = await account_of(store, long_ago, replace(long_ago, status=MessageStatus.SENDING), waits)
    assert (account.total, account.stuck, account.closed) == (0, 2, False)
    async with store.transaction() as records:
        await records.claim_messages(now=NOON, hold_until=NOON + HOUR, limit=1)
    assert (await again(store)).stuck == 1  # a worker has the other in hand
    assert (await again(store, 2 * HOUR + timedelta(seconds=1))).stuck == 3
