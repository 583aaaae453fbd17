"""Two carriers, one shape: the dialler under test, the carrier's people, and what each side saw of a call."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from agent.model.clock import utc_now
from agent.schedule.ports import Dialler
from telephony.asterisk import AsteriskExchange, AsteriskSettings
from telephony.line import CallFactory
from telephony.simulator.persona import Persona
from telephony.twilio import TwilioDialler
from tests.fakes.carrier import Statuses, ToneHandler, loopback
from tests.fakes.pbx import Pbx
from tests.fakes.pbx_parts import BUSY, PASSWORD, USER, Telephone
from tests.fakes.pbx_rest import running_pbx

ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
BACK = timedelta(seconds=5)


async def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Raises TimeoutError. The other side is a real server, with no event for us."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  see above
            await asyncio.sleep(0.02)


@dataclass(frozen=True)
class Seen:
    """One call from the patient's side."""

    loud_seconds: float
    lines_said: list[int]
    keyed: str
    errors: list[str]


@dataclass
class Bench:
    dialler: Dialler
    statuses: Statuses
    handlers: list[Any]
    patient_side: Callable[[], Awaitable[Seen]]
    extra: Any = None
    refs: list[str] = field(default_factory=list)

    async def call(self, to: str, attempt_id: str = "a1") -> str:
        """Dials; returns the last status the carrier told."""
        ref = await self.dialler.dial(attempt_id=attempt_id, to=to)
        self.refs.append(ref)
        return await self.ended()

    async def ended(self, seconds: float = 15.0) -> str:
        await until(lambda: bool(ENDED & set(self.statuses.words()[-1:])), seconds)
        return self.statuses.words()[-1]


class MakeBench(Protocol):
    def __call__(
        self, personas: list[Persona], make_call: CallFactory | None = None
    ) -> AbstractAsyncContextManager[Bench]: ...


@asynccontextmanager
async def twilio(personas: list[Persona], make_call: CallFactory | None = None) -> AsyncIterator[Bench]:
    async with loopback(personas, make_call) as line:
        dialler = TwilioDialler(line.settings)

        async def patient_side() -> Seen:
            report = (await line.reports())[-1]
            heard = sum(end - begin for begin, end in report["prompts_heard_at"])
            return Seen(heard, report["lines_spoken"], report["digits"], report["protocol_errors"])

        yield Bench(dialler, line.statuses, line.handlers, patient_side)
        await dialler.close()


@asynccontextmanager
async def asterisk(
    personas: list[Persona],
    make_call: CallFactory | None = None,
    telephones: dict[str, Telephone] | None = None,
    **settings: Any,
) -> AsyncIterator[Bench]:
    """`telephones` by dialled number beside the personas; the Pbx is the bench's `extra`."""
    at = {each.phone.removeprefix("+86"): Telephone(each, BUSY if each.busy else None) for each in personas}
    statuses, handlers = Statuses(), list[ToneHandler]()

    def tone_call(line: Any, attempt_id: str) -> ToneHandler:
        handlers.append(ToneHandler(line, attempt_id))
        return handlers[-1]

    async with running_pbx({**at, **(telephones or {})}) as (pbx, url):
        exchange = AsteriskExchange(AsteriskSettings(USER, PASSWORD, url, **settings))
        exchange.open(statuses, tone_call if make_call is None else make_call)
        await exchange.wait_up(5.0)
        yield Bench(exchange.dialler, statuses, handlers, lambda: _seen(pbx), extra=pbx)
        await exchange.close()


async def _seen(pbx: Pbx) -> Seen:
    await until(lambda: not pbx.channels)  # the last channel goes a moment after the call
    ears = pbx.ears[-1]
    return Seen(ears.loud_frames * 0.02, ears.said, ears.keyed, pbx.errors)


def recent() -> Any:
    return utc_now() - BACK
