"""Findings and values become alarms. Every alarm that a rule raised or held back is kept with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.model.finding import Alarm, Finding, Level, Manner, Measurement, Status
from agent.model.reading_context import Limit, LimitSide, ReadingContext
from agent.triage.content import Content
from agent.triage.judged import Judged
from agent.triage.red_flag_rules import Rule

Span = tuple[int, int]

_REFUSALS = {
    Status.DENIED: "病人否认",
    Status.PAST: "是以前的事，现在没有",
    Status.HYPOTHETICAL: "是假设，不是已经发生",
    Status.OTHER_PERSON: "说的是别人",
    Status.NOT_ASSERTED: "不是在说自己的症状",
    Status.UNCERTAIN: "病人不确定",
}


@dataclass(frozen=True, slots=True)
class Read:
    """A finding; whether, if past, it was within the last days; whether it is a parent's of a speaker who may be the
    patient's child; in which `manner` it is there; and why, if so, it is too little for red (`doubt`)."""

    finding: Finding
    recent: bool
    kin: bool = False
    manner: Manner | None = None
    doubt: str = ""

    def less_sure(self, confidence: float, where: str) -> "Read":
        reason = f"{self.finding.reason}（{where}）"
        return replace(self, finding=replace(self.finding, confidence=confidence, reason=reason))


