"""The work page's left pane: what waits, what is being dealt with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.escalation import under_way
from agent.escalation.clocks import ClockPolicy, heat
from agent.model.contact import Contact
from agent.model.escalation import Escalation, EscalationStatus
from agent.model.finding import Level
from agent.model.people import Patient
from agent.model.record import User
from agent.model.step import TransferState
from agent.store.screens import EscalationCounts, ScreenRecords
from dashboard import times
from dashboard.deps import DashboardDeps
from dashboard.views.marks import Piece, excerpt
from dashboard.words import OUTCOMES_OF_CARDS, SEXES, TRANSFERS

PAGE = 50
SURE, HALF_SURE = 0.8, 0.5
UNKNOWN_NAME = "未知患者"

@dataclass(frozen=True, slots=True)
class Clock:
    """How long a card has waited; `heat` is "", "amber" or "red"."""

    since: datetime
    text: str
    heat: str
    amber_seconds: int
    red_seconds: int
    running: bool


@dataclass(frozen=True, slots=True)
class Card:
    id: str
    level: Level
    status: EscalationStatus
    name: str
    who: str  # "女 71"
    what: str  # "心衰随访 第 7 天"
    pieces: tuple[Piece, ...]
    again: int  # how often the same danger was said besides
    reason: str  # as the rule gave it
    clock: Clock
    owner: str | None  # the owner's display name
    mine: bool
    done: str  # what was done, once it is resolved
    transfer: str = ""  # how the transfer to a nurse stands
    by_second_pass: bool = False
    told: str = ""  # who was told that nobody takes it
    until: datetime | None = None  # when a snoozed one comes back
    sure: str = ""  # how sure the words are, where they are not quite
    spoken: str = ""  # that the patient still speaks, or what the whole words made of it


@dataclass(frozen=True, slots=True)
class Queue:
    waiting: tuple[Card, ...]
    taken: tuple[Card, ...]
    snoozed: tuple[Card, ...]
    resolved: tuple[Card, ...]
    counts: EscalationCounts
    show: str

    @property
    def first(self) -> str | None:
        cards = self.resolved if self.show == "resolved" else self.waiting + self.taken + self.snoozed
        return cards[0].id if cards else None


def clock_of(escalation: Escalation, now: datetime, policy: ClockPolicy) -> Clock:
    patience = policy.patience[escalation.level]
    running = escalation.status is EscalationStatus.OPEN
    until = now if running else escalation.taken_at or escalation.resolved_at or escalation.stands_since
    waited = until - escalation.created_at
    look = heat(escalation, now, policy) if running else ""
    text = times.span(waited.total_seconds())
    return Clock(escalation.created_at, text, look, _seconds(patience.amber), _seconds(patience.red), running)


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def told_of(escalation: Escalation, policy: ClockPolicy) -> str:
    """Who was told last that nobody takes it."""
    rungs = policy.ladder[: escalation.told]
    return f"已上报{rungs[-1].name}" if rungs else ""


def age_of(patient: Patient, now: datetime) -> int | None:
    return now.year - patient.birth_year if patient.birth_year else None


def who_of(patient: Patient | None, now: datetime) -> str:
    if patient is None:
        return ""
    age = age_of(patient, now)
    return " ".join(part for part in (SEXES.get(patient.sex or "", ""), f"{age} 岁" if age else "") if part)


def what_of(contact: Contact | None, deps: DashboardDeps) -> str:
    return f"{deps.pathway_titles(contact.pathway)} · 第 {contact.node_day} 天" if contact else ""


def sure_of(confidence: float) -> str:
    """How sure the recogniser is of what it wrote, in a word."""
    return "高" if confidence >= SURE else "中" if confidence >= HALF_SURE else "低"


def _doubt(escalation: Escalation) -> str:
    """Nothing for a card that quotes nobody, or words that are sure."""
    evidence = escalation.evidence
    if not evidence.words or evidence.confidence >= SURE:
        return ""
    return f"把握{sure_of(evidence.confidence)}"


def transfer_of(escalation: Escalation, transfers: Mapping[str, TransferState]) -> str:
    state = transfers.get(escalation.evidence.attempt_id)
    return TRANSFERS[state] if state else ""


async def load(records: ScreenRecords, deps: DashboardDeps, viewer: User, show: str = "") -> Queue:
    """`show` is "" for what waits and what is taken, or "resolved" for today's finished ones."""
    now = deps.now()
    today, _ = times.day_bounds(times.day_of(now))
    counts = await records.escalation_counts(resolved_since=today)
    waiting: Sequence[Escalation] = ()
    taken: Sequence[Escalation] = ()
    snoozed: Sequence[Escalation] = ()
    resolved: Sequence[Escalation] = ()
    if show == "resolved":
        resolved = await records.escalations_resolved(since=today, limit=PAGE)
    else:
        waiting = await records.escalations(status=EscalationStatus.OPEN, limit=PAGE)
        taken = await records.escalations(status=EscalationStatus.TAKEN, limit=PAGE)
        snoozed = await records.escalations(status=EscalationStatus.SNOOZED, limit=PAGE)
    names = {user.name: user.display_name for user in await records.users()}
    shown = [*waiting, *taken, *snoozed, *resolved]
    patients = await records.patients_by_id({escalation.patient_id for escalation in shown})
    contacts = await records.contacts_by_id({escalation.contact_id for escalation in shown})
    transfers = await records.transfers({escalation.evidence.attempt_id for escalation in shown})
    shelf = _Shelf(patients, contacts, names, transfers, deps, viewer)
    mine_first = sorted(shelf.cards(taken), key=lambda card: not card.mine)
    return Queue(
        shelf.cards(waiting), tuple(mine_first), shelf.cards(snoozed), shelf.cards(resolved), counts, show
    )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What the cards of one page are made from."""

    patients: Mapping[str, Patient]
    contacts: Mapping[str, Contact]
    names: Mapping[str, str]
    transfers: Mapping[str, TransferState]
    deps: DashboardDeps
    viewer: User

    def cards(self, escalations: Sequence[Escalation]) -> tuple[Card, ...]:
        return tuple(self._card(escalation) for escalation in escalations)

    def _card(self, escalation: Escalation) -> Card:
        now = self.deps.now()
        patient = self.patients.get(escalation.patient_id)
        owner = escalation.owner
        reason, spoken = under_way.told_apart(escalation.reason)
        return Card(
            id=escalation.id,
            level=escalation.level,
            status=escalation.status,
            name=patient.name if patient else UNKNOWN_NAME,
            who=who_of(patient, now),
            what=what_of(self.contacts.get(escalation.contact_id), self.deps),
            pieces=excerpt(escalation),
            again=len(escalation.also) - len(under_way.halves(escalation)),
            reason=reason,
            clock=clock_of(escalation, now, self.deps.clocks),
            owner=self.names.get(owner, owner) if owner else None,
            mine=owner == self.viewer.name,
            done=OUTCOMES_OF_CARDS[escalation.disposition] if escalation.disposition else "",
            transfer=transfer_of(escalation, self.transfers),
            by_second_pass=escalation.by_second_pass,
            told=told_of(escalation, self.deps.clocks),
            until=escalation.snoozed_until,
            sure=_doubt(escalation),
            spoken=spoken,
        )
