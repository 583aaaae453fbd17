"""GET /c/{token} and what its page asks for. The page holds no secret: the link names the contact, a cookie says that
whoever holds it has shown who they are."""

import asyncio
import html
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from agent.chat.links import PATH, BadLink
from agent.chat.room import ChatRoom, Guest, Locked, View
from agent.model.piece import PieceKind
from agent.model.trend import Trend
from telephony.webchat.media import MediaRefused, MediaStore

STATIC = Path(__file__).parent / "static"
SCRIPTS = ("page", "wire", "bubbles", "trends", "answering", "drawing", "media", "door")
"""Files of static/chat, each leaning on those before it and sent as one: an old phone on a slow line asks once."""
COOKIE, COOKIE_SECONDS = "suifang", 24 * 3600
POLL_SECONDS = 20.0
LONGEST_TEXT = 2000
BODY_LIMIT = 16_384
WORDS = {
    "birth_year": ("请输入患者的出生年份", "例如 1958"),
    "id_last4": ("请输入患者身份证号的后四位", "例如 331X"),
    "phone_last4": ("请输入登记手机号的后四位", "例如 2208"),
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; media-src 'self' blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
GONE = {
    "invalid": "这个链接不对，请从短信或微信里重新点开。",
    "expired": "这个链接已经过期了。",
    "revoked": "这次随访已经取消，不用再回答了。",
}

Handler = Callable[[Request, Guest], Awaitable[Response]]


class WebChat:
    def __init__(self, room: ChatRoom, media: MediaStore, hospital: str, callback: str, *, secure: bool) -> None:
        self._room, self._media, self._secure = room, media, secure
        self._hospital, self._callback = html.escape(hospital), html.escape(callback)
        self._page = _static("page.html")

    async def page(self, token: str) -> Response:
        try:
            guest = await self._room.enter(token)
        except BadLink as error:
            return self._html("gone", GONE[error.code], "", 410 if error.code != "invalid" else 404)
        title, hint = WORDS[guest.proof]
        return self._html("gate", title, hint, 200)

    def _html(self, state: str, title: str, hint: str, status: int) -> Response:
        facts = {
            "{{hospital}}": self._hospital, "{{callback}}": self._callback, "{{state}}": state, "{{title}}": title,
            "{{hint}}": hint,
        }  # fmt: skip
        text = self._page
        for place, value in facts.items():
            text = text.replace(place, value)
        return HTMLResponse(text, status, HEADERS)

    def open(self, handle: Handler, *, known: bool = True) -> Callable[[str, Request], Awaitable[Response]]:
        """The handler behind a valid link and, if `known`, behind the cookie."""

        async def guarded(token: str, request: Request) -> Response:
            try:
                guest = await self._room.enter(token)
            except BadLink as error:
                return _json({"error": error.code}, 410)
            if known and not self._room.knows(guest, request.cookies.get(COOKIE, "")):
                return _json({"error": "who"}, 401)
            return await handle(request, guest)

        return guarded

    async def confirm(self, request: Request, guest: Guest) -> Response:
        said = (await _body(request)).get("proof")
        try:
            ticket = await self._room.confirm(guest, said) if isinstance(said, str) else None
        except Locked:
            return _json({"error": "locked"}, 429)
        if ticket is None:
            return _json({"error": "wrong"}, 403)
        answer = _json({"ok": True})
        answer.set_cookie(
            COOKIE, ticket, COOKIE_SECONDS, path=request.url.path.rsplit("/", 1)[0], httponly=True, samesite="lax",
            secure=self._secure,
        )  # fmt: skip
        return answer

    async def talk(self, request: Request, guest: Guest) -> Response:
        known = request.query_params.get("after", "")
        return _json(_shown(await self._room.next_view(guest, known, POLL_SECONDS if known else 0.0)))

    async def say(self, request: Request, guest: Guest) -> Response:
        said = await _body(request)
        own_id, text, kind = said.get("id"), said.get("text", ""), said.get("kind")
        fits = isinstance(own_id, str) and own_id.isalnum() and len(own_id) <= 40 and isinstance(text, str)
        if not fits or len(text) > LONGEST_TEXT or kind not in (PieceKind.TEXT, PieceKind.KEY, PieceKind.OPENED):
            return _json({"error": "bad"}, 400)
        answers, seq = said.get("answers"), said.get("seq", 0)
        piece = self._room.piece(
            guest, str(own_id), PieceKind(kind), text=text, seq=seq if isinstance(seq, int) else 0,
            answers=answers if isinstance(answers, str) else None,
        )  # fmt: skip
        await self._room.take(guest, piece)
        return _json({"ok": True})

    async def send_media(self, request: Request, guest: Guest) -> Response:
        """The raw bytes of a photo or a voice note."""
        own_id = request.query_params.get("id", "")
        if not own_id.isalnum() or len(own_id) > 40:
            return _json({"error": "bad"}, 400)
        try:
            kind, path = await self._media.keep(request.stream())
        except MediaRefused as error:
            return _json({"error": error.code}, 413 if error.code == "too_long" else 415)
        await self._room.take(guest, self._room.piece(guest, own_id, kind, media=path))
        return _json({"ok": True})

    async def picture(self, request: Request, guest: Guest) -> Response:
        """One bubble's picture, which the browser keeps: the page is drawn anew at every change."""
        found = await self._room.picture(guest, request.path_params["message"])
        content = await asyncio.to_thread(found.content) if found else None
        if found is None or content is None:
            return _json({"error": "none"}, 404)
        kept = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
        return Response(content, media_type=found.content_type, headers=kept)


def _shown(view: View) -> dict[str, Any]:
    return {
        "version": view.version,
        "entries": [
            {
                "id": each.id,
                "mine": each.mine,
                "text": each.text,
                "kind": each.kind,
                "at": each.at.timestamp(),
                "picture": each.picture,
            }
            for each in view.entries
        ],
        "asked": view.asked,
        "expect": view.expect,
        "options": [{"key": option.key, "label": option.label} for option in view.options],
        "numbers": view.numbers,
        "unit": view.unit,
        "left": view.left,
        "state": view.state,
        "points": view.points,
        "trends": [_drawn(trend) for trend in view.trends],
    }


def _drawn(trend: Trend) -> dict[str, Any]:
    """Moments in seconds; each spot and limit with the level it stands for."""
    return {
        "label": trend.label,
        "unit": trend.unit,
        "words": trend.words,
        "last": trend.last,
        "since": trend.since.timestamp(),
        "until": trend.until.timestamp(),
        "low": trend.low,
        "high": trend.high,
        "lines": [[[spot.at.timestamp(), spot.value, spot.level] for spot in line] for line in trend.lines],
        "limits": [[limit.value, limit.level] for limit in trend.limits],
    }


async def _body(request: Request) -> dict[str, Any]:
    """The request's JSON object; an empty one for anything else."""
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > BODY_LIMIT:
            return {}
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _json(content: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(content, status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _script() -> str:
    return "".join(_static(f"chat/{name}.js") for name in SCRIPTS)


def webchat_router(room: ChatRoom, media: MediaStore, hospital: str, callback: str, *, secure: bool) -> APIRouter:
    """The page, its two files, and the five things it asks for."""
    assets = {"chat.js": ("text/javascript", _script()), "chat.css": ("text/css", _static("chat.css"))}
    chat, routes = WebChat(room, media, hospital, callback, secure=secure), APIRouter(prefix=PATH.rstrip("/"))

    @routes.get("/assets/{name}", include_in_schema=False)
    async def asset(name: str) -> Response:
        if name not in assets:
            return Response(status_code=404)
        kind, content = assets[name]
        return Response(content, media_type=kind, headers={"Cache-Control": "max-age=3600"})

    routes.add_api_route("/{token}", chat.page, methods=["GET"], include_in_schema=False)
    for method, path, handle, known in (
        ("POST", "/{token}/confirm", chat.confirm, False),
        ("GET", "/{token}/talk", chat.talk, True),
        ("POST", "/{token}/say", chat.say, True),
        ("POST", "/{token}/media", chat.send_media, True),
        ("GET", "/{token}/picture/{message}", chat.picture, True),
    ):
        opened = chat.open(handle, known=known)
        routes.add_api_route(path, opened, methods=[method], include_in_schema=False)
    return routes
