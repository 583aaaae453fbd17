"""What patients send, on every store: each message once, each turn in one worker's hands; and who wants no more."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.model.contact import Channel
from agent.model.observation import Observation
from agent.model.people import CONTACTABLE, DECEASED, OPT_OUT
from agent.model.piece import OptOut, Piece, PieceKind
from agent.model.record import Event
from agent.store.ports import Duplicate, NotFound, StaleVersion, Store
from tests.fakes.rows import NOON, add_people, contact, patient

SECOND = timedelta(seconds=1)


def piece(number: int = 1, **changes: Any) -> Piece:
    at = NOON + number * SECOND
    made = Piece(
        id=f"sms:{number}", channel=Channel.SMS, sender=patient().phone, patient_id=patient().id,
        kind=PieceKind.TEXT, at=at, received_at=at + SECOND, text="不喘",
    )  # fmt: skip
    return replace(made, **changes)


@pytest.fixture
async def three(store: Store) -> Store:
    async with store.transaction() as records:
        await add_people(records, 2)
        await records.add_piece(piece(3, contact_id=contact().id, proven=True, media="a.jpg", seq=2))
        await records.add_piece(piece(1))
        await records.add_piece(piece(2, patient_id=patient(2).id))
    return store


async def hold(store: Store, *ids: str, turn: str = "t1", after: int = 10) -> None:
    now = NOON + after * SECOND
    async with store.transaction() as records:
        await records.hold_pieces(ids, turn, now=now, hold_until=now + 30 * SECOND)


async def open_ids(store: Store, after: int = 10) -> list[str]:
    async with store.transaction(write=False) as records:
        return [each.id for each in await records.open_pieces(now=NOON + after * SECOND, limit=10)]


async def test_a_message_that_comes_twice_is_one_piece(three: Store) -> None:
    with pytest.raises(Duplicate):
        async with three.transaction() as records:
            await records.add_piece(piece(1, text="anders"))
    async with three.transaction(write=False) as records:
        assert await records.pieces(patient().id) == [piece(1), await records.piece("sms:3")]
        assert [each.id for each in await records.pieces(patient().id, since=NOON + 2 * SECOND)] == ["sms:3"]
        assert (await records.piece("sms:1")).text == "不喘"


async def test_pieces_wait_in_the_order_received_until_their_turn_is_answered(three: Store) -> None:
    assert await open_ids(three) == ["sms:1", "sms:2", "sms:3"]
    await hold(three, "sms:1", "sms:3")
    assert await open_ids(three) == ["sms:2"]
    async with three.transaction() as records:
        await records.pieces_done(["sms:1", "sms:3"], NOON + 11 * SECOND)
        assert (await records.piece("sms:3")).turn_id == "t1"
    assert await open_ids(three, 1000) == ["sms:2"]


async def test_what_a_dead_worker_held_is_open_again_and_keeps_its_turn(three: Store) -> None:
    await hold(three, "sms:1")
    assert "sms:1" not in await open_ids(three, 39) and "sms:1" in await open_ids(three, 40)
    async with three.transaction(write=False) as records:
        assert (await records.piece("sms:1")).turn_id == "t1"


async def test_two_workers_never_make_two_turns_of_one_piece(three: Store) -> None:
    async def worker(number: int) -> bool:
        try:
            await hold(three, "sms:1", "sms:3", turn=f"t{number}")
        except StaleVersion:
            return False
        return True

    assert sum(await asyncio.gather(*(worker(number) for number in range(4)))) == 1


async def test_a_piece_of_nobody_is_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.add_piece(piece(1))


async def test_a_family_may_share_a_telephone(three: Store) -> None:
    async with three.transaction() as records:
        await records.save_patient(patient(2, phone=patient(1).phone))
        assert [each.id for each in await records.patients_of_phone(patient(1).phone)] == ["p0001", "p0002"]
        assert await records.patients_of_phone("+8600000000000") == []


async def test_an_opt_out_stands_until_it_is_taken_back(three: Store) -> None:
    said = OptOut(patient().id, NOON, Channel.SMS)
    async with three.transaction() as records:
        await records.add_opt_out(said)
        await records.add_opt_out(OptOut(patient().id, NOON + SECOND, Channel.WECHAT))
        assert await records.opt_out(patient().id) == said and await records.opt_out(patient(2).id) is None
        assert await records.stopped([patient(1).id, patient(2).id]) == {patient(1).id: OPT_OUT}
        assert await records.stopped([]) == {}
    async with three.transaction() as records:
        assert await records.end_opt_out(patient().id) and not await records.end_opt_out(patient().id)
        assert await records.opt_out(patient().id) is None


async def test_readings_come_back_as_they_were_taken_each_once(three: Store) -> None:
    taken = [
        Observation(f"t1-{name}", patient().id, contact().id, name, value, NOON + after * SECOND, Channel.SMS, "t1")
        for name, value, after in (("systolic", 131.5, 0), ("weight_kg", 61.25, 7200))
    ]
    async with three.transaction() as records:
        for each in reversed(taken):
            await records.add_observation(each)
        assert await records.observations(patient().id) == taken
        assert await records.observations(patient().id, since=NOON + SECOND) == taken[1:]
        assert await records.observations(patient(2).id) == []
    with pytest.raises(Duplicate):
        async with three.transaction() as records:
            await records.add_observation(taken[0])


async def test_a_reading_taken_back_is_gone(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        first, second = (
            Observation(f"o{n}", patient().id, contact().id, "weight_kg", 60 + n, NOON, Channel.PHONE, "t1")
            for n in (1, 2)
        )
        await records.add_observation(first)
        await records.add_observation(second)
        assert set(await records.known_observations(["o1", "o2", "o3"])) == {"o1", "o2"}
        await records.remove_observations(["o1", "o3"])
        assert await records.observations(patient().id) == [second]


async def test_whom_nobody_may_contact_any_more_and_why_the_last_word_counts(three: Store) -> None:
    dead, wrongly = patient(1).id, patient(2).id
    async with three.transaction() as records:
        for who, word in ((dead, CONTACTABLE), (dead, DECEASED), (wrongly, DECEASED), (wrongly, CONTACTABLE)):
            await records.add_event(Event("patient", who, None, word, NOON, "adt"))
        assert await records.stopped([dead, wrongly]) == {dead: DECEASED}
        await records.add_opt_out(OptOut(wrongly, NOON, Channel.SMS))
        assert await records.stopped([dead, wrongly]) == {dead: DECEASED, wrongly: OPT_OUT}
        assert await records.stopped([wrongly]) == {wrongly: OPT_OUT}
