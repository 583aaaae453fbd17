"""The dashboard as an application of its own, to be mounted at "/" after every other route."""

from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from agent.store.ports import NotFound, StoreError
from dashboard.accounts import ensure_first_user
from dashboard.deps import DashboardDeps
from dashboard.headers import HEADERS, SecurityHeaders
from dashboard.live import LiveHub
from dashboard.routes import (
    account,
    arrange,
    assets,
    audio,
    calls,
    campaigns,
    house,
    importing,
    insight,
    insight_lists,
    media,
    pathways,
    patient_desk,
    people,
    points,
    practice,
    search,
    second_pass,
    sign_on,
    stream,
    unreachable,
    users,
    wall,
    work,
)
from dashboard.web import Forged, LoginRequired, PasswordDue, Viewer, Web, allowed, is_fragment, to_login, web_of

__all__ = ["DashboardDeps", "LiveHub", "create", "ensure_first_user"]

PAGES = (
    assets, account, sign_on, work, people, media, arrange, insight, search, second_pass, audio, practice, stream,
    campaigns, calls, importing, unreachable, users, house, pathways, patient_desk, points, wall, insight_lists,
)  # fmt: skip
_MESSAGES = {
    400: ("这个请求无法理解", "请返回重试。"),
    403: ("没有权限", "您的账号不能进行这项操作，请联系管理员。"),
    404: ("没有找到", "它可能已被移除，或者地址有误。"),
    405: ("不支持的操作", "请返回重试。"),
    411: ("看不出文件有多大", "请用浏览器上传。"),
    413: ("内容太长", "请缩短或分成几份后重试。"),
    503: ("暂时无法读取数据", "随访仍在进行，请稍后刷新。若持续出现，请联系信息科。"),
}


def create(deps: DashboardDeps) -> FastAPI:
    """Every page, live stream and recording of the nurse's workstation; all but the health check need a login."""
    app = FastAPI(title="Suifang", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.web = Web(deps)
    for module in PAGES:
        app.include_router(module.router, dependencies=[Depends(allowed)])
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(LoginRequired, _login)
    app.add_exception_handler(PasswordDue, _password)
    app.add_exception_handler(Forged, _forged)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(StoreError, _store)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)
    return app


async def _login(request: Request, _error: Exception) -> Response:
    return to_login(request)


async def _password(_request: Request, _error: Exception) -> Response:
    return RedirectResponse("/password", 303)


async def _forged(request: Request, _error: Exception) -> Response:
    return await _problem(request, 403, "页面已过期", "请刷新页面后重试。")


async def _not_found(request: Request, _error: Exception) -> Response:
    return await _problem(request, 404, *_MESSAGES[404])


async def _store(request: Request, _error: Exception) -> Response:
    return await _problem(request, 503, *_MESSAGES[503])


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    return await _problem(request, status, *_MESSAGES.get(status, ("出错了", "请稍后重试。")))


async def _broken(request: Request, _error: Exception) -> Response:
    """A fault of ours: the nurse reads what to do, the server logs the fault."""
    response = await _problem(request, 500, "页面出错了", "随访仍在进行。请刷新重试，若持续出现请联系信息科。")
    response.headers.update(HEADERS | {"cache-control": "no-store"})
    return response


async def _problem(request: Request, status: int, title: str, advice: str) -> Response:
    web = web_of(request)
    viewer: Viewer | None = None
    if status < 500:
        try:
            viewer = await web.viewer(request)
        except LoginRequired:
            if status == 404:
                return to_login(request)
    template = "_problem.html" if is_fragment(request) else "problem.html"
    return web.page(template, viewer, status=status, title=title, advice=advice)
