"""A YAML file of sections below the content folder: its parts by name, its errors on the line that has the words."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.content_yaml import Source, read_text
from agent.model.problem import ContentError


@dataclass(frozen=True, slots=True)
class YamlSource:
    """`name` is the path below the content folder."""

    name: str
    text: str
    data: dict[str, Any]

    def error(self, near: str, message: str, remedy: str) -> ContentError:
        """An error placed on the first line that has `near`."""
        return ContentError(self.name, self.line_of(near), message, remedy)

    def line_of(self, needle: str) -> int:
        at = self.text.find(needle) if needle else -1
        return self.text.count("\n", 0, at) + 1 if at >= 0 else 0

    def line_of_key(self, key: str) -> int:
        match = re.search(rf"^\s*{re.escape(key)}:", self.text, re.MULTILINE)
        return self.text.count("\n", 0, match.start()) + 1 if match else 0

    def section(self, name: str, *, optional: bool = False) -> dict[str, Any]:
        """The mapping under a top key. Raises ContentError when it is missing or no mapping."""
        value = self.data.get(name, {} if optional else None)
        if not isinstance(value, dict):
            raise self.error(name, f"the section {name} is missing or no mapping", f"write `{name}:` and entries below")
        return value

    def entries(self, name: str) -> list[dict[str, Any]]:
        value = self.data.get(name)
        if not isinstance(value, list):
            raise self.error(name, f"the section {name} is missing or no list", f"write `{name}:` and `- ` entries")
        return value

    def text_field(self, key: str, value: dict[str, Any], field: str) -> str:
        found = value.get(field)
        if not isinstance(found, str) or not found:
            raise ContentError(self.name, self.line_of_key(key), f"{key} has no {field}", f"add `{field}: ...`")
        return found


def read_yaml(root: Path, path: Path) -> YamlSource:
    """Reads one file below `root`. Raises ContentError for a missing or broken file."""
    name = path.relative_to(root).as_posix()
    return yaml_of(name, read_text(path, name))


def yaml_of(name: str, text: str) -> YamlSource:
    """The text of a file, or its beginning. Raises ContentError, also for what is no mapping."""
    data = Source(name, text).data
    if not isinstance(data, dict):
        raise ContentError(name, 1, "the file holds no sections", "start it with a section name and a colon")
    return YamlSource(name, text, data)


def read_folder(root: Path, folder: Path) -> list[YamlSource]:
    """Every .yml of a folder, in name order. Raises ContentError when there is none."""
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise ContentError(folder.relative_to(root).as_posix(), 0, "no .yml file here", "restore the folder")
    return [read_yaml(root, path) for path in paths]