class AlarmBook:
    """The red-flag rules and value limits of the content."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._by_concept: dict[str, list[Rule]] = {}
        for rule in content.rules:
            for concept in rule.any_of:
                self._by_concept.setdefault(concept, []).append(rule)
        self._together = [rule for rule in content.rules if rule.all_of]

    def dangerous(self, concept: str) -> bool:
        """Whether some rule makes this concept red."""
        return any(rule.level is Level.RED for rule in self._by_concept.get(concept, ()))

    def limited(self, name: str, context: ReadingContext) -> bool:
        """Whether a value of this name can alarm."""
        return any(limit.measurement == name for limit in self._limits(context))

    def _limits(self, context: ReadingContext) -> list[Limit]:
        """The pathway's own, and the house's on what it sets none for."""
        named = {limit.measurement for limit in context.limits}
        return [*context.limits, *(limit for limit in self._content.limits if limit.measurement not in named)]

    def eased(self, reads: Sequence[Read]) -> tuple[str, ...]:
        """The dangers that are there, but everywhere said to be less than before, where a rule lets that count."""
        there = [read for read in reads if read.finding.status is Status.PRESENT]
        full = {read.finding.concept for read in there if read.manner is not Manner.LESS}
        less = dict.fromkeys(read.finding.concept for read in there if read.finding.concept not in full)
        return tuple(c for c in less if any(Manner.LESS in rule.manners for rule in self._by_concept.get(c, ())))

    def raise_from(
        self,
        reads: Sequence[Read],
        measurements: Sequence[Measurement],
        context: ReadingContext,
        held: Mapping[Span, Judged],
    ) -> tuple[Alarm, ...]:
        """Raised alarms first, red before yellow; then those held back. `held` tells why the value at a span does not
        count."""
        alarms = [alarm for read in reads for alarm in self._single(read)]
        alarms += self._combined(reads, context)
        alarms += self._values(reads, measurements, context, held)
        alarms = _once(alarms)
        order = {Level.RED: 0, Level.YELLOW: 1, Level.NONE: 2}
        return tuple(sorted(alarms, key=lambda a: (a.suppressed, order[a.level])))

    def _single(self, read: Read) -> list[Alarm]:
        return [_alarm(rule, read, *_decide(rule, read)) for rule in self._by_concept.get(read.finding.concept, ())]

    def _combined(self, reads: Sequence[Read], context: ReadingContext) -> list[Alarm]:
        alarms = []
        rules = [(r.id, r.all_of, r.level, r.reason, r.recent_past is not Level.NONE) for r in self._together]
        rules += [
            (rule.id, tuple(frozenset({c}) for c in rule.concepts), rule.level, rule.reason, False)
            for rule in context.rules
        ]
        for rule_id, all_of, level, reason, recent_past in rules:
            here = [
                read
                for read in reads
                if read.finding.status is Status.PRESENT
                or (recent_past and read.recent and read.finding.status is Status.PAST)
            ]
            named = {read.finding.concept for read in here}
            present = named | context.earlier
            if not named or not all(choice & present for choice in all_of):
                continue
            words = [read for read in here if any(read.finding.concept in choice for choice in all_of)]
            if not words:
                continue
            first = words[0].finding
            alarms.append(
                Alarm(
                    rule=rule_id,
                    level=level,
                    reason=reason,
                    concepts=tuple(sorted({c for choice in all_of for c in choice & present})),
                    surface=first.surface,
                    span=first.span,
                    confidence=min(read.finding.confidence for read in words),
                    by_sound=any(read.finding.by_sound for read in words),
                )
            )
        return alarms

    def _values(
        self,
        reads: Sequence[Read],
        measurements: Sequence[Measurement],
        context: ReadingContext,
        held: Mapping[Span, Judged],
    ) -> list[Alarm]:
        there = {read.finding.concept for read in reads if read.finding.status is Status.PRESENT}
        limits = self._limits(context)
        alarms = []
        for measured in measurements:
            crossed = [each for each in limits if each.measurement == measured.name and each.crossed_by(measured.value)]
            if not crossed:
                continue
            worst = min(crossed, key=lambda limit: limit.level is not Level.RED)
            borne_out = bool(worst.beside & there)
            found = [_value_alarm(limit, measured, worst, borne_out=borne_out) for limit in crossed]
            judged = held.get(measured.span)
            alarms += found if judged is None else [_held_back(alarm, judged) for alarm in found]
        return alarms


def _held_back(alarm: Alarm, judged: Judged) -> Alarm:
    if alarm.suppressed:
        return alarm
    why = f"{_REFUSALS[judged.status]}，{judged.reason}"
    return replace(alarm, suppressed=True, reason=f"{alarm.reason}；没有报警：{why}")


def _beyond(limit: Limit, measured: Measurement) -> bool:
    """高压一百九十多, 血氧八十多: whatever it was exactly, it is beyond a limit that the nearest of it is beyond. A
    temperature is read back all the same, and a pulse too low to be likely."""
    if measured.name == "temp_c" or not measured.surface.endswith("多"):
        return False
    if limit.side is LimitSide.ABOVE:
        return True
    return measured.name != "heart_rate" and measured.value + _at_most_more(measured.value) < limit.value


def _at_most_more(value: float) -> float:
    """What 多 may add to a number: 八十多 is 89 at most, 一百多 less than two hundred."""
    return 99 if value % 100 == 0 else 9 if value % 10 == 0 else 1


def _value_alarm(limit: Limit, measured: Measurement, worst: Limit, *, borne_out: bool) -> Alarm:
    """The worst limit alarms; a lesser one is kept in the ledger. 脉搏三十多，人发飘: a doubtful value that what is
    felt bears out counts in full."""
    doubtful = measured.doubtful and not borne_out and not _beyond(limit, measured)
    level = Level.YELLOW if doubtful else limit.level
    reason = limit.reason + ("（数值可疑，要核对）" if measured.doubtful else "")
    if limit is not worst:
        reason += f"；没有报警：同一数值已按「{worst.reason}」报警"
    return Alarm(
        rule=limit.id,
        level=level,
        reason=reason,
        concepts=(measured.name,),
        surface=measured.surface,
        span=measured.span,
        confidence=0.5 if measured.doubtful else 1.0,
        suppressed=limit is not worst,
    )


def _decide(rule: Rule, read: Read) -> tuple[Level, bool, str]:
    """The level, whether it is held back, and why."""
    status = read.finding.status
    if read.doubt and status in (Status.PRESENT, Status.UNCERTAIN) and rule.unsure is not Level.NONE:
        return Level.YELLOW, False, f"{rule.reason}（{read.doubt}）"
    if status is Status.PRESENT and read.manner is not None and read.manner in rule.manners:
        return rule.manners[read.manner], False, f"{rule.reason}（{read.finding.reason}：问清有没有加重）"
    if status is Status.PRESENT:
        return rule.level, False, rule.reason
    if status in rule.despite:
        return rule.level, False, f"{rule.reason}（{read.finding.reason}）"
    if status is Status.PAST and read.recent and rule.recent_past is not Level.NONE:
        return rule.recent_past, False, f"{rule.reason}（这几天发生过）"
    if read.kin and rule.level is Level.RED:
        return Level.YELLOW, False, f"{rule.reason}（说的是家里人：问清是不是病人本人）"
    if status is Status.UNCERTAIN and rule.unsure is not Level.NONE:
        return rule.unsure, False, f"{rule.reason}（病人不确定）"
    return rule.level, True, f"{rule.reason}；没有报警：{_REFUSALS.get(status, '')}（{read.finding.reason}）"


def _alarm(rule: Rule, read: Read, level: Level, suppressed: bool, reason: str) -> Alarm:
    found = read.finding
    return Alarm(
        rule=rule.id,
        level=level,
        reason=reason + ("（按读音听出）" if found.by_sound else ""),
        concepts=(found.concept,),
        surface=found.surface,
        span=found.span,
        confidence=found.confidence,
        by_sound=found.by_sound,
        suppressed=suppressed,
    )


def _once(alarms: list[Alarm]) -> list[Alarm]:
    """One alarm per rule and words; a raised one wins over a held-back one of the same rule and span."""
    kept: dict[tuple[str, tuple[int, int]], Alarm] = {}
    for alarm in alarms:
        key = (alarm.rule, alarm.span)
        if key not in kept or (kept[key].suppressed and not alarm.suppressed):
            kept[key] = alarm
    return list(kept.values())
