"""Nodes with their dates → contacts of a plan, and the event row each begins with. Pure."""

from collections.abc import Iterable
from datetime import datetime

from agent.model.clock import NewId
from agent.model.contact import Contact, ContactStatus
from agent.model.people import Plan
from agent.model.record import Event
from agent.planning.node_dates import NodeDate


def contacts_of(plan: Plan, nodes: Iterable[NodeDate], new_id: NewId) -> tuple[Contact, ...]:
    return tuple(
        Contact(
            id=new_id(),
            plan_id=plan.id,
            patient_id=plan.patient_id,
            pathway=plan.pathway,
            pathway_version=plan.pathway_version,
            node_day=node.day,
            due_at=node.due_at,
            status=node.status,
            reason=node.reason,
        )
        for node in nodes
    )


def noted(contact: Contact, before: ContactStatus | None, at: datetime, actor: str) -> Event:
    """The contact as it is now, with the reason it carries."""
    came_from = before.value if before else None
    return Event("contact", contact.id, came_from, contact.status.value, at, actor, contact.reason)
