"""What the rest of the house asks of the record store. One `transaction()` is one database transaction."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from agent.model.answer import Answer
from agent.model.contact import Attempt, Contact, ContactStatus, Recording, Script
from agent.model.education import EducationDue
from agent.model.escalation import Escalation, EscalationStatus, LeftAlone
from agent.model.finding import Alarm, Finding
from agent.model.labelled_case import LabelledCase
from agent.model.people import Patient, Plan
from agent.model.record import Event, OutboxMessage, StoredTurn, TurnOutcome, User
from agent.model.second_pass import SecondPass
from agent.model.turn import Reply
from agent.store.attempt_ports import MovesInBulk
from agent.store.intake_ports import IntakeRecords
from agent.store.message_ports import MessageRecords
from agent.store.points_port import PointsRecordsPort
from agent.store.schedule_ports import ScheduleRecords
from agent.store.take_over_port import TakeOverRecordsPort
from agent.store.wechat_port import WechatRecordsPort


class StoreError(Exception):
    """The store could not do it. `code` is stable; `retryable` says whether the same call may succeed later."""

    code = "store_error"
    retryable = False


class StaleVersion(StoreError):
    """Somebody wrote the row first: read it again and decide anew."""

    code = "stale_version"
    retryable = True


class Duplicate(StoreError):
    """A row with this identity exists."""

    code = "duplicate"


class NotFound(StoreError):
    code = "not_found"


class ReadOnly(StoreError):
    """A write inside `transaction(write=False)`."""

    code = "read_only"


class Unavailable(StoreError):
    """The database is busy, gone, or broke a deadlock at our expense."""

    code = "unavailable"
    retryable = True


class SchemaMismatch(StoreError):
    """The database's tables are not those of this version of the program: migrate it first."""

    code = "schema_mismatch"


