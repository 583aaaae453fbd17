"""Dialler → carrier → webhooks → media stream → a handler → the patient's ear, over real sockets."""

import asyncio
from collections.abc import Callable

from telephony.line import Line as Wire
from telephony.simulator.persona import Faults, Line, Persona
from telephony.twilio import TwilioDialler
from tests.fakes.carrier import PATIENT, ToneHandler, loopback, loud, tone

TALKER = Persona(PATIENT, "talker", "tone", (Line("one two three", think_seconds=0.1),), pick_up_after_seconds=0.1)


class Interruptible(ToneHandler):
    """Stops talking as soon as it hears the patient."""

    clearing: asyncio.Task[None] | None = None

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        super().heard(ulaw, at_ms)
        if loud(ulaw) and self.clearing is None:
            self.clearing = asyncio.ensure_future(self.line.clear())


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  the other side is a real server
            await asyncio.sleep(0.02)


async def test_a_call_goes_all_the_way_and_back() -> None:
    async with loopback([TALKER]) as line:
        dialler = TwilioDialler(line.settings)
        ref = await dialler.dial(attempt_id="a1", to=PATIENT)
        report = await line.ended(ref)
        assert await dialler.status(ref) == "completed"
        await dialler.close()
    (handler,) = line.handlers
    assert handler.attempt_id == "a1"
    assert report["protocol_errors"] == [] and report["ended_by"] == "robot"
    assert report["lines_spoken"] == [0]
    assert len(report["seconds_end_of_speech_to_audio"]) == 1
    assert 0.1 < report["seconds_end_of_speech_to_audio"][0] < 1.0
    assert report["bytes_heard"] == 12_000  # 1 s of prompt, 0.5 s of answer
    assert report["talked_over_seconds"] == 0
    assert handler.marks == ["said-1", "said-2"]
    times = [at for at, _ in handler.frames]
    assert times == list(range(0, 20 * len(times), 20))
    assert line.statuses.words() == ["queued", "ringing", "in-progress", "completed"]
    assert {status.attempt_id for status in line.statuses.seen} == {"a1"}
    assert {status.carrier_ref for status in line.statuses.seen} == {ref}
    assert [status.answered_by for status in line.statuses.seen if status.answered_by] == ["human"]
    assert line.statuses.seen[-1].seconds and line.statuses.seen[-1].seconds >= 2


async def test_a_patient_who_hangs_up_ends_the_call() -> None:
    persona = Persona(
        PATIENT, "leaver", "tone", (Line("one two", think_seconds=0),), pick_up_after_seconds=0, hangs_up_after_lines=1
    )
    async with loopback([persona], answers=9) as line:
        dialler = TwilioDialler(line.settings)
        report = await line.ended(await dialler.dial(attempt_id="a1", to=PATIENT))
    assert report["ended_by"] == "patient" and report["status"] == "completed"
    assert line.handlers[0].was_ended


async def test_a_dropped_socket_ends_the_call() -> None:
    persona = Persona(
        PATIENT, "lost", "tone", (Line("one"),), pick_up_after_seconds=0, faults=Faults(drop_socket_after_seconds=0.6)
    )
    async with loopback([persona]) as line:
        report = await line.ended(await TwilioDialler(line.settings).dial(attempt_id="a1", to=PATIENT))
    assert report["ended_by"] == "dropped"
    assert line.handlers[0].was_ended


async def test_keypad_digits_arrive() -> None:
    persona = Persona(PATIENT, "keys", "tone", (Line(digits="12#"),), pick_up_after_seconds=0)
    async with loopback([persona], answers=1) as line:
        dialler = TwilioDialler(line.settings)
        ref = await dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: bool(line.handlers) and len(line.handlers[0].digits) == 3)
        await dialler.hang_up(ref)
        report = await line.ended(ref)
    assert line.handlers[0].digits == ["1", "2", "#"] and report["digits"] == "12#"
    assert report["ended_by"] == "carrier" and line.handlers[0].was_ended


async def test_a_patient_who_speaks_over_the_robot_is_heard_and_the_rest_is_not_played() -> None:
    line_ = Line("one two three", barge_in_after_seconds=0.4)
    made: list[Interruptible] = []

    def make(wire: Wire, attempt_id: str) -> Interruptible:
        made.append(Interruptible(wire, attempt_id, answers=1, prompt=tone(8.0)))
        return made[-1]

    persona = Persona(PATIENT, "impatient", "tone", (line_,), pick_up_after_seconds=0)
    async with loopback([persona], make_call=make) as line:
        report = await line.ended(await TwilioDialler(line.settings).dial(attempt_id="a1", to=PATIENT))
    assert report["lines_spoken"] == [0]
    assert made[0].marks == ["said-1", "said-2"]  # the interrupted prompt's mark came back too
    assert report["prompts_heard_at"][0][1] < 1.5  # of 8 s
    assert report["talked_over_seconds"] < 0.5
    assert len(report["seconds_end_of_speech_to_audio"]) == 1


async def test_a_bad_line_loses_nothing_that_can_be_put_in_order() -> None:
    persona = Persona(
        PATIENT,
        "bad line",
        "tone",
        (Line("one two three four", think_seconds=0.1),),
        pick_up_after_seconds=0,
        faults=Faults(duplicate=0.2, reorder=0.1, garbage=0.2),
    )
    async with loopback([persona]) as line:
        report = await line.ended(await TwilioDialler(line.settings).dial(attempt_id="a1", to=PATIENT))
    times = [at for at, _ in line.handlers[0].frames]
    assert times == list(range(0, 20 * len(times), 20))
    assert report["ended_by"] == "robot"


async def test_a_patient_who_does_not_pick_up() -> None:
    async with loopback([Persona(PATIENT, "away", answers=False)]) as line:
        report = await line.ended(await TwilioDialler(line.settings).dial(attempt_id="a1", to=PATIENT))
    assert report["status"] == "no-answer" and line.handlers == []
    assert line.statuses.words() == ["queued", "ringing", "no-answer"]


async def test_a_busy_patient() -> None:
    async with loopback([Persona(PATIENT, "busy", busy=True)]) as line:
        report = await line.ended(await TwilioDialler(line.settings).dial(attempt_id="a1", to=PATIENT))
    assert report["status"] == "busy"


async def test_a_number_nobody_has() -> None:
    async with loopback([]) as line:
        report = await line.ended(await TwilioDialler(line.settings).dial(attempt_id="a1", to=PATIENT))
    assert report["status"] == "failed"
