"""Telephone calls in the middle of being made, beside the ward's day of `seed`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact, ContactStatus, Recording
from agent.model.finding import Alarm, Level, Reading
from agent.model.people import Patient, Plan, PlanStatus, Tier
from agent.model.record import StoredTurn, TurnOutcome
from agent.model.turn import Expect, Reply, Turn, TurnKind
from agent.speech.ulaw import encode
from agent.store.ports import Records, Store
from telephony.recorder import TwoChannelRecorder

ROBOT_FIRST = "您好，我是示范医院随访中心的智能助手，请问是本人吗？"
CALLS: tuple[tuple[str, int, str, str, int, tuple[tuple[str, str, str | None], ...]], ...] = (
    ("黄素芬", 1951, "heart_failure", "慢性心力衰竭", 96, (
        ("是我。", "请说一下您的出生年份。", None), ("一九五一年", "这两天有没有觉得气短？", "breath"),
        ("夜里躺不平，憋醒了两回", "脚踝有没有肿？", "swelling"))),
    ("蒋文斌", 1964, "pci_stent", "支架植入术后", 41, (
        ("对，是我", "出院以后药有没有按时吃？", "medicine"),)),
    ("郭玉珍", 1957, "post_op", "胆囊切除术后", 14, ()),
)  # fmt: skip


async def running_calls(store: Store, folder: Path, now: datetime) -> Sequence[str]:
    """Three calls that are talked on and one that rings; the ids of their attempts. The first is alarming."""
    made = []
    async with store.transaction() as records:
        for number, (name, born, pathway, diagnosis, seconds, said) in enumerate(CALLS, 1):
            person = Patient(f"live{number}", name, f"+86137000010{number:02}", diagnosis, Tier.HIGH, born,
                             "male" if number == 2 else "female", department="心血管内科")  # fmt: skip
            attempt = await _under_way(records, person, pathway, now - timedelta(seconds=seconds))
            await _talk(records, attempt, said)
            await records.add_recording(
                Recording(f"r{attempt.id}", attempt.id, attempt.contact_id, f"{attempt.id}.wav", now, 0.0)
            )
            speak(folder, attempt.id, min(seconds, 20))
            made.append(attempt.id)
        ringing = Patient("live9", "沈国庆", "+8613700001099", "心房颤动", Tier.MIDDLE, 1960, "male")
        begun = await _under_way(records, ringing, "heart_failure", now - timedelta(seconds=6))
        await records.save_attempt(replace(begun, outcome=AttemptOutcome.DIALLED, answered_at=None))
        made.append(begun.id)
    return made


async def _under_way(records: Records, person: Patient, pathway: str, since: datetime) -> Attempt:
    plan = Plan(f"plan-{person.id}", person.id, pathway, "1", since.date(), PlanStatus.ACTIVE, since)
    contact = Contact(f"c-{person.id}", plan.id, person.id, pathway, "1", 7, since, ContactStatus.IN_PROGRESS, 1)
    await records.add_patient(person)
    await records.add_plan(plan, [contact])
    attempt = Attempt(f"a-{person.id}", contact.id, person.id, Channel.PHONE, AttemptOutcome.ANSWERED, since,
                      answered_at=since)  # fmt: skip
    await records.add_attempt(attempt)
    return attempt


async def _talk(records: Records, attempt: Attempt, said: Sequence[tuple[str, str, str | None]]) -> None:
    assert attempt.answered_at is not None
    first = Reply((ROBOT_FIRST,), Expect.IDENTITY)
    await says(records, attempt, 1, "", first)
    for seq, (words, robot, question) in enumerate(said, 2):
        reply = Reply((robot,), Expect.YES_NO if question else Expect.IDENTITY, question)
        await says(records, attempt, seq, words, reply)


async def says(
    records: Records, attempt: Attempt, seq: int, words: str, reply: Reply
) -> None:
    """One more turn of a running call; 憋醒 in it is a red flag."""
    kind = TurnKind.SPEECH if words else TurnKind.START
    begun = attempt.answered_at or attempt.created_at
    turn = Turn(f"t-{attempt.id}-{seq}", attempt.contact_id, attempt.id, Channel.PHONE, kind,
                begun + timedelta(seconds=9 * seq), words)  # fmt: skip
    at = words.find("憋醒")
    flags = () if at < 0 else (
        Alarm("night_breathless", Level.RED, "夜间憋醒，可能心衰加重", ("dyspnea",), "憋醒", (at, at + 2), 0.93),
    )  # fmt: skip
    stored = StoredTurn(seq, turn, "answer", Reading(words, alarms=flags), reply)
    await records.save_turn(TurnOutcome(stored, "{}"))


def speak(folder: Path, attempt_id: str, seconds: float) -> None:
    """The call's recording grows by so many seconds: the patient at 440 Hz, the robot at 220 Hz."""
    tape = TwoChannelRecorder(folder / f"{attempt_id}.wav")
    at = np.arange(round(seconds * 8000)) / 8000
    for take, hertz in ((tape.robot, 220), (tape.patient, 440)):
        take(encode((np.sin(2 * np.pi * hertz * at) * 6000).astype(np.int16)), 0.0)
    tape.close()
