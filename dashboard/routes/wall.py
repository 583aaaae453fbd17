"""The page on a wall: its link is made and withdrawn by an administrator, and shows figures, no names."""

import hashlib
import secrets
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent.model.display import Display
from agent.model.record import Event
from dashboard.views import wall
from dashboard.web import Posted, Viewer, posted, reader, web_of

router = APIRouter()
Acting = Annotated[Posted, Depends(posted)]
COOKIE = "suifang_wall"
YEAR_SECONDS = 366 * 86_400
LONGEST_NAME = 40


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@router.get("/displays")
async def displays_page(request: Request, viewer: Annotated[Viewer, Depends(reader)]) -> Response:
    return await _listed(request, viewer)


@router.post("/displays")
async def make(request: Request, form: Acting) -> Response:
    """The link is shown on the page that answers, once."""
    deps, key, name = web_of(request).deps, secrets.token_urlsafe(24), form.field("name")[:LONGEST_NAME]
    if not name:
        raise HTTPException(400)
    made = Display(
        deps.new_id(), name, hash_of(key), form.viewer.user.name, deps.now(), form.field("department") or None,
        form.field("surnames") == "1",
    )  # fmt: skip
    async with deps.store.transaction() as records:
        await records.add_display(made)
        await records.add_event(Event("display", made.id, None, "made", deps.now(), made.made_by))
    return await _listed(request, form.viewer, link=f"{request.url.scheme}://{request.url.netloc}/wall/{key}")


@router.post("/displays/{display_id}/revoke")
async def revoke(request: Request, form: Acting, display_id: str) -> Response:
    """Revoking twice changes nothing."""
    deps = web_of(request).deps
    async with deps.store.transaction() as records:
        display = await records.display(display_id)
        if display.revoked_at is None:
            await records.save_display(replace(display, revoked_at=deps.now()))
            await records.add_event(Event("display", display.id, "made", "revoked", deps.now(), form.viewer.user.name))
    return RedirectResponse("/displays", 303)


async def _listed(request: Request, viewer: Viewer, link: str = "") -> Response:
    web = web_of(request)
    async with web.deps.store.transaction(write=False) as records:
        displays, departments = await records.displays(), await records.departments()
        names = {user.name: user.display_name for user in await records.users()}
    return web.page("displays.html", viewer, displays=displays, departments=departments, names=names, link=link)


@router.get("/wall")
async def wall_page(request: Request) -> Response:
    return await _shown(request, "wall.html")


@router.get("/wall/board")
async def board(request: Request) -> Response:
    return await _shown(request, "_wall.html")


@router.get("/wall/{key}")
async def enter(request: Request, key: str) -> Response:
    """The secret leaves the address bar for a cookie that only these pages get."""
    if await _display(request, key) is None:
        return _closed(request)
    response = RedirectResponse("/wall", 303)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, key, max_age=YEAR_SECONDS, path="/wall", httponly=True, samesite="lax", secure=secure)
    return response


async def _shown(request: Request, template: str) -> Response:
    web = web_of(request)
    display = await _display(request, request.cookies.get(COOKIE, ""))
    if display is None:
        return _closed(request)
    async with web.deps.store.transaction(write=False, sees=display.department) as records:
        found = await wall.load(records, web.deps, display)
    return web.page(template, None, board=found, display=display)


def _closed(request: Request) -> Response:
    return web_of(request).page("wall_closed.html", None, status=403)


async def _display(request: Request, key: str) -> Display | None:
    """None for a link that was never made or is withdrawn."""
    async with web_of(request).deps.store.transaction(write=False) as records:
        display = await records.display_by_key(hash_of(key)) if key else None
    return display if display is not None and display.revoked_at is None else None
