"""Messages on every store: each claimed once, found again by what the provider calls it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.store.ports import Duplicate, NotFound, ReadOnly, Store
from tests.fakes.rows import NOON, add_people, contact, patient

MINUTE = timedelta(minutes=1)


def message(number: int = 1, **changes: Any) -> Message:
    made = Message(
        id=f"m{number:04}",
        channel=Channel.SMS,
        to=patient().phone,
        kind=MessageKind.LINK,
        text="请打开随访",
        created_at=NOON + number * MINUTE,
        patient_id=patient().id,
        contact_id=contact().id,
        link="https://example.org/c/1",
    )
    return replace(made, **changes)


@pytest.fixture
async def three(store: Store) -> Store:
    async with store.transaction() as records:
        await add_people(records, 2)
        await records.add_message(message(2))
        await records.add_message(message(1))
        await records.add_message(message(3, not_before=NOON + 60 * MINUTE, patient_id=None, contact_id=None))
    return store


async def claim(store: Store, minutes: float, limit: int = 10) -> Sequence[Message]:
    now = NOON + minutes * MINUTE
    async with store.transaction() as records:
        return await records.claim_messages(now=now, hold_until=now + 2 * MINUTE, limit=limit)


async def unsure(store: Store, minutes: float) -> list[str]:
    now = NOON + minutes * MINUTE
    async with store.transaction() as records:
        found = await records.claim_unsure_messages(now=now, hold_until=now + 2 * MINUTE, limit=10)
    return [each.id for each in found]


async def test_a_message_is_kept_word_for_word(three: Store) -> None:
    whole = message(1)
    async with three.transaction(write=False) as records:
        assert await records.message("m0001") == whole
        assert await records.messages(patient_id=patient().id) == [whole, message(2)]
        assert await records.messages(contact_id=contact(2).id) == []
        assert len(await records.messages()) == 3 and len(await records.messages(limit=2)) == 2
        with pytest.raises(NotFound):
            await records.message("unknown")


async def test_what_may_go_is_claimed_once_the_oldest_first(three: Store) -> None:
    first = await claim(three, 5)
    assert [(each.id, each.status, each.tries) for each in first] == [
        ("m0001", MessageStatus.SENDING, 1),
        ("m0002", MessageStatus.SENDING, 1),
    ]
    assert await claim(three, 30) == []
    assert [each.id for each in await claim(three, 60)] == ["m0003"]


async def test_workers_at_once_never_claim_the_same_message(three: Store) -> None:
    claimed = await asyncio.gather(*(claim(three, 5, limit=1) for _ in range(5)))
    ids = [each.id for some in claimed for each in some]
    assert sorted(ids) == ["m0001", "m0002"]


async def test_a_message_nobody_heard_of_again_is_asked_about_once_a_hold(three: Store) -> None:
    (one, two) = await claim(three, 5)
    async with three.transaction() as records:
        await records.save_message(replace(one, status=MessageStatus.SENT, provider_ref="SM1"))
    assert await unsure(three, 6.9) == []
    assert await unsure(three, 7) == [two.id]
    assert await unsure(three, 8) == [] and await unsure(three, 9) == [two.id]
    assert await claim(three, 9) == []


async def test_a_message_put_back_is_claimed_again_with_its_tries(three: Store) -> None:
    (one, _) = await claim(three, 5)
    again = replace(one, status=MessageStatus.QUEUED, not_before=NOON + 10 * MINUTE, failed_why="provider_down")
    async with three.transaction() as records:
        await records.save_message(again)
    assert await claim(three, 9) == []
    assert [(each.id, each.tries) for each in await claim(three, 10)] == [("m0001", 2)]


async def test_it_is_found_by_what_the_provider_calls_it(three: Store) -> None:
    sent = replace(message(1), status=MessageStatus.SENT, provider_ref="SM1", sent_at=NOON + 9 * MINUTE)
    async with three.transaction() as records:
        await records.save_message(sent)
        assert await records.message_by_ref(Channel.SMS, "SM1") == sent
        assert await records.message_by_ref(Channel.WECHAT, "SM1") is None
    with pytest.raises(Duplicate):
        async with three.transaction() as records:
            await records.save_message(replace(message(2), provider_ref="SM1"))


async def test_the_same_id_is_queued_once(three: Store) -> None:
    with pytest.raises(Duplicate):
        async with three.transaction() as records:
            await records.add_message(message(1, text="anders"))
    async with three.transaction(write=False) as records:
        assert (await records.message("m0001")).text == "请打开随访"


async def test_what_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.save_message(message(1, patient_id=None, contact_id=None))
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.add_message(message(1))
    with pytest.raises(ReadOnly):
        async with store.transaction(write=False) as records:
            await records.add_message(message(1, patient_id=None, contact_id=None))


def test_its_repr_shows_neither_address_nor_words() -> None:
    shown = repr(message(1))
    assert "m0001" in shown and not any(secret in shown for secret in ("1349", "随访", "example"))
