"""Patients, one patient, the day's contacts, one contact's conversation."""

import asyncio
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from dashboard import times, words
from dashboard.rights import Permission
from dashboard.views import changes, conversation, ledger, live_calls, patient, review, standing
from dashboard.web import Viewer, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]


@router.get("/patients")
async def patients_page(request: Request, viewer: Reader, q: str = "") -> Response:
    web = web_of(request)
    text = q.strip()[:40]
    async with web.seen_by(viewer) as records:
        rows = await ledger.load_patients(records, web.deps, text)
    return web.page("patients.html", viewer, rows=rows, text=text, most=ledger.PATIENTS)


@router.get("/patients/{patient_id}")
async def patient_page(request: Request, viewer: Reader, patient_id: str, said: str = "") -> Response:
    """`said` is what came of a change of the plan."""
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        view = await patient.load(records, web.deps, patient_id)
        stands = await standing.load(records, web.deps, view.patient, view.plans)
        sent = await patient.sent(records, patient_id)
        met = {node.contact.id: node.attempts for node in reversed(view.nodes) if node.attempts}
        talks = await conversation.load_many(records, met)
    book = web.deps.house.pathways if viewer.may(Permission.PATHWAYS) else None
    pictures = await asyncio.to_thread(patient.pictures, sent, view, book)
    told = words.ARRANGED.get(said, "")
    by_node = [(view.node(contact_id), talks[contact_id]) for contact_id in met]
    return web.page(
        "patient.html", viewer, person=view, talks=by_node, message=told, stands=stands, sent=sent, pictures=pictures
    )


@router.get("/patients/{patient_id}/summary")
async def summary_page(request: Request, viewer: Reader, patient_id: str) -> Response:
    """健康阶段总结, laid out for A4; the browser prints it or saves it as PDF."""
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        view = await patient.load(records, web.deps, patient_id)
    return web.page("summary.html", viewer, person=view)


@router.get("/contacts")
async def contacts_page(request: Request, viewer: Reader, day: str = "") -> Response:
    web = web_of(request)
    today = times.day_of(web.deps.now())
    try:
        asked = date.fromisoformat(day) if day else today
    except ValueError:
        raise HTTPException(404) from None
    async with web.seen_by(viewer) as records:
        view = await ledger.load_day(records, web.deps, asked)
    one = timedelta(days=1)
    return web.page(
        "contacts.html", viewer, ledger=view, today=today, before=asked - one, after=asked + one,
        day_text=times.day_words(asked),
    )  # fmt: skip


@router.get("/contacts/{contact_id}")
async def contact_page(request: Request, viewer: Reader, contact_id: str) -> Response:
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        contact = await records.contact(contact_id)
        view = await patient.load(records, web.deps, contact.patient_id)
        talks = await conversation.load(records, contact)
        reviews = review.reviews_to_show(await review.load(records, web.deps, contact))
        missed = await conversation.missed_turns(records, contact_id)
        watched = await live_calls.watched(records, [talk.attempt for talk in talks if talk.attempt])
        changed = await changes.load(records, contact)
    return web.page(
        "contact.html", viewer, person=view, node=view.node(contact_id), talks=talks, reviews=reviews, missed=missed,
        watched=watched, changed=changed,
    )  # fmt: skip
