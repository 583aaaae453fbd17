"""A call's recording and its wave form, behind the login."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from dashboard import recordings
from dashboard.recordings import BadRange, NoAudio, Wav
from dashboard.web import Viewer, Web, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]


async def _wav(web: Web, viewer: Viewer, recording_id: str, at_most: int | None) -> Wav:
    """404 for an unknown recording and for a file that is not there."""
    async with web.seen_by(viewer) as records:
        recording = await records.recording(recording_id)
    try:
        path = recordings.inside(web.deps.recordings_folder, recording.path)
        return await asyncio.to_thread(recordings.open_wav, path, at_most=at_most)
    except (NoAudio, OSError):
        raise HTTPException(404) from None


@router.api_route("/recordings/{recording_id}.wav", methods=["GET", "HEAD"])
async def recording_file(request: Request, viewer: Reader, recording_id: str, bytes: int | None = None) -> Response:
    """The WAV or a range of it; `bytes` holds the length of an earlier look, so that a growing file stays one file."""
    wav = await _wav(web_of(request), viewer, recording_id, bytes)
    headers = {"accept-ranges": "bytes", "cache-control": "private, no-store"}
    try:
        part = recordings.byte_range(request.headers.get("range"), wav.size)
    except BadRange:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{wav.size}"})
    start, end = part or (0, wav.size)
    headers["content-length"] = str(end - start)
    if part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{wav.size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type="audio/wav")
    return StreamingResponse(wav.read(start, end), status, headers=headers, media_type="audio/wav")


@router.get("/recordings/{recording_id}/peaks")
async def peaks(request: Request, viewer: Reader, recording_id: str) -> Response:
    """{"seconds", "bytes", "channels": [[0..100, …] patient, […] robot]}."""
    web = web_of(request)
    wav = await _wav(web, viewer, recording_id, None)
    channels = await asyncio.to_thread(web.peaks.get, wav)
    return JSONResponse({"seconds": wav.seconds, "bytes": wav.size, "channels": channels})
