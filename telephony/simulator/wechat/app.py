"""The platform's routes as one ASGI app."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile

from agent.model.clock import Now, utc_now
from telephony.simulator.wechat.config import PlatformConfig
from telephony.simulator.wechat.deeds import Deeds
from telephony.simulator.wechat.errors import ApiError
from telephony.simulator.wechat.menu import check_menu
from telephony.simulator.wechat.platform import Platform
from telephony.simulator.wechat.push import Push

Handle = Callable[[Request], Awaitable[Response]]


class Routes:
    def __init__(self, platform: Platform, deeds: Deeds) -> None:
        self._platform, self._deeds = platform, deeds
        self.reports: set[asyncio.Task[object]] = set()  # template reports under way

    async def stable_token(self, request: Request) -> Response:
        body = await _json(request)
        if body.get("grant_type") != "client_credential" or body.get("appid") != self._platform.config.app_id:
            raise ApiError(40013)
        if body.get("secret") != self._platform.config.app_secret:
            raise ApiError(40125)
        token, seconds = self._platform.tokens.give(self._platform.now(), force=bool(body.get("force_refresh")))
        return JSONResponse({"access_token": token, "expires_in": seconds})

    async def custom_send(self, request: Request) -> Response:
        return JSONResponse(self._platform.custom_send(await _json(request)))

    async def template_send(self, request: Request) -> Response:
        body = await _json(request)
        answer, msgid = self._platform.template_send(body)
        report = asyncio.ensure_future(self._deeds.template_done(body["touser"], msgid))
        self.reports.add(report)
        report.add_done_callback(self.reports.discard)
        return JSONResponse(answer)

    async def subscribe_send(self, request: Request) -> Response:
        return JSONResponse(self._platform.subscribe_send(await _json(request)))

    async def create_code(self, request: Request) -> Response:
        return JSONResponse(self._platform.create_code(await _json(request)))

    async def create_menu(self, request: Request) -> Response:
        body = await _json(request)
        check_menu(body)
        self._platform.menu = body
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    async def get_media(self, request: Request) -> Response:
        """ "getMedia": the bytes, with the file's name in Content-disposition; a refusal comes as JSON."""
        media = self._platform.get_media(request.query_params.get("media_id", ""))
        named = {"content-disposition": f'attachment; filename="{media.name}"'}
        return Response(media.content, media_type=media.content_type, headers=named)

    async def upload_media(self, request: Request) -> Response:
        """ "uploadTempMedia": a form with the file as `media`, of a stated length."""
        if "content-length" not in request.headers:
            raise ApiError(41005)
        async with request.form() as form:
            media = form.get("media")
            if not isinstance(media, UploadFile):
                raise ApiError(41005)
            kept = self._platform.upload(request.query_params.get("type", ""), media.filename or "", await media.read())
        return JSONResponse(kept)

    def guarded(self, path: str, handle: Handle) -> Handle:
        async def answer(request: Request) -> Response:
            try:
                if path != "stable_token":
                    self._platform.called(path, request.query_params.get("access_token"))
                return await handle(request)
            except ApiError as refusal:
                return JSONResponse(refusal.body())

        return answer


async def _json(request: Request) -> dict[str, Any]:
    """Raises ApiError: no JSON object, or Chinese written as \\u escapes, which followers would read as they are."""
    raw = await request.body()
    if b"\\u" in raw:
        raise ApiError(40033)
    try:
        body = json.loads(raw)
    except ValueError:
        raise ApiError(47001) from None
    if not isinstance(body, dict):
        raise ApiError(47001)
    return body


def create_app(config: PlatformConfig, now: Now = utc_now, http: httpx.AsyncClient | None = None) -> FastAPI:
    """`app.state.platform` is what it knows, `app.state.deeds` what its people do; `http` reaches the account's
    server."""
    reach = http or httpx.AsyncClient(trust_env=False)
    platform = Platform(config, now, Push(config, now, reach))
    deeds = Deeds(platform)
    handlers, routes = Routes(platform, deeds), APIRouter(prefix="/cgi-bin")
    for method, path, handle in (
        ("POST", "stable_token", handlers.stable_token),
        ("POST", "message/custom/send", handlers.custom_send),
        ("POST", "message/template/send", handlers.template_send),
        ("POST", "message/subscribe/bizsend", handlers.subscribe_send),
        ("POST", "qrcode/create", handlers.create_code),
        ("POST", "menu/create", handlers.create_menu),
        ("GET", "media/get", handlers.get_media),
        ("POST", "media/upload", handlers.upload_media),
    ):
        routes.add_api_route(f"/{path}", handlers.guarded(path, handle), methods=[method], include_in_schema=False)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.gather(*handlers.reports, return_exceptions=True)
        await reach.aclose()

    app = FastAPI(title="WeChat on loopback", lifespan=lifespan, openapi_url=None)
    app.include_router(routes)
    app.state.platform, app.state.deeds = platform, deeds
    return app
