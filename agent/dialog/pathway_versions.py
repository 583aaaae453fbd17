"""A pathway's version stands for one text: the digests in versions.yml beside the pathways hold them to it.

The digest is of what the file says, not of how it is written: comments, order of keys, the signature and the version
itself do not count. The pictures it names do: a lesson shows them. A folder without versions.yml keeps no such book.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from agent.content_yaml import Source, read_source
from agent.dialog.pathway_pictures import FOLDER as PICTURES
from agent.model.problem import ContentError

BOOK = "versions.yml"
_HEAD = (
    "# Which text each version stands for; written by `./suifang pathway record`, checked by `./suifang validate`.\n"
)
_UNCOUNTED = ("version", "approval")


def digest(pathway: dict[str, Any], folder: Path) -> str:
    """Sixteen hexadecimal digits of a pathway file's content and of the pictures of its folder that it names."""
    counted = {key: value for key, value in pathway.items() if key not in _UNCOUNTED}
    named = {lesson["picture"] for lesson in pathway.get("education", {}).values() if "picture" in lesson}
    files = [folder / PICTURES / name for name in sorted(named)]
    shown = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}
    counted |= {PICTURES: shown} if shown else {}
    text = json.dumps(counted, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def version_problems(folder: Path) -> Iterator[ContentError]:
    """Pathways whose text is not the one recorded for their version."""
    if not (folder / BOOK).is_file():
        return
    book = _book(folder)
    for path in _files(folder):
        source = read_source(path)
        file, line = f"{path.parent.name}/{path.name}", source.line(("version",))
        recorded = book.get(path.parent.name, {})
        if _entry(source, path) == recorded:
            continue
        if source.data["version"] == recorded.get("version"):
            message = f"the text is no longer that of version {source.data['version']}"
            yield ContentError(file, line, message, "Raise the version, then run `./suifang pathway record`")
        else:
            message = f"version {source.data['version']} is not recorded"
            yield ContentError(file, line, message, "Run `./suifang pathway record`")


def record(folder: Path) -> list[str]:
    """Write down the texts of today's versions; the ids of those that are new. Raises ContentError, writing nothing,
    where a text changed and its version did not."""
    book, new = _book(folder), []
    for problem in version_problems(folder):
        if problem.remedy.startswith("Raise"):
            raise problem
    for path in _files(folder):
        source = read_source(path)
        entry = _entry(source, path)
        if book.get(path.parent.name) != entry:
            book[path.parent.name] = entry
            new.append(path.parent.name)
    written = yaml.safe_dump(dict(sorted(book.items())), allow_unicode=True, default_flow_style=None)
    (folder / BOOK).write_text(_HEAD + written, encoding="utf-8")
    return new


def _entry(source: Source, path: Path) -> dict[str, str]:
    return {"version": source.data["version"], "text": digest(source.data, path.parent)}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/pathway.yml"))


def _book(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / BOOK
    return (read_source(path).data or {}) if path.is_file() else {}
