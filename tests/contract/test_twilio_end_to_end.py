"""Dialler → carrier → webhooks → media stream → a handler → the patient's ear, over real sockets: what only this
carrier has; test_diallers.py has what every carrier must do."""

from telephony.simulator.persona import Faults, Line, Persona
from telephony.twilio import TwilioDialler
from tests.fakes.carrier import PATIENT, loopback

TALKER = Persona(PATIENT, "talker", "tone", (Line("one two three", think_seconds=0.1),), pick_up_after_seconds=0.1)


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


async def test_a_dropped_socket_ends_the_call() -> None:
    persona = Persona(
        PATIENT, "lost", "tone", (Line("one"),), pick_up_after_seconds=0, faults=Faults(drop_socket_after_seconds=0.6)
    )
    async with loopback([persona]) as line:
        report = await line.ended(await TwilioDialler(line.settings).dial(attempt_id="a1", to=PATIENT))
    assert report["ended_by"] == "dropped"
    assert line.handlers[0].was_ended


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
