"""What a conversation starts from, put together from the contact and the patient."""

import re
from datetime import datetime, timedelta

from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Channel
from agent.model.session import Facts
from agent.model.step import Opening
from agent.turn.education import lessons_of
from agent.turn.ports import Hospital
from agent.turn.records import Before

ELDER_OVER_YEARS = 75
_COMPOUND_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|轩辕|夏侯|端木|百里|南宫|西门|独孤"
)


def spoken_title(name: str, sex: str | None) -> str:
    """王先生, 欧阳女士; the whole name where the sex is not known."""
    if sex not in ("male", "female") or len(name) < 2:
        return name
    compound = _COMPOUND_SURNAME.match(name) if len(name) > 2 else None
    surname = compound.group() if compound else name[0]
    return surname + ("先生" if sex == "male" else "女士")


def is_elder(birth_year: int | None, now: datetime) -> bool:
    """Over 75 by the calendar year; not known: no."""
    return birth_year is not None and now.astimezone(HOSPITAL_ZONE).year - birth_year > ELDER_OVER_YEARS


def opening_for(before: Before, channel: Channel, hospital: Hospital, now: datetime) -> Opening:
    """A phone call says that it is recorded, an unsigned pathway that it is a demonstration."""
    contact, patient, pathway = before.contact, before.patient, before.pathway
    later = [node.day for node in pathway.nodes if node.day > contact.node_day]
    facts = Facts(
        name=patient.name,
        title=spoken_title(patient.name, patient.sex),
        birth_year=patient.birth_year,
        id_last4=patient.id_last4,
        phone_last4=patient.phone[-4:],
        sex=patient.sex,
        caregiver=patient.caregiver_name,
        hospital=hospital.name,
        department=patient.department or "",
        callback=hospital.callback,
        next_contact=(before.plan.discharge_date + timedelta(days=min(later))).isoformat() if later else "",
        one_off=contact.campaign_id is not None,
        education_follows=(hospital.sends_education or channel is Channel.WEBCHAT)
        and bool(lessons_of(pathway, contact.node_day, drafts=hospital.drafts)),
        nurse_from=hospital.nurse_hours[0],
        nurse_until=hospital.nurse_hours[1],
    )
    return Opening(
        contact_id=contact.id,
        node_day=contact.node_day,
        channel=channel,
        facts=facts,
        recording=channel is Channel.PHONE,
        draft=pathway.draft and hospital.drafts,
        elder=channel is Channel.PHONE and is_elder(patient.birth_year, now),
    )
