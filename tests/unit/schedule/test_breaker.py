"""A broken trunk uses up nobody's attempts; one call finds out whether it works again."""

from dataclasses import replace
from datetime import timedelta

from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.trunk import Circuit, Trunk
from agent.schedule.breaker import LastCalls, TrunkLimits, begun, free_calls, judged
from agent.schedule.carrier_words import UNPROVEN
from agent.schedule.ports import DialFailed
from tests.fakes.rows import NOON
from tests.unit.schedule.test_dispatcher import Carrier, World

MINUTE = timedelta(minutes=1)
LIMITS = TrunkLimits("main", 5, per_second=10.0)
WORKS = Trunk.new("main", NOON)
BROKEN = replace(WORKS, circuit=Circuit.OPEN)


def calls(*failed: bool) -> LastCalls:
    last = LastCalls()
    for each in failed:
        last.note(failed=each)
    return last


def test_half_of_the_last_calls_failing_opens_it() -> None:
    last = calls(False, False, False, True, True)
    assert judged(WORKS, last, failed=True, now=NOON) is Circuit.CLOSED
    last.note(failed=True)
    assert judged(WORKS, last, failed=True, now=NOON) is Circuit.OPEN
    assert free_calls(BROKEN, LIMITS, 0, NOON) == 0


def test_single_failures_do_not_open_it() -> None:
    last = calls(*[False, False, True] * 50)
    assert not last.broken and last.proven


def test_old_failures_are_forgotten() -> None:
    assert not calls(*[True] * 5, *[False] * 20, *[True] * 9).broken
    assert calls(*[True] * 5, *[False] * 20, *[True] * 10).broken


def test_after_a_rest_one_call_is_tried_and_its_fate_decides() -> None:
    later = NOON + MINUTE
    assert free_calls(BROKEN, LIMITS, 0, later) == 1
    trying = begun(BROKEN, LIMITS, 1, later)
    assert trying.circuit is Circuit.TRYING and free_calls(trying, LIMITS, 0, later) == 0
    assert judged(trying, calls(), failed=True, now=later) is Circuit.OPEN
    assert judged(trying, calls(), failed=False, now=later) is Circuit.CLOSED
    assert free_calls(trying, LIMITS, 0, later + MINUTE) == 1  # nobody told what became of the trial


def test_calls_from_before_it_opened_decide_nothing() -> None:
    assert judged(BROKEN, calls(False), failed=False, now=NOON) is Circuit.OPEN


def test_no_more_calls_are_begun_in_a_second_than_the_trunk_takes() -> None:
    slow = TrunkLimits("main", 100, per_second=3.0)
    assert free_calls(WORKS, slow, 0, NOON) == 3
    after = begun(WORKS, slow, 3, NOON)
    assert free_calls(after, slow, 3, NOON + timedelta(seconds=0.5)) == 1
    assert free_calls(after, slow, 3, NOON + timedelta(hours=1)) == 3


async def test_the_dispatcher_spares_the_patients_while_the_carrier_fails() -> None:
    refused = DialFailed("unauthorised", retryable=False, alarm=True)
    world = await World(Carrier(fails=refused, places=False), patients=40, max_calls=8).ready()
    assert [await world.dispatch(), await world.dispatch()] == [8, 0]
    async with world.store.transaction(write=False) as records:
        assert len(await records.attempts()) == 8
        (trunk,) = await records.trunks()
        assert (trunk.circuit, trunk.reason) == (Circuit.OPEN, "unauthorised")
        assert [event.to_status for event in await records.events("trunk", "main")] == ["open"]
    world.carrier.fails = None
    world.now += MINUTE
    assert [await world.dispatch(), await world.dispatch()] == [1, 0]
    await world.carrier_says_of_all("ringing")
    assert await world.dispatch() == 7
    async with world.store.transaction(write=False) as records:
        assert [event.to_status for event in await records.events("trunk", "main")] == ["open", "closed"]


async def test_a_trunk_that_knows_no_number_at_all_is_broken_and_marks_nobody() -> None:
    world = await World(patients=40, max_calls=8).ready()
    assert await world.dispatch() == 8
    await world.carrier_says_of_all("failed", sip_code=404)
    assert await world.dispatch() == 0
    async with world.store.transaction(write=False) as records:
        tried = await records.attempts()
        assert {(each.outcome, each.detail) for each in tried} == {(AttemptOutcome.FAILED, UNPROVEN)}
        assert {(await records.contact(each.contact_id)).status for each in tried} == {ContactStatus.DUE}
        assert await records.escalations() == []
        assert (await records.trunks())[0].reason == "sip_404"


async def test_other_workers_leave_a_broken_trunk_alone_too() -> None:
    world = await World(patients=40, max_calls=8).ready()
    await world.dispatch()
    await world.carrier_says_of_all("failed", sip_code=503)
    assert await world.another_worker().dispatch() == 0


async def test_a_number_that_the_carrier_refuses_on_a_working_trunk_is_dead() -> None:
    world = await World(patients=3, max_calls=2).ready()
    await world.dispatch()
    await world.carrier_says_of_all("busy")
    world.carrier.fails, world.carrier.places = DialFailed("bad_number", retryable=False), False
    await world.dispatch()
    async with world.store.transaction(write=False) as records:
        outcomes = [each.outcome for each in await records.attempts()]
        assert outcomes == [AttemptOutcome.BUSY, AttemptOutcome.BUSY, AttemptOutcome.NO_SUCH_NUMBER]


async def test_a_call_that_is_never_ready_keeps_no_other_waiting() -> None:
    world = await World(patients=3).ready()

    async def stuck(contact, patient) -> None:  # type: ignore[no-untyped-def]
        if patient.id == "p0001":
            await world.forever.wait()

    world.dispatcher.placer.prepare, world.dispatcher.placer.ready_seconds = stuck, 0.05
    assert await world.dispatcher.dispatch() == 3
    await world.dispatcher.idle()
    async with world.store.transaction(write=False) as records:
        outcomes = {each.patient_id: (each.outcome, each.detail) for each in await records.attempts()}
    assert outcomes["p0001"] == (AttemptOutcome.FAILED, "not_ready")
    assert [outcomes[each][0] for each in ("p0002", "p0003")] == [AttemptOutcome.DIALLED] * 2


async def test_each_worker_asks_only_its_own_trunks_carrier() -> None:
    world = await World().ready()
    await world.dispatch()
    world.carrier.calls["CA0"] = "no-answer"
    world.now += 2 * MINUTE
    assert await world.another_worker(trunk="other").settle() == 0
    assert await world.another_worker().settle() == 1
