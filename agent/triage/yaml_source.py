"""A YAML file of the content folder, with the line numbers its errors need."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from agent.model.problem import ContentError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is one


class _EachKeyOnce(_LOADER):  # type: ignore[misc]  # YAML itself lets the second of two equal keys replace the first
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise ConstructorError(None, None, f"{key.value} is written twice", key.start_mark)
            seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


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
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise ContentError(name, 0, "the file is missing", "restore it from the repository") from missing
    return yaml_of(name, text)


def yaml_of(name: str, text: str) -> YamlSource:
    """The text of a file, or its beginning. Raises ContentError for what is no mapping."""
    try:
        data = yaml.load(text, Loader=_EachKeyOnce)
    except ConstructorError as twice:
        line = twice.problem_mark.line + 1 if twice.problem_mark else 0
        raise ContentError(name, line, str(twice.problem), "Keep one of the two") from twice
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else 0
        raise ContentError(name, line, f"not YAML: {broken.problem}", "check indentation, quotes, commas") from broken
    if not isinstance(data, dict):
        raise ContentError(name, 1, "the file holds no sections", "start it with a section name and a colon")
    return YamlSource(name, text, data)


def read_folder(root: Path, folder: Path) -> list[YamlSource]:
    """Every .yml of a folder, in name order. Raises ContentError when there is none."""
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise ContentError(folder.relative_to(root).as_posix(), 0, "no .yml file here", "restore the folder")
    return [read_yaml(root, path) for path in paths]
