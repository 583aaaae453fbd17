"""A living call handed to another telephone: our channel and the strict carrier over real sockets."""

import pytest

from telephony.line import TransferFailed
from telephony.simulator.persona import Line, Machine, Persona
from telephony.twilio import TwilioDialler
from tests.fakes.carrier import PATIENT, Loopback, loopback
from tests.fakes.hands_over import Lines

NURSE = "+8657188000001"
TALKER = Persona(PATIENT, "talker", "tone", (Line("one two", think_seconds=0.1),), pick_up_after_seconds=0.1)
TAKES = Persona(NURSE, "nurse", pick_up_after_seconds=0.3, talks_seconds=0.5)
AWAY = Persona(NURSE, "nurse", answers=False)
BUSY = Persona(NURSE, "nurse", busy=True)


async def handed(
    nurse: Persona | None, patient: Persona = TALKER, *, ring_seconds: int = 30
) -> tuple[Loopback, dict[str, object], Lines]:
    lines = Lines(NURSE, ring_seconds)
    async with loopback([patient, *([nurse] if nurse else [])], make_call=lines) as line:
        dialler = TwilioDialler(line.settings)
        report = await line.ended(await dialler.dial(attempt_id="a1", to=PATIENT))
        await dialler.close()
    return line, report, lines


def whats(report: dict[str, object]) -> list[str]:
    timeline = report["timeline"]
    assert isinstance(timeline, list)
    return [str(entry["what"]) for entry in timeline]


async def test_a_nurse_takes_the_call() -> None:
    line, report, lines = await handed(TAKES)
    assert line.statuses.transfers == [("a1", True)]
    assert len(lines) == 1 and lines[0].over.is_set()
    assert whats(report)[-4:] == ["stream ended", "dial", "dial ended", "completed"]
    assert report["protocol_errors"] == [] and "error" not in whats(report)


@pytest.mark.parametrize("nurse", [AWAY, BUSY, None], ids=["away", "busy", "nobody's number"])
async def test_a_call_nobody_takes_comes_back_on_a_second_line(nurse: Persona | None) -> None:
    line, report, lines = await handed(nurse, ring_seconds=1)
    assert [each.attempt_id for each in lines] == ["a1", "a1"]
    assert line.statuses.transfers == [] and report["streams"] == 2
    assert whats(report).count("stream") == 2 and "error" not in whats(report)


async def test_a_patient_who_does_not_wait_is_told_to_us() -> None:
    impatient = Persona(PATIENT, "impatient", "tone", pick_up_after_seconds=0.1, waits_seconds=0.4)
    line, report, lines = await handed(AWAY, impatient)
    assert line.statuses.transfers == [("a1", False)] and len(lines) == 1
    assert report["status"] == "completed"


async def test_a_call_that_is_over_cannot_be_handed_over() -> None:
    async with loopback([TALKER]) as line:
        dialler = TwilioDialler(line.settings)
        ref = await dialler.dial(attempt_id="a1", to=PATIENT)
        await line.ended(ref)
        with pytest.raises(TransferFailed) as refused:
            await dialler.transfer(ref, "a1", NURSE, 5)
        await dialler.close()
    assert refused.value.code == "rejected"


async def test_a_machine_greets_beeps_and_hangs_up_by_itself() -> None:
    machine = Persona(
        PATIENT, "machine", "tone", greeting=Line("one two"), pick_up_after_seconds=0.1,
        answered_by="machine_end_beep", machine=Machine(times=2, beep=True, hangs_up=True),
    )  # fmt: skip
    async with loopback([machine], answers=9) as line:
        report = await line.ended(await TwilioDialler(line.settings).dial(attempt_id="a1", to=PATIENT))
    assert report["ended_by"] == "patient" and report["lines_spoken"] == [-1, -1]
    guesses = [status.answered_by for status in line.statuses.seen if status.answered_by]
    assert guesses == ["machine_start"]  # with Enable nobody waits for the beep


@pytest.mark.parametrize(("ends", "sip_code"), [("failed", 404), ("no-answer", 480), ("busy", 600)])
async def test_an_announcement_before_the_answer_is_only_a_status(ends: str, sip_code: int) -> None:
    network = Persona(PATIENT, "network", ends=ends, sip_code=sip_code, announced_seconds=0.2)
    async with loopback([network]) as line:
        report = await line.ended(await TwilioDialler(line.settings).dial(attempt_id="a1", to=PATIENT))
    assert report["status"] == ends and line.handlers == []
    assert line.statuses.seen[-1].sip_code == sip_code
