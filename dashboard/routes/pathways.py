"""The pathways: version, who signed, what runs on which version; each as one readable document."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from dashboard.house import PathwayBook
from dashboard.views import pathways as view
from dashboard.web import Viewer, Web, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
STYLE = "/pathways/style.css"
BACK = '<p><a href="/pathways">← 随访路径</a></p>'


@router.get("/pathways")
async def pathways_page(request: Request, viewer: Reader) -> Response:
    web = web_of(request)
    rows = await asyncio.to_thread(_book(web).rows)
    async with web.seen_by(viewer) as records:
        use = await records.pathway_use()
    return web.page("pathways.html", viewer, rows=view.rows(rows, use, web.deps))


@router.get("/pathways/style.css")
async def style(request: Request) -> Response:
    return Response(_book(web_of(request)).style(), media_type="text/css")


@router.get("/pathways/{name}")
async def pathway_page(request: Request, viewer: Reader, name: str, version: str = "") -> Response:
    """What a clinician reads and signs, of today's version or of the one named."""
    book = _book(web_of(request))
    html = await asyncio.to_thread(book.page, name, version or None, stylesheet=STYLE, before=BACK)
    if html is None:
        raise HTTPException(404)
    return HTMLResponse(html)


@router.get("/pathways/{name}/pictures/{lesson}")
async def picture(request: Request, viewer: Reader, name: str, lesson: str) -> Response:
    found = await asyncio.to_thread(_book(web_of(request)).picture, name, lesson)
    content = await asyncio.to_thread(found.content) if found else None
    if found is None or content is None:
        raise HTTPException(404)
    return Response(content, media_type=found.content_type)


def _book(web: Web) -> PathwayBook:
    if web.deps.house.pathways is None:
        raise HTTPException(404)
    return web.deps.house.pathways
