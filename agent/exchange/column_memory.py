"""What each source calls its columns: a YAML file in the data folder that a coordinator can read and edit."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from agent.content_yaml import read_source
from agent.exchange.columns import ALIASES, UNUSED, plain
from agent.model.problem import ContentError

HEAD = """# 列名对照：每个来源（导出名单的系统或科室）把哪一列叫什么。
# 写法：  来源名字:
#           名单里的列名: 系统里的列名     （不需要的列写“不用”）
"""


class ColumnMemoryError(Exception):
    """The file cannot be used; the message names the place and the remedy, in Chinese."""


class ColumnMemory:
    """One file; `path` need not exist yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, source: str) -> Mapping[str, str]:
        """Heading → column. Raises ColumnMemoryError."""
        return self._read().get(source, {})

    def sources(self) -> Sequence[str]:
        """Those of which something is known. Raises ColumnMemoryError."""
        return tuple(self._read())

    def remember(self, source: str, mapping: Mapping[str, str]) -> None:
        """Adds to what is known of the source; a heading told anew means the new column. Raises ColumnMemoryError."""
        known = self._read()
        for heading, column in mapping.items():
            _check(self._path.name, source, heading, column)
        known[source] = {**known.get(source, {}), **mapping}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        written = yaml.safe_dump(known, allow_unicode=True, sort_keys=False)
        part = self._path.with_suffix(".part")
        part.write_text(HEAD + written, encoding="utf-8")
        part.replace(self._path)

    def _read(self) -> dict[str, dict[str, str]]:
        if not self._path.is_file():
            return {}
        try:
            written = read_source(self._path).data or {}
        except ContentError as broken:
            told = "不是能读的 YAML；请核对缩进和冒号，同一个名字只写一遍"
            raise ColumnMemoryError(f"{self._path.name} 第 {broken.line} 行：{told}") from None
        if not isinstance(written, dict) or not all(isinstance(columns, dict) for columns in written.values()):
            raise ColumnMemoryError(f"{self._path.name}：应是“来源 → 列名: 系统列名”两层；请对照文件开头的写法")
        known = {str(source): {str(k): str(v) for k, v in columns.items()} for source, columns in written.items()}
        for source, columns in known.items():
            for heading, column in columns.items():
                _check(self._path.name, source, heading, column)
        return known


def _check(file: str, source: str, heading: str, column: str) -> None:
    if column not in ALIASES and column != UNUSED:
        choices = "、".join((*ALIASES, UNUSED))
        raise ColumnMemoryError(f"{file}：{source} 的“{heading}”对应“{column}”，没有这一列；可以写：{choices}")
    if not plain(heading):
        raise ColumnMemoryError(f"{file}：{source} 里有一个空的列名；请删掉它")
