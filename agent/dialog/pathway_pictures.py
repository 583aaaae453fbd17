"""The pictures of a pathway's lessons: files in its folder `pictures`, named in pathway.yml."""

import base64
import struct
from collections.abc import Iterator
from pathlib import Path

from agent.content_yaml import Source, read_source
from agent.model.education import LessonPicture
from agent.model.pathway import Education, Pathway
from agent.model.problem import ContentError

FOLDER = "pictures"
MOST_BYTES = 2 * 1024 * 1024  # WeChat's page on temporary material names 2 MB and 10 MB: the less is held to
WIDTHS, HEIGHTS = (400, 2000), (200, 3000)  # pixels: to be read on a telephone, and loaded by an old one
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_JPEG = b"\xff\xd8\xff"
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the segments of a JPEG that say how large it is


def picture_of(pathways: Path, pathway: str, lesson: Education) -> LessonPicture | None:
    """None for a lesson without one, and while its file is not there: the words go without it."""
    if not lesson.picture:
        return None
    file = pathways / pathway / FOLDER / lesson.picture
    return LessonPicture(file, lesson.picture_says) if file.is_file() else None


def embedded(pathways: Path, pathway: Pathway) -> dict[str, str]:
    """Lesson → its picture as an address that holds it whole."""
    found = {key: picture_of(pathways, pathway.id, lesson) for key, lesson in pathway.education.items()}
    addresses = {key: _as_address(picture) for key, picture in found.items() if picture is not None}
    return {key: address for key, address in addresses.items() if address is not None}


def _as_address(picture: LessonPicture) -> str | None:
    content = picture.content()
    return None if content is None else f"data:{picture.content_type};base64,{base64.b64encode(content).decode()}"


def picture_problems(pathways: Path) -> Iterator[ContentError]:
    """Pictures that are not there, are none, or that a telephone would not show well."""
    for path in sorted(pathways.glob("*/pathway.yml")):
        source = read_source(path)
        for lesson, raw in source.data.get("education", {}).items():
            if "picture" in raw:
                yield from _problems(source, path.parent, lesson, raw["picture"])


def _problems(source: Source, folder: Path, lesson: str, name: str) -> Iterator[ContentError]:
    file, line = f"{folder.name}/{source.file}", source.line(("education", lesson, "picture"))
    path = folder / FOLDER / name
    if not path.is_file():
        yield ContentError(file, line, f"picture {name} is not there", f"Put it into {folder.name}/{FOLDER}/")
        return
    content = path.read_bytes()
    size = pixels(content)
    if size is None or content.startswith(_JPEG) != (path.suffix == ".jpg"):
        message = f"picture {name} is not the kind its name says"
        yield ContentError(file, line, message, "Save it as PNG (.png) or JPEG (.jpg)")
    elif not all(low <= side <= high for side, (low, high) in zip(size, (WIDTHS, HEIGHTS), strict=True)):
        remedy = f"Make it {WIDTHS[0]} to {WIDTHS[1]} wide and {HEIGHTS[0]} to {HEIGHTS[1]} high"
        yield ContentError(file, line, f"picture {name} has {size[0]} by {size[1]} pixels", remedy)
    if len(content) > MOST_BYTES:
        message = f"picture {name} has {len(content) // 1024} kB"
        yield ContentError(file, line, message, f"Make it at most {MOST_BYTES // 1024} kB: WeChat takes no more")


def pixels(content: bytes) -> tuple[int, int] | None:
    """Width and height as the head of a PNG or JPEG states them; None for anything else."""
    if content.startswith(_PNG) and len(content) >= len(_PNG) + 8:
        width, height = struct.unpack_from(">II", content, len(_PNG))
        return width, height
    place = 2
    while content.startswith(_JPEG) and place + 9 <= len(content) and content[place] == 0xFF:
        if content[place + 1] in _SIZES:
            height, width = struct.unpack_from(">HH", content, place + 5)
            return width, height
        place += 2 + int(struct.unpack_from(">H", content, place + 2)[0])
    return None
