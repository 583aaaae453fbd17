"""Whose openid it is: bound by a code or by name, year of birth and telephone; unbound; tried too often."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.model.clock import NewId
from agent.model.people import Patient
from agent.model.record import Event
from agent.model.wechat import BindingRole, WechatBinding
from agent.store.ports import NotFound, Records
from agent.wechat.codes import Invited

MOST_TRIES = 5
TRIES_WITHIN = timedelta(hours=24)
REFUSED = "binding_refused"
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_NAME = re.compile(r"(?:姓名|名字|我叫|我是|叫)?[:：]?\s*([\u4e00-\u9fff·]{2,8})")


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says they are; `phone` is E.164."""

    name: str
    birth_year: int
    phone: str


def read_claim(text: str) -> Claim | None:
    """王建国 1955 13800000000, in any order, with or without labels; None where one of the three is missing."""
    phone = _PHONE.search(text)
    rest = _PHONE.sub(" ", text)
    year = _YEAR.search(rest)
    rest = re.sub(r"出生年份|出生|手机号|手机|电话|生日|年份|年生|年", " ", _YEAR.sub(" ", rest))
    name = _NAME.search(rest)
    if phone is None or year is None or name is None:
        return None
    return Claim(name[1], int(year[1]), "+86" + re.sub(r"\D", "", phone[1]))


async def patient_of(records: Records, claim: Claim) -> Patient | None:
    """The patient if all three are right; one without a year of birth on record is bound by a code only."""
    found = await records.find_patient(name=claim.name, phone=claim.phone)
    return found if found is not None and found.birth_year == claim.birth_year else None


async def tried_too_often(records: Records, openid: str, now: datetime) -> bool:
    tries = [event for event in await records.events("wechat", openid) if event.to_status == REFUSED]
    return sum(event.at > now - TRIES_WITHIN for event in tries) >= MOST_TRIES


async def note_refusal(records: Records, openid: str, now: datetime) -> None:
    await records.add_event(Event("wechat", openid, None, REFUSED, now, "patient"))


async def bind(records: Records, openid: str, invited: Invited, now: datetime, new_id: NewId) -> bool:
    """An openid speaks for one patient at a time: another binding of it ends; returns whether there was one.
    Raises NotFound for a patient who is not there."""
    patient = await records.patient(invited.patient_id)
    old = await records.wechat_binding(openid)
    if old is not None and (old.patient_id, old.role) == (patient.id, invited.role):
        return False
    if old is not None:
        await end(records, old, now)
    made = WechatBinding(new_id(), openid, patient.id, invited.role, now, consent=invited.consent)
    await records.add_wechat_binding(made)
    reason = invited.consent or None
    await records.add_event(Event("patient", patient.id, None, f"wechat_bound_{invited.role}", now, "patient", reason))
    return old is not None


async def end(records: Records, binding: WechatBinding, now: datetime) -> None:
    await records.save_wechat_binding(replace(binding, unbound_at=now))
    word = f"wechat_unbound_{binding.role}"
    await records.add_event(Event("patient", binding.patient_id, None, word, now, "patient"))


async def end_caregivers(records: Records, patient_id: str, now: datetime) -> int:
    theirs = [each for each in await records.wechat_bindings(patient_id) if each.role is BindingRole.CAREGIVER]
    for each in theirs:
        await end(records, each, now)
    return len(theirs)


async def named(records: Records, patient_id: str) -> str:
    """The patient's name; "" where there is none."""
    try:
        return (await records.patient(patient_id)).name
    except NotFound:
        return ""
