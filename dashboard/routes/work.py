"""The work page: queue, evidence, patient, and what a nurse does there."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent.escalation.states import AlreadyResolved, NotAllowed, TakenByOther
from agent.model.escalation import Disposition
from agent.store.ports import StaleVersion
from dashboard.actions import Actions
from dashboard.views import case, queue
from dashboard.web import Posted, Viewer, acting, is_fragment, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
Acting = Annotated[Posted, Depends(acting)]


@router.get("/queue")
async def work_page(request: Request, viewer: Reader, show: str = "") -> Response:
    return await _page(request, viewer, None, show)


@router.get("/queue/list")
async def card_list(request: Request, viewer: Reader, show: str = "", open: str = "") -> Response:
    """The left pane alone; `open` is the card that stands beside it."""
    web = web_of(request)
    async with web.deps.store.transaction(write=False) as records:
        cards = await queue.load(records, web.deps, viewer.user, show)
    return web.page("_cards.html", viewer, queue=cards, open_id=open)


@router.get("/escalations/{escalation_id}")
async def escalation_page(request: Request, viewer: Reader, escalation_id: str, show: str = "") -> Response:
    if is_fragment(request):
        return await _panes(request, viewer, escalation_id)
    return await _page(request, viewer, escalation_id, show)


async def _page(request: Request, viewer: Viewer, escalation_id: str | None, show: str) -> Response:
    web = web_of(request)
    async with web.deps.store.transaction(write=False) as records:
        cards = await queue.load(records, web.deps, viewer.user, show)
        chosen = escalation_id or cards.first
        opened = await case.load(records, web.deps, viewer.user, chosen) if chosen else None
    return web.page(
        "queue.html",
        viewer,
        queue=cards,
        case=opened,
        open_id=chosen or "",
        picked=escalation_id is not None,
        message="",
    )


async def _panes(
    request: Request, viewer: Viewer, escalation_id: str, *, message: str = "", status: int = 200
) -> Response:
    web = web_of(request)
    async with web.deps.store.transaction(write=False) as records:
        opened = await case.load(records, web.deps, viewer.user, escalation_id)
    return web.page("_case.html", viewer, status=status, case=opened, message=message)


@router.post("/escalations/{escalation_id}/take")
async def take(request: Request, form: Acting, escalation_id: str) -> Response:
    return await _done(request, form, escalation_id, "take")


@router.post("/escalations/{escalation_id}/release")
async def release(request: Request, form: Acting, escalation_id: str) -> Response:
    return await _done(request, form, escalation_id, "release")


@router.post("/escalations/{escalation_id}/note")
async def note(request: Request, form: Acting, escalation_id: str) -> Response:
    return await _done(request, form, escalation_id, "note")


@router.post("/escalations/{escalation_id}/resolve")
async def resolve(request: Request, form: Acting, escalation_id: str) -> Response:
    return await _done(request, form, escalation_id, "resolve")


async def _act(actions: Actions, form: Posted, escalation_id: str, what: str) -> None:
    words = form.field("note")
    if what == "take":
        await actions.take(escalation_id)
    elif what == "release":
        await actions.release(escalation_id)
    elif what == "note":
        if words:
            await actions.note(escalation_id, words)
    else:
        try:
            disposition = Disposition(form.field("disposition"))
        except ValueError:
            raise HTTPException(400) from None
        await actions.resolve(escalation_id, disposition, words)


async def _done(request: Request, form: Posted, escalation_id: str, what: str) -> Response:
    """The panes anew for a script, the page for a plain form; 409 with who has it when the card was not free."""
    web = web_of(request)
    message, status = "", 200
    try:
        await _act(Actions(web.deps, form.viewer.user), form, escalation_id, what)
    except NotAllowed as refusal:
        message, status = await _why(request, refusal), 409
    except StaleVersion:
        message, status = "同事刚刚更新了这条预警，请看过后再操作", 409
    if is_fragment(request):
        return await _panes(request, form.viewer, escalation_id, message=message, status=status)
    if not message:
        return RedirectResponse(f"/escalations/{escalation_id}", 303)
    async with web.deps.store.transaction(write=False) as records:
        cards = await queue.load(records, web.deps, form.viewer.user)
        opened = await case.load(records, web.deps, form.viewer.user, escalation_id)
    return web.page(
        "queue.html", form.viewer, status=status, queue=cards, case=opened, open_id=escalation_id, picked=True,
        message=message,
    )  # fmt: skip


async def _why(request: Request, refusal: NotAllowed) -> str:
    if not isinstance(refusal, TakenByOther | AlreadyResolved):
        return "这条预警现在没有人接手"
    async with web_of(request).deps.store.transaction(write=False) as records:
        owner = await records.user(refusal.owner or "")
    name = owner.display_name if owner else "同事"
    return f"{name}已处理完这条预警" if isinstance(refusal, AlreadyResolved) else f"{name}已接手，正在处理"
