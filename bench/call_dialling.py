"""Contacts dialled through a carrier whose REST interface fails: HTTP 500 to the first tries of many numbers.
Everything is real from the scheduler to the carrier's signed webhooks, on a clock that jumps. Counted afterwards:
contacts without an outcome, attempts left open, calls the carrier made for no attempt or twice for one."""

import asyncio
import logging
import random
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from agent.attempts.retries import RetryPolicy
from agent.model.clock import new_id
from agent.model.contact import OPEN_OUTCOMES, AttemptOutcome, ContactStatus
from agent.schedule.breaker import TrunkLimits
from agent.schedule.calendar import ALL_DAY, CallingCalendar, every_day
from agent.schedule.courtesy import Courtesy
from agent.schedule.dispatcher import Dispatcher, Lines
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from bench.call_wire import settings
from bench.crowd import Series, add_contacts, add_patients
from machine.served import bound_socket, served
from machine.virtual_time import BEGINNING, MovableClock
from telephony.simulator.app import create_app
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.persona import Faults, Persona
from telephony.twilio import TwilioDialler, router

MOST_ERRORS = 4  # tries in a row that a number gets a 500 to
STEP_MINUTES = 2
LONGEST = timedelta(days=4)
_FATES = ("busy", "no-answer", "failed")


def people(contacts: int, seed: int) -> dict[str, Persona]:
    """Nobody picks up; a third of the numbers get no 500."""
    chance, lines = random.Random(seed), dict[str, Persona]()
    for number in range(1, contacts + 1):
        errors = max(0, chance.randint(1 - MOST_ERRORS // 2, MOST_ERRORS))
        phone = f"+86139{number:08d}"
        lines[phone] = Persona(phone, "nobody", ends=chance.choice(_FATES), faults=Faults(rest_errors=errors))
    return lines


async def dialling(contacts: int, seed: int) -> dict[str, Any]:
    clock, lines = MovableClock(), people(contacts, seed)
    ours, theirs = bound_socket(), bound_socket()
    twilio = settings(ours.getsockname()[1])
    twilio = replace(twilio, carrier_base_url=f"http://127.0.0.1:{theirs.getsockname()[1]}")
    carrier = create_app(SimulatorConfig(twilio.account_sid, twilio.auth_token), lines, now=clock)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{Path(folder) / 'faults.db'}"
        await asyncio.to_thread(_admit, url, contacts)
        store = await open_store(url)
        stack.push_async_callback(store.close)
        dialler = TwilioDialler(twilio)
        stack.push_async_callback(dialler.close)
        any_time = Courtesy(CallingCalendar(every_day(*ALL_DAY)), 10, 50)
        limits = TrunkLimits("twilio", 50, per_second=50.0)
        dispatcher = Dispatcher(store, dialler, Lines("bench", limits, RetryPolicy(), any_time), clock, new_id)
        stack.push_async_callback(dispatcher.close)
        app = FastAPI()
        app.include_router(router(twilio, dispatcher, clock))
        await stack.enter_async_context(served(app, ours))
        await stack.enter_async_context(served(carrier, theirs))
        idle = len(asyncio.all_tasks())
        while (passed := clock() - BEGINNING) < LONGEST and not await _over(store, dispatcher):
            clock.passes(minutes=STEP_MINUTES)
            await dispatcher.dispatch()
            await dispatcher.idle()
            await dispatcher.settle()
        placed = [call.sid for call in carrier.state.exchange.calls.values()]
        return {**await _came_to(store, placed), "hours_of_the_clock": round(passed / timedelta(hours=1), 1),
                "numbers_with_500s": sum(line.faults.rest_errors > 0 for line in lines.values()),
                "leaked_tasks": max(0, len(asyncio.all_tasks()) - idle)}  # fmt: skip


def _admit(url: str, contacts: int) -> None:
    migrate(url)
    add_patients(url, 1, contacts, BEGINNING)
    add_contacts(url, Series(1, BEGINNING - timedelta(hours=1)))


async def _over(store: Store, dispatcher: Dispatcher) -> bool:
    await dispatcher.idle()
    async with store.transaction(write=False) as records:
        live = await records.attempts(live_only=True)
        due = await records.contacts(status=ContactStatus.DUE)
    return not live and not due


async def _came_to(store: Store, placed: list[str]) -> dict[str, Any]:
    async with store.transaction(write=False) as records:
        attempts = await records.attempts()
        contacts = await records.contacts()
    own = Counter(attempt.carrier_ref for attempt in attempts if attempt.carrier_ref)
    open_ones = {each.contact_id for each in attempts if each.outcome in OPEN_OUTCOMES}
    ended = {each.contact_id for each in attempts if each.outcome not in OPEN_OUTCOMES}
    return {
        "contacts": len(contacts),
        "attempts": len(attempts),
        "attempts_by_outcome": dict(Counter(str(each.outcome) for each in attempts)),
        "contacts_by_status": dict(Counter(str(each.status) for each in contacts)),
        "contacts_without_an_outcome": sum(each.id not in ended for each in contacts),
        "attempts_left_open": len(open_ones),
        "failed_at_the_carrier": sum(each.outcome is AttemptOutcome.FAILED for each in attempts),
        "calls_the_carrier_made": len(placed),
        "calls_of_no_attempt": len(set(placed) - set(own)),
        "calls_of_two_attempts": sum(count > 1 for count in own.values()),
    }


def run(contacts: int = 200, seed: int = 1) -> dict[str, Any]:
    """Every 500 is a warning in the log: too many to read here."""
    log = logging.getLogger("suifang")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        return asyncio.run(dialling(contacts, seed))
    finally:
        log.setLevel(before)
