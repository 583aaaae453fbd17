"""What may be done with an escalation, and what comes of it. Every door to the store uses these."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from agent.model.clock import require_aware
from agent.model.escalation import Disposition, Escalation, EscalationStatus
from agent.model.record import Event


class Action(StrEnum):
    TAKE = "take"
    ASSIGN = "assign"
    RELEASE = "release"
    SNOOZE = "snooze"
    WAKE = "wake"  # its time came, or the patient said it again
    RESOLVE = "resolve"
    CLIMB = "climb"  # a yellow one turns red: back to everybody's queue, whoever held it
    JOIN = "join"  # another card of the same words tells it


OPEN, TAKEN, RESOLVED = EscalationStatus.OPEN, EscalationStatus.TAKEN, EscalationStatus.RESOLVED
SNOOZED = EscalationStatus.SNOOZED

TRANSITIONS: dict[Action, dict[EscalationStatus, EscalationStatus]] = {
    Action.TAKE: {OPEN: TAKEN, SNOOZED: TAKEN},
    Action.ASSIGN: {OPEN: TAKEN, TAKEN: TAKEN, SNOOZED: TAKEN},
    Action.RELEASE: {TAKEN: OPEN},
    Action.SNOOZE: {OPEN: SNOOZED, TAKEN: SNOOZED},
    Action.WAKE: {SNOOZED: OPEN},
    Action.RESOLVE: {OPEN: RESOLVED, TAKEN: RESOLVED, SNOOZED: RESOLVED},
    Action.CLIMB: {OPEN: OPEN, TAKEN: OPEN, SNOOZED: OPEN},
    Action.JOIN: {OPEN: RESOLVED, TAKEN: RESOLVED, SNOOZED: RESOLVED},
}


class NotAllowed(Exception):
    """The action does not fit the escalation as it stands. `code` is stable."""

    code = "not_allowed"


class TakenByOther(NotAllowed):
    """Somebody else has it; `owner` is their user name."""

    code = "taken_by_other"

    def __init__(self, owner: str) -> None:
        super().__init__(owner)
        self.owner = owner


class AlreadyYours(NotAllowed):
    code = "already_yours"


class NotTaken(NotAllowed):
    code = "not_taken"


class AlreadyResolved(NotAllowed):
    """It is finished; `owner` is who finished it."""

    code = "already_resolved"

    def __init__(self, owner: str | None) -> None:
        super().__init__(owner or "")
        self.owner = owner


def take(escalation: Escalation, user: str, now: datetime) -> tuple[Escalation, Event]:
    """`user` answers for it from now on. Raises TakenByOther, AlreadyYours, AlreadyResolved."""
    status = _next(escalation, Action.TAKE, user)
    return _held(escalation, status, user, now), event(escalation, status, now, user)


def assign(
    escalation: Escalation, by: str, to: str, now: datetime, *, over_owner: bool = False
) -> tuple[Escalation, Event]:
    """`to` answers for it from now on. Giving it to its owner again raises AlreadyYours; `over_owner` as in release.
    Raises TakenByOther, AlreadyResolved."""
    if escalation.status is TAKEN and escalation.owner == to:
        raise AlreadyYours(to)
    status = _next(escalation, Action.ASSIGN, _acting_as(escalation, by, over_owner))
    return _held(escalation, status, to, now), event(escalation, status, now, by, f"assigned:{to}")


def release(
    escalation: Escalation, user: str, now: datetime, *, reason: str | None = None, over_owner: bool = False
) -> tuple[Escalation, Event]:
    """Back to the queue. `over_owner`: a charge nurse or the clock gives back another's card.
    Raises TakenByOther, NotTaken, AlreadyResolved."""
    status = _next(escalation, Action.RELEASE, _acting_as(escalation, user, over_owner))
    return freed(escalation, status, now), event(escalation, status, now, user, reason)


def snooze(escalation: Escalation, user: str, now: datetime, until: datetime) -> tuple[Escalation, Event]:
    """Out of sight until `until`, when it comes back to everybody's queue. Raises TakenByOther, NotAllowed where it
    is snoozed already, AlreadyResolved."""
    status = _next(escalation, Action.SNOOZE, user)
    away = replace(
        escalation, status=status, owner=user, touched_at=require_aware(now), snoozed_until=require_aware(until)
    )
    return away, event(escalation, status, now, user, "snoozed")


def wake(escalation: Escalation, now: datetime, actor: str = "clock") -> tuple[Escalation, Event]:
    """Back in everybody's queue. Raises NotTaken where it is not snoozed, AlreadyResolved."""
    status = _next(escalation, Action.WAKE, actor)
    return freed(escalation, status, now), event(escalation, status, now, actor, "snooze_over")


def resolve(
    escalation: Escalation, user: str, now: datetime, disposition: Disposition, note: str | None = None
) -> tuple[Escalation, Event]:
    """Finished, with what was done. One nobody took counts as taken by `user` at the same moment.
    Raises TakenByOther, AlreadyResolved."""
    status = _next(escalation, Action.RESOLVE, user)
    resolved = replace(
        escalation,
        status=status,
        owner=user,
        taken_at=escalation.taken_at or require_aware(now),
        resolved_at=require_aware(now),
        touched_at=require_aware(now),
        snoozed_until=None,
        disposition=disposition,
        note=note or escalation.note,
    )
    return resolved, event(escalation, status, now, user, disposition.value)


def joined(escalation: Escalation, now: datetime) -> Escalation:
    """Told by another card from now on. Nobody finished it, so it is no finished work: there is no `resolved_at`."""
    return replace(
        escalation,
        status=_next(escalation, Action.JOIN, escalation.owner or ""),
        touched_at=require_aware(now),
        snoozed_until=None,
        disposition=Disposition.JOINED,
    )


def freed(escalation: Escalation, status: EscalationStatus, now: datetime) -> Escalation:
    """Nobody's card again, standing so since `now`."""
    return replace(
        escalation, status=status, owner=None, taken_at=None, snoozed_until=None, touched_at=require_aware(now)
    )


def event(before: Escalation, status: EscalationStatus, at: datetime, actor: str, reason: str | None = None) -> Event:
    return Event("escalation", before.id, before.status.value, status.value, at, actor, reason)


def _held(escalation: Escalation, status: EscalationStatus, owner: str, now: datetime) -> Escalation:
    """In somebody's hands; the ladder begins anew should it come back."""
    moment = require_aware(now)
    return replace(
        escalation, status=status, owner=owner, taken_at=moment, touched_at=moment, snoozed_until=None, told=0
    )


def _acting_as(escalation: Escalation, user: str, over_owner: bool) -> str:
    return escalation.owner if over_owner and escalation.owner else user


def _next(escalation: Escalation, action: Action, user: str) -> EscalationStatus:
    """The status that follows for `user`; raises the NotAllowed that says why there is none."""
    if escalation.status is RESOLVED:
        raise AlreadyResolved(escalation.owner)
    if escalation.status is TAKEN and escalation.owner not in (None, user):
        raise TakenByOther(str(escalation.owner))
    following = TRANSITIONS[action].get(escalation.status)
    if following is None:
        raise AlreadyYours(user) if action is Action.TAKE else NotTaken(action.value)
    return following
