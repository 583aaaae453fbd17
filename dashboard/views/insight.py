"""Figures over many patients, each with the list behind it."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import ContactStatus
from agent.model.escalation import Disposition, EscalationKind, EscalationStatus
from agent.model.insight import AlarmFact, AttemptFact, QuestionCount, Slice
from agent.model.people import Tier
from agent.store.screens import ScreenRecords
from dashboard import times
from dashboard.deps import DashboardDeps
from dashboard.words import DISPOSITIONS, KINDS

LONGEST_DAYS = 92
BY_HAND_MINUTES = 15  # what a completed call by hand is reckoned at; the page says so
FEW = 0.6  # fewer answered: another hour, or a message first
UNTOUCHED = frozenset({ContactStatus.DUE, ContactStatus.WAIVED})


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
    calls, alarms = await records.attempt_facts(wanted), await records.alarm_facts(wanted)
    owed = sum(tally.values()) - tally.get(ContactStatus.WAIVED, 0)
    completed = tally.get(ContactStatus.COMPLETED, 0)
    resolved = [each for each in alarms if each.status is EscalationStatus.RESOLVED]
    wrong = sum(each.disposition is Disposition.FALSE_ALARM for each in resolved)
    touched = sum(count for status, count in tally.items() if status not in UNTOUCHED)
    return Insight(
        wanted=wanted,
        tally=tally,
        covered=Rate("覆盖率", touched, owed),
        completed=Rate("完成率", completed, owed),
        answered=Rate("接通率", sum(call.answered for call in calls), len(calls)),
        false_alarms=Rate("误报占已处理", wrong, len(resolved)),
        by_hour=_rates(((call.created_at.astimezone(HOSPITAL_ZONE).hour, call.answered) for call in calls), "{} 点"),
        by_age=_rates(((decade_of(call, year), call.answered) for call in calls), "{} 岁起"),
        alarms=_alarm_rows(alarms),
        acknowledged=_acknowledged(alarms),
        questions=_questions(await records.question_counts(wanted), deps),
        unanswered=tuple(each for each in alarms if each.kind is EscalationKind.UNANSWERED_QUESTION)[:20],
        saved_hours=round(completed * BY_HAND_MINUTES / 60, 1),
    )


def decade_of(call: AttemptFact, year: int) -> int | None:
    return (year - call.birth_year) // 10 * 10 if call.birth_year else None


def _rates(calls: Iterable[tuple[int | None, bool]], label: str) -> tuple[Rate, ...]:
    """From each call's group and whether it was answered; calls of no group are left out."""
    counted = Counter(calls)
    groups = sorted({group for group, _ in counted if group is not None})
    return tuple(
        Rate(label.format(each), counted[each, True], counted[each, True] + counted[each, False], str(each))
        for each in groups
    )


def _alarm_rows(alarms: Sequence[AlarmFact]) -> tuple[AlarmRow, ...]:
    kinds: dict[EscalationKind, Counter[str]] = defaultdict(Counter)
    for (kind, disposition), count in Counter((each.kind, each.disposition) for each in alarms).items():
        kinds[kind][disposition or "open"] += count
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


def _acknowledged(alarms: Sequence[AlarmFact]) -> tuple[tuple[str, str, str], ...]:
    """From the alarm until somebody took it, by level."""
    waits: dict[str, list[float]] = defaultdict(list)
    for each in alarms:
        if each.taken_at is not None:
            waits[each.level].append((each.taken_at - each.created_at).total_seconds())
    return tuple(
        (level, times.span(statistics.median(found)), times.span(sorted(found)[int(0.9 * (len(found) - 1))]))
        for level, found in sorted(waits.items())
    )


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
