"""Points on every store: a row a deed, nothing counted twice, and the giver that reads deeds off the record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.contact import Channel, ContactStatus
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.observation import Observation
from agent.model.points import Deed, PointsEarned, PointsRules, in_words
from agent.points import PointsGiver
from agent.store.ports import Duplicate, Store
from tests.fakes.rows import NOON, add_people, contact, patient

RULES = PointsRules(20, {Deed.CONTACT_COMPLETED: 10, Deed.READING_SENT: 2, Deed.EDUCATION_READ: 3})
DAY = timedelta(days=1)


def earned(n: int = 1, days: int = 0) -> PointsEarned:
    owner = contact(1)
    return PointsEarned(f"d{n}", owner.patient_id, owner.id, Deed.READING_SENT, n, NOON + days * DAY)


async def test_rows_are_kept_with_their_reason_and_once(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_points(earned(2, days=1))
        await records.add_points(earned(1))
    async with store.transaction(write=False) as records:
        assert await records.points(patient(1).id) == [earned(1), earned(2, days=1)]
        assert await records.points("nobody") == []
        assert await records.points_between(since=NOON, until=NOON + DAY) == [earned(1)]
        assert await records.points_between(since=NOON, until=NOON + 2 * DAY, limit=1) == [earned(1)]
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_points(replace(earned(1), points=5))


def reading(n: int, name: str = "weight_kg", days: int = 0) -> Observation:
    owner, at = contact(1), NOON + days * DAY + n * timedelta(minutes=1)
    return Observation(f"o{n}-{name}", owner.patient_id, owner.id, name, 60.0, at, Channel.WECHAT, f"t{n}")


def lesson(n: int, status: MessageStatus = MessageStatus.READ) -> Message:
    owner = contact(1)
    return Message(
        f"education-{n}", Channel.WEBCHAT, owner.id, MessageKind.EDUCATION, "少盐", NOON, owner.patient_id, owner.id,
        status=status,
    )  # fmt: skip


async def given(store: Store, days: int = 0, times: int = 3, rules: PointsRules = RULES) -> Sequence[PointsEarned]:
    """What stands there after the change was told three times."""
    giver = PointsGiver(store, rules, lambda: NOON + days * DAY)
    for _ in range(times):
        await giver.contact_changed(contact(1).id)
    async with store.transaction(write=False) as records:
        return await records.points(patient(1).id)


async def test_each_deed_counts_once_however_often_it_is_told(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        stored = await records.contact(contact(1).id)
        await records.save_contact(replace(stored, status=ContactStatus.IN_PROGRESS))
    assert await given(store) == []
    async with store.transaction() as records:
        stored = await records.contact(contact(1).id)
        await records.save_contact(replace(stored, status=ContactStatus.COMPLETED))
        for name in ("systolic", "diastolic"):
            await records.add_observation(reading(1, name))
        await records.add_observation(reading(2))
        await records.add_observation(reading(3))  # the weight once more: the same day's reading
        await records.add_message(lesson(1))
        await records.add_message(lesson(2, MessageStatus.SENT))
    mine = await given(store)
    assert sorted((each.deed.value, each.points) for each in mine) == [
        ("contact_completed", 10), ("education_read", 3), ("reading_sent", 2), ("reading_sent", 2)
    ]  # fmt: skip
    assert in_words(mine) == "17分：完成随访10，上报读数4，看健康知识3"
    async with store.transaction() as records:
        await records.add_observation(reading(4, days=1))
    assert len(await given(store, days=1)) == 5


async def test_a_day_has_a_cap_and_the_next_one_its_own(store: Store) -> None:
    rules = replace(RULES, per_day=5)
    async with store.transaction() as records:
        await add_people(records)
        for n in range(1, 4):
            await records.add_message(lesson(n))
        await records.add_observation(reading(1))
    mine = await given(store, rules=rules)
    assert sum(each.points for each in mine) == 5
    async with store.transaction() as records:
        await records.add_observation(reading(5, days=1))
    later = await given(store, days=1, rules=rules)
    assert sum(each.points for each in later if each.at >= NOON + DAY) == 5


async def test_what_the_rules_give_nothing_for_leaves_no_row(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_observation(reading(1))
    assert await given(store, rules=replace(RULES, worth={Deed.CONTACT_COMPLETED: 10, Deed.READING_SENT: 0})) == []
