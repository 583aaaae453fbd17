"""The tables of the store in memory, and what every write holds to."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from agent.model.answer import Answer
from agent.model.campaign import Campaign
from agent.model.clock import require_aware
from agent.model.contact import Attempt, Contact, Recording
from agent.model.display import Display
from agent.model.education import EducationDue
from agent.model.escalation import Escalation
from agent.model.faq_proposal import FaqProposal
from agent.model.inbound import Inbound
from agent.model.labelled_case import LabelledCase
from agent.model.message import Message
from agent.model.observation import Observation
from agent.model.people import CONTACTABLE, OPT_OUT, STOPS, Patient, Plan
from agent.model.piece import OptOut, Piece
from agent.model.points import PointsEarned
from agent.model.record import Event, OutboxMessage, StoredTurn, User
from agent.model.second_pass import SecondPass
from agent.model.stay import Stay
from agent.model.take_over import TakeOver
from agent.model.trunk import Trunk
from agent.model.wechat import WechatBinding
from agent.store.ports import Duplicate, NotFound, ReadOnly, StaleVersion

Row = TypeVar("Row")


@dataclass
class Tables:
    """Rows are values, so that a copy of the tables is a copy of everything."""

    patients: dict[str, Patient] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    leases: dict[str, datetime] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    listed: dict[tuple[str, str], None] = field(default_factory=dict)  # campaign id, patient id
    trunks: dict[str, Trunk] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    turns: dict[str, StoredTurn] = field(default_factory=dict)
    answers: dict[int, tuple[str, Answer, bool]] = field(default_factory=dict)  # contact id, answer, superseded
    escalations: dict[str, Escalation] = field(default_factory=dict)
    second_passes: dict[str, SecondPass] = field(default_factory=dict)
    education: dict[str, EducationDue] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    sending: dict[str, datetime] = field(default_factory=dict)  # message id, held until
    labelled_cases: dict[str, LabelledCase] = field(default_factory=dict)
    wechat_inbox: dict[str, Any] = field(default_factory=dict)
    wechat_bindings: dict[str, WechatBinding] = field(default_factory=dict)
    stays: dict[str, Stay] = field(default_factory=dict)
    inbound: dict[str, Inbound] = field(default_factory=dict)
    pieces: dict[str, Piece] = field(default_factory=dict)
    observations: dict[str, Observation] = field(default_factory=dict)
    points: dict[str, PointsEarned] = field(default_factory=dict)
    held_pieces: dict[str, datetime] = field(default_factory=dict)
    opt_outs: dict[str, OptOut] = field(default_factory=dict)  # by patient
    events: dict[int, Event] = field(default_factory=dict)
    outbox: dict[str, OutboxMessage] = field(default_factory=dict)
    held: dict[str, datetime] = field(default_factory=dict)
    take_overs: dict[str, TakeOver] = field(default_factory=dict)  # by attempt
    displays: dict[str, Display] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    faq_proposals: dict[str, FaqProposal] = field(default_factory=dict)

    def copied(self) -> "Tables":
        return Tables(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})

    def seen_by(self, department: str | None) -> "Tables":
        """A copy without the rows of other departments' patients."""
        seen = self.copied()
        if department is None:
            return seen
        hidden = {p.id for p in self.patients.values() if p.department not in (None, department)}
        away = {c.id for c in self.contacts.values() if c.patient_id in hidden}
        for each in fields(seen):
            table = getattr(seen, each.name)
            for key, stored in list(table.items()):
                row = getattr(stored, "turn", stored)
                of_patient = getattr(row, "patient_id", None) in hidden or getattr(row, "contact_id", None) in away
                of_answer = each.name == "answers" and stored[0] in away
                if of_patient or of_answer or (each.name == "patients" and key in hidden):
                    del table[key]
        return seen

    def joined(self, changed: "Tables") -> "Tables":
        """These rows with the changed ones written over them."""
        return Tables(**{f.name: getattr(self, f.name) | getattr(changed, f.name) for f in fields(self)})


class MemoryWrites:
    """Writing rows under the store's promises: no naive moment, no row twice, no version but the one read."""

    def __init__(self, tables: Tables, *, writes: bool) -> None:
        self._t = tables
        self._writes = writes

    def _check(self, *values: Any) -> None:
        if not self._writes:
            raise ReadOnly("write in a reading transaction")
        for value in values:
            for moment in _moments(value):
                require_aware(moment)

    def _add(self, table: dict[Any, Row], key: Any, row: Row) -> None:
        self._check(row)
        if key in table:
            raise Duplicate("unique")
        table[key] = row

    def _overwrite(self, table: dict[str, Row], key: str, row: Row) -> None:
        self._check(row)
        one(table, key)
        table[key] = row

    def _fenced(self, table: dict[str, Any], row: Any) -> Any:
        self._check(row)
        if one(table, row.id).version != row.version:
            raise StaleVersion(type(row).__name__.lower())
        table[row.id] = replace(row, version=row.version + 1)
        return table[row.id]


def stop_of(tables: Tables, patient_id: str) -> str | None:
    """DECEASED or OPT_OUT where nobody may contact the patient any more."""
    mine = (event for event in tables.events.values() if (event.entity, event.entity_id) == ("patient", patient_id))
    noted = [event.to_status for event in mine if event.to_status in {*STOPS, CONTACTABLE}]
    if noted and noted[-1] in STOPS:
        return noted[-1]
    return OPT_OUT if patient_id in tables.opt_outs else None


def one(table: dict[str, Row], key: str) -> Row:
    if key not in table:
        raise NotFound(key)
    return table[key]


def refer(table: dict[str, Any], key: str) -> None:
    if key not in table:
        raise NotFound("a row refers to one that does not exist")


def _moments(value: Any) -> Iterable[datetime]:
    if isinstance(value, datetime):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _moments(getattr(value, each.name))