class Records(
    IntakeRecords, MessageRecords, MovesInBulk, PointsRecordsPort, ScheduleRecords, TakeOverRecordsPort,
    WechatRecordsPort, Protocol,
):  # fmt: skip
    """Reads and writes of one transaction. Lists come oldest first unless said otherwise.

    After a StoreError leave the transaction: PostgreSQL refuses whatever follows. In a write transaction a row
    read by its id stays held until the commit, so that read-change-write loses nothing; a row that refers to one
    that does not exist raises NotFound; a naive datetime raises ValueError."""

    # people
    async def add_patient(self, patient: Patient) -> None: ...
    async def patient(self, patient_id: str) -> Patient: ...
    async def save_patient(self, patient: Patient) -> None: ...
    async def find_patient(self, *, name: str, phone: str) -> Patient | None: ...
    async def patients(self, *, limit: int = 500) -> Sequence[Patient]: ...
    async def add_contact(self, contact: Contact) -> None:
        """One more contact of a plan that exists."""
        ...

    async def patients_by_id(self, ids: Collection[str]) -> Mapping[str, Patient]:
        """Unknown ids are left out; not held."""
        ...

    async def add_plan(self, plan: Plan, contacts: Sequence[Contact]) -> None: ...
    async def plan(self, plan_id: str) -> Plan: ...
    async def save_plan(self, plan: Plan) -> None: ...
    async def plans(self, patient_id: str) -> Sequence[Plan]: ...

    # contacts and attempts
    async def contact(self, contact_id: str) -> Contact: ...
    async def contacts(
        self, *, patient_id: str | None = None, status: ContactStatus | None = None, limit: int = 500
    ) -> Sequence[Contact]: ...
    async def claim_due(
        self, *, now: datetime, lease_until: datetime, worker: str, limit: int, passing_over: Collection[Script] = ()
    ) -> Sequence[Contact]:
        """Contacts DUE at `now`, not leased and whose patient has no live attempt, by urgency (the unweighed last),
        then by due time; leased to `worker` at once (SKIP LOCKED on PostgreSQL, BEGIN IMMEDIATE on SQLite). Those of
        the scripts passed over are as if they were not due."""
        ...

    async def save_contact(self, contact: Contact) -> Contact:
        """Write if the stored version equals `contact.version`, all but its urgency; returns it with the next version.
        Raises StaleVersion. The lease ends."""
        ...

    async def add_attempt(self, attempt: Attempt) -> None:
        """Raises Duplicate while the patient has another live attempt; save_attempt does the same."""
        ...

    async def attempt(self, attempt_id: str) -> Attempt: ...
    async def attempt_by_carrier_ref(self, carrier_ref: str) -> Attempt | None: ...
    async def attempts(self, *, contact_id: str | None = None, live_only: bool = False) -> Sequence[Attempt]: ...
    async def attempts_since(self, since: datetime, patient_ids: Collection[str]) -> Sequence[Attempt]:
        """Attempts of these patients begun at or after `since`, on any contact and channel."""
        ...

    async def recent_calls(self, *, limit: int) -> Sequence[Attempt]:
        """The phone attempts that ended last, the latest first."""
        ...

    async def save_attempt(self, attempt: Attempt) -> None: ...

    async def add_recording(self, recording: Recording) -> None: ...
    async def save_recording(self, recording: Recording) -> None: ...
    async def recording(self, recording_id: str) -> Recording: ...
    async def recordings(self, *, contact_id: str) -> Sequence[Recording]: ...

    # the conversation
    async def session(self, contact_id: str) -> str | None: ...
    async def reply_to(self, turn_id: str) -> Reply | None:
        """The stored reply of a turn that was already received."""
        ...

    async def turn_count(self, contact_id: str) -> int: ...
    async def save_turn(self, outcome: TurnOutcome) -> None:
        """Turn, reading's findings and alarms, answers (a later answer to the same question supersedes the
        earlier one, which stays), escalations, session, events and outbox. An escalation whose id is stored is
        written over under its version fence. Raises Duplicate for a known turn id, StaleVersion for a taken `seq`."""
        ...

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        """Where in the attempt's recording the reply to this turn began. Raises NotFound."""
        ...

    async def turns(self, contact_id: str) -> Sequence[StoredTurn]: ...
    async def answers(self, contact_id: str, *, with_superseded: bool = False) -> Sequence[Answer]: ...
    async def findings(self, contact_id: str) -> Sequence[tuple[str, Finding]]:
        """(turn id, finding) pairs."""
        ...

    async def alarms(self, contact_id: str) -> Sequence[tuple[str, Alarm]]:
        """The safety ledger: (turn id, alarm), raised and suppressed."""
        ...

    # escalations
    async def add_escalation(self, escalation: Escalation) -> None: ...
    async def escalation(self, escalation_id: str) -> Escalation: ...
    async def escalations(
        self, *, status: EscalationStatus | None = None, patient_id: str | None = None, limit: int = 500
    ) -> Sequence[Escalation]:
        """Red before yellow, then the longest waiting first. Those of one patient are held in a write transaction
        like a row read by its id: what is decided from them can be saved."""
        ...

    async def save_escalation(self, escalation: Escalation) -> Escalation:
        """Write if the stored version equals `escalation.version`; returns it with the next version."""
        ...

    async def escalations_left(self, left: LeftAlone, *, limit: int = 200) -> Sequence[Escalation]:
        """Those that a clock may move, red before yellow, then the longest waiting first."""
        ...

    async def add_labelled_case(self, case: LabelledCase) -> bool:
        """False, and nothing changed, where this turn has this label for this rule already."""
        ...

    async def labelled_cases(
        self, *, contact_id: str | None = None, since: datetime | None = None, limit: int = 500
    ) -> Sequence[LabelledCase]: ...

    # the second pass
    async def claim_second_pass(
        self, *, ended_since: datetime, ended_before: datetime, now: datetime, hold_until: datetime
    ) -> SecondPass | None:
        """The longest-ended answered phone attempt of that time whose recording was not heard again yet and which no
        worker holds; it is due and held from now on, with one more try counted. None where there is none.
        Raises Duplicate when another worker was faster."""
        ...

    async def second_pass(self, attempt_id: str) -> SecondPass | None: ...
    async def save_second_pass(self, second_pass: SecondPass) -> None: ...
    async def second_passes(self, contact_id: str) -> Sequence[SecondPass]: ...

    # health education
    async def add_education(self, due: EducationDue) -> None:
        """Raises Duplicate for an item that this contact owes already."""
        ...

    async def save_education(self, due: EducationDue) -> None:
        """A message channel notes here that it was sent. Raises NotFound."""
        ...

    async def education(self, patient_id: str) -> Sequence[EducationDue]:
        """Everything ever owed to the patient, oldest first."""
        ...

    async def education_waiting(self, *, limit: int) -> Sequence[EducationDue]:
        """What was not sent yet, oldest first."""
        ...

    # after commit
    async def add_event(self, event: Event) -> None: ...
    async def events(self, entity: str, entity_id: str) -> Sequence[Event]: ...
    async def events_since(self, entity: str, since: datetime) -> Sequence[Event]:
        """Of all of that kind."""
        ...

    async def last_events(self, entity: str, to_status: str) -> Mapping[str, datetime]:
        """When each of that kind last came to that; without those that never did."""
        ...

    async def add_outbox(self, message: OutboxMessage) -> None: ...
    async def claim_outbox(self, *, limit: int, now: datetime) -> Sequence[OutboxMessage]:
        """Messages not yet done, oldest first, held for 30 s against other workers."""
        ...

    async def outbox_done(self, *message_ids: str) -> None: ...

    # users
    async def add_user(self, user: User) -> None: ...
    async def user(self, name: str) -> User | None: ...
    async def user_by_subject(self, subject: str) -> User | None: ...
    async def save_user(self, user: User) -> None:
        """Raises Duplicate where another user has this subject, NotFound."""
        ...

    async def users(self) -> Sequence[User]: ...


class Store(Protocol):
    def transaction(self, *, write: bool = True) -> AbstractAsyncContextManager[Records]:
        """Commits on leaving, rolls back on an exception. `write=True` takes the write lock at the start."""
        ...

    async def close(self) -> None: ...
