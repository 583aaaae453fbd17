"""Login, logout, changing the password."""

import asyncio
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent.model.record import Event, User
from agent.store.passwords import hash_password
from agent.store.ports import Records
from dashboard.accounts import SIGNED_IN, password_fits, weakness
from dashboard.languages import HOME, LANGUAGES
from dashboard.sessions import COOKIE, LOGIN_COOKIE, stamp_of, tries_of
from dashboard.web import LoginRequired, Posted, Viewer, Web, form_of, local_path, posted, reader, web_of

router = APIRouter()

LANGUAGE_COOKIE, YEAR_SECONDS = "suifang_language", 365 * 24 * 3600
TRIES_OF_A_NAME = 5  # from one address
TRIES_OF_AN_ADDRESS = 30


@router.get("/login")
async def login_page(request: Request, next: str = "/queue", left: str = "") -> Response:
    """`left`: somebody has just logged out who came through the house's identity provider."""
    web = web_of(request)
    try:
        await web.viewer(request)
        return RedirectResponse(local_path(next), 303)
    except LoginRequired:
        return LoginForm(local_path(next), left=left == "house").shown(request)


@dataclass(frozen=True, slots=True)
class LoginForm:
    """The form as it is shown: again after an error, with what was typed."""

    next: str
    name: str = ""
    error: str = ""
    left: bool = False

    def shown(self, request: Request, *, status: int = 200) -> Response:
        web = web_of(request)
        nonce = secrets.token_urlsafe(16)
        spoken = request.cookies.get(LANGUAGE_COOKIE, "")
        page = web.page(
            "login.html", None, status=status, language=spoken if spoken in LANGUAGES else HOME, form=self,
            token=web.sessions.token(nonce),
        )  # fmt: skip
        set_cookie(page, request, (LOGIN_COOKIE, nonce), seconds=3600, path="/login")
        return page


@router.post("/login")
async def login(request: Request) -> Response:
    web = web_of(request)
    form = await form_of(request)
    where, name = local_path(form.get("next", "")), form.get("name", "").strip()[:64]
    nonce = request.cookies.get(LOGIN_COOKIE, "")
    if not nonce or not web.sessions.token_fits(nonce, form.get("token", "")):
        return LoginForm(where, name, "页面已过期，请重新登录").shown(request, status=403)
    now = web.deps.now()
    keys = _keys(request, name)
    wait = max(web.throttle.wait(key, now, allowed=allowed) for key, allowed in keys)
    if wait > timedelta():
        minutes = int(wait.total_seconds() // 60) + 1
        return LoginForm(where, name, f"失败次数过多，请 {minutes} 分钟后再试").shown(request, status=429)
    user = await _checked(web, name, form.get("password", ""))
    if user is None:
        for key, _ in keys:
            web.throttle.failed(key, now)
        return LoginForm(where, name, "用户名或密码不正确").shown(request, status=401)
    web.throttle.succeeded(keys[0][0])
    if user.disabled:
        return LoginForm(where, name, "这个账号已停用，请联系管理员").shown(request, status=403)
    async with web.deps.store.transaction() as records:
        await records.add_event(Event("user", user.name, None, SIGNED_IN, now, user.name))
    target = "/password" if user.must_change else where
    return signed_in(request, user, target, web.deps.session_length)


def _keys(request: Request, name: str) -> tuple[tuple[str, int], ...]:
    address = address_of(request)
    return (tries_of(name, address), TRIES_OF_A_NAME), (tries_of("", address), TRIES_OF_AN_ADDRESS)


def address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


async def _checked(web: Web, name: str, password: str) -> User | None:
    async with web.deps.store.transaction(write=False) as records:
        user = await records.user(name) if name else None
    async with web.hashing:
        fits = await asyncio.to_thread(password_fits, user, password[:256])
    return user if fits else None


def signed_in(request: Request, user: User, where: str, length: timedelta, *, by_house: bool = False) -> Response:
    """On to `where`, with a new session of that length."""
    web, response = web_of(request), RedirectResponse(where, 303)
    cookie = (COOKIE, web.sessions.open(user, web.deps.now(), length, by_house=by_house))
    set_cookie(response, request, cookie, seconds=int(length.total_seconds()))
    response.delete_cookie(LOGIN_COOKIE, path="/login")
    return response


def set_cookie(response: Response, request: Request, cookie: tuple[str, str], *, seconds: int, path: str = "/") -> None:
    name, value = cookie
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, path=path, httponly=True, samesite="lax", secure=secure)


@router.post("/logout")
async def logout(request: Request, form: Annotated[Posted, Depends(posted)]) -> Response:
    web = web_of(request)
    web.sessions.end(form.viewer.session, web.deps.now())
    came_by_house = web.deps.sign_on is not None and form.viewer.user.subject is not None
    response = RedirectResponse("/login?left=house" if came_by_house else "/login", 303)
    response.delete_cookie(COOKIE)
    return response


@router.get("/password")
async def password_page(request: Request, viewer: Annotated[Viewer, Depends(reader)]) -> Response:
    return web_of(request).page("password.html", viewer, error="")


@router.post("/password")
async def change_password(request: Request, form: Annotated[Posted, Depends(posted)]) -> Response:
    web, user = web_of(request), form.viewer.user
    now = web.deps.now()
    new = form.form.get("new", "")
    error = "两次输入的新密码不一致" if new != form.form.get("again", "") else weakness(new, user)
    key = tries_of(user.name, "/password")
    if web.throttle.wait(key, now, allowed=TRIES_OF_A_NAME) > timedelta():
        error = "失败次数过多，请稍后再试"
    if error is None and await _checked(web, user.name, form.form.get("old", "")) is None:
        web.throttle.failed(key, now)
        error = "当前密码不正确"
    if error is not None:
        return web.page("password.html", form.viewer, status=422, error=error)
    async with web.hashing:
        hashed = await asyncio.to_thread(hash_password, new[:256])
    async with web.deps.store.transaction() as records:
        changed = replace(await _still(records, user), password_hash=hashed, must_change=False)
        await records.save_user(changed)
        await records.add_event(Event("user", user.name, None, "password_changed", now, user.name))
    web.throttle.forget(user.name)
    return signed_in(request, changed, "/queue", web.deps.session_length)


async def _still(records: Records, user: User) -> User:
    """The account as it is now: an administrator may have changed it since the page asked who is there. Raises
    LoginRequired where its sessions ended meanwhile."""
    now = await records.user(user.name)
    if now is None or now.disabled or stamp_of(now) != stamp_of(user):
        raise LoginRequired
    return now


@router.post("/language")
async def language(request: Request, form: Annotated[Posted, Depends(posted)]) -> Response:
    """The pages' language from now on, for this user; the login page's, for this browser."""
    chosen = form.field("language")
    if chosen not in LANGUAGES:
        raise HTTPException(400)
    async with web_of(request).deps.store.transaction() as records:
        await records.save_user(replace(await _still(records, form.viewer.user), language=chosen))
    response = RedirectResponse("/queue", 303)
    set_cookie(response, request, (LANGUAGE_COOKIE, chosen), seconds=YEAR_SECONDS, path="/login")
    return response
