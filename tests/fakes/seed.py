"""A ward's day for tests and screenshots: twelve patients, calls with recordings, alarms of every kind."""

import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
from argon2 import PasswordHasher

from agent.model.answer import Answer
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact, ContactStatus, Recording
from agent.model.escalation import Disposition, Escalation, EscalationKind, EscalationStatus, Evidence
from agent.model.finding import Alarm, Finding, Level, Reading, Status
from agent.model.people import Patient, Plan, PlanStatus, Tier
from agent.model.record import Role, StoredTurn, TurnOutcome, User
from agent.model.turn import AudioSpan, Reply, Turn, TurnKind
from agent.schedule.calendar import CallingCalendar
from agent.store.ports import Records, Store
from dashboard.campaigning import CampaignChoice, Campaigning
from tests.fakes.talks import BY_PATIENT, PAST_READINGS, Said

PASSWORD = "秋天的银杏叶-2026"
HASHED = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)  # cheap: tests log in often
RATE = 8000
NODES = (3, 7, 14, 30)
VERSION = "1"

TITLES = {"heart_failure": "心衰出院随访", "pci_stent": "支架术后随访", "post_op": "外科术后随访"}
LABELS = {
    "breath": "气短",
    "swelling": "脚肿",
    "weight": "体重",
    "pressure": "血压",
    "pulse": "心率",
    "medicine": "服药",
    "bleeding": "出血",
    "wound": "伤口",
    "temperature": "体温",
    "pain": "疼痛评分",
    "appetite": "饮食",
    "sleep": "睡眠",
}
OPTIONS = {
    ("breath", "on_exertion"): "活动后气短",
    ("wound", "discharge"): "红肿渗液",
    ("wound", "healed"): "愈合良好",
}
RANGES: dict[str, tuple[float | None, float | None]] = {
    "pressure": (90, 140),
    "pulse": (50, 100),
    "temperature": (None, 37.3),
}


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    sex: str
    born: int
    diagnosis: str
    department: str
    tier: Tier
    pathway: str
    node: int  # index in NODES of today's contact
    status: ContactStatus
    outcome: AttemptOutcome | None
    due: tuple[int, int]  # hour and minute today
    called: float  # minutes before now


CARDIO, SURGERY = "心血管内科", "胃肠外科"
PEOPLE = (
    Person("王秀英", "female", 1953, "慢性心力衰竭 心功能Ⅲ级", CARDIO, Tier.HIGH, "heart_failure", 1,
           ContactStatus.PARTIAL, AttemptOutcome.RED_FLAG, (9, 0), 4),
    Person("李国强", "male", 1958, "冠心病 支架植入术后", CARDIO, Tier.HIGH, "pci_stent", 1,
           ContactStatus.COMPLETED, AttemptOutcome.COMPLETED, (9, 0), 52),
    Person("张桂兰", "female", 1949, "慢性心力衰竭 心房颤动", CARDIO, Tier.HIGH, "heart_failure", 2,
           ContactStatus.COMPLETED, AttemptOutcome.COMPLETED, (9, 10), 135),
    Person("陈志明", "male", 1962, "胃癌根治术后", SURGERY, Tier.HIGH, "post_op", 1,
           ContactStatus.PARTIAL, AttemptOutcome.RED_FLAG, (9, 10), 12),
    Person("刘淑珍", "female", 1956, "胆囊切除术后", SURGERY, Tier.MIDDLE, "post_op", 0,
           ContactStatus.PARTIAL, AttemptOutcome.TECHNICAL, (9, 20), 75),
    Person("赵建华", "male", 1965, "急性心肌梗死 支架植入术后", CARDIO, Tier.HIGH, "pci_stent", 2,
           ContactStatus.PARTIAL, AttemptOutcome.HUNG_UP, (9, 20), 96),
    Person("孙玉梅", "female", 1971, "结肠癌根治术后", SURGERY, Tier.MIDDLE, "post_op", 2,
           ContactStatus.COMPLETED, AttemptOutcome.COMPLETED, (9, 30), 110),
    Person("周大勇", "male", 1960, "慢性心力衰竭", CARDIO, Tier.MIDDLE, "heart_failure", 0,
           ContactStatus.UNREACHABLE, AttemptOutcome.NO_ANSWER, (9, 30), 61),
    Person("吴美玲", "female", 1968, "甲状腺切除术后", SURGERY, Tier.LOW, "post_op", 1,
           ContactStatus.PARTIAL, AttemptOutcome.HUNG_UP, (9, 40), 88),
    Person("郑海涛", "male", 1955, "扩张型心肌病", CARDIO, Tier.HIGH, "heart_failure", 3,
           ContactStatus.COMPLETED, AttemptOutcome.COMPLETED, (9, 40), 150),
    Person("何丽华", "female", 1947, "冠心病 支架植入术后", CARDIO, Tier.HIGH, "pci_stent", 0,
           ContactStatus.COMPLETED, AttemptOutcome.COMPLETED, (9, 50), 27),
    Person("马永福", "male", 1959, "腹股沟疝修补术后", SURGERY, Tier.LOW, "post_op", 0,
           ContactStatus.DUE, None, (16, 30), 0),
)  # fmt: skip

