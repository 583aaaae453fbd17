"""Photos and voice notes of patients: told apart by their first bytes, kept in the data folder, never served back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from agent.model.piece import PieceKind

MOST_BYTES = 8 * 1024 * 1024
FOLDER = "chat"
_PHOTOS = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_SOUNDS = {b"\x1aE\xdf\xa3": "webm", b"OggS": "ogg", b"#!AMR": "amr"}


class MediaRefused(ValueError):
    """`code`: "too_long" or "unknown"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MediaStore:
    def __init__(self, data: Path, new_id: Callable[[], str]) -> None:
        self._data, self._new_id = data, new_id

    async def keep(self, parts: AsyncIterator[bytes]) -> tuple[PieceKind, str]:
        """(kind, file below the data folder). Raises MediaRefused."""
        content = bytearray()
        async for part in parts:
            content += part
            if len(content) > MOST_BYTES:
                raise MediaRefused("too_long")
        kind, ending = _kind(bytes(content[:16]))
        path = f"{FOLDER}/{self._new_id()}.{ending}"
        await asyncio.to_thread(_write, self._data / path, bytes(content))
        return kind, path


def _kind(head: bytes) -> tuple[PieceKind, str]:
    for start, ending in _PHOTOS.items():
        if head.startswith(start):
            return PieceKind.PHOTO, ending
    for start, ending in _SOUNDS.items():
        if head.startswith(start):
            return PieceKind.VOICE, ending
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return PieceKind.PHOTO, "webp"
    if head[4:8] == b"ftyp":
        photo = head[8:12] in (b"heic", b"heix", b"mif1")
        return (PieceKind.PHOTO, "heic") if photo else (PieceKind.VOICE, "m4a")
    raise MediaRefused("unknown")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)
