"""The practice page: a clinician takes the patient's part. The call itself is telephony's socket at `socket`."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from dashboard.headers import permissions
from dashboard.web import Viewer, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
SOCKET = "/practice/call"


@router.get("/practice")
async def practice_page(request: Request, viewer: Reader) -> Response:
    """404 where the composition root offers no practice."""
    web = web_of(request)
    choices = await asyncio.to_thread(web.deps.practice)  # reads every pathway's file the first time
    if not choices:
        raise HTTPException(404)
    page = web.page("practice.html", viewer, choices=choices, socket=SOCKET)
    page.headers["permissions-policy"] = permissions(microphone=True)
    return page
