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

from agent.escalation import under_way

RUN = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff\uff01-\uff5e\u3001\u3002“”…—]*")
LANGUAGES = {"zh": "中文", "en": "English"}
HOME = "zh"
STAYS = frozenset({"WAIVE_REASONS", "SNOOZE_REASONS", "MOVE_REASONS"})
"""Words that go into the record as they are chosen."""
_PARTS = re.compile(r"[^，：；。、“（）]*[，：；。、“（）]|[^，：；。、“（）]+")
_PER_MINUTE = ("次/分", "/min")  # a unit, of two runs that mean something else alone
_BEFORE_STOP = re.compile(r"(?<=}}) (?=[,;:.)])")
_ADDED = (under_way.UNDER_WAY, under_way.CUT_OFF, f"；{under_way.HAD_ALARMED}", f"；{under_way.AFTER_THE_WHOLE}")
_STOPS = str.maketrans({"，": ", ", "、": ", ", "：": ": ", "；": "; ", "。": ". ", "（": " (", "）": ")"})
_DAY = re.compile(r"第 ?(\d+|{{[^}]*}}) ?天")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Chinese → the language, of all its files; empty for Chinese itself."""
    files = sorted(Path(__file__).parent.glob(f"{language}*.toml")) if language != HOME else ()
    return {run: wording for file in files for run, wording in tomllib.loads(file.read_text("utf-8")).items()}


def said(text: str, language: str) -> str:
    """A template's or script's text with every run that the catalogue knows in its wording there."""
    known = catalogue(language)
    return RUN.sub(lambda run: known.get(run[0], run[0]), text).translate(_STOPS) if known else text


def composed(text: str, language: str) -> str:
    """Like `said`, for what a view put together: 第 7 天, 3 分钟前, 女 71 岁."""
    if language == HOME:
        return text
    known = catalogue(language)

    def reworded(run: re.Match[str]) -> str:
        """Whole, or part by part around names that stand in it."""
        parts = [run[0]] if run[0] in known else _PARTS.findall(run[0])
        return "".join(_part(each, known) for each in parts)

    return RUN.sub(reworded, _DAY.sub(r"day \1", text.replace(*_PER_MINUTE)))


def why(reason: str, language: str) -> str:
    """An alarm's reason as it is; only what was added to it of words under way, and by the whole words, is reworded."""
    at = min((reason.find(each) for each in _ADDED if each in reason), default=len(reason))
    return reason[:at] + composed(reason[at:], language)


def _part(text: str, known: Mapping[str, str]) -> str:
    """A part of a run with its stop, or without."""
    if text in known:
        return known[text]
    bare = text.rstrip("".join(map(chr, _STOPS)))
    return (known[bare] + text[len(bare) :].translate(_STOPS)) if bare in known else text


class Translated(BaseLoader):
    """Templates of another loader in the language."""

    def __init__(self, loader: BaseLoader, language: str) -> None:
        self._loader, self._language = loader, language

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, filename, fresh = self._loader.get_source(environment, template)
        source = _BEFORE_STOP.sub("", said(_DAY.sub(r"day \1", source), self._language))
        return source.replace('lang="zh-CN"', f'lang="{self._language}"'), filename, fresh


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
