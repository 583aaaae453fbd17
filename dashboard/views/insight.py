"""Figures over many patients, each with the list behind it."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agent.model.contact import ContactStatus
from agent.model.escalation import Disposition, EscalationKind, EscalationStatus
from agent.model.finding import Level
from agent.model.insight import AlarmCount, AlarmFact, AttemptFact, CallCount, QuestionCount, Slice
from agent.model.people import Tier
from agent.store.screens import ScreenRecords
from dashboard import times
from dashboard.deps import DashboardDeps
from dashboard.words import DISPOSITIONS, KINDS

LONGEST_DAYS = 92
BY_HAND_MINUTES = 15  # what a completed call by hand is reckoned at; the page says so
FEW = 0.6  # fewer answered: another hour, or a message first
UNTOUCHED = frozenset({ContactStatus.DUE, ContactStatus.WAIVED})
OWED = "owed"  # the word of an address for contacts that are owed: those waived are not


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its counts."""

    label: str
    part: int
    whole: int
    key: str = ""  # what its list is asked for with

    @property
    def share(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    @property
    def percent(self) -> str:
        return f"{100 * self.share:.0f}%" if self.whole else "—"


@dataclass(frozen=True, slots=True)
class AlarmRow:
    kind: EscalationKind
    label: str
    outcomes: tuple[tuple[str, str, int], ...]  # outcome's word, label, how many
    total: int


@dataclass(frozen=True, slots=True)
class Insight:
    wanted: Slice
    tally: Mapping[ContactStatus, int]
    covered: Rate
    completed: Rate
    answered: Rate
    false_alarms: Rate
    by_hour: tuple[Rate, ...]
    by_age: tuple[Rate, ...]
    alarms: tuple[AlarmRow, ...]
    acknowledged: tuple[tuple[str, str, str], ...]  # level's word, median, nine in ten
    questions: tuple[Rate, ...]
    unanswered: tuple[AlarmFact, ...]
    saved_hours: float


def slice_of(today: date, asked: Mapping[str, str]) -> Slice:
    """The slice a page's address asks for: the last `days` days, today among them. Raises ValueError."""
    days = min(max(int(asked.get("days") or 30), 1), LONGEST_DAYS)
    tier = Tier(asked["tier"]) if asked.get("tier") else None
    return Slice(
        today - timedelta(days=days - 1), today, asked.get("department") or None, asked.get("pathway") or None, tier
    )


async def load(records: ScreenRecords, deps: DashboardDeps, wanted: Slice) -> Insight:
    tally = await records.contact_tally(wanted)
    year = deps.now().year
    calls, alarms = await records.call_counts(wanted), await records.alarm_counts(wanted)
    owed = sum(tally.values()) - tally.get(ContactStatus.WAIVED, 0)
    completed = tally.get(ContactStatus.COMPLETED, 0)
    resolved = [each for each in alarms if each.status is EscalationStatus.RESOLVED]
    wrong = sum(each.count for each in resolved if each.disposition is Disposition.FALSE_ALARM)
    touched = sum(count for status, count in tally.items() if status not in UNTOUCHED)
    return Insight(
        wanted=wanted,
        tally=tally,
        covered=Rate("覆盖率", touched, owed),
        completed=Rate("完成率", completed, owed),
        answered=Rate("接通率", sum(call.answered for call in calls), sum(call.made for call in calls)),
        false_alarms=Rate("误报占已处理", wrong, sum(each.count for each in resolved)),
        by_hour=_rates(calls, lambda call: call.hour, "{} 点"),
        by_age=_rates(calls, lambda call: decade_of(call, year), "{} 岁起"),
        alarms=_alarm_rows(alarms),
        acknowledged=_acknowledged(alarms),
        questions=_questions(await records.question_counts(wanted), deps),
        unanswered=tuple(await records.alarm_facts(wanted, kind=EscalationKind.UNANSWERED_QUESTION, limit=20)),
        saved_hours=round(completed * BY_HAND_MINUTES / 60, 1),
    )


def decade_of(call: AttemptFact | CallCount, year: int) -> int | None:
    return (year - call.birth_year) // 10 * 10 if call.birth_year else None


def _rates(calls: Sequence[CallCount], key: Callable[[CallCount], int | None], label: str) -> tuple[Rate, ...]:
    made: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    for call in calls:
        group = key(call)
        if group is not None:
            made[group] += call.made
            answered[group] += call.answered
    return tuple(Rate(label.format(group), answered[group], made[group], str(group)) for group in sorted(made))


def _alarm_rows(alarms: Sequence[AlarmCount]) -> tuple[AlarmRow, ...]:
    kinds: dict[EscalationKind, Counter[str]] = defaultdict(Counter)
    for each in alarms:
        kinds[each.kind][each.disposition or "open"] += each.count
    labels = {"open": "未处理"} | {key.value: label for key, label in DISPOSITIONS.items()}
    return tuple(
        AlarmRow(
            kind,
            KINDS[kind],
            tuple((key, labels[key], outcomes[key]) for key in labels if outcomes[key]),
            sum(outcomes.values()),
        )
        for kind, outcomes in sorted(kinds.items(), key=lambda item: -sum(item[1].values()))
    )


def _acknowledged(alarms: Sequence[AlarmCount]) -> tuple[tuple[str, str, str], ...]:
    """From the alarm until somebody took it, by level."""
    waits: dict[Level, Counter[int]] = defaultdict(Counter)
    for each in alarms:
        if each.waited is not None:
            waits[each.level][each.waited] += each.count
    return tuple(
        (level, times.span(_taken_within(0.5, found)), times.span(_taken_within(0.9, found)))
        for level, found in sorted(waits.items())
    )


def _taken_within(share: float, waits: Mapping[int, int]) -> int:
    """The seconds within which that share of them was taken."""
    wanted, taken = math.ceil(share * sum(waits.values())), 0
    for seconds in sorted(waits):
        taken += waits[seconds]
        if taken >= wanted:
            return seconds
    return 0


def _questions(counts: Sequence[QuestionCount], deps: DashboardDeps) -> tuple[Rate, ...]:
    """Each question's answers against the most answered question of its pathway: where patients leave off."""
    most: Counter[str] = Counter()
    for each in counts:
        most[each.pathway] = max(most[each.pathway], each.answered)
    answered: Counter[str] = Counter()
    pathways: dict[str, set[str]] = defaultdict(set)
    for each in counts:
        label = deps.question_labels(each.pathway, each.version, each.question)
        answered[label] += each.answered
        pathways[label].add(each.pathway)
    whole = {label: sum(most[pathway] for pathway in found) for label, found in pathways.items()}
    return tuple(Rate(label, count, max(count, whole[label])) for label, count in answered.most_common(30))
