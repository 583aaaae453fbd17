"""The house's rules from a discharge to a plan, as a coordinator writes them in plans/rules.yml; how one matches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from agent.model.discharge import Discharge
from agent.model.people import Tier


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a rule is about. Diagnosis words and ICD-10 prefixes are one condition, either fits; every other one that
    is given must fit too. Ages in whole years by the year of birth; an unknown age fits no bound."""

    diagnosis: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    procedure: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()  # words of diagnosis or operation that rule it out
    tiers: tuple[Tier, ...] = ()
    age_from: int | None = None
    age_to: int | None = None

    def fits(self, discharge: Discharge, tier: Tier | None) -> bool:
        told = f"{discharge.diagnosis} {discharge.procedure or ''}".upper()
        checks = (
            not (self.diagnosis or self.icd10) or self._diagnosed(discharge),
            not self.procedure or _any_in(self.procedure, told),
            not self.tags or bool(set(self.tags) & set(discharge.tags)),
            not self.tiers or tier in self.tiers,
            not _any_in(self.without, told),
            self._aged(discharge.birth_year, discharge.discharge_date),
        )
        return all(checks)

    def _diagnosed(self, discharge: Discharge) -> bool:
        by_code = any(code.startswith(prefix) for code in discharge.icd10 for prefix in self.icd10)
        return by_code or _any_in(self.diagnosis, discharge.diagnosis.upper())

    def _aged(self, birth_year: int | None, on: date) -> bool:
        if self.age_from is None and self.age_to is None:
            return True
        if birth_year is None:
            return False
        age = on.year - birth_year
        return (self.age_from or 0) <= age <= (self.age_to if self.age_to is not None else age)


def _any_in(words: tuple[str, ...], text: str) -> bool:
    return any(word.upper() in text for word in words)


@dataclass(frozen=True, slots=True)
class TierRule:
    """Sets the tier where the source does not say one; the first that fits counts."""

    name: str
    who: Who
    tier: Tier


@dataclass(frozen=True, slots=True)
class PathwayRule:
    """`use` in place of what the pathways' own `applies_to` would choose, `add` beside it; all that fit count."""

    name: str
    who: Who
    use: tuple[str, ...] = ()
    add: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """A contact each `days` days, for `total` days."""

    days: int
    total: int


@dataclass(frozen=True, slots=True)
class AfterRed:
    """What a red escalation does to the plan: its tier from then on (None: as it was), and closer contacts."""

    tier: Tier | None
    every: Every


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """The next contact within `within_days` once the last `times` values of a reading missed their target. `reading`
    is "blood_pressure" (both bounds systolic, diastolic) or the id of a numeric question (one bound)."""

    name: str
    reading: str
    times: int
    within_days: int
    below: tuple[float, ...] = ()  # the target is below this: a value at or over it misses it
    above: tuple[float, ...] = ()  # the target is above this

    def missed(self, values: tuple[float, ...]) -> bool:
        over = any(value >= bound for value, bound in zip(values, self.below, strict=False))
        return over or any(value <= bound for value, bound in zip(values, self.above, strict=False))


@dataclass(frozen=True, slots=True)
class PlanRules:
    """`weekly` by tier: further contacts between a pathway's nodes. Patients of an `education_only` tier are sent the
    pathway's education on its days and are not called."""

    default_tier: Tier = Tier.MIDDLE
    tiers: tuple[TierRule, ...] = ()
    pathways: tuple[PathwayRule, ...] = ()
    closer: Mapping[Tier, Every] = field(default_factory=dict)
    education_only: frozenset[Tier] = frozenset()
    after_red: AfterRed | None = None
    readings: tuple[ReadingRule, ...] = ()

    def tier_of(self, discharge: Discharge) -> Tier:
        """The source's own word, else the first rule that fits, else the default."""
        if discharge.tier is not None:
            return discharge.tier
        fitting = (rule.tier for rule in self.tiers if rule.who.fits(discharge, None))
        return next(fitting, self.default_tier)

    def node_days(self, days: tuple[int, ...], tier: Tier) -> tuple[int, ...]:
        """A pathway's days with the closer contacts of the tier; none within half a step of a day that is there."""
        every = self.closer.get(tier)
        if every is None:
            return tuple(sorted(set(days)))
        chosen = set(days)
        for day in range(every.days, every.total + 1, every.days):
            if all(abs(day - known) * 2 > every.days for known in chosen):
                chosen.add(day)
        return tuple(sorted(chosen))