USERS = (
    ("admin", "管理员", Role.ADMIN),
    ("lijing", "李静", Role.NURSE),
    ("wangfang", "王芳", Role.NURSE),
    ("zhaomin", "赵敏", Role.COORDINATOR),
    ("audit", "审计员", Role.AUDITOR),
)


def title(pathway: str) -> str:
    return TITLES.get(pathway, pathway)


def campaigning() -> Campaigning:
    choice = CampaignChoice("satisfaction", "满意度调查", VERSION, 0, draft=False)
    return Campaigning(lambda: [choice], CallingCalendar())


def label(_pathway: str, _version: str, question: str) -> str:
    return LABELS.get(question, question)


def option(_pathway: str, _version: str, question: str, key: str) -> str | None:
    return OPTIONS.get((question, key))


def reading_range(_pathway: str, _version: str, question: str) -> tuple[float | None, float | None]:
    return RANGES.get(question, (None, None))


def patient_id(number: int) -> str:
    return f"p{number:04}"


def contact_id(number: int, day: int | None = None) -> str:
    """Of today's node unless a day is named."""
    return f"c{number:04}-{day if day is not None else NODES[PEOPLE[number - 1].node]}"


async def seed(store: Store, folder: Path, now: datetime) -> None:
    """Writes the day into an empty store and the recordings into the folder."""
    async with store.transaction() as records:
        for name, shown, role in USERS:
            await records.add_user(User(name, shown, role, HASHED))
        for number, person in enumerate(PEOPLE, 1):
            await _person(records, number, person, now)
        for number, person in enumerate(PEOPLE, 1):
            if person.outcome:
                await _call(records, number, person, folder, now)
        for escalation in escalations(now):
            await records.add_escalation(escalation)


async def _person(records: Records, number: int, person: Person, now: datetime) -> None:
    patient = Patient(
        id=patient_id(number),
        name=person.name,
        phone=f"+8613{number % 10}0010{1000 + number * 37:04}",
        diagnosis=person.diagnosis,
        tier=person.tier,
        birth_year=person.born,
        sex=person.sex,
        department=person.department,
        caregiver_name="女儿" if number == 1 else None,
        caregiver_phone="+8613900105521" if number == 1 else None,
    )
    await records.add_patient(patient)
    day = NODES[person.node]
    discharged = (now.astimezone(HOSPITAL_ZONE) - timedelta(days=day)).date()
    plan = Plan(f"plan{number:04}", patient.id, person.pathway, VERSION, discharged, PlanStatus.ACTIVE, now)
    contacts = [_contact(number, person, node, now) for node in range(len(NODES))]
    await records.add_plan(plan, contacts)
    for node in range(person.node):
        await _past_call(records, number, NODES[node], person, now)


def _contact(number: int, person: Person, node: int, now: datetime) -> Contact:
    local = now.astimezone(HOSPITAL_ZONE).replace(hour=person.due[0], minute=person.due[1], second=0, microsecond=0)
    status = ContactStatus.COMPLETED if node < person.node else ContactStatus.DUE
    reason, made = None, int(node < person.node)
    if node == person.node:
        status, made = person.status, int(person.outcome is not None)
        reason = person.outcome.value if person.outcome and status is not ContactStatus.COMPLETED else None
    return Contact(
        id=contact_id(number, NODES[node]),
        plan_id=f"plan{number:04}",
        patient_id=patient_id(number),
        pathway=person.pathway,
        pathway_version=VERSION,
        node_day=NODES[node],
        due_at=(local + timedelta(days=NODES[node] - NODES[person.node])).astimezone(UTC),
        status=status,
        attempts_made=made,
        reason=reason,
    )


