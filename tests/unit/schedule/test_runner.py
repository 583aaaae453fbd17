"""The runner's rounds: given before or after it began, and none that fails holds up another."""

import asyncio

import pytest

from agent.model.record import OutboxMessage
from agent.schedule.outbox import Outbox
from agent.schedule.runner import Round, Runner
from tests.unit.schedule.test_dispatcher import World

PATIENCE_SECONDS = 30.0


class Rounds:
    def __init__(self) -> None:
        self.done = asyncio.Event()

    async def works(self) -> int:
        self.done.set()
        return 1

    async def fails(self) -> int:
        raise RuntimeError("王建国")


async def tell(message: OutboxMessage) -> None:
    return None


async def test_a_round_that_fails_is_named_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    runner = Runner(world.dispatcher, Outbox(world.store, tell, lambda: world.now))
    before, after = Rounds(), Rounds()
    runner.give(Round.CAMPAIGNS, before.fails)
    runner.give(Round.POST, before.works)
    runner.start()
    runner.give(Round.TAKE_OVER, after.works)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await before.done.wait()
        await after.done.wait()
    await runner.stop()
    assert "campaigns failed: RuntimeError" in caplog.text and "王建国" not in caplog.text
