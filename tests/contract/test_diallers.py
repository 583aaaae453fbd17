"""Every carrier's dialler and line against the scheduler's and the call's ports: one suite, run on each carrier."""

import asyncio
import logging
from typing import Any

import pytest

from agent.model.clock import utc_now
from telephony.line import Line as Wire
from telephony.simulator.persona import Line, Persona
from tests.contract.benches import BACK, ENDED, MakeBench, asterisk, recent, twilio, until
from tests.fakes.carrier import PATIENT, ToneHandler, loud, tone

OTHER = "+8613800000002"
TALKER = Persona(PATIENT, "talker", "tone", (Line("one two three", think_seconds=0.1),), pick_up_after_seconds=0.1)
AWAY = Persona(PATIENT, "away", answers=False)


@pytest.fixture(params=[twilio, asterisk], ids=["twilio", "asterisk"])
def bench(request: pytest.FixtureRequest) -> MakeBench:
    make: MakeBench = request.param
    return make


async def test_a_placed_call_is_found_by_our_own_reference_and_can_be_ended(bench: MakeBench) -> None:
    async with bench([AWAY]) as side:
        ref = await side.dialler.dial(attempt_id="a1", to=PATIENT)
        assert await side.dialler.status(ref) in ("queued", "ringing")
        assert await side.dialler.find(attempt_id="a1", to=PATIENT, since=recent()) == ref
        await side.dialler.hang_up(ref)
        assert await side.ended() in ENDED
        assert await side.dialler.status(ref) in ENDED


async def test_a_call_that_was_never_placed_is_not_found(bench: MakeBench) -> None:
    async with bench([AWAY]) as side:
        assert await side.dialler.find(attempt_id="a1", to=PATIENT, since=recent()) is None
        await side.dialler.dial(attempt_id="a1", to=PATIENT)
        assert await side.dialler.find(attempt_id="a2", to=OTHER, since=recent()) is None
        assert await side.dialler.find(attempt_id="a3", to=PATIENT, since=utc_now() + BACK * 100) is None


@pytest.mark.parametrize(
    ("personas", "expected"),
    [
        ([Persona(PATIENT, "busy", busy=True)], "busy"),
        ([AWAY], "no-answer"),
        ([], "failed"),
    ],
    ids=["busy", "no answer", "a number nobody has"],
)
async def test_a_call_nobody_answers_ends_with_the_reason(
    bench: MakeBench, personas: list[Persona], expected: str
) -> None:
    async with bench(personas) as side:
        assert await side.call(PATIENT) == expected
        assert await side.dialler.status(side.refs[0]) == expected
        assert side.handlers == []
        assert {(each.attempt_id, each.carrier_ref) for each in side.statuses.seen} == {("a1", side.refs[0])}


async def test_a_call_goes_all_the_way_and_back(bench: MakeBench) -> None:
    async with bench([TALKER]) as side:
        assert await side.call(PATIENT) == "completed"
        patient = await side.patient_side()
    (handler,) = side.handlers
    assert handler.attempt_id == "a1" and handler.marks == ["said-1", "said-2"]
    assert patient.lines_said == [0] and patient.errors == []
    assert patient.loud_seconds == pytest.approx(1.5, abs=0.1)  # 1 s of prompt, 0.5 s of answer
    times = [at for at, _ in handler.frames]
    assert times == list(range(0, 20 * len(times), 20))
    assert sum(loud(frame) for _, frame in handler.frames) > 50  # 1.3 s were said
    told = side.statuses.words()
    assert told[-3:] == ["ringing", "in-progress", "completed"]
    assert side.statuses.seen[-1].seconds is not None and side.statuses.seen[-1].seconds >= 2


async def test_a_patient_who_hangs_up_ends_the_call(bench: MakeBench) -> None:
    lines = (Line("one two", think_seconds=0), Line("three"))
    leaver = Persona(PATIENT, "leaver", "tone", lines, pick_up_after_seconds=0, hangs_up_after_lines=1)

    def make(wire: Wire, attempt_id: str) -> ToneHandler:
        made.append(ToneHandler(wire, attempt_id, answers=9))
        return made[-1]

    made: list[ToneHandler] = []
    async with bench([leaver], make) as side:
        assert await side.call(PATIENT) == "completed"
    assert made[0].was_ended


async def test_keypad_digits_arrive(bench: MakeBench) -> None:
    keys = Persona(PATIENT, "keys", "tone", (Line(digits="12#"),), pick_up_after_seconds=0)
    async with bench([keys]) as side:
        ref = await side.dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: bool(side.handlers) and len(side.handlers[0].digits) == 3)
        assert await side.dialler.status(ref) == "in-progress"
        await side.dialler.hang_up(ref)
        assert await side.ended() == "completed"
        assert (await side.patient_side()).keyed == "12#"
    assert side.handlers[0].digits == ["1", "2", "#"] and side.handlers[0].was_ended


class Interruptible(ToneHandler):
    """Stops talking as soon as it hears the patient."""

    clearing: asyncio.Task[None] | None = None

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        super().heard(ulaw, at_ms)
        if loud(ulaw) and self.clearing is None:
            self.clearing = asyncio.ensure_future(self.line.clear())


async def test_a_patient_who_speaks_over_the_robot_is_not_talked_over(bench: MakeBench) -> None:
    impatient = Persona(
        PATIENT, "impatient", "tone", (Line("one two three", barge_in_after_seconds=0.4),), pick_up_after_seconds=0
    )
    made: list[Interruptible] = []

    def make(wire: Wire, attempt_id: str) -> Interruptible:
        made.append(Interruptible(wire, attempt_id, answers=1, prompt=tone(8.0)))
        return made[-1]

    async with bench([impatient], make) as side:
        assert await side.call(PATIENT) == "completed"
        patient = await side.patient_side()
    assert made[0].marks == ["said-1", "said-2"]  # the interrupted prompt's mark came back too, once
    assert patient.lines_said == [0] and patient.errors == []
    assert patient.loud_seconds < 2.0  # of 8 s of prompt, and 0.5 s of answer


async def test_no_log_at_any_level_holds_the_number(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ours = ("suifang", "httpx", "httpcore", "urllib3", "websockets.client", "twilio")
    async with bench([TALKER]) as side:
        assert await side.call(PATIENT) == "completed"
        await side.dialler.find(attempt_id="a1", to=PATIENT, since=recent())
    written = [record for record in caplog.records if record.name.startswith(ours)]
    assert written and not any(PATIENT.removeprefix("+86") in str(_whole(record)) for record in written)


def _whole(record: logging.LogRecord) -> Any:
    return record.getMessage(), record.args, record.exc_text