async def _past_call(records: Records, number: int, day: int, person: Person, now: datetime) -> None:
    at = now - timedelta(days=NODES[person.node] - day, minutes=17 * number)
    where = contact_id(number, day)
    attempt = Attempt(f"a{where}", where, patient_id(number), Channel.PHONE, AttemptOutcome.COMPLETED,
                      at, f"CA{where}", at + timedelta(seconds=9), at + timedelta(seconds=140))  # fmt: skip
    await records.add_attempt(attempt)
    turn = Turn(f"t{where}", where, attempt.id, Channel.PHONE, TurnKind.SPEECH, at, "都挺好的")
    answers = [
        Answer(question, kind, value, raw, 0.95, turn.id, unit=unit)
        for question, kind, value, raw, unit in PAST_READINGS.get((number, day), ())
    ]
    stored = StoredTurn(1, turn, "answer", Reading(turn.text), Reply(("好的，谢谢您。",), end=True))
    await records.save_turn(TurnOutcome(stored, "{}", tuple(answers)))


async def _call(records: Records, number: int, person: Person, folder: Path, now: datetime) -> None:
    where, at = contact_id(number), now - timedelta(minutes=person.called, seconds=70)
    said = BY_PATIENT.get(number, ())
    timed = _timed(said)
    seconds = timed[-1][1].end + 3 if timed else 0.0
    answered = at + timedelta(seconds=8) if said else None
    assert person.outcome is not None
    await records.add_attempt(
        Attempt(f"a{where}", where, patient_id(number), Channel.PHONE, person.outcome, at, f"CA{where}", answered,
                at + timedelta(seconds=8 + seconds))
    )  # fmt: skip
    if not said:
        return
    path = f"{where}.wav"
    _write_wav(folder / path, number)
    await records.add_recording(Recording(f"r{where}", f"a{where}", where, path, at + timedelta(seconds=8), seconds))
    await _turns(records, where, timed, at + timedelta(seconds=8))


def _timed(said: Sequence[Said]) -> list[tuple[Said, AudioSpan, float]]:
    """Each exchange with the patient's span and the second at which the robot began before it."""
    timed, at = [], 0.8
    for each in said:
        robot_start = at
        start = robot_start + len(each.robot) / 4.8 + 0.9
        span = AudioSpan(round(start, 2), round(start + max(0.9, len(each.patient) / 3.6), 2))
        timed.append((each, span, round(robot_start, 2)))
        at = span.end + 1.0
    return timed


async def _turns(records: Records, where: str, timed: list[tuple[Said, AudioSpan, float]], began: datetime) -> None:
    def turn(seq: int, kind: TurnKind, text: str, audio: AudioSpan | None, confidence: float = 1.0) -> Turn:
        at = began + timedelta(seconds=audio.end if audio else 0)
        return Turn(turn_id(where, seq), where, f"a{where}", Channel.PHONE, kind, at, text, confidence, audio=audio)

    first, _, start = timed[0]
    opening = StoredTurn(1, turn(1, TurnKind.START, "", None), "start", Reading(""), Reply((first.robot,)), start)
    await records.save_turn(TurnOutcome(opening, "{}"))
    for seq, (each, span, _) in enumerate(timed, 2):
        after = timed[seq - 1] if seq - 1 < len(timed) else None
        reply = Reply((after[0].robot,)) if after else Reply((each.farewell,), end=True)
        heard = turn(seq, TurnKind.SPEECH if each.patient else TurnKind.HANGUP, each.patient, span, each.confidence)
        reading = Reading(each.patient, tuple(_finding(each.patient, row) for row in each.findings), (), _alarms(each))
        stored = StoredTurn(seq, heard, "answer", reading, reply, after[2] if after else span.end + 1.0)
        answers = [Answer(q, kind, value, each.patient, 0.92, heard.id, unit=unit)
                   for q, kind, value, unit in each.answers]  # fmt: skip
        await records.save_turn(TurnOutcome(stored, "{}", tuple(answers)))


