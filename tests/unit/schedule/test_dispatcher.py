"""Dialling on a virtual carrier: intent first, never a double dial, every call's end becomes an outcome."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Self

import pytest

from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import Stamp, progress, stop_everything
from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact, ContactStatus
from agent.model.people import DECEASED, Patient
from agent.model.piece import OptOut
from agent.model.turn import Turn, TurnKind
from agent.schedule.breaker import TrunkLimits
from agent.schedule.courtesy import Courtesy
from agent.schedule.dispatcher import Around, Dispatcher, Lines
from agent.schedule.ports import CarrierStatus, DialFailed
from agent.store.screens import ScreenRecords
from tests.fakes import rows
from tests.fakes.memory_store import MemoryStore


@dataclass
class Carrier:
    """Remembers what it dialled; `fails` is raised, after placing the call if `places`."""

    fails: DialFailed | None = None
    places: bool = True
    calls: dict[str, str] = field(default_factory=dict)  # carrier ref -> status
    by_attempt: dict[str, str] = field(default_factory=dict)
    hung_up: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    async def dial(self, *, attempt_id: str, to: str) -> str:
        self.numbers.append(to)
        if self.fails is None or self.places:
            ref = f"CA{len(self.calls)}"
            self.calls[ref] = "ringing"
            self.by_attempt[attempt_id] = ref
        if self.fails is not None:
            raise self.fails
        return ref

    async def status(self, carrier_ref: str) -> str:
        return self.calls[carrier_ref]

    async def hang_up(self, carrier_ref: str) -> None:
        self.hung_up.append(carrier_ref)

    async def find(self, *, attempt_id: str, to: str, since: datetime) -> str | None:
        return self.by_attempt.get(attempt_id)


class World:
    retries = RetryPolicy(max_attempts=2)
    store_kind = MemoryStore

    def __init__(
        self,
        carrier: Carrier | None = None,
        patients: int = 1,
        max_calls: int = 5,
        courtesy: Courtesy | None = None,
        around: Around | None = None,
    ) -> None:
        self.now = rows.NOON
        self.store, self.carrier, self.patients = self.store_kind(), carrier or Carrier(), patients
        self.forever = asyncio.Event()
        ids = count(1)
        self.new_id = lambda: f"id{next(ids):03}"
        trunk = TrunkLimits("main", max_calls, per_second=100.0)
        lines = Lines("worker", trunk, self.retries, courtesy or Courtesy(), around or Around())
        self.dispatcher = Dispatcher(self.store, self.carrier, lines, lambda: self.now, self.new_id)

    async def ready(self) -> Self:
        async with self.store.transaction() as records:
            for number in range(1, self.patients + 1):
                await records.add_patient(rows.patient(number))
                await records.add_plan(rows.plan(number), [rows.contact(number)])
        return self

    async def dispatch(self) -> int:
        """How many attempts were begun, once the carrier has them."""
        begun = await self.dispatcher.dispatch()
        await self.dispatcher.idle()
        return begun

    def another_worker(self, trunk: str = "main") -> Dispatcher:
        lines = Lines("other", TrunkLimits(trunk, 8), RetryPolicy(2))
        return Dispatcher(self.store, self.carrier, lines, lambda: self.now, self.new_id)

    async def carrier_says_of_all(self, status: str, sip_code: int | None = None) -> None:
        async with self.store.transaction(write=False) as records:
            live = await records.attempts(live_only=True)
        for each in live:
            said = CarrierStatus(each.id, each.carrier_ref or "", status, self.now, sip_code=sip_code)
            await self.dispatcher.status_changed(said)

    async def only_attempt(self):  # type: ignore[no-untyped-def]
        async with self.store.transaction(write=False) as records:
            (attempt,) = await records.attempts()
            return attempt, await records.contact(attempt.contact_id)

    async def carrier_says(self, status: str, answered_by: str | None = None, sip_code: int | None = None) -> None:
        attempt, _ = await self.only_attempt()
        said = CarrierStatus(attempt.id, attempt.carrier_ref or "", status, self.now, answered_by, sip_code=sip_code)
        await self.dispatcher.status_changed(said)


async def test_an_open_chat_uses_no_line_and_no_carrier_is_asked_about_it() -> None:
    world = await World(patients=2, max_calls=1).ready()
    chat = rows.attempt(1, channel=Channel.WEBCHAT, outcome=AttemptOutcome.ANSWERED)
    async with world.store.transaction() as records:
        await records.add_attempt(chat)
    assert await world.dispatch() == 1
    world.now += timedelta(days=1)
    async with world.store.transaction(write=False) as records:
        called = [a for a in await records.attempts(live_only=True) if a.channel is Channel.PHONE]
    world.carrier.calls[called[0].carrier_ref or ""] = "busy"
    assert await world.dispatcher.settle() == 1
    async with world.store.transaction(write=False) as records:
        assert await records.attempt(chat.id) == chat


class UnhurriedStore(MemoryStore):
    """Lets others run before each transaction, as a database does."""

    @asynccontextmanager
    async def transaction(self, *, write: bool = True, sees: str | None = None) -> AsyncIterator[ScreenRecords]:
        await asyncio.sleep(0)
        async with super().transaction(write=write, sees=sees) as records:
            yield records


class Unhurried(World):
    store_kind = UnhurriedStore


async def test_whoever_asks_during_a_round_gets_one_more_after_it_together_with_all_others() -> None:
    rounds, asking = [], list[asyncio.Task[int]]()

    def can_dial() -> bool:
        rounds.append(len(rounds))
        if len(rounds) <= 2:
            asking.extend(asyncio.ensure_future(world.dispatcher.dispatch()) for _ in range(3))
        return True

    world = await Unhurried(around=Around(can_dial=can_dial)).ready()
    await world.dispatcher.dispatch()
    assert await asyncio.gather(*asking) == [0] * 6 and len(rounds) == 3
    await world.dispatcher.idle()


async def test_nobody_who_opted_out_is_dialled_not_even_for_a_contact_planned_later() -> None:
    world = await World(patients=2).ready()
    async with world.store.transaction() as records:
        await records.add_opt_out(OptOut(rows.patient(1).id, rows.NOON, Channel.SMS))
    assert [await world.dispatcher.dispatch(), await world.dispatcher.dispatch()] == [1, 0]
    async with world.store.transaction(write=False) as records:
        stopped = await records.contact(rows.contact(1).id)
        assert (stopped.status, stopped.reason) == (ContactStatus.DECLINED, "opt_out")
        assert [each.reason for each in await records.events("contact", stopped.id)] == ["opt_out"]


async def test_nobody_rings_for_somebody_who_died_while_a_call_was_being_tried() -> None:
    world = await World().ready()
    await world.dispatch()
    async with world.store.transaction() as records:
        await stop_everything(records, rows.patient().id, DECEASED, Channel.PHONE, Stamp(world.now, "adt", "told"))
    await world.carrier_says_of_all("no-answer")
    world.now += timedelta(days=2)
    assert await world.dispatch() == 0
    async with world.store.transaction(write=False) as records:
        over = await records.contact(rows.contact().id)
    assert (over.status, over.reason) == (ContactStatus.WAIVED, DECEASED)


async def test_a_due_contact_is_dialled_once() -> None:
    world = await World().ready()
    assert [await world.dispatch(), await world.dispatch()] == [1, 0]
    attempt, contact = await world.only_attempt()
    assert (attempt.outcome, contact.status) == (AttemptOutcome.DIALLED, ContactStatus.IN_PROGRESS)
    assert attempt.carrier_ref in world.carrier.calls


async def test_no_more_calls_than_lines() -> None:
    world = await World(patients=8, max_calls=3).ready()
    assert [await world.dispatch(), await world.dispatch()] == [3, 0]


@pytest.mark.parametrize(
    ("status", "outcome", "wait"),
    [
        ("busy", AttemptOutcome.BUSY, timedelta(minutes=10)),
        ("no-answer", AttemptOutcome.NO_ANSWER, timedelta(hours=3)),
        ("failed", AttemptOutcome.FAILED, timedelta(hours=1)),
    ],
)
async def test_a_call_that_was_not_answered_is_tried_again_later(
    status: str, outcome: AttemptOutcome, wait: timedelta
) -> None:
    world = await World().ready()
    await world.dispatch()
    await world.carrier_says(status)
    attempt, contact = await world.only_attempt()
    assert (attempt.outcome, contact.status, contact.reason) == (outcome, ContactStatus.DUE, outcome)
    assert contact.due_at == world.now + wait


async def test_after_the_last_attempt_the_patient_is_unreachable() -> None:
    world = await World().ready()
    for _ in range(2):
        await world.dispatch()
        async with world.store.transaction(write=False) as records:
            live = (await records.attempts(live_only=True))[0]
        await world.dispatcher.status_changed(CarrierStatus(live.id, "x", "no-answer", world.now))
        world.now += timedelta(hours=4)
    async with world.store.transaction(write=False) as records:
        assert (await records.contact("c0001-3")).status is ContactStatus.UNREACHABLE


async def test_a_dial_that_timed_out_but_was_placed_is_adopted_not_dialled_again() -> None:
    world = await World(Carrier(DialFailed("carrier_down", retryable=True), places=True)).ready()
    await world.dispatch()
    attempt, _ = await world.only_attempt()
    assert attempt.outcome is AttemptOutcome.INTENDED
    world.now += timedelta(minutes=2)
    await world.dispatcher.settle()
    await world.dispatch()
    attempt, _ = await world.only_attempt()
    assert (attempt.outcome, len(world.carrier.calls)) == (AttemptOutcome.DIALLED, 1)


async def test_a_dial_that_never_reached_the_carrier_is_tried_again_later() -> None:
    world = await World(Carrier(DialFailed("carrier_down", retryable=True), places=False)).ready()
    await world.dispatch()
    world.now += timedelta(minutes=2)
    await world.dispatcher.settle()
    attempt, contact = await world.only_attempt()
    assert (attempt.outcome, contact.status) == (AttemptOutcome.FAILED, ContactStatus.DUE)


async def test_while_the_carrier_is_out_of_reach_nobody_is_tried_and_no_attempt_is_lost() -> None:
    reached: list[bool] = []
    world = await World(around=Around(can_dial=lambda: bool(reached))).ready()
    assert await world.dispatch() == 0
    reached.append(True)
    assert await world.dispatch() == 1
    _, contact = await world.only_attempt()
    assert contact.attempts_made == 1


async def test_an_answered_call_that_a_forgetful_carrier_no_longer_knows_was_a_conversation() -> None:
    """A crash after the answer and before the carrier's id was stored; this carrier forgets calls that are over."""
    closed: list[str] = []

    async def hung_up(attempt: Attempt) -> None:
        closed.append(attempt.id)

    forgetful = Carrier(DialFailed("carrier_down", retryable=True), places=False)
    world = await World(forgetful, around=Around(hung_up=hung_up)).ready()
    await world.dispatch()
    attempt, _ = await world.only_attempt()
    async with world.store.transaction() as records:
        await progress(records, attempt, AttemptOutcome.ANSWERED, world.now, "patient")
    world.now += timedelta(minutes=2)
    await world.dispatcher.settle()
    assert closed == [attempt.id]


