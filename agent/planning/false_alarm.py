"""A red alarm that turned out false: what it alone brought into the plan is taken back."""

from collections.abc import Sequence
from datetime import timedelta

from agent.attempts.transitions import moved
from agent.model.contact import ContactStatus
from agent.model.escalation import Disposition, Escalation, EscalationStatus
from agent.model.finding import Level
from agent.model.people import Tier
from agent.model.record import Event
from agent.planning.contacts import noted
from agent.planning.replan import AFTER_RED, REPLANNED, TIER_CHANGED, PlanSource, Replanned, change_tier
from agent.planning.when import When
from agent.store.ports import Records

FALSE_ALARM = "false_alarm"
TAKEN_BACK = "taken_back"


def was_false(card: Escalation) -> bool:
    return card.status is EscalationStatus.RESOLVED and card.disposition is Disposition.FALSE_ALARM


async def take_back(records: Records, card: Escalation, source: PlanSource, when: When) -> Replanned:
    """Once for each card: the contacts that red alarms brought, if nobody has tried them, are waived, and the tier that
    they raised is as before unless somebody changed it since. Nothing while another red alarm still asks for them."""
    told = {event.to_status for event in await records.events("escalation", card.id)}
    rule = source.rules.after_red
    if rule is None or REPLANNED not in told or TAKEN_BACK in told:
        return Replanned()
    red = [each for each in await records.escalations(patient_id=card.patient_id) if each.level is Level.RED]
    still = when.now - timedelta(days=rule.every.total)
    if any(each.created_at >= still and not was_false(each) for each in red):
        return Replanned()
    await records.add_event(Event("escalation", card.id, card.status, TAKEN_BACK, when.now, when.actor, FALSE_ALARM))
    gone = 0
    for contact in await records.contacts(patient_id=card.patient_id, status=ContactStatus.DUE):
        if contact.reason == AFTER_RED and contact.attempts_made == 0 and contact.due_at > when.now:
            waived = moved(contact, ContactStatus.WAIVED, reason=FALSE_ALARM)
            await records.save_contact(waived)
            await records.add_event(noted(waived, contact.status, when.now, when.actor))
            gone += 1
    back = await _tier_back(records, [each for each in red if was_false(each)], source, when)
    return Replanned(back.added, back.waived + gone)


async def _tier_back(records: Records, false: Sequence[Escalation], source: PlanSource, when: When) -> Replanned:
    patient_id = false[0].patient_id
    changes = [event for event in await records.events("patient", patient_id) if event.reason == TIER_CHANGED]
    last = changes[-1] if changes else None
    raised = [
        (event.at, event.actor)
        for each in false
        for event in await records.events("escalation", each.id)
        if event.to_status == REPLANNED
    ]
    if last is None or last.from_status is None or (last.at, last.actor) not in raised:
        return Replanned()
    return await change_tier(records, patient_id, Tier(last.from_status), source, when)
