"""What a nurse arranges when she finishes a card. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from agent.escalation.states import NotAllowed
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Contact, ContactStatus
from agent.model.people import Plan, PlanStatus, Tier

RECALL_HOUR = time(9)  # hospital time; the calling hours may move it later
RECALL = "recall"  # the new contact's reason


class FollowUpOver(NotAllowed):
    """The patient is not to be called any more: deceased, or asked for it."""

    code = "follow_up_over"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`referral` says where the patient is sent, in the nurse's words."""

    recall: bool = False
    tier: Tier | None = None
    referral: str = ""


def recall(contact: Contact, plan: Plan, contact_id: str, now: datetime) -> Contact:
    """The same questions again tomorrow morning, as a contact of its own with the id `contact_id`.
    Raises FollowUpOver."""
    if plan.status is PlanStatus.CANCELLED:
        raise FollowUpOver(RECALL)
    tomorrow = now.astimezone(HOSPITAL_ZONE).date() + timedelta(days=1)
    return replace(
        contact,
        id=contact_id,
        due_at=datetime.combine(tomorrow, RECALL_HOUR, HOSPITAL_ZONE),
        status=ContactStatus.DUE,
        attempts_made=0,
        reason=RECALL,
        version=1,
        planned_for=tomorrow,
    )
