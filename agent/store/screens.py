"""What the nurse's screens ask of the record store beside the ports: many rows at once, always bounded."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from agent.model.contact import Attempt, Contact, ContactStatus
from agent.model.escalation import Escalation, EscalationKind
from agent.model.faq_proposal import FaqProposal
from agent.model.found import FoundWords
from agent.model.insight import (
    AlarmCount,
    AlarmFact,
    AnswerFact,
    AttemptFact,
    CallCount,
    QuestionCount,
    Slice,
    StayFact,
)
from agent.model.ledger import LedgerDay
from agent.model.pathway_use import PathwayUse
from agent.model.people import Patient
from agent.model.step import TransferState
from agent.store.history_port import HistoryReads
from agent.store.live_ports import LiveRecords
from agent.store.message_account_port import MessageAccounts
from agent.store.ports import Records


@dataclass(frozen=True, slots=True)
class EscalationCounts:
    """How many escalations stand where; `resolved` counts from the moment asked for."""

    open_red: int = 0
    open_yellow: int = 0
    taken: int = 0
    snoozed: int = 0
    resolved: int = 0

    @property
    def open(self) -> int:
        return self.open_red + self.open_yellow


class ScreenRecords(HistoryReads, LiveRecords, MessageAccounts, Records, Protocol):
    """Reads of one transaction for a page; unknown ids are left out of mappings."""

    async def contacts_of(self, patient_ids: Collection[str]) -> Sequence[Contact]:
        """All contacts of these patients, by due time."""
        ...

    async def contacts_carried(
        self, day: date, *, since: datetime, until: datetime, limit: int = 500
    ) -> Sequence[Contact]:
        """Contacts of earlier days that were put off to the day from `since` to `until`, by due time."""
        ...

    async def ledger(self, day: date, *, since: datetime, until: datetime, overdue_before: datetime) -> LedgerDay:
        """What became of the contacts of a hospital's day, `since` to `until` being its moments."""
        ...

    async def contacts_planned(self, day: date, *, limit: int = 500) -> Sequence[Contact]:
        """Contacts first due on that day, by due time."""
        ...

    async def contacts_adrift(self, *, overdue_before: datetime, limit: int = 500) -> Sequence[Contact]:
        """Contacts of any day that nothing moves any more: in progress without a live attempt, or due since before
        `overdue_before` and never dialled; by due time."""
        ...

    async def last_attempts(self, contact_ids: Collection[str]) -> Mapping[str, Attempt]:
        """The latest attempt of each contact that has one, by contact id."""
        ...

    async def transfers(self, attempt_ids: Collection[str]) -> Mapping[str, TransferState]:
        """How the transfer to a nurse stands, of each attempt that had one."""
        ...

    async def differences(self, contact_ids: Collection[str]) -> Mapping[str, int]:
        """How many answers of each contact read differently the second time and were not checked yet; contacts with
        none are left out."""
        ...

    async def search_patients(self, text: str, *, limit: int = 50) -> Sequence[Patient]:
        """Patients whose name, phone, hospital number or caregiver's phone contains `text` (all of them for ""), the
        newest first."""
        ...

    async def search_words(self, text: str, *, limit: int = 50) -> Sequence[FoundWords]:
        """Sentences of patients that contain `text`, the latest stored first; none for a text without a character."""
        ...

    # figures over the contacts of a slice
    async def contact_tally(self, wanted: Slice) -> Mapping[ContactStatus, int]: ...
    async def contacts_within(
        self, wanted: Slice, *, status: ContactStatus | None = None, owed: bool = False, limit: int = 500
    ) -> Sequence[Contact]:
        """By due time; `owed` leaves out those waived."""
        ...

    async def attempt_facts(self, wanted: Slice) -> Sequence[AttemptFact]:
        """Their telephone calls, oldest first."""
        ...

    async def call_counts(self, wanted: Slice) -> Sequence[CallCount]:
        """The same counted; in no order."""
        ...

    async def alarm_facts(
        self, wanted: Slice, *, kind: EscalationKind | None = None, limit: int | None = None
    ) -> Sequence[AlarmFact]:
        """Their escalations, the latest first."""
        ...

    async def alarm_counts(self, wanted: Slice) -> Sequence[AlarmCount]:
        """The same counted; in no order."""
        ...

    async def question_counts(self, wanted: Slice) -> Sequence[QuestionCount]:
        """The most answered question first."""
        ...

    async def add_faq_proposal(self, proposal: FaqProposal) -> None: ...
    async def faq_proposals(self) -> Sequence[FaqProposal]:
        """The oldest first."""
        ...

    async def drop_faq_proposal(self, proposal_id: str) -> None:
        """It went into the FAQ's files, or nobody wants it; one that is not there is gone already."""
        ...

    async def answer_facts(self, wanted: Slice, questions: Collection[str]) -> Sequence[AnswerFact]:
        """Answers that stand to these questions, by the day the contact was planned for."""
        ...

    async def stay_facts(self, wanted: Slice) -> Sequence[StayFact]:
        """All stays, but cancelled ones, of the patients of that department and tier who were discharged within the
        slice's days; by patient and day."""
        ...

    async def pathway_use(self) -> Sequence[PathwayUse]:
        """Of the contacts that are due or in progress, by pathway and version."""
        ...

    async def departments(self) -> Sequence[str]:
        """That any patient has, by name."""
        ...

    async def escalation_counts(self, *, resolved_since: datetime) -> EscalationCounts: ...
    async def escalations_resolved(self, *, since: datetime, limit: int = 50) -> Sequence[Escalation]:
        """Resolved at or after `since`, the latest first."""
        ...


class ScreenStore(Protocol):
    def transaction(self, *, write: bool = True, sees: str | None = None) -> AbstractAsyncContextManager[ScreenRecords]:
        """`sees` is a department: other departments' patients, and whatever hangs on them, do not exist in this
        transaction; patients of no department are everybody's."""
        ...

    async def close(self) -> None: ...
