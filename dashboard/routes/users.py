"""Who works here: accounts, roles, wards, passwords. For administrators."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent.model.record import Role
from agent.store.passwords import generate_password, hash_password
from dashboard.accounts import SIGNED_IN
from dashboard.managing import Account, Managing, Refused
from dashboard.signon.door import awaited_name
from dashboard.web import Posted, Viewer, posted, reader, web_of

router = APIRouter()
Acting = Annotated[Posted, Depends(posted)]
SAID = {
    "edited": "已保存。", "disabled": "账号已停用，登录已全部退出。", "enabled": "账号已恢复，可以登录。",
    "signed_out": "已退出这个账号的全部登录。", "unbound": "已解除统一登录，这个账号的登录已全部退出。",
}  # fmt: skip


@router.get("/users")
async def users_page(request: Request, viewer: Annotated[Viewer, Depends(reader)], said: str = "") -> Response:
    return await _shown(request, viewer, message=SAID.get(said, ""))


@router.post("/users")
async def add(request: Request, form: Acting) -> Response:
    """The new user's password is shown on the page that answers, once."""
    name, password = form.field("name").lower(), generate_password()
    try:
        await _managing(request, form).add(name, _account(form), await asyncio.to_thread(hash_password, password))
    except Refused as refused:
        return await _shown(request, form.viewer, error=str(refused))
    return await _shown(request, form.viewer, fresh=(name, password))


@router.post("/users/{name}/{what}")
async def change(request: Request, form: Acting, name: str, what: str) -> Response:
    """404 for what cannot be done with an account."""
    managing = _managing(request, form)
    try:
        if what == "password":
            password = generate_password()
            await managing.new_password(name, await asyncio.to_thread(hash_password, password))
            web_of(request).throttle.forget(name)
            return await _shown(request, form.viewer, fresh=(name, password))
        if what == "edit":
            await managing.edit(name, _account(form))
            return RedirectResponse("/users?said=edited", 303)
        deeds = {"disable": managing.disable, "enable": managing.enable, "sign-out": managing.sign_out,
                 "unbind": managing.unbind}
        if what not in deeds:
            raise HTTPException(404)
        await deeds[what](name)
    except Refused as refused:
        return await _shown(request, form.viewer, error=str(refused))
    said = {"disable": "disabled", "enable": "enabled", "sign-out": "signed_out", "unbind": "unbound"}[what]
    return RedirectResponse(f"/users?said={said}", 303)


def _managing(request: Request, form: Posted) -> Managing:
    return Managing(web_of(request).deps, form.viewer.user.name)


def _account(form: Posted) -> Account:
    """Raises Refused."""
    return Account.of(form.field)


async def _shown(
    request: Request, viewer: Viewer, *, message: str = "", error: str = "", fresh: tuple[str, str] | None = None
) -> Response:
    web = web_of(request)
    async with web.deps.store.transaction(write=False) as records:
        users = await records.users()
        departments = {*await records.departments(), *(each.department for each in users if each.department)}
        last = await records.last_events("user", SIGNED_IN)
    sign_on = web.deps.sign_on
    awaits = {each.name: awaited_name(each, sign_on.door.issuer) for each in users} if sign_on else {}
    return web.page(
        "users.html", viewer, status=422 if error else 200, users=users, departments=sorted(departments), last=last,
        roles=tuple(Role), message=message, error=error, fresh=fresh, awaits=awaits,
    )  # fmt: skip
