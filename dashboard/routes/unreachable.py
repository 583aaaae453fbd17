"""The list of those whom nobody reached; what is done about them is in `arrange`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from dashboard import words
from dashboard.views import unreachable
from dashboard.web import Viewer, reader, web_of

router = APIRouter()


@router.get("/unreachable")
async def unreachable_page(
    request: Request, viewer: Annotated[Viewer, Depends(reader)], days: int = 30, said: str = ""
) -> Response:
    web = web_of(request)
    shown_days = days if days in unreachable.DAYS else 30
    async with web.seen_by(viewer) as records:
        view = await unreachable.load(records, web.deps, shown_days)
    return web.page("unreachable.html", viewer, view=view, days=unreachable.DAYS, message=words.ARRANGED.get(said, ""))
