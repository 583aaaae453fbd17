"""Static files, named with their content's hash, and the health check: the only addresses without a login."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from dashboard.languages import LANGUAGES, said
from dashboard.web import HERE

router = APIRouter()
_FILES = {path.name: path for path in (HERE / "static").iterdir() if path.is_file()}


@router.get("/static/{version}/{name}")
async def static(version: str, name: str) -> Response:
    if name not in _FILES:
        raise HTTPException(404)
    return FileResponse(_FILES[name], headers={"cache-control": "public, max-age=31536000, immutable"})


@router.get("/static/{version}/{language}/{name}")
async def static_in(version: str, language: str, name: str) -> Response:
    """Scripts speak the language; they find each other beside themselves."""
    if name not in _FILES or language not in LANGUAGES:
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    if not name.endswith(".js"):
        return FileResponse(_FILES[name], headers=headers)
    script = said(_FILES[name].read_text(encoding="utf-8"), language)
    return Response(script, media_type="text/javascript", headers=headers)


@router.get("/favicon.ico")
async def favicon() -> Response:
    return FileResponse(_FILES["icon.svg"], headers={"cache-control": "public, max-age=86400"})


@router.get("/healthz")
async def health() -> Response:
    """That the process answers; nothing about what it holds."""
    return Response("ok", media_type="text/plain")


@router.get("/")
async def home(request: Request) -> Response:
    return RedirectResponse("/queue", 303)