async def test_a_call_that_takes_long_to_get_ready_for_is_not_taken_for_lost_and_called_twice() -> None:
    world = await World().ready()

    async def slowly(contact: Contact, patient: Patient) -> None:
        world.now += timedelta(minutes=3)  # a voice that renders on a busy machine
        await world.dispatcher.settle()

    world.dispatcher.placer.prepare = slowly
    await world.dispatch()
    attempt, _ = await world.only_attempt()
    assert (attempt.outcome, len(world.carrier.calls)) == (AttemptOutcome.DIALLED, 1)


async def test_a_call_that_another_worker_gave_up_meanwhile_is_not_placed() -> None:
    world = await World().ready()
    other = world.another_worker()

    async def slowly(contact: Contact, patient: Patient) -> None:
        world.now += timedelta(minutes=3)
        await other.settle()

    world.dispatcher.placer.prepare = slowly
    await world.dispatch()
    attempt, contact = await world.only_attempt()
    assert (attempt.outcome, contact.status) == (AttemptOutcome.FAILED, ContactStatus.DUE)
    assert world.carrier.calls == {}


async def test_workers_whose_clocks_differ_do_not_both_keep_a_call() -> None:
    """The other's clock is ahead: to it the minute is over already."""
    world = await World().ready()
    other = world.another_worker()

    async def slowly(contact: Contact, patient: Patient) -> None:
        world.now += timedelta(seconds=70)
        await other.settle()
        world.now -= timedelta(seconds=30)

    world.dispatcher.placer.prepare = slowly
    await world.dispatch()
    assert world.carrier.calls == {}


