"""What a person changes in a patient's plan: call now, another day, once more, not at all."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent.attempts.transitions import NotAllowed
from agent.by_hand import plan as plan_by_hand
from agent.by_hand.call_back import bring_forward
from agent.by_hand.patient import correct
from agent.by_hand.plan import Wish
from agent.exchange import cells
from agent.model.contact import Contact, ContactStatus
from agent.model.record import OutboxKind, OutboxMessage
from agent.store.ports import Duplicate, Records, StaleVersion
from dashboard.web import Posted, posted, web_of

router = APIRouter()
Acting = Annotated[Posted, Depends(posted)]
Change = Callable[[Records, Contact], Awaitable[Contact]]
WHY_LIMIT = 60


@router.post("/patients/{patient_id}/call")
async def call(request: Request, form: Acting, patient_id: str) -> Response:
    """The patient's next contact is due now; the page says when there is none."""
    deps, user = web_of(request).deps, form.viewer.user
    async with deps.store.transaction(sees=user.department) as records:
        await records.patient(patient_id)
        waiting = await records.contacts(patient_id=patient_id, status=ContactStatus.DUE)
        if waiting:
            await bring_forward(records, waiting[0], deps.now(), user.name)
            await records.add_outbox(_told(request, waiting[0]))
    return RedirectResponse(f"/patients/{patient_id}?said={'called' if waiting else 'nobody'}", 303)


@router.post("/contacts/{contact_id}/move")
async def move(request: Request, form: Acting, contact_id: str) -> Response:
    wish = _wish(request, form)
    try:
        day = date.fromisoformat(form.field("day"))
    except ValueError:
        raise HTTPException(400) from None
    return await _change(request, form, contact_id, lambda records, it: plan_by_hand.move(records, it, day, wish))


@router.post("/contacts/{contact_id}/waive")
async def waive(request: Request, form: Acting, contact_id: str) -> Response:
    wish = _wish(request, form)
    return await _change(request, form, contact_id, lambda records, it: plan_by_hand.waive(records, it, wish))


def _wish(request: Request, form: Posted) -> Wish:
    """400 without a reason."""
    why = form.field("why")[:WHY_LIMIT]
    if not why:
        raise HTTPException(400)
    return Wish(form.viewer.user.name, web_of(request).deps.now(), why)


@router.post("/contacts/{contact_id}/again")
async def again(request: Request, form: Acting, contact_id: str) -> Response:
    """One more round, after its attempts ran out."""
    deps, user = web_of(request).deps, form.viewer.user
    return await _change(
        request, form, contact_id, lambda records, it: plan_by_hand.again(records, it, deps.now(), user.name)
    )


@router.post("/contacts/{contact_id}/number")
async def number(request: Request, form: Acting, contact_id: str) -> Response:
    """Another telephone of the patient's, and once more on it."""
    deps, user = web_of(request).deps, form.viewer.user
    try:
        told = cells.phone(form.field("phone"))
    except cells.BadCell as bad:
        return _back(form, await _patient_of(request, form, contact_id), bad.code)

    async def change(records: Records, it: Contact) -> Contact:
        patient = await records.patient(it.patient_id)
        await correct(records, patient, replace(patient, phone=told), deps.now(), user.name)
        return await plan_by_hand.again(records, it, deps.now(), user.name)

    return await _change(request, form, contact_id, change)


async def _change(request: Request, form: Posted, contact_id: str, change: Change) -> Response:
    """Back to where it was asked, told what came of it."""
    said, user = "saved", form.viewer.user
    patient_id = await _patient_of(request, form, contact_id)
    try:
        async with web_of(request).deps.store.transaction(sees=user.department) as records:
            changed = await change(records, await records.contact(contact_id))
            await records.add_outbox(_told(request, changed))
    except (NotAllowed, StaleVersion):
        said = "refused"
    except Duplicate:
        said = "namesake"
    return _back(form, patient_id, said)


async def _patient_of(request: Request, form: Posted, contact_id: str) -> str:
    async with web_of(request).seen_by(form.viewer) as records:
        return (await records.contact(contact_id)).patient_id


def _back(form: Posted, patient_id: str, said: str) -> Response:
    where = "/unreachable" if form.field("back") == "unreachable" else f"/patients/{patient_id}"
    return RedirectResponse(f"{where}?said={said}", 303)


def _told(request: Request, contact: Contact) -> OutboxMessage:
    deps = web_of(request).deps
    return OutboxMessage(deps.new_id(), OutboxKind.CONTACT_CHANGED, contact.id, deps.now())
