"""Many attempts' courses written at once: as if each row were saved by itself."""

from dataclasses import replace

import pytest

from agent.model.contact import Attempt, AttemptOutcome, Channel, ContactStatus
from agent.model.record import Event, OutboxKind, OutboxMessage
from agent.model.urgency import Urgency
from agent.store.attempt_ports import Moves
from agent.store.ports import Duplicate, NotFound, StaleVersion, Store
from tests.fakes.rows import NOON, add_people, attempt, contact

MANY = 25  # enough for the databases' fastest ways


async def begun(store: Store, count: int = MANY) -> list[Attempt]:
    """That many patients' contacts in progress, each with a live attempt, written at once."""
    made = [attempt(number, trunk="main") for number in range(1, count + 1)]
    async with store.transaction() as records:
        await add_people(records, count, (3, 7))
        await records.weigh({contact(n).id: Urgency.HIGH for n in range(1, count + 1)})
        started = [contact(n, status=ContactStatus.IN_PROGRESS, attempts_made=1) for n in range(1, count + 1)]
        events = [Event("attempt", each.id, None, each.outcome, NOON, "scheduler") for each in made]
        told = [OutboxMessage(f"m{n}", OutboxKind.CONTACT_CHANGED, contact(n).id, NOON) for n in range(count)]
        await records.write_moves(Moves(contacts=started, begun=made, events=events, outbox=told))
    return made


async def test_what_is_written_at_once_is_there_as_if_it_were_written_one_by_one(store: Store) -> None:
    made = await begun(store)
    async with store.transaction() as records:
        assert await records.attempts_by_id([each.id for each in made] + ["nobody"]) == {a.id: a for a in made}
        contacts = await records.contacts_by_id([contact(1).id, contact(2).id, "nobody"])
        first = contact(1, status=ContactStatus.IN_PROGRESS, attempts_made=1, version=2, urgency=Urgency.HIGH)
        assert contacts[first.id] == first and len(contacts) == 2
        assert [each.to_status for each in await records.events("attempt", made[-1].id)] == [made[-1].outcome]
        assert len(await records.claim_outbox(limit=100, now=NOON)) == MANY


async def test_rows_of_one_attempt_follow_each_other_in_their_order(store: Store) -> None:
    (dialled,) = await begun(store, 1)
    rings = replace(dialled, outcome=AttemptOutcome.DIALLED, carrier_ref="CA1")
    over = replace(rings, outcome=AttemptOutcome.BUSY, ended_at=NOON)
    after = contact(1, status=ContactStatus.DUE, attempts_made=1, version=2)
    waived = replace(after, status=ContactStatus.WAIVED, version=3)
    async with store.transaction() as records:
        await records.write_moves(Moves(contacts=[after, waived], attempts=[rings, over]))
    async with store.transaction(write=False) as records:
        assert await records.attempt(dialled.id) == over
        assert (await records.contact(after.id)).status is ContactStatus.WAIVED
        assert (await records.contact(after.id)).version == 4


async def test_one_stale_contact_takes_everything_of_its_transaction_along(store: Store) -> None:
    made = await begun(store, 2)
    stale = Moves(contacts=[contact(1, version=2), contact(2, version=1)], attempts=[replace(made[0], detail="x")])
    with pytest.raises(StaleVersion):
        async with store.transaction() as records:
            await records.write_moves(stale)
    async with store.transaction(write=False) as records:
        assert (await records.attempt(made[0].id)).detail is None
        assert (await records.contact(contact(1).id)).version == 2


async def test_a_second_live_attempt_of_a_patient_is_refused_among_others_too(store: Store) -> None:
    await begun(store, 2)
    with pytest.raises(Duplicate):
        async with store.transaction() as records:
            await records.write_moves(Moves(begun=[attempt(1, id="twin")]))
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.write_moves(Moves(attempts=[attempt(9)]))


async def test_the_calls_that_are_up_on_a_trunk_are_counted(store: Store) -> None:
    await begun(store, 3)
    async with store.transaction() as records:
        await records.save_attempt(replace(attempt(1, trunk="main"), outcome=AttemptOutcome.BUSY))
        await records.save_attempt(replace(attempt(2, trunk="main"), trunk=None))
        assert await records.calls_up("main") == 2 and await records.calls_up("other") == 1
        await records.save_attempt(replace(attempt(3, trunk="main"), channel=Channel.WEBCHAT))
        assert await records.calls_up("main") == 1
