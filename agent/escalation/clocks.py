"""What time alone does to an escalation: it turns amber and red, comes back, and climbs. Pure; the file decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.escalation.states import OPEN, SNOOZED, TAKEN, event, release, wake
from agent.model.escalation import Escalation
from agent.model.finding import Level
from agent.model.record import Event

CLOCK = "clock"  # the actor of what time does


@dataclass(frozen=True, slots=True)
class Patience:
    """After how long a waiting card's clock turns, and how long it may be put off at most."""

    amber: timedelta
    red: timedelta
    snooze: timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told when a red card was open for `after`: telephone numbers, openids, addresses of web hooks."""

    name: str
    after: timedelta
    sms: tuple[str, ...] = ()
    wechat: tuple[str, ...] = ()
    webhook: tuple[str, ...] = ()

    @property
    def addressed(self) -> bool:
        return bool(self.sms or self.wechat or self.webhook)


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """The ladder's rungs stand in the order of their times; `trouble`: who is told that the house itself is in it."""

    patience: Mapping[Level, Patience]
    give_back: timedelta
    ladder: tuple[Rung, ...] = ()
    trouble: Rung | None = None

    @property
    def unaddressed(self) -> tuple[str, ...]:
        """Who stands on the ladder and can be told nothing."""
        return tuple(rung.name for rung in self.ladder if not rung.addressed)


@dataclass(frozen=True, slots=True)
class MovedByTime:
    """The escalation to save, what happened, and whom to tell."""

    escalation: Escalation
    event: Event
    rung: Rung | None = None


def heat(escalation: Escalation, now: datetime, policy: ClockPolicy) -> str:
    """How the wait clock of an open card looks: empty, "amber" or "red". It runs from the first word."""
    patience, waited = policy.patience[escalation.level], now - escalation.created_at
    return "" if waited < patience.amber else "amber" if waited < patience.red else "red"


def moved_by_time(escalation: Escalation, now: datetime, policy: ClockPolicy) -> MovedByTime | None:
    """What the clock does to this escalation at `now`; None when its time has not come."""
    if escalation.status is SNOOZED and (escalation.snoozed_until is None or escalation.snoozed_until <= now):
        return MovedByTime(*wake(escalation, now, CLOCK))
    stood = now - escalation.stands_since
    if escalation.status is TAKEN and stood >= policy.give_back:
        return MovedByTime(*release(escalation, CLOCK, now, reason="untouched", over_owner=True))
    rung = next_rung(escalation, policy)
    if rung is not None and stood >= rung.after:
        told = replace(escalation, told=escalation.told + 1)
        return MovedByTime(told, event(escalation, escalation.status, now, CLOCK, f"told:{rung.name}"), rung)
    return None


def next_rung(escalation: Escalation, policy: ClockPolicy) -> Rung | None:
    """Who is told next when nobody takes this one; None for what does not climb, or has no one left to tell."""
    climbs = escalation.status is OPEN and escalation.level is Level.RED
    return policy.ladder[escalation.told] if climbs and escalation.told < len(policy.ladder) else None


def snooze_limit(escalation: Escalation, now: datetime, policy: ClockPolicy) -> datetime:
    """Until when this one may be put off at the latest."""
    return now + policy.patience[escalation.level].snooze