async def test_a_call_that_ended_before_the_carrier_had_given_its_name_keeps_the_name() -> None:
    class Overtaken(Carrier):
        async def dial(self, *, attempt_id: str, to: str) -> str:
            ref = await super().dial(attempt_id=attempt_id, to=to)
            await world.dispatcher.status_changed(CarrierStatus(attempt_id, ref, "busy", world.now))
            return ref

    world = await World(Overtaken()).ready()
    await world.dispatch()
    attempt, _ = await world.only_attempt()
    assert (attempt.outcome, attempt.carrier_ref) == (AttemptOutcome.BUSY, "CA0")


async def test_a_call_whose_end_nobody_reported_is_settled_by_asking() -> None:
    world = await World().ready()
    await world.dispatch()
    world.carrier.calls["CA0"] = "no-answer"
    world.now += timedelta(minutes=2)
    assert await world.dispatcher.settle() == 1
    attempt, _ = await world.only_attempt()
    assert attempt.outcome is AttemptOutcome.NO_ANSWER


async def test_a_machine_that_answered_is_a_voicemail_and_is_hung_up() -> None:
    world = await World().ready()
    await world.dispatch()
    await world.carrier_says("in-progress", "machine_start")
    attempt, _ = await world.only_attempt()
    assert attempt.outcome is AttemptOutcome.VOICEMAIL and world.carrier.hung_up == [attempt.carrier_ref]


