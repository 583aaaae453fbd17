"""Photos and voice notes that patients sent by message, behind the login."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse, Response

from agent.model.piece import PieceKind
from dashboard.recordings import NoAudio, inside
from dashboard.web import Viewer, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]

TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
    ".wav": "audio/wav", ".webm": "audio/webm", ".ogg": "audio/ogg", ".m4a": "audio/mp4", ".mp4": "audio/mp4",
}  # fmt: skip
"""What a browser may show; anything else is only to be saved."""


@router.get("/patients/{patient_id}/media")
async def media_page(request: Request, viewer: Reader, patient_id: str) -> Response:
    """Newest first."""
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        patient = await records.patient(patient_id)
        sent = [each for each in await records.pieces(patient_id) if each.media]
    photo = PieceKind.PHOTO
    return web.page("media.html", viewer, patient=patient, sent=list(reversed(sent)), photo=photo)


@router.api_route("/media/{piece_id}", methods=["GET", "HEAD"])
async def media_file(request: Request, viewer: Reader, piece_id: str) -> Response:
    """404 for another ward's patient, an unknown piece, and a file that is not there."""
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        piece = await records.piece(piece_id)
        await records.patient(piece.patient_id)
    try:
        path = inside(web.deps.media_folder, piece.media) if piece.media else None
    except (NoAudio, OSError):
        path = None
    if path is None:
        raise HTTPException(404)
    kept = {"cache-control": "private, no-store"}
    kind = TYPES.get(path.suffix)
    if kind is None:
        return FileResponse(path, headers=kept, filename=path.name)
    return FileResponse(path, headers=kept, media_type=kind)
