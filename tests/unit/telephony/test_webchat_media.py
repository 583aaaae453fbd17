"""Photos and voice notes of the web chat: told apart by their first bytes, never too large, readable to nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.model.piece import PieceKind
from telephony.webchat.media import MOST_BYTES, MediaRefused, MediaStore

JPEG, VOICE = b"\xff\xd8\xff\xe0" + b"\x00" * 20, b"OggS" + b"\x00" * 20


async def posted(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def store(folder: Path) -> MediaStore:
    return MediaStore(folder, lambda: "one")


@pytest.mark.parametrize(
    ("content", "kind", "path"),
    [
        (JPEG, PieceKind.PHOTO, "chat/one.jpg"),
        (VOICE, PieceKind.VOICE, "chat/one.ogg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", PieceKind.PHOTO, "chat/one.webp"),
        (b"\x00\x00\x00\x20ftypheic\x00\x00\x00\x00", PieceKind.PHOTO, "chat/one.heic"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", PieceKind.VOICE, "chat/one.m4a"),
    ],
)
async def test_what_came_is_kept_whole_under_a_name_of_ours(
    tmp_path: Path, content: bytes, kind: PieceKind, path: str
) -> None:
    assert await store(tmp_path).keep(posted(content[:5], content[5:])) == (kind, path)
    file = tmp_path / path
    assert file.read_bytes() == content
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((JPEG, b"\x00" * MOST_BYTES), "too_long"),
        ((b"<svg onload=alert(1)>",), "unknown"),
        ((b"RIFF\x10\x00\x00\x00WAVEfmt ",), "unknown"),
        ((), "unknown"),
    ],
)
async def test_what_is_too_long_or_nothing_we_know_is_refused_and_leaves_no_file(
    tmp_path: Path, parts: tuple[bytes, ...], code: str
) -> None:
    with pytest.raises(MediaRefused) as refused:
        await store(tmp_path).keep(posted(*parts))
    assert refused.value.code == code and files_in(tmp_path) == []
