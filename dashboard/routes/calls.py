"""Calls in progress: who is talked with, the words as they are said, the sound, and taking a call over."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from agent.exchange.cells import BadCell, phone
from agent.model.contact import OPEN_OUTCOMES, AttemptOutcome
from agent.model.record import Event
from agent.model.take_over import TakeOver
from agent.store.ports import NotFound
from dashboard import live_sound, recordings
from dashboard.recordings import NoAudio
from dashboard.rights import Permission
from dashboard.sessions import COOKIE
from dashboard.views import live_calls
from dashboard.web import LoginRequired, Posted, Viewer, is_fragment, posted, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
Acting = Annotated[Posted, Depends(posted)]


@router.get("/calls")
async def calls_page(request: Request, viewer: Reader) -> Response:
    return await _page(request, viewer, None)


@router.get("/calls/list")
async def call_list(request: Request, viewer: Reader, open: str = "") -> Response:
    """The left pane alone."""
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        calls = await live_calls.load(records, web.deps)
    return web.page("_calls.html", viewer, calls=calls, open_id=open)


@router.get("/calls/{attempt_id}")
async def call_page(request: Request, viewer: Reader, attempt_id: str) -> Response:
    """The right pane for a script, else the whole page with this call open."""
    if not is_fragment(request):
        return await _page(request, viewer, attempt_id)
    return await _open_call(request, viewer, attempt_id)


@router.get("/calls/{attempt_id}/hearing")
async def hearing(request: Request, viewer: Reader, attempt_id: str) -> Response:
    """What the patient is saying at this moment, as far as it is understood; nothing where the call runs in another
    process."""
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        await records.attempt(attempt_id)
    return PlainTextResponse(web.deps.hearing(attempt_id))


@router.get("/calls/{attempt_id}/sound")
async def sound(request: Request, viewer: Reader, attempt_id: str) -> Response:
    """The call's sound as it is recorded, 16-bit mono, with its rate in a header. Who listens is an event."""
    web = web_of(request)
    deps, user = web.deps, viewer.user
    async with deps.store.transaction(sees=user.department) as records:
        attempt = await records.attempt(attempt_id)
        tapes = await records.recordings(contact_id=attempt.contact_id)
        tape = next((each for each in tapes if each.attempt_id == attempt_id), None)
        if tape is None or attempt.outcome not in OPEN_OUTCOMES:
            raise HTTPException(404)
        await records.add_event(Event("attempt", attempt_id, None, live_calls.LISTENED, deps.now(), user.name))
    try:
        path = recordings.inside(deps.recordings_folder, tape.path)
        rate = recordings.open_wav(path).rate
    except (NoAudio, OSError):
        raise HTTPException(404) from None

    async def still() -> bool:
        """The call runs, and whoever listens still may."""
        try:
            listener = await web.still(request.cookies[COOKIE])
            async with web.seen_by(listener) as records:
                open_yet = (await records.attempt(attempt_id)).outcome in OPEN_OUTCOMES
        except (LoginRequired, NotFound):
            return False
        return open_yet and listener.may(Permission.LISTEN)

    headers = {"cache-control": "private, no-store", "x-accel-buffering": "no", "x-rate": str(rate)}
    return StreamingResponse(live_sound.sound(path, still), headers=headers, media_type="application/octet-stream")


@router.post("/calls/{attempt_id}/take-over")
async def take_over(request: Request, form: Acting, attempt_id: str) -> Response:
    """The robot says one sentence, then the nurse's telephone rings; the call hears of it wherever it runs."""
    deps, user = web_of(request).deps, form.viewer.user
    now = deps.now()
    try:
        number = phone(form.field("number"))
    except BadCell as problem:
        return await _open_call(request, form.viewer, attempt_id, f"{problem.reason}，{problem.remedy}", 422)
    async with deps.store.transaction(sees=user.department) as records:
        attempt = await records.attempt(attempt_id)
        if talking := attempt.outcome is AttemptOutcome.ANSWERED:
            await records.ask_take_over(TakeOver(attempt_id, attempt.contact_id, user.name, number, now))
            await records.add_event(Event("attempt", attempt_id, None, live_calls.TOOK_OVER, now, user.name))
    if not talking:
        return await _open_call(request, form.viewer, attempt_id, "通话已经结束，不能接管", 409)
    if is_fragment(request):
        return await _open_call(request, form.viewer, attempt_id)
    return RedirectResponse(f"/calls/{attempt_id}", 303)


async def _open_call(
    request: Request, viewer: Viewer, attempt_id: str, message: str = "", status: int = 200
) -> Response:
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        call = await live_calls.one(records, web.deps, viewer.user, attempt_id)
    return web.page("_call.html", viewer, status=status, call=call, message=message)


async def _page(request: Request, viewer: Viewer, attempt_id: str | None) -> Response:
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        calls = await live_calls.load(records, web.deps)
        chosen = attempt_id or (calls[0].id if calls else None)
        call = await live_calls.one(records, web.deps, viewer.user, chosen) if chosen else None
    return web.page(
        "calls.html", viewer, calls=calls, call=call, message="", open_id=chosen or "", picked=attempt_id is not None
    )
