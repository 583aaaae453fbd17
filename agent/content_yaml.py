"""YAML that people write, with the line of every place in it: broken YAML and keys written twice are refused."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from agent.model.problem import ContentError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is one
_QUOTES = ("'", '"')
Where = Sequence[str | int]  # keys and indexes from the top of the file


class Source:
    """One YAML text: its data, and the line of any place in it. Raises ContentError for broken YAML."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        loader = _LOADER(text)
        try:
            self._root = loader.get_single_node()
            self.data: Any = loader.construct_document(self._root) if self._root is not None else None
        except yaml.MarkedYAMLError as broken:
            mark = broken.problem_mark or broken.context_mark
            line = mark.line + 1 if mark else 1
            unclosed = _unclosed_quote(text, line)
            if unclosed:
                remedy = "Close the quote on this line, or leave both quotes out"
                raise ContentError(file, unclosed, "a quote is opened and not closed", remedy) from broken
            remedy = _why_unreadable(text.splitlines(), line)
            raise ContentError(file, line, f"not readable as YAML: {broken.problem}", remedy) from broken
        for where, line in _repeated_keys(self._root, ()):
            raise ContentError(file, line, f"{where} is written twice", "Keep one of the two")

    def line(self, where: Where) -> int:
        """The 1-based line of the place, or of the deepest part of it that exists."""
        node, line = self._root, 1
        for step in where:
            found = _step(node, step)
            if found is None:
                break
            line, node = found
        return line

    def error(self, where: Where, message: str, remedy: str) -> ContentError:
        return ContentError(self.file, self.line(where), message, remedy)


def read_source(path: Path, name: str = "") -> Source:
    """The file, called `name` in its errors (usual: its own name). Raises ContentError, also for no UTF-8 text."""
    return Source(name or path.name, read_text(path, name))


def read_text(path: Path, name: str = "") -> str:
    """Raises ContentError for a file that is not there or no UTF-8 text."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError(name or path.name, 0, "the file is missing", "restore it from the repository") from None
    except (OSError, UnicodeDecodeError):
        raise ContentError(name or path.name, 1, "cannot be read", "Save it as UTF-8 text at this place") from None


def _unclosed_quote(text: str, line: int) -> int:
    """Where the quote was opened that runs over several lines up to `line`, on which the reader stumbled, or to the
    end; 0 where none does. It stumbles only where the next quote comes, perhaps a hundred lines below."""
    try:
        for token in yaml.scan(text, Loader=_LOADER):
            begins, ends = token.start_mark.line + 1, token.end_mark.line + 1
            if isinstance(token, yaml.ScalarToken) and token.style in _QUOTES and begins < ends == line:
                return int(begins)
    except yaml.MarkedYAMLError as broken:
        if broken.context_mark is not None and "quoted" in (broken.context or ""):
            return int(broken.context_mark.line) + 1
    return 0


def _why_unreadable(lines: list[str], line: int) -> str:
    """The usual slips of somebody who writes Chinese, looked for on the line named and the one before it."""
    near = lines[max(0, line - 2) : line]
    if any("\t" in one[: len(one) - len(one.lstrip())] for one in near):
        return "Indent with spaces: there is a tab"
    if any("：" in one.split(":")[0] and one.strip()[:1].isascii() for one in near):
        return "Write the colon after the key as : and a space, not ："
    return "Check indent, quotes and colons here; the line above counts too"


def nearest(wanted: str, names: Iterable[str], otherwise: str) -> str:
    """A remedy for a misspelt name: the names that are written almost so."""
    near = get_close_matches(wanted, list(names), n=3, cutoff=0.7)
    return f"Perhaps you mean {', '.join(near)}; otherwise: {otherwise}" if near else otherwise


def _step(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item: yaml.Node = node.value[step]
        return item.start_mark.line + 1, item
    return None


def _repeated_keys(node: yaml.Node | None, path: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield ".".join((*path, key.value)), key.start_mark.line + 1
            seen.add(key.value)
            yield from _repeated_keys(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _repeated_keys(item, (*path, str(index)))
