"""What every route shares: who is asking, forms, rendering."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection

from agent.model.record import User
from agent.store.screens import ScreenRecords
from dashboard import times, words
from dashboard.cards import printer
from dashboard.deps import DashboardDeps, no_practice
from dashboard.languages import HOME, LANGUAGES, SpokenWords, Translated, catalogue, composed, why
from dashboard.recordings import PeakCache
from dashboard.rights import PUBLIC, SIGNED_IN, Permission, may, open_to
from dashboard.sessions import COOKIE, Session, Sessions, Throttle, stamp_of
from dashboard.signon.tickets import Tickets
from dashboard.uploads import Uploads

HERE = Path(__file__).parent
BODY_LIMIT = 32 * 1024


class LoginRequired(Exception):
    """No valid session."""


class PasswordDue(Exception):
    """Somebody else chose this password: it opens nothing but the page where it is changed."""


class Forged(Exception):
    """A form without this session's token."""


@dataclass(frozen=True, slots=True)
class Viewer:
    user: User
    session: Session
    token: str
    told: int  # changes told before anything of the page was read

    def may(self, permission: Permission) -> bool:
        return may(self.user.role, permission)

    @property
    def must_change(self) -> bool:
        """Whether they came in with a password that somebody else made; whoever the house lets in never saw theirs."""
        return self.user.must_change and not self.session.by_house


class Web:
    """The dashboard's own state; one for each application."""

    def __init__(self, deps: DashboardDeps) -> None:
        self.deps = deps
        self.sessions = Sessions(deps.secret_key)
        self.tickets = Tickets(deps.secret_key)
        self.throttle = Throttle()
        self.hashing = asyncio.Semaphore(2)  # argon2 takes 64 MB and a core while it runs
        self.peaks = PeakCache()
        self.uploads = Uploads()
        self._shown = {
            "hospital": deps.hospital,
            "pathway_title": deps.pathway_titles,
            "pathway_version": deps.pathway_versions,
            "practises": deps.practice is not no_practice,
            "campaigns": deps.campaigning is not None,
            "unaddressed": deps.clocks.unaddressed,
            "imports": deps.importing is not None,
            "house": deps.house,
            "sign_on": deps.sign_on.label if deps.sign_on else "",
        }

    def page(
        self, template: str, viewer: Viewer | None, *, status: int = 200, language: str = HOME, **values: Any
    ) -> HTMLResponse:
        """In the viewer's language, or in `language` where nobody has logged in."""
        now = self.deps.now()
        language = viewer.user.language if viewer else language
        html = templates(language).get_template(template).render(viewer=viewer, now=now, **self._shown, **values)
        return HTMLResponse(html, status)

    async def viewer(self, request: HTTPConnection) -> Viewer:
        """Raises LoginRequired: no cookie, expired, ended, the user is gone, disabled or has a new seal. Asked twice
        about one request it looks once."""
        known = getattr(request.state, "viewer", None)
        if isinstance(known, Viewer):
            return known
        request.state.viewer = viewer = await self.still(request.cookies.get(COOKIE, ""))
        return viewer

    async def still(self, cookie: str) -> Viewer:
        """Who holds this cookie now: asked again while something lasts. Raises LoginRequired."""
        session = self.sessions.read(cookie, self.deps.now())
        if session is None:
            raise LoginRequired
        told = self.deps.live.told
        async with self.deps.store.transaction(write=False) as records:
            user = await records.user(session.user)
        if user is None or user.disabled or stamp_of(user) != session.stamp:
            raise LoginRequired
        return Viewer(user, session, self.sessions.token(session.id), told)

    def seen_by(self, viewer: Viewer) -> AbstractAsyncContextManager[ScreenRecords]:
        """A reading transaction in which other departments' patients do not exist."""
        return self.deps.store.transaction(write=False, sees=viewer.user.department)


def web_of(request: Request) -> Web:
    web = request.app.state.web
    assert isinstance(web, Web)
    return web


async def allowed(request: Request) -> None:
    """Every route's guard, by the table of rights: login first, then 403 for what the role may not."""
    path = request.scope["route"].path
    if (request.method, path) in PUBLIC:
        return
    viewer = await web_of(request).viewer(request)
    if viewer.must_change and (request.method, path) not in SIGNED_IN:
        raise PasswordDue
    if not open_to(viewer.user.role, request.method, path):
        raise HTTPException(403)


async def reader(request: Request) -> Viewer:
    """The signed-in user of a page."""
    return await web_of(request).viewer(request)


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a small url-encoded form; 413 for a large one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise HTTPException(413)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Posted:
    viewer: Viewer
    form: Mapping[str, str]

    def field(self, name: str) -> str:
        return self.form.get(name, "").strip()


async def posted(request: Request) -> Posted:
    """A signed-in user's form that carries this session's token."""
    web = web_of(request)
    viewer = await web.viewer(request)
    form = await form_of(request)
    if not web.sessions.token_fits(viewer.session.id, form.get("token", "")):
        raise Forged
    return Posted(viewer, form)


def is_fragment(request: Request) -> bool:
    """Whether a page's script asks for a part of a page."""
    return request.headers.get("x-fragment") == "1"


def to_login(request: Request) -> Response:
    """Pages go to the login form and come back; everything else is told 401."""
    wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if not wants_page or is_fragment(request):
        return Response(status_code=401, headers={"cache-control": "no-store"})
    where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/login?" + urlencode({"next": where}) if where != "/" else "/login", 303)


def local_path(where: str) -> str:
    """`where` when it is a path of this site, else the work page."""
    safe = where.startswith("/") and not where.startswith(("//", "/\\")) and "\\" not in where
    return where if safe and where.isprintable() else "/queue"


@cache
def templates(language: str = HOME) -> Environment:
    """The templates in a language, compiled once for every application of this process."""
    files = FileSystemLoader(HERE / "templates")
    environment = Environment(
        loader=Translated(files, language) if language != HOME else files,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=SpokenWords(words, language) if language != HOME else words,
        asset=_assets(language),
        Permission=Permission,
        LANGUAGES=LANGUAGES,
    )

    def t(text: str) -> str:
        return composed(text, language)

    environment.filters.update(
        exact=times.exact, ago=lambda at, now: t(times.ago(at, now)), short=lambda at, now: t(times.short(at, now)),
        clock=times.clock, minute=times.minute, minutes=times.length, phone=grouped, hidden=hidden, t=t,
        why=lambda reason: why(reason, language),
        because=lambda reason: t(reason) if reason in words.HOUSE_REASONS else reason,
    )  # fmt: skip
    environment.globals["card"] = printer(environment)
    return environment


def grouped(phone: str) -> str:
    """A mainland mobile number in groups of 3-4-4, a landline with its leading 0, others as they are."""
    local = phone.removeprefix("+86")
    if len(local) == 11 and local.startswith("1"):
        return f"{local[:3]} {local[3:7]} {local[7:]}"
    return f"0{local}" if phone.startswith("+86") else phone


def hidden(phone: str) -> str:
    """A number with its middle covered, for screens that others can see."""
    local = phone.removeprefix("+86")
    return f"{local[:3]} **** {local[-4:]}" if len(local) >= 9 else "****"


def _assets(language: str) -> Callable[[str], str]:
    """A function from a static file's name to its address; all addresses change when any file does."""
    files = sorted((HERE / "static").iterdir())
    content = [path.name.encode() + path.read_bytes() for path in files]
    digest = hashlib.sha256(b"".join(content) + repr(catalogue(language)).encode()).hexdigest()[:12]
    folder = f"{digest}/{language}" if language != HOME else digest
    return lambda name: f"/static/{folder}/{name}"
