"""One search for everything: names, numbers, words said."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from dashboard.views import ledger, search
from dashboard.web import Viewer, reader, web_of

router = APIRouter()
LONGEST = 40


@router.get("/search")
async def search_page(request: Request, viewer: Annotated[Viewer, Depends(reader)], q: str = "") -> Response:
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        found = await search.load(records, web.deps, q.strip()[:LONGEST])
    return web.page("search.html", viewer, found=found, rows=found.patients, text=found.text, most=ledger.PATIENTS)