def turn_id(where: str, seq: int) -> str:
    return f"t{where}-{seq}"


def span_of(words: str, phrase: str) -> tuple[int, int]:
    start = words.index(phrase)
    return start, start + len(phrase)


def _finding(words: str, row: tuple[str, str, str, Status, str]) -> Finding:
    concept, shown, surface, status, reason = row
    return Finding(concept, shown, surface, span_of(words, surface), status, reason)


def _alarms(each: Said) -> tuple[Alarm, ...]:
    if each.alarm is None:
        return ()
    phrase, level, reason = each.alarm
    return (Alarm("seeded", level, reason, (), phrase, span_of(each.patient, phrase)),)


def escalation(number: int, now: datetime, kind: EscalationKind, minutes: float) -> Escalation:
    """The alarm of this patient's call today, raised `minutes` ago."""
    where = contact_id(number)
    timed = _timed(BY_PATIENT.get(number, ()))
    seq, found = next(((seq, row) for seq, row in enumerate(timed, 2) if row[0].alarm), (len(timed) + 1, timed[-1]))
    each, audio, _ = found
    phrase, level, reason = each.alarm or (each.patient, Level.YELLOW, "通话中断，需人工完成随访")
    evidence = Evidence(
        each.patient, span_of(each.patient, phrase), turn_id(where, seq), f"a{where}", audio, each.confidence,
        each.by_sound,
    )  # fmt: skip
    return Escalation(
        id=f"e{number:04}",
        patient_id=patient_id(number),
        contact_id=where,
        kind=kind,
        level=level,
        rule="seeded",
        reason=reason,
        evidence=evidence,
        status=EscalationStatus.OPEN,
        created_at=now - timedelta(minutes=minutes),
    )


def escalations(now: datetime) -> list[Escalation]:
    flag, limit = EscalationKind.RED_FLAG, EscalationKind.THRESHOLD
    resolved = replace(
        escalation(10, now, flag, 148), status=EscalationStatus.RESOLVED, owner="wangfang",
        taken_at=now - timedelta(minutes=147), resolved_at=now - timedelta(minutes=121),
        disposition=Disposition.REFERRED, note="09:12 王芳：夜间憋醒两次，已约今天下午心衰门诊，家属陪同。",
    )  # fmt: skip
    taken = replace(
        escalation(6, now, EscalationKind.REQUEST, 96), status=EscalationStatus.TAKEN, owner="wangfang",
        taken_at=now - timedelta(minutes=9),
    )  # fmt: skip
    return [
        escalation(1, now, flag, 4),
        escalation(4, now, flag, 12),
        escalation(11, now, EscalationKind.UNCLEAR, 27),
        escalation(2, now, flag, 52),
        escalation(3, now, limit, 135),
        escalation(5, now, EscalationKind.TECHNICAL, 75),
        taken,
        resolved,
    ]


@cache
def _samples(number: int) -> bytes:
    """Two channels, patient left and robot right: a voiced murmur wherever somebody speaks."""
    timed = _timed(BY_PATIENT[number])
    noise = np.random.default_rng(7)
    samples = noise.normal(0, 40, (int((timed[-1][1].end + 3) * RATE), 2))
    for each, span, robot_start in timed:
        _murmur(samples[:, 1], robot_start, robot_start + len(each.robot) / 4.8, 190, noise)
        _murmur(samples[:, 0], span.start, span.end, 120 if each.patient else 0, noise)
    return np.clip(samples, -32000, 32000).astype("<i2").tobytes()


def _write_wav(path: Path, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(_samples(number))


def _murmur(channel: np.ndarray, start: float, end: float, pitch: float, noise: np.random.Generator) -> None:
    part = channel[int(start * RATE) : int(end * RATE)]
    time = np.arange(len(part)) / RATE
    syllables = np.repeat(noise.uniform(0.25, 1.0, int(len(part) / RATE * 4.5) + 2), int(RATE / 4.5) + 1)[: len(part)]
    envelope = syllables * np.abs(np.sin(np.pi * 4.5 * time)) ** 0.7
    voice = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 6))
    part += 5000 * envelope * voice
