"""Sound before the answer over the fake PBX: heard, understood, and never in the way of the call itself."""

import asyncio
from collections.abc import Callable

from telephony.asterisk import AsteriskExchange, AsteriskSettings
from telephony.simulator.persona import Line, Persona
from tests.contract.benches import until
from tests.contract.published_ari import wrong_event
from tests.fakes.carrier import PATIENT, Statuses, ToneHandler, loud, tone
from tests.fakes.pbx import Pbx
from tests.fakes.pbx_parts import NO_ANSWER, PASSWORD, USER, Telephone
from tests.fakes.pbx_rest import running_pbx

DIALLED = PATIENT.removeprefix("+86")
TAKES_IT = Persona(PATIENT, "takes it", "tone", (Line("one two", think_seconds=0.1),), pick_up_after_seconds=0.3)
NOBODY = Persona(PATIENT, "nobody", answers=False)
SOUND = tone(0.6)


class Listens:
    """An EarlyHandler that finds the call hopeless after so many loud frames."""

    def __init__(self, attempt_id: str, enough: int) -> None:
        self.attempt_id, self._enough = attempt_id, enough
        self.frames, self.was_answered, self.told = 0, False, False
        self._changed = asyncio.Event()

    @property
    def hopeless(self) -> bool:
        return self.frames >= self._enough and not self.was_answered

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        self.frames += loud(ulaw)
        if self.hopeless:
            self._changed.set()

    def digit(self, digit: str) -> None:
        return None

    def marked(self, name: str) -> None:
        return None

    def answered(self) -> None:
        self.was_answered = True

    def ended(self) -> None:
        self._changed.set()

    async def run(self) -> None:
        await self._changed.wait()
        self.told = self.hopeless


async def scene(
    telephone: Telephone, done: Callable[[Pbx, Statuses], bool], enough: int = 10, **settings: bool
) -> tuple[Pbx, Statuses, list[Listens], list[ToneHandler]]:
    """One call, until `done`; afterwards nothing of it is left at the PBX."""
    statuses, early, calls = Statuses(), list[Listens](), list[ToneHandler]()

    def listens(attempt_id: str) -> Listens:
        early.append(Listens(attempt_id, enough))
        return early[-1]

    def talks(line, attempt_id: str) -> ToneHandler:  # type: ignore[no-untyped-def]
        calls.append(ToneHandler(line, attempt_id))
        return calls[-1]

    async with running_pbx({DIALLED: telephone}) as (pbx, url):
        exchange = AsteriskExchange(AsteriskSettings(USER, PASSWORD, url, **settings))
        exchange.open(statuses, talks, listens)
        await exchange.wait_up(5.0)
        await exchange.dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: done(pbx, statuses), 30.0)
        await until(lambda: not pbx.channels and not pbx.bridges, 30.0)
        await exchange.close()
    assert pbx.errors == [] and [found for event in pbx.events for found in wrong_event(event)] == []
    return pbx, statuses, early, calls


def over(pbx: Pbx, statuses: Statuses) -> bool:
    return bool({"completed", "canceled", "no-answer"} & set(statuses.words()))


async def test_a_hopeless_call_is_hung_up_before_anybody_could_answer() -> None:
    _, statuses, early, calls = await scene(Telephone(NOBODY, early=SOUND), over)
    assert early[0].told and early[0].frames >= 10
    assert statuses.words() == ["ringing", "canceled"] and calls == []


async def test_what_rings_without_a_word_is_left_to_ring_and_answered() -> None:
    _, statuses, early, calls = await scene(Telephone(TAKES_IT, early=SOUND), over, enough=10_000)
    assert early[0].frames > 10 and early[0].was_answered and not early[0].told
    assert statuses.words() == ["ringing", "in-progress", "completed"] and len(calls) == 1


async def test_a_call_nobody_takes_keeps_the_networks_own_word() -> None:
    pbx, statuses, early, _ = await scene(Telephone(NOBODY, early=SOUND), over, enough=10_000)
    assert statuses.words() == ["ringing", "no-answer"] and not early[0].told
    assert any(event.get("cause") == NO_ANSWER[0] for event in pbx.events)


async def test_where_nobody_is_to_listen_nothing_is_asked_of_the_pbx() -> None:
    pbx, statuses, early, _ = await scene(Telephone(TAKES_IT), over, listen_before_answer=False)
    assert early == [] and statuses.words()[-1] == "completed"
    assert not any("Snoop/" in str(event) for event in pbx.events)


async def test_a_pbx_without_snooping_loses_no_call(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    async def none(self: Pbx, channel, snoop_id, app):  # type: ignore[no-untyped-def]
        from tests.fakes.pbx_rest import Refused

        raise Refused(404, "no such thing")

    monkeypatch.setattr(Pbx, "snoop", none)
    _, statuses, early, calls = await scene(Telephone(TAKES_IT, early=b""), over)
    assert statuses.words()[-1] == "completed" and len(calls) == 1 and early[0].frames == 0


async def test_a_process_that_begins_while_it_rings_listens_too() -> None:
    slow = Persona(PATIENT, "slow", answers=False)
    statuses, early = Statuses(), list[Listens]()

    def listens(attempt_id: str) -> Listens:
        early.append(Listens(attempt_id, 10))
        return early[-1]

    async with running_pbx({DIALLED: Telephone(slow, early=SOUND)}) as (pbx, url):
        first = AsteriskExchange(AsteriskSettings(USER, PASSWORD, url))
        first.open(statuses, ToneHandler)
        await first.wait_up(5.0)
        await first.dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: statuses.words() == ["ringing"], 30.0)
        await first.close()
        second = AsteriskExchange(AsteriskSettings(USER, PASSWORD, url))
        second.open(statuses, ToneHandler, listens)
        await until(lambda: "canceled" in statuses.words(), 30.0)
        await until(lambda: not pbx.bridges, 30.0)
        await second.close()
    assert early[0].told
