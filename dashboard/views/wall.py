"""What hangs on the wall: how many wait, how long, how far the day is. Nobody is named unless the display says so."""

from dataclasses import dataclass

from agent.model import ledger as accounts
from agent.model.contact import AttemptOutcome
from agent.model.display import Display
from agent.model.escalation import Escalation, EscalationStatus
from agent.model.finding import Level
from agent.model.people import Patient
from agent.store.screens import EscalationCounts, ScreenRecords
from dashboard import times
from dashboard.deps import DashboardDeps
from dashboard.views.queue import Clock, clock_of, what_of, who_of
from dashboard.words import KINDS

ROWS = 6
TITLES = {"male": "先生", "female": "女士"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open red card."""

    who: str
    what: str
    kind: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the day's contacts; `percent` of all of them."""

    label: str
    count: int
    percent: float
    kind: str


@dataclass(frozen=True, slots=True)
class Board:
    counts: EscalationCounts
    reds: tuple[Waiting, ...]
    oldest: Clock | None  # of the open reds
    talking: int
    due: int
    done: int  # of the day's contacts, those that nobody has to touch any more
    shares: tuple[Share, ...]
    adrift: int


async def load(records: ScreenRecords, deps: DashboardDeps, display: Display) -> Board:
    now = deps.now()
    today = times.day_of(now)
    since, until = times.day_bounds(today)
    day = await records.ledger(today, since=since, until=until, overdue_before=deps.overdue_before(now))
    waiting = await records.escalations(status=EscalationStatus.OPEN, limit=ROWS + 1)
    reds = [card for card in waiting if card.level is Level.RED]
    contacts = await records.contacts_by_id({card.contact_id for card in reds})
    patients = await records.patients_by_id({card.patient_id for card in reds})
    clocks = [clock_of(card, now, deps.clocks) for card in reds]
    calls = await records.calls_now()

    def row(card: Escalation, clock: Clock) -> Waiting:
        person = patients.get(card.patient_id)
        who = _called(person, display) + who_of(person, now)
        return Waiting(who, what_of(contacts.get(card.contact_id), deps), KINDS[card.kind], clock)

    shares = _shares(day)
    return Board(
        counts=await records.escalation_counts(resolved_since=since),
        reds=tuple(row(card, clock) for card, clock in zip(reds[:ROWS], clocks, strict=False)),
        oldest=clocks[0] if clocks else None,
        talking=sum(1 for call in calls if call.outcome is AttemptOutcome.ANSWERED),
        due=day.due,
        done=day.due - day.of(accounts.OPEN),
        shares=shares,
        adrift=day.adrift,
    )


def _called(person: Patient | None, display: Display) -> str:
    if person is None or not display.surnames:
        return ""
    return f"{person.name[:1]}{TITLES.get(person.sex or '', '')} "


def _shares(day: accounts.LedgerDay) -> tuple[Share, ...]:
    parts = (
        ("完成", accounts.DONE, "completed"), ("转护士", accounts.WITH_A_NURSE, "partial"),
        ("未联系上或拒绝", accounts.FAILED, "unreachable"), ("免除", accounts.WAIVED, "waived"),
    )  # fmt: skip
    counted = [(label, day.of(group), kind) for label, group, kind in parts]
    return tuple(Share(label, count, round(100 * count / day.due, 2) if day.due else 0.0, kind)
                 for label, count, kind in counted)  # fmt: skip
