"""A ward after years: a million turns, a hundred thousand escalations, straight into the tables."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import psycopg
from sqlalchemy import Connection, Table, text

from agent.model.answer import AnswerType
from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import Disposition, EscalationKind, EscalationStatus
from agent.model.finding import Level, Polarity, Status
from agent.model.people import PlanStatus, Tier
from agent.model.record import Role
from agent.model.turn import Reply, TurnKind
from agent.store.engines import sync_engine
from agent.store.passwords import hash_password
from agent.store.sql.copying import bound, copying
from agent.store.sql.turn_rows import reply_json
from agent.store.tables import answers, attempts, contacts, escalations, findings, patients, plans, said, turns, users

BATCH = 5000
LEAD = "lead"  # who may look at the figures of all
TURNS_A_TALK = 10
NODES = (3, 7, 14, 30)
DEPARTMENTS = ("心血管内科", "骨科", "胃肠外科", "肿瘤科")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华桂兰"
WHEN = ("今天早上", "昨天夜里", "前两天", "这几天", "刚才", "上个星期")
WHAT = ("有点头晕", "胸口闷", "伤口有点红", "腿肿了", "咳嗽", "吃饭还行", "睡不着觉", "走路喘", "血压一百四", "没事")
TAIL = ("。", "，别的都好", "，药按时吃了", "，不知要紧不", "，歇一会儿就好")
REPLY = reply_json(Reply(("好的，我记下了。今天的血压是多少？",)))


@dataclass(frozen=True, slots=True)
class Size:
    turns: int
    escalations: int
    nurses: int

    @property
    def talks(self) -> int:
        return self.turns // TURNS_A_TALK


def fill(url: str, size: Size, now: datetime) -> None:
    """Blocking; the database is migrated and empty."""
    dice, engine = random.Random(7), sync_engine(url)
    with engine.begin() as connection:
        _add(connection, users, _users(size))
        _add(connection, patients, _patients(size, dice))
        _add(connection, plans, _plans(size, now))
        _add(connection, contacts, _contacts(size, now))
        _add(connection, attempts, _attempts(size, now))
        _add(connection, turns, _turns(size, now, dice))
        _add(connection, said, _said(size, now))
        _add(connection, findings, _findings(size))
        _add(connection, answers, _answers(size, dice))
        _add(connection, escalations, _escalations(size, now, dice))
        connection.execute(text("ANALYZE"))
    engine.dispose()


def filled(url: str) -> bool:
    engine = sync_engine(url)
    with engine.connect() as connection:
        found = connection.execute(users.select().limit(1)).first()
    engine.dispose()
    return found is not None


def _add(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == BATCH:
            connection.execute(table.insert(), part)
            part = []
    if part:
        connection.execute(table.insert(), part)


def _copy(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    names, driver = list(first), connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor, cursor.copy(copying(table, names)) as copy:
        for row in bound(connection.dialect, table, names, chain((first,), rows)):
            copy.write_row(row)


def nurse(number: int) -> str:
    return f"nurse{number:02}"


def patient_id(number: int) -> str:
    return f"p{number:06}"


def _people(size: Size) -> int:
    return size.talks // len(NODES)


def _began(talk: int, size: Size, now: datetime) -> datetime:
    """Talks are spread over two years; the last ones were a moment ago."""
    return now - timedelta(days=730) * (1 - (talk + 1) / size.talks) - timedelta(minutes=2)


def _users(size: Size) -> Iterator[dict[str, Any]]:
    hashed = hash_password("a password of the bench")
    for number in range(size.nurses):
        department = DEPARTMENTS[number % 4] if number % 2 else None
        yield {"name": nurse(number), "display_name": f"护士{number}", "role": Role.NURSE, "password_hash": hashed,
               "must_change": False, "department": department}  # fmt: skip
    yield {"name": LEAD, "display_name": "管理员", "role": Role.ADMIN, "password_hash": hashed, "must_change": False,
           "department": None}  # fmt: skip


def _patients(size: Size, dice: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(_people(size)):
        name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2))
        yield {"id": patient_id(number), "name": name, "phone": f"+8613{number:09}", "diagnosis": "慢性心力衰竭",
               "tier": Tier.HIGH, "birth_year": 1935 + number % 50, "sex": "female" if number % 2 else "male",
               "department": DEPARTMENTS[number % 4], "hospital_number": f"ZY{number:07}"}  # fmt: skip


def _plans(size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(_people(size)):
        began = _began(number * 4, size, now)
        yield {"id": f"plan{number:06}", "patient_id": patient_id(number), "pathway": "heart_failure",
               "pathway_version": "1", "discharge_date": began.date() - timedelta(days=3),
               "status": PlanStatus.ACTIVE, "created_at": began}  # fmt: skip


def _contacts(size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    for talk in range(size.talks):
        began = _began(talk, size, now)
        yield {"id": f"c{talk:06}", "plan_id": f"plan{talk // 4:06}", "patient_id": patient_id(talk // 4),
               "pathway": "heart_failure", "pathway_version": "1", "node_day": NODES[talk % 4], "due_at": began,
               "status": ContactStatus.COMPLETED, "attempts_made": 1, "version": 1,
               "planned_for": began.date()}  # fmt: skip


def _attempts(size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    for talk in range(size.talks):
        began = _began(talk, size, now)
        yield {"id": f"a{talk:06}", "contact_id": f"c{talk:06}", "patient_id": patient_id(talk // 4),
               "channel": Channel.PHONE, "outcome": AttemptOutcome.COMPLETED, "created_at": began,
               "carrier_ref": f"CA{talk:06}", "answered_at": began,
               "ended_at": began + timedelta(minutes=2)}  # fmt: skip


def _words(number: int) -> str:
    dice = random.Random(number)
    return dice.choice(WHEN) + dice.choice(WHAT) + dice.choice(TAIL)


def _turns(size: Size, now: datetime, dice: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(size.turns):
        talk, seq = divmod(number, TURNS_A_TALK)
        words = _words(number)
        yield {"id": f"t{number:07}", "contact_id": f"c{talk:06}", "attempt_id": f"a{talk:06}", "seq": seq + 1,
               "channel": Channel.PHONE, "kind": TurnKind.SPEECH, "text": words, "confidence": dice.random(),
               "at": _began(talk, size, now) + timedelta(seconds=10 * seq), "alternatives": [],
               "audio_start": 8.0 * seq, "audio_end": 8.0 * seq + 3, "move": "answer", "read_text": words,
               "polarity": Polarity.UNKNOWN, "asked": [], "reply": REPLY}  # fmt: skip


def _said(size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(size.turns):
        talk = number // TURNS_A_TALK
        words = _words(number)
        yield {"turn_id": f"t{number:07}", "contact_id": f"c{talk:06}", "patient_id": patient_id(talk // 4),
               "at": _began(talk, size, now), "text": words, "pairs": words}  # fmt: skip


def _findings(size: Size) -> Iterator[dict[str, Any]]:
    for number in range(0, size.turns, 5):
        yield {"turn_id": f"t{number:07}", "seq": 0, "contact_id": f"c{number // TURNS_A_TALK:06}", "surface": "头晕",
               "span_start": 0, "span_end": 2, "concept": "dizziness", "label": "头晕", "status": Status.PRESENT,
               "reason": "", "confidence": 0.9, "by_sound": False}  # fmt: skip


def _answers(size: Size, dice: random.Random) -> Iterator[dict[str, Any]]:
    for talk in range(size.talks):
        for place, (question, kind) in enumerate((("weight", AnswerType.NUMBER), ("dizzy", AnswerType.YES_NO))):
            value = round(dice.uniform(50, 80), 1) if kind is AnswerType.NUMBER else dice.random() < 0.2
            yield {"contact_id": f"c{talk:06}", "question": question, "type": kind, "value": value, "raw": "六十",
                   "confidence": 0.9, "turn_id": f"t{talk * TURNS_A_TALK + place:07}", "corrected": False,
                   "unit": None, "superseded": False, "unconfirmed": False}  # fmt: skip


def _escalations(size: Size, now: datetime, dice: random.Random) -> Iterator[dict[str, Any]]:
    """The last 200 wait, the 50 before them are taken."""
    for number in range(size.escalations):
        talk = int(number * size.talks / size.escalations)
        left = size.escalations - number
        status = EscalationStatus.OPEN if left <= 200 else EscalationStatus.TAKEN if left <= 250 else None
        began = _began(talk, size, now)
        turn = talk * TURNS_A_TALK + 3
        words, level = _words(turn), Level.RED if dice.random() < 0.3 else Level.YELLOW
        done = status is None
        yield {"id": f"e{number:06}", "patient_id": patient_id(talk // 4), "contact_id": f"c{talk:06}",
               "kind": EscalationKind.RED_FLAG, "level": level, "urgency": 0 if level is Level.RED else 1,
               "rule": "bench", "reason": "说有不适", "words": words, "span_start": 4, "span_end": 7,
               "turn_id": f"t{turn:07}", "attempt_id": f"a{talk:06}", "audio_start": 24.0, "audio_end": 27.0,
               "confidence": 0.9, "by_sound": False, "also": [], "status": status or EscalationStatus.RESOLVED,
               "created_at": began, "owner": None if status is EscalationStatus.OPEN else nurse(number % size.nurses),
               "taken_at": None if status is EscalationStatus.OPEN else began + timedelta(minutes=3),
               "resolved_at": began + timedelta(minutes=9) if done else None,
               "disposition": Disposition.ADVISED if done else None, "version": 1, "told": 0}  # fmt: skip
