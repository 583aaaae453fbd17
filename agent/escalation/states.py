"""What may be done with an escalation, and what comes of it. Every door to the store uses these."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from agent.model.clock import require_aware
from agent.model.escalation import Disposition, Escalation, EscalationStatus
from agent.model.record import Event


class Action(StrEnum):
    TAKE = "take"
    RELEASE = "release"
    RESOLVE = "resolve"
    CLIMB = "climb"  # a yellow one turns red: back to everybody's queue, whoever held it


OPEN, TAKEN, RESOLVED = EscalationStatus.OPEN, EscalationStatus.TAKEN, EscalationStatus.RESOLVED

TRANSITIONS: dict[Action, dict[EscalationStatus, EscalationStatus]] = {
    Action.TAKE: {OPEN: TAKEN},
    Action.RELEASE: {TAKEN: OPEN},
    Action.RESOLVE: {OPEN: RESOLVED, TAKEN: RESOLVED},
    Action.CLIMB: {OPEN: OPEN, TAKEN: OPEN},
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
    taken = replace(escalation, status=status, owner=user, taken_at=require_aware(now))
    return taken, event(escalation, status, now, user)


def release(
    escalation: Escalation, user: str, now: datetime, *, reason: str | None = None, over_owner: bool = False
) -> tuple[Escalation, Event]:
    """Back to the queue. `over_owner`: a charge nurse or the clock gives back another's card.
    Raises TakenByOther, NotTaken, AlreadyResolved."""
    owner = escalation.owner if over_owner and escalation.owner else user
    status = _next(escalation, Action.RELEASE, owner)
    freed = replace(escalation, status=status, owner=None, taken_at=None)
    return freed, event(escalation, status, now, user, reason)


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
        disposition=disposition,
        note=note or escalation.note,
    )
    return resolved, event(escalation, status, now, user, disposition.value)


def event(before: Escalation, status: EscalationStatus, at: datetime, actor: str, reason: str | None = None) -> Event:
    return Event("escalation", before.id, before.status.value, status.value, at, actor, reason)


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
