"""What is owed to a patient after a completed contact: the education its node names, in the words of that day."""

from collections.abc import Iterable
from datetime import datetime

from agent.model.clock import NewId
from agent.model.contact import Contact, ContactStatus
from agent.model.education import EducationDue
from agent.model.pathway import Education, Pathway
from agent.model.step import Step
from agent.store.ports import Records


def owed(step: Step, pathway: Pathway, *, drafts: bool) -> tuple[Education, ...]:
    """Nothing before the contact is completed; what no clinician signed only where the house lets drafts run."""
    if step.end is None or step.end.contact_status is not ContactStatus.COMPLETED:
        return ()
    return lessons_of(pathway, step.session.node_day, drafts=drafts)


def lessons_of(pathway: Pathway, day: int, *, drafts: bool) -> tuple[Education, ...]:
    """What this node would send."""
    named = (pathway.education[key] for key in pathway.nearest(day).education)
    return tuple(lesson for lesson in named if drafts or lesson.approval.given)


async def queue(records: Records, lessons: Iterable[Education], contact: Contact, now: datetime, new_id: NewId) -> None:
    """Each lesson waits from now on, in the same transaction that completes the contact."""
    for lesson in lessons:
        due = EducationDue(new_id(), contact.id, contact.patient_id, lesson.id, lesson.title, lesson.text, now)
        await records.add_education(due)
