"""A form with one file, as browsers send it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import HTTPException, Request
from starlette.datastructures import UploadFile

from dashboard.web import Forged, Viewer, web_of

MOST_BYTES = 10 * 1024 * 1024  # some 50,000 patients


@dataclass(frozen=True, slots=True)
class PostedFile:
    viewer: Viewer
    fields: Mapping[str, str]
    name: str
    data: bytes = field(repr=False)


async def posted_file(request: Request) -> PostedFile:
    """A signed-in user's form with one file. Raises Forged; 411 without a length, 413 for one too large."""
    web = web_of(request)
    viewer = await web.viewer(request)
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411)
    if int(length) > MOST_BYTES:
        raise HTTPException(413)
    async with request.form(max_files=1, max_fields=10) as form:
        fields = {key: value for key, value in form.items() if isinstance(value, str)}
        if not web.sessions.token_fits(viewer.session.id, fields.get("token", "")):
            raise Forged
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return PostedFile(viewer, fields, "", b"")
        return PostedFile(viewer, fields, file.filename[-80:], await file.read())
