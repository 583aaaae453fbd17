"""The live stream: server-sent events that say what changed, never what it says."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from dashboard.live import RESYNC
from dashboard.sessions import COOKIE
from dashboard.web import Viewer, Web, reader, web_of

router = APIRouter()
BEAT_SECONDS = 15.0
NOTHING_SEEN = -1


@router.get("/live")
async def live(request: Request, viewer: Annotated[Viewer, Depends(reader)], told: int = NOTHING_SEEN) -> Response:
    """`change` {kind, subject}, `beat` while nothing happens, `bye` when the session or the server ends. `told` is the
    count the page was made at."""
    stream = events(web_of(request), request.cookies[COOKIE], told)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(stream, headers=headers, media_type="text/event-stream")


async def events(web: Web, cookie: str, told: int, *, beat_seconds: float = BEAT_SECONDS) -> AsyncIterator[str]:
    """The stream's lines while the session lasts. What happened between the making of the page and its stream is told
    by a resync."""
    async with web.deps.live.subscribe() as subscription:
        if told != web.deps.live.told:
            subscription.put(RESYNC)
        yield "retry: 2000\nevent: beat\ndata: 0\n\n"
        while web.sessions.read(cookie, web.deps.now()) is not None:
            try:
                change = await subscription.next(timeout_seconds=beat_seconds)
            except TimeoutError:
                yield "event: beat\ndata: 0\n\n"
                continue
            if change is None:
                break
            body = json.dumps({"kind": change.kind, "subject": change.subject})
            yield f"event: change\ndata: {body}\n\n"
        yield "event: bye\ndata: 0\n\n"
