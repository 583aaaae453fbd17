"""What the demo's calls came to, read back from the store and from the carrier, and whether it is as expected."""

import statistics
import wave
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from agent.model.answer import Answer
from agent.model.contact import Attempt, AttemptOutcome, Contact, ContactStatus, Recording
from agent.model.escalation import Escalation
from agent.model.finding import Level
from agent.model.people import Patient
from agent.model.record import StoredTurn
from agent.store.ports import Records, Store

LENGTH_SLACK_SECONDS = 1.0  # between the carrier's clock and the recording: the goodbye's last frames


@dataclass(frozen=True, slots=True)
class CallResult:
    """One dialled contact as the store has it; `carrier_seconds` as the carrier measured the stream."""

    patient: Patient
    contact: Contact
    attempt: Attempt
    answers: tuple[Answer, ...]
    escalations: tuple[Escalation, ...]
    recordings: tuple[Recording, ...]
    turns: tuple[StoredTurn, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What must have become of one sample patient's call."""

    phone: str
    outcome: AttemptOutcome | None  # None: however it ended
    status: ContactStatus
    least_answers: int = 0
    answer: tuple[str, str] | None = None  # question, value
    red: bool = False
    recorded: bool = True
    asked_robot: bool = False


EXPECTED = (
    Expected("+8613490000001", AttemptOutcome.BUSY, ContactStatus.DUE, recorded=False),
    Expected("+8613490000002", AttemptOutcome.RED_FLAG, ContactStatus.PARTIAL, red=True),
    Expected("+8613490000003", AttemptOutcome.NO_ANSWER, ContactStatus.DUE, recorded=False),
    Expected("+8613490000004", AttemptOutcome.HUNG_UP, ContactStatus.DUE, least_answers=1),
    Expected("+8613490000005", None, ContactStatus.DUE, 1, ("pressure", "136/78"), asked_robot=True),
    Expected("+8613490000006", AttemptOutcome.COMPLETED, ContactStatus.COMPLETED, least_answers=4),
)


@dataclass(slots=True)
class Report:
    calls: list[CallResult]
    carrier: list[dict[str, Any]]
    about: dict[str, str]
    recordings_folder: Path
    problems: list[str] = field(default_factory=list)


async def collect(store: Store) -> list[CallResult]:
    """Every attempt with all that belongs to it, in the order of dialling."""
    async with store.transaction(write=False) as records:
        return [await _result(records, attempt) for attempt in await records.attempts()]


async def _result(records: Records, attempt: Attempt) -> CallResult:
    return CallResult(
        patient=await records.patient(attempt.patient_id),
        contact=await records.contact(attempt.contact_id),
        attempt=attempt,
        answers=tuple(await records.answers(attempt.contact_id)),
        escalations=tuple(await records.escalations(patient_id=attempt.patient_id)),
        recordings=tuple(await records.recordings(contact_id=attempt.contact_id)),
        turns=tuple(await records.turns(attempt.contact_id)),
    )


def check(report: Report) -> None:
    """Fills `problems` with everything expected that did not happen."""
    understands = report.about.get("recogniser", "none") != "none"
    for expected in EXPECTED:
        found = [call for call in report.calls if call.patient.phone == expected.phone]
        if not found:
            report.problems.append(f"{expected.phone[-4:]}: was not dialled")
            continue
        if understands or not expected.recorded:
            report.problems += [f"{found[0].patient.name}: {line}" for line in _differences(found[0], expected)]
        if expected.recorded:
            report.problems += [f"{found[0].patient.name}: {line}" for line in _recording_faults(found[0], report)]
    if understands and not latencies(report.carrier):
        report.problems.append("the carrier measured no response time")


def _differences(call: CallResult, expected: Expected) -> list[str]:
    lines = []
    if expected.outcome is not None and call.attempt.outcome is not expected.outcome:
        lines.append(f"attempt is {call.attempt.outcome}, expected {expected.outcome}")
    if call.contact.status is not expected.status:
        lines.append(f"contact is {call.contact.status}, expected {expected.status}")
    if len(call.answers) < expected.least_answers:
        lines.append(f"{len(call.answers)} answers, expected at least {expected.least_answers}")
    values = {each.question: f"{each.value}{' unconfirmed' if each.unconfirmed else ''}" for each in call.answers}
    if expected.answer is not None and values.get(expected.answer[0]) != expected.answer[1]:
        lines.append(f"{expected.answer[0]} is {values.get(expected.answer[0])}, expected {expected.answer[1]}")
    if expected.asked_robot and not any(stored.move == "faq" for stored in call.turns):
        lines.append("the patient's own question was not recognised as one")
    red = [each for each in call.escalations if each.level is Level.RED]
    if expected.red and not any(each.evidence.words and each.evidence.audio for each in red):
        lines.append("no red escalation with words and audio")
    if red and not expected.red:
        lines.append("a red escalation nobody expected")
    return lines


def _recording_faults(call: CallResult, report: Report) -> list[str]:
    if not call.recordings:
        return ["no recording"]
    recording = call.recordings[-1]
    path = report.recordings_folder / recording.path
    try:
        with wave.open(str(path)) as file:
            seconds, channels = file.getnframes() / file.getframerate(), file.getnchannels()
    except (OSError, wave.Error) as fault:
        return [f"recording cannot be read ({type(fault).__name__})"]
    faults = [] if channels == 2 else [f"recording has {channels} channels"]
    measured = next((c.get("seconds") for c in report.carrier if c["sid"] == call.attempt.carrier_ref), None)
    if measured is not None and abs(float(measured) - seconds) > LENGTH_SLACK_SECONDS + 1.0:
        faults.append(f"recording lasts {seconds:.1f} s, the call {measured} s")
    return faults


def latencies(carrier: Sequence[dict[str, Any]]) -> list[float]:
    return sorted(float(s) for call in carrier for s in call.get("seconds_end_of_speech_to_audio", ()))


def percentiles(values: Sequence[float]) -> dict[str, float | int | None]:
    """{n, p50, p95}; None where there is nothing."""
    if not values:
        return {"n": 0, "p50": None, "p95": None}
    ordered = sorted(values)
    return {
        "n": len(ordered),
        "p50": round(statistics.median(ordered), 3),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 3),
    }


