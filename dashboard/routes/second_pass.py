"""A nurse has held what read differently against the recording."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from agent.model.record import Event
from agent.model.second_pass import SecondPassStatus
from agent.store.ports import NotFound
from dashboard.web import Posted, posted, web_of

router = APIRouter()
Acting = Annotated[Posted, Depends(posted)]


@router.post("/second-passes/{attempt_id}/checked")
async def checked(request: Request, form: Acting, attempt_id: str) -> Response:
    """404 for what is not there or not over; checking twice changes nothing."""
    deps, user = web_of(request).deps, form.viewer.user
    async with deps.store.transaction(sees=user.department) as records:
        found = await records.second_pass(attempt_id)
        if found is None or found.status is not SecondPassStatus.DONE:
            raise NotFound("second_passes")
        if found.checked_at is None:
            now = deps.now()
            await records.save_second_pass(replace(found, checked_by=user.name, checked_at=now))
            await records.add_event(
                Event("second_pass", attempt_id, found.status, "checked", now, user.name, None)
            )
    return RedirectResponse(f"/contacts/{found.contact_id}", 303)
