"""What a person changes about a patient beside the plan line: the record, the tier, consent; a message, one more
contact."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent.attempts.transitions import NotAllowed, Stamp, stop_everything, stopped_because, take_up_again
from agent.by_hand import plan as plan_by_hand
from agent.by_hand.patient import correct
from agent.exchange import cells
from agent.model.contact import Channel
from agent.model.people import Patient, Tier
from agent.planning.replan import change_tier
from agent.planning.when import When
from agent.store.ports import Duplicate
from agent.text_consent import note_consent
from dashboard.web import Posted, posted, web_of
from dashboard.writing import Letter, NotWritten, write

router = APIRouter()
Acting = Annotated[Posted, Depends(posted)]
MOST_TAGS, LONGEST_TAG, WHY_LIMIT = 12, 16, 60


@router.post("/patients/{patient_id}/record")
async def record(request: Request, form: Acting, patient_id: str) -> Response:
    deps, user = web_of(request).deps, form.viewer.user
    try:
        async with deps.store.transaction(sees=user.department) as records:
            before = await records.patient(patient_id)
            changed = await correct(records, before, _corrected(before, form), deps.now(), user.name)
    except cells.BadCell as bad:
        return _back(patient_id, bad.code)
    except Duplicate:
        return _back(patient_id, "namesake")
    return _back(patient_id, "saved" if changed else "same")


def _corrected(before: Patient, form: Posted) -> Patient:
    """Raises BadCell."""
    family, family_phone = form.field("caregiver_name"), form.field("caregiver_phone")
    return replace(
        before,
        phone=cells.phone(form.field("phone")),
        caregiver_name=family[:40] or None,
        caregiver_phone=cells.phone(family_phone) if family_phone else None,
        tags=tuple(tag[:LONGEST_TAG] for tag in cells.tags(form.field("tags")))[:MOST_TAGS],
    )


@router.post("/patients/{patient_id}/tier")
async def tier(request: Request, form: Acting, patient_id: str) -> Response:
    """What lies ahead of the plan changes with it."""
    deps, user = web_of(request).deps, form.viewer.user
    if form.field("tier") not in set(Tier):
        raise HTTPException(400)
    async with deps.store.transaction(sees=user.department) as records:
        when = When(deps.now(), deps.new_id, user.name, deps.next_open)
        done = await change_tier(records, patient_id, Tier(form.field("tier")), deps.plans, when)
    return _back(patient_id, "replanned" if done.added or done.waived else "saved")


@router.post("/patients/{patient_id}/consent")
async def consent(request: Request, form: Acting, patient_id: str) -> Response:
    """What the patient told a person: no contact any more, contact again, health questions by SMS or not."""
    deps, user = web_of(request).deps, form.viewer.user
    what, now = form.field("what"), deps.now()
    stamp = Stamp(now, user.name, deps.new_id())
    async with deps.store.transaction(sees=user.department) as records:
        await records.patient(patient_id)
        if what == "stop" and await stopped_because(records, patient_id) is None:
            await stop_everything(records, patient_id, "opt_out", Channel.PHONE, stamp)
        elif what == "resume":
            await take_up_again(records, patient_id, stamp)
        elif what in ("text", "no-text"):
            await note_consent(records, patient_id, agreed=what == "text", now=now, actor=user.name)
        elif what != "stop":
            raise HTTPException(400)
    return _back(patient_id, {"stop": "stopped", "resume": "resumed"}.get(what, "saved"))


@router.post("/patients/{patient_id}/contacts")
async def add_contact(request: Request, form: Acting, patient_id: str) -> Response:
    deps, user = web_of(request).deps, form.viewer.user
    why = form.field("why")[:WHY_LIMIT]
    try:
        day = date.fromisoformat(form.field("day"))
    except ValueError:
        raise HTTPException(400) from None
    if not why:
        raise HTTPException(400)
    try:
        async with deps.store.transaction(sees=user.department) as records:
            plan = next((each for each in await records.plans(patient_id) if each.id == form.field("plan")), None)
            if plan is None:
                raise HTTPException(404)
            await plan_by_hand.add(records, plan, day, why, When(deps.now(), deps.new_id, user.name, deps.next_open))
    except NotAllowed:
        return _back(patient_id, "not_added")
    return _back(patient_id, "added")


@router.post("/patients/{patient_id}/messages")
async def message(request: Request, form: Acting, patient_id: str) -> Response:
    deps, user = web_of(request).deps, form.viewer.user
    if deps.writing is None:
        raise HTTPException(404)
    letter = Letter(form.field("channel"), form.field("template"), form.field("words"))
    now = deps.now()
    try:
        async with deps.store.transaction(sees=user.department) as records:
            patient = await records.patient(patient_id)
            written = (deps.new_id(), user.name, now, deps.next_open(now))
            await write(records, patient, letter, deps.writing, written)
    except NotWritten as refused:
        return _back(patient_id, refused.code)
    return _back(patient_id, "written")


def _back(patient_id: str, said: str) -> Response:
    return RedirectResponse(f"/patients/{patient_id}?said={said}", 303)
