"""A broken trunk uses up nobody's attempts; one call finds out whether it works again."""

from datetime import timedelta

from agent.schedule.breaker import Circuit, CircuitBreaker
from agent.schedule.ports import DialFailed
from tests.fakes.rows import NOON
from tests.unit.schedule.test_dispatcher import Carrier, World

MINUTE = timedelta(minutes=1)


def test_half_of_the_last_dials_failing_opens_it() -> None:
    breaker = CircuitBreaker()
    for _ in range(3):
        breaker.placed()
    assert [breaker.failed(NOON) for _ in range(3)] == [False, False, True]
    assert breaker.state(NOON) is Circuit.OPEN and breaker.free(5, NOON) == 0


def test_single_failures_do_not_open_it() -> None:
    breaker = CircuitBreaker()
    for _ in range(50):
        breaker.placed()
        breaker.placed()
        assert not breaker.failed(NOON)
    assert breaker.free(5, NOON) == 5


def test_old_failures_are_forgotten() -> None:
    breaker = CircuitBreaker()
    for _ in range(5):
        breaker.failed(NOON)
    for _ in range(20):
        breaker.placed()
    assert not any(breaker.failed(NOON) for _ in range(9))
    assert breaker.failed(NOON)


def test_after_a_rest_one_call_is_tried_and_its_fate_decides() -> None:
    breaker = CircuitBreaker()
    for _ in range(6):
        breaker.failed(NOON)
    later = NOON + MINUTE
    assert breaker.state(later) is Circuit.TRYING and breaker.free(5, later) == 1
    breaker.dialling(later)
    assert breaker.free(5, later) == 0
    breaker.failed(later)
    assert breaker.state(later + MINUTE / 2) is Circuit.OPEN
    again = later + MINUTE
    breaker.dialling(again)
    assert breaker.placed() and breaker.free(5, again) == 5


async def test_the_dispatcher_spares_the_patients_while_the_carrier_fails() -> None:
    refused = DialFailed("unauthorised", retryable=False, alarm=True)
    world = await World(Carrier(fails=refused, places=False), patients=40, max_calls=8).ready()
    assert await world.dispatcher.dispatch() == 8
    assert await world.dispatcher.dispatch() == 0
    async with world.store.transaction(write=False) as records:
        assert len(await records.attempts()) == 8
    world.carrier.fails = None
    world.now += MINUTE
    assert [await world.dispatcher.dispatch(), await world.dispatcher.dispatch()] == [1, 7]


async def test_a_wrong_number_says_nothing_about_the_carrier() -> None:
    wrong = DialFailed("bad_number", retryable=False)
    world = await World(Carrier(fails=wrong, places=False), patients=20, max_calls=8).ready()
    assert [await world.dispatcher.dispatch(), await world.dispatcher.dispatch()] == [8, 8]