async def test_the_carriers_guess_of_a_machine_never_cuts_off_somebody_who_has_spoken() -> None:
    world = await World().ready()
    await world.dispatch()
    attempt, contact = await world.only_attempt()
    async with world.store.transaction() as records:
        spoken = Turn("t1", contact.id, attempt.id, attempt.channel, TurnKind.SPEECH, world.now, "喂")
        made = rows.outcome()
        await records.save_turn(replace(made, stored=replace(made.stored, turn=spoken)))
    await world.carrier_says("in-progress", "machine_start")
    attempt, _ = await world.only_attempt()
    assert attempt.outcome is AttemptOutcome.DIALLED and not world.carrier.hung_up


async def test_who_spoke_in_an_earlier_call_says_nothing_of_the_machine_in_this_one() -> None:
    world = await World().ready()
    earlier = rows.attempt(id="earlier", outcome=AttemptOutcome.HUNG_UP, ended_at=rows.NOON)
    told = rows.outcome()
    async with world.store.transaction() as records:
        await records.add_attempt(earlier)
        turn = replace(told.stored.turn, attempt_id=earlier.id, kind=TurnKind.SPEECH)
        await records.save_turn(replace(told, stored=replace(told.stored, turn=turn)))
    assert await world.dispatch() == 1
    async with world.store.transaction(write=False) as records:
        (live,) = await records.attempts(live_only=True)
    said = CarrierStatus(live.id, live.carrier_ref or "", "in-progress", world.now, "machine_start")
    await world.dispatcher.status_changed(said)
    async with world.store.transaction(write=False) as records:
        assert (await records.attempt(live.id)).outcome is AttemptOutcome.VOICEMAIL
    assert world.carrier.hung_up == [live.carrier_ref]


async def test_contacts_the_house_does_not_allow_are_not_dialled() -> None:
    world = await World(around=Around(allowed=lambda contact: False)).ready()
    await world.dispatch()
    assert world.carrier.calls == {}