def as_json(report: Report) -> dict[str, Any]:
    """The machine-readable result."""
    outcomes: dict[str, int] = {}
    for call in report.calls:
        outcomes[call.contact.status] = outcomes.get(call.contact.status, 0) + 1
    return {
        "ok": not report.problems,
        "problems": report.problems,
        "recogniser": report.about.get("recogniser"),
        "voice": report.about.get("voice"),
        "contacts_by_outcome": outcomes,
        "seconds_end_of_speech_to_audio": percentiles(latencies(report.carrier)),
        "talked_over_seconds": sum(float(call.get("talked_over_seconds", 0)) for call in report.carrier),
        "calls": [_call_json(call) for call in report.calls],
    }


def _call_json(call: CallResult) -> dict[str, Any]:
    return {
        "patient": call.patient.name,
        "pathway": call.contact.pathway,
        "node_day": call.contact.node_day,
        "contact": call.contact.status,
        "attempt": call.attempt.outcome,
        "reason": call.attempt.detail,
        "answers": [
            {
                "question": a.question,
                "value": a.value,
                "unit": a.unit,
                "words": a.raw,
                "turn": a.turn_id,
                "unconfirmed": a.unconfirmed,
            }
            for a in call.answers
        ],
        "escalations": [
            {
                "level": e.level,
                "rule": e.rule,
                "reason": e.reason,
                "words": e.evidence.words,
                "matched": e.evidence.words[slice(*e.evidence.span)],
                "by_sound": e.evidence.by_sound,
                "audio": asdict(e.evidence.audio) if e.evidence.audio else None,
            }
            for e in call.escalations
        ],
        "recordings": [{"path": r.path, "seconds": round(r.seconds, 2)} for r in call.recordings],
        "turns": [
            {
                "seq": t.seq,
                "kind": t.turn.kind,
                "heard": t.turn.text,
                "confidence": round(t.turn.confidence, 3),
                "audio": asdict(t.turn.audio) if t.turn.audio else None,
                "move": t.move,
                "reply": t.reply.text,
            }
            for t in call.turns
        ],
    }
