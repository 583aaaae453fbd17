"""The pages in another language. They are written in Chinese; a catalogue gives each run of Chinese another wording,
for templates and scripts when they are read, and for words that views put together when they are shown. What patients
said, names of pathways and reasons of alarms are content and stay as they are."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from jinja2 import BaseLoader, Environment

RUN = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff\uff01-\uff5e\u3001\u3002“”…—]*")
LANGUAGES = {"zh": "中文", "en": "English"}
HOME = "zh"
COMPLETE = frozenset(
    f"{name}.html"
    for name in ("base", "_desk_menu", "queue", "_card", "_cards", "_case", "_actions", "_parts", "patient",
                 "_patient_desk", "password")
)  # fmt: skip
"""Templates that are whole in every language; the others are shown in Chinese."""
STAYS = frozenset({"WAIVE_REASONS", "SNOOZE_REASONS", "MOVE_REASONS"})
"""Words that go into the record as they are chosen."""
_DAY = re.compile(r"第 ?(\d+) ?天")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Chinese → the language; empty for Chinese itself."""
    if language == HOME:
        return {}
    with (Path(__file__).parent / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


def said(text: str, language: str) -> str:
    """The text with every run that the catalogue knows in its wording there."""
    known = catalogue(language)
    return RUN.sub(lambda run: known.get(run[0], run[0]), text) if known else text


def composed(text: str, language: str) -> str:
    """Like `said`, for what a view put together: 第 7 天, 3 分钟前, 女 71 岁."""
    return said(_DAY.sub(r"day \1", text), language) if language != HOME else text


class Translated(BaseLoader):
    """Templates of another loader, those that are complete in the language."""

    def __init__(self, loader: BaseLoader, language: str) -> None:
        self._loader, self._language = loader, language

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, filename, fresh = self._loader.get_source(environment, template)
        if template not in COMPLETE:
            return source, filename, fresh
        return said(source, self._language).replace('lang="zh-CN"', f'lang="{self._language}"'), filename, fresh


class SpokenWords:
    """dashboard.words in another language."""

    def __init__(self, words: ModuleType, language: str) -> None:
        self._words, self._language = words, language

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._words, name)
        if name in STAYS:
            return value
        if isinstance(value, dict):
            return {key: said(each, self._language) if isinstance(each, str) else each for key, each in value.items()}
        return value