@pytest.mark.parametrize(("sip_code", "outcome"), [(404, "no_such_number"), (503, "failed"), (None, "failed")])
async def test_a_number_the_network_does_not_know_is_not_tried_again(sip_code: int | None, outcome: str) -> None:
    world = await World().ready()
    await world.dispatcher.status_changed(CarrierStatus("of another patient", "CA9", "ringing", world.now))
    await world.dispatch()
    await world.carrier_says("failed", sip_code=sip_code)
    attempt, contact = await world.only_attempt()
    assert attempt.outcome == outcome
    assert (contact.status is ContactStatus.UNREACHABLE) == (outcome == "no_such_number")
    async with world.store.transaction(write=False) as records:
        assert [card.rule for card in await records.escalations()] == (["no_such_number"] if sip_code == 404 else [])


async def test_a_number_the_carrier_refuses_is_told_to_a_person() -> None:
    world = await World(Carrier(DialFailed("bad_number", retryable=False), places=False)).ready()
    await world.dispatcher.status_changed(CarrierStatus("of another patient", "CA9", "ringing", world.now))
    await world.dispatch()
    attempt, contact = await world.only_attempt()
    assert (attempt.outcome, contact.status) == (AttemptOutcome.NO_SUCH_NUMBER, ContactStatus.UNREACHABLE)


async def test_the_carriers_guess_is_the_calls_to_weigh_while_it_runs_here() -> None:
    told: list[tuple[str, str]] = []
    around = Around(guessed=lambda attempt_id, answered_by: told.append((attempt_id, answered_by)) is None)
    world = await World(around=around).ready()
    await world.dispatch()
    await world.carrier_says("in-progress", "machine_start")
    attempt, _ = await world.only_attempt()
    assert told == [(attempt.id, "machine_start")]
    assert attempt.outcome is AttemptOutcome.DIALLED and world.carrier.hung_up == []


@pytest.mark.parametrize("taken", [True, False])
async def test_what_a_transfer_came_to_reaches_the_conversation(taken: bool) -> None:
    told: list[str] = []

    async def transferred(attempt: Attempt) -> None:
        told.append(f"taken {attempt.id}")

    async def hung_up(attempt: Attempt) -> None:
        told.append(f"left {attempt.id}")

    world = await World(around=Around(transferred=transferred, hung_up=hung_up)).ready()
    await world.dispatch()
    attempt, _ = await world.only_attempt()
    await world.dispatcher.transfer_ended(attempt.id, taken=taken)
    assert told == [f"{'taken' if taken else 'left'} {attempt.id}"]


def signed(of: Contact) -> bool:
    return of.pathway == "heart_failure"


async def test_contacts_the_house_may_not_make_keep_nobody_waiting() -> None:
    """Three that fell due earlier, on a trunk for one call."""
    world = await World(patients=4, max_calls=1, around=Around(allowed=signed)).ready()
    async with world.store.transaction() as records:
        for number in (1, 2, 3):
            await records.save_contact(rows.contact(number, pathway="unsigned"))
    assert [await world.dispatch(), await world.dispatch()] == [0, 1]
    assert world.carrier.numbers == [rows.patient(4).phone]


async def test_a_patients_unsigned_contact_does_not_keep_back_the_signed_one() -> None:
    world = await World(around=Around(allowed=signed)).ready()
    early = rows.contact(id="draft", plan_id="draft", pathway="unsigned", due_at=rows.NOON - timedelta(days=1))
    async with world.store.transaction() as records:
        await records.add_plan(rows.plan(id="draft", pathway="unsigned"), [early])
    for _ in range(3):
        await world.dispatch()
        world.now += timedelta(minutes=3)  # longer than a lease
    assert world.carrier.numbers == [rows.patient().phone]


async def test_a_contact_goes_out_once_the_house_may_make_it() -> None:
    may = [False]
    world = await World(around=Around(allowed=lambda _: may[0])).ready()
    assert await world.dispatch() == 0
    may[0] = True
    world.now += timedelta(minutes=3)
    assert await world.dispatch() == 1
