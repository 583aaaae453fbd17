"""WeChat's inbox and bindings, on every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.wechat import BindingRole, Deed, WechatBinding, WechatInbound
from agent.store.ports import Duplicate, NotFound, Store
from tests.fakes.rows import NOON, add_people, patient

HOLD = {"now": NOON, "hold_until": NOON + timedelta(minutes=1), "limit": 10}


def inbound(n: int, deed: Deed = Deed.TEXT, openid: str = "o1") -> WechatInbound:
    return WechatInbound(f"wechat.{n}", openid, deed, NOON + timedelta(seconds=n), "好", "", "")


def binding(n: int, openid: str = "o1", role: BindingRole = BindingRole.SELF) -> WechatBinding:
    return WechatBinding(f"b{n}", openid, patient(1).id, role, NOON + timedelta(seconds=n))


async def test_what_came_in_is_dealt_with_once_and_in_order(store: Store) -> None:
    async with store.transaction() as records:
        await records.add_wechat_inbound([inbound(2)], NOON)
        await records.add_wechat_inbound([inbound(1)], NOON + timedelta(seconds=5))
    async with store.transaction() as records:
        assert await records.wechat_waits(NOON)
        assert await records.claim_wechat_inbound(**HOLD) == [inbound(1), inbound(2)]
    async with store.transaction() as records:
        assert not await records.wechat_waits(NOON)
        assert await records.claim_wechat_inbound(**HOLD) == []
        await records.wechat_inbound_done(["wechat.1"], NOON)
    later = {**HOLD, "now": NOON + timedelta(minutes=1)}
    async with store.transaction() as records:
        assert await records.claim_wechat_inbound(**later) == [inbound(2)]


async def test_the_same_message_twice_is_one(store: Store) -> None:
    async with store.transaction() as records:
        await records.add_wechat_inbound([inbound(1), inbound(1)], NOON)
    async with store.transaction() as records:
        await records.wechat_inbound_done(["wechat.1"], NOON)
        await records.add_wechat_inbound([inbound(1), inbound(2)], NOON + timedelta(seconds=5))
        await records.add_wechat_inbound([], NOON)
        assert await records.claim_wechat_inbound(**HOLD) == [inbound(2)]


async def test_a_message_counts_before_a_later_event(store: Store) -> None:
    async with store.transaction() as records:
        await records.add_wechat_inbound([inbound(1)], NOON)
        await records.add_wechat_inbound([inbound(2, Deed.CLICKED)], NOON)
        await records.add_wechat_inbound([inbound(3, Deed.FOLLOWED, "o2")], NOON)
    async with store.transaction(write=False) as records:
        assert await records.last_in_wechat("o1") == inbound(1)
        assert await records.last_in_wechat("o2") == inbound(3, Deed.FOLLOWED, "o2")
        assert await records.last_in_wechat("o3") is None


async def test_an_openid_speaks_for_one_patient_at_a_time(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_wechat_binding(binding(1))
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.add_wechat_binding(binding(2))
    async with store.transaction() as records:
        await records.save_wechat_binding(replace(binding(1), unbound_at=NOON + timedelta(hours=1)))
        await records.add_wechat_binding(binding(2))
    async with store.transaction(write=False) as records:
        assert await records.wechat_binding("o1") == binding(2)
        assert await records.wechat_binding("o2") is None


async def test_the_patients_own_comes_before_a_caregivers(store: Store) -> None:
    daughter, own = binding(1, "o1", BindingRole.CAREGIVER), binding(2, "o2")
    async with store.transaction() as records:
        await add_people(records)
        await records.add_wechat_binding(daughter)
        await records.add_wechat_binding(own)
    async with store.transaction(write=False) as records:
        assert await records.wechat_bindings(patient(1).id) == [own, daughter]
        assert await records.wechat_bindings("nobody") == []


async def test_a_binding_needs_its_patient(store: Store) -> None:
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.add_wechat_binding(binding(1))
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.save_wechat_binding(binding(1))
