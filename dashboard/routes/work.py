"""The work page: queue, evidence, patient, and what a nurse does there."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent.escalation.follow_up import FollowUp, FollowUpOver
from agent.escalation.states import AlreadyResolved, AlreadyYours, NotAllowed, TakenByOther
from agent.model.escalation import Disposition
from agent.model.people import Tier
from agent.store.ports import StaleVersion
from dashboard.actions import Actions
from dashboard.views import case, queue
from dashboard.web import Posted, Viewer, is_fragment, posted, reader, web_of
from dashboard.words import DISPOSITIONS

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
Acting = Annotated[Posted, Depends(posted)]


@router.get("/queue")
async def work_page(request: Request, viewer: Reader, show: str = "") -> Response:
    return await _page(request, viewer, None, show)


@router.get("/queue/list")
async def card_list(request: Request, viewer: Reader, show: str = "", open: str = "") -> Response:
    """The left pane alone; `open` is the card that stands beside it."""
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        cards = await queue.load(records, web.deps, viewer.user, show)
    return web.page("_cards.html", viewer, queue=cards, open_id=open)


@router.get("/escalations/{escalation_id}")
async def escalation_page(request: Request, viewer: Reader, escalation_id: str, show: str = "") -> Response:
    if is_fragment(request):
        return await _panes(request, viewer, escalation_id)
    return await _page(request, viewer, escalation_id, show)


async def _page(request: Request, viewer: Viewer, escalation_id: str | None, show: str) -> Response:
    web = web_of(request)
    async with web.seen_by(viewer) as records:
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
    async with web.seen_by(viewer) as records:
        opened = await case.load(records, web.deps, viewer.user, escalation_id)
    return web.page("_case.html", viewer, status=status, case=opened, message=message)


@router.post("/escalations/{escalation_id}/{what}")
async def act(request: Request, form: Acting, escalation_id: str, what: str) -> Response:
    """404 for what cannot be done with a card."""
    if what not in DEEDS:
        raise HTTPException(404)
    return await _done(request, form, escalation_id, what)


@router.post("/contacts/{contact_id}/turns/{turn_id}/missed")
async def missed(request: Request, form: Acting, contact_id: str, turn_id: str) -> Response:
    """The robot passed over a danger in this turn: kept as a labelled case; back to the card it was marked from."""
    await Actions(web_of(request).deps, form.viewer.user).missed(contact_id, turn_id)
    card = form.field("card")
    if is_fragment(request) and card:
        return await _panes(request, form.viewer, card)
    return RedirectResponse(f"/escalations/{card}" if card else f"/contacts/{contact_id}", 303)


async def _take(actions: Actions, form: Posted, card: str) -> None:
    await actions.take(card)


async def _release(actions: Actions, form: Posted, card: str) -> None:
    await actions.release(card)


async def _assign(actions: Actions, form: Posted, card: str) -> None:
    await actions.assign(card, form.field("to"))


async def _snooze(actions: Actions, form: Posted, card: str) -> None:
    minutes, why = form.field("minutes"), form.field("why")
    if not (minutes.isdecimal() and int(minutes) and why):
        raise HTTPException(400)
    await actions.snooze(card, min(int(minutes), WEEK_MINUTES), why)


async def _note(actions: Actions, form: Posted, card: str) -> None:
    if words := form.field("note"):
        await actions.note(card, words)


async def _resolve(actions: Actions, form: Posted, card: str) -> None:
    try:
        disposition = Disposition(form.field("disposition"))
        tier = Tier(form.field("tier")) if form.field("tier") else None
    except ValueError:
        raise HTTPException(400) from None
    if disposition not in DISPOSITIONS:
        raise HTTPException(400)
    follow_up = FollowUp(form.field("recall") == "1", tier, form.field("referral")[:REFERRAL_LIMIT])
    await actions.resolve(card, disposition, form.field("note"), follow_up)


WEEK_MINUTES = 7 * 24 * 60
REFERRAL_LIMIT = 200
DEEDS: dict[str, Callable[[Actions, Posted, str], Awaitable[None]]] = {
    "take": _take,
    "release": _release,
    "assign": _assign,
    "snooze": _snooze,
    "note": _note,
    "resolve": _resolve,
}


async def _done(request: Request, form: Posted, escalation_id: str, what: str) -> Response:
    """The panes anew for a script, the page for a plain form; 409 with who has it when the card was not free."""
    web = web_of(request)
    message, status = "", 200
    try:
        await DEEDS[what](Actions(web.deps, form.viewer.user), form, escalation_id)
    except NotAllowed as refusal:
        message, status = await _why(request, refusal), 409
    except StaleVersion:
        message, status = "同事刚刚更新了这条预警，请看过后再操作", 409
    if is_fragment(request):
        return await _panes(request, form.viewer, escalation_id, message=message, status=status)
    if not message:
        return RedirectResponse(f"/escalations/{escalation_id}", 303)
    async with web.seen_by(form.viewer) as records:
        cards = await queue.load(records, web.deps, form.viewer.user)
        opened = await case.load(records, web.deps, form.viewer.user, escalation_id)
    return web.page(
        "queue.html", form.viewer, status=status, queue=cards, case=opened, open_id=escalation_id, picked=True,
        message=message,
    )  # fmt: skip


async def _why(request: Request, refusal: NotAllowed) -> str:
    if isinstance(refusal, FollowUpOver):
        return "患者的随访已经停止，不能再安排机器人拨打"
    if isinstance(refusal, AlreadyYours):
        return "这条预警已经在这位同事手里"
    if not isinstance(refusal, TakenByOther | AlreadyResolved):
        return "这条预警现在没有人接手"
    async with web_of(request).deps.store.transaction(write=False) as records:
        owner = await records.user(refusal.owner or "")
    name = owner.display_name if owner else "同事"
    return f"{name} 已处理完这条预警" if isinstance(refusal, AlreadyResolved) else f"{name} 已接手，正在处理"
