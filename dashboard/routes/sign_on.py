"""Login through the house's own identity provider, beside passwords: the way there, the way back, the way out."""

import logging
from datetime import timedelta

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from agent.model.record import User
from dashboard import words
from dashboard.routes.account import LoginForm, address_of, set_cookie, signed_in
from dashboard.sessions import tries_of
from dashboard.signon.errors import Reason, SignOnError
from dashboard.signon.sign_on import SignOn
from dashboard.signon.tickets import LENGTH, TICKET_COOKIE, Ticket
from dashboard.web import Web, form_of, local_path, web_of

router = APIRouter()
log = logging.getLogger("suifang.sign_on")
TRIES_OF_AN_ADDRESS = 30
STATUS = {Reason.UNREACHABLE: 503, Reason.TOO_OFTEN: 429}


@router.get("/login/house")
async def there(request: Request, next: str = "/queue") -> Response:
    """To the provider, with a ticket that only this browser can use."""
    web, where = web_of(request), local_path(next)
    sign_on = _sign_on(web)
    ticket, cookie = web.tickets.issue(where, web.deps.now())
    try:
        response = RedirectResponse(await sign_on.provider.way_in(ticket), 303)
    except SignOnError as error:
        return _refused(request, error, where)
    set_cookie(response, request, (TICKET_COOKIE, cookie), seconds=int(LENGTH.total_seconds()), path="/login")
    return response


@router.get("/login/house/return")
async def back(request: Request, state: str = "", code: str = "", error: str = "", iss: str = "") -> Response:
    """What the provider sent the browser back with; the ticket is spent whatever comes of it."""
    web, where = web_of(request), "/queue"
    sign_on = _sign_on(web)
    try:
        ticket = web.tickets.use(request.cookies.get(TICKET_COOKIE, ""), state, web.deps.now())
        where = ticket.next
        if iss and iss != sign_on.door.issuer:  # RFC 9207
            raise SignOnError(Reason.UNTRUSTED, "iss")
        if error or not code:
            raise SignOnError(Reason.REFUSED, "no code")
        user = await _exchanged(request, sign_on, code, ticket)
    except SignOnError as refusal:
        return _refused(request, refusal, where)
    return _spent(signed_in(request, user, where, sign_on.session_length, by_house=True))


@router.get("/login/house/leave")
async def out(request: Request) -> Response:
    """Ends the provider's own session too, so that the next person at this computer is asked who they are."""
    sign_on = _sign_on(web_of(request))
    try:
        leave = await sign_on.provider.way_out(f"{sign_on.workstation}/login")
    except SignOnError as error:
        return _refused(request, error, "/queue")
    return RedirectResponse(leave or "/login", 303)


@router.post("/login/house/ended")
async def ended(request: Request) -> Response:
    """The provider itself tells that somebody's sessions are over: disabled there, or logged out (OpenID Connect
    Back-Channel Logout). Only what its keys signed counts."""
    web = web_of(request)
    sign_on, form = _sign_on(web), await form_of(request)
    try:
        await sign_on.end(web.deps.store, form.get("logout_token", ""), web.deps.now)
    except SignOnError as error:
        log.warning("logout refused: %s (%s)", error.reason, error.detail)
        return JSONResponse({"error": "invalid_request"}, 400, headers={"cache-control": "no-store"})
    return Response(status_code=200, headers={"cache-control": "no-store"})


async def _exchanged(request: Request, sign_on: SignOn, code: str, ticket: Ticket) -> User:
    """Only codes that the provider does not take count towards the brake: what is refused without asking it costs
    nobody anything, and a ward shares one address. Whoever gets in lifts it. Raises SignOnError."""
    web = web_of(request)
    key, now = tries_of("", f"{address_of(request)}/sign-on"), web.deps.now()
    if web.throttle.wait(key, now, allowed=TRIES_OF_AN_ADDRESS) > timedelta():
        raise SignOnError(Reason.TOO_OFTEN)
    try:
        user = await sign_on.enter(web.deps.store, code, ticket, web.deps.now)
    except SignOnError as refusal:
        if refusal.reason in (Reason.UNREACHABLE, Reason.UNTRUSTED):
            web.throttle.failed(key, now)
        raise
    web.throttle.succeeded(key)
    return user


def _sign_on(web: Web) -> SignOn:
    if web.deps.sign_on is None:
        raise HTTPException(404)
    return web.deps.sign_on


def _refused(request: Request, error: SignOnError, where: str) -> Response:
    """The login page with what to do; passwords work all the same."""
    log.warning("sign-on refused: %s (%s)", error.reason, error.detail)
    form = LoginForm(where, error=words.SIGN_ON[error.reason])
    return _spent(form.shown(request, status=STATUS.get(error.reason, 403)))


def _spent(response: Response) -> Response:
    response.delete_cookie(TICKET_COOKIE, path="/login")
    return response
