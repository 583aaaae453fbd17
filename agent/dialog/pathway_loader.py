"""Pathway files into pathways: load, check, keep superseded versions, re-read what was edited."""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from agent.content_schema import schema_errors
from agent.content_yaml import Source, read_text
from agent.dialog.pathway_build import build_pathway
from agent.dialog.pathway_checks import check_pathway
from agent.model.pathway import Pathway
from agent.model.problem import ContentError

__all__ = ["ContentError", "PathwayShelf", "load", "load_all", "problems"]

log = logging.getLogger("suifang.pathways")

PATHWAY_FILE = "pathway.yml"
SHARED = (("shared/phrases.yml", "shared_phrases"), ("shared/safety.yml", "shared_safety"))
SCHEMA_FILE = "schema.json"


@dataclass(frozen=True, slots=True)
class _Texts:
    """The three files one pathway is made of, by name, pathway.yml first."""

    files: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        joined = "\0".join(text for _, text in self.files)
        return hashlib.sha256(joined.encode()).hexdigest()[:8]

    def sources(self) -> list[Source]:
        """Raises ContentError for broken YAML."""
        return [Source(file, text) for file, text in self.files]


def load(folder: Path) -> Pathway:
    """The pathway of one folder, e.g. dialogs/pathways/heart_failure. Raises the first ContentError."""
    return _parse(_read(folder), folder.parent / SCHEMA_FILE)


def load_all(folder: Path) -> dict[str, Pathway]:
    """Every pathway under dialogs/pathways, by id. Raises the first ContentError."""
    return {pathway.id: pathway for pathway in map(load, _folders(folder))}


def problems(folder: Path) -> list[ContentError]:
    """Everything wrong in any pathway under `folder`; empty when all is well."""
    found: dict[tuple[str, int, str], ContentError] = {}
    for one in _folders(folder):
        try:
            errors = list(_errors(_read(one).sources(), folder / SCHEMA_FILE))
        except ContentError as unreadable:
            errors = [unreadable]
        found |= {(error.file, error.line, error.message): error for error in errors}
    return list(found.values())


def _folders(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob(f"*/{PATHWAY_FILE}"))


def _read(folder: Path) -> _Texts:
    names = [f"{folder.name}/{PATHWAY_FILE}", *(name for name, _ in SHARED)]
    paths = [folder.parent / name for name in names]
    for path in paths:
        if not path.is_file():
            raise ContentError(str(path), 1, "there is no such file", f"Create {path.name} or correct the name")
    return _Texts(tuple((str(path), read_text(path, str(path))) for path in paths))


def _errors(sources: list[Source], schema: Path) -> Iterator[ContentError]:
    by_schema = [
        error
        for source, part in zip(sources, ("", *(part for _, part in SHARED)), strict=True)
        for error in schema_errors(source, schema, part)
    ]
    yield from by_schema
    if not by_schema:
        yield from check_pathway(sources[0], _shared(sources), build_pathway(sources[0].data, _shared(sources), ""))


def _shared(sources: list[Source]) -> dict[str, Any]:
    return {**sources[1].data, **sources[2].data}


def _parse(texts: _Texts, schema: Path) -> Pathway:
    sources = texts.sources()
    for error in _errors(sources, schema):
        raise error
    own = sources[0].data
    return build_pathway(own, _shared(sources), f"{own['version']}+{texts.digest}")


class PathwayShelf:
    """Pathways by name, re-read when a file changed. With `keep`, every version that was ever read stays there
    under its content's digest, so a contact can finish on the version it began with."""

    def __init__(self, folder: Path, keep: Path | None = None) -> None:
        self._folder, self._keep = folder, keep
        self._stamps: dict[str, tuple[int, ...]] = {}
        self._current: dict[str, Pathway] = {}
        self._versions: dict[tuple[str, str], Pathway] = {}
        self._missed: set[tuple[str, str]] = set()  # versions that nobody kept: each is told of once

    def names(self) -> list[str]:
        return [path.name for path in _folders(self._folder)]

    def get(self, name: str, version: str | None = None) -> Pathway:
        """The current pathway, or the given version of it. A version that nobody kept (planned before an edit, never
        begun) gives the current one. Raises ContentError for an unknown name or a broken current file."""
        if version is not None:
            kept = self._versions.get((name, version)) or self._kept(name, version)
            if kept is not None:
                self._versions[name, version] = kept
                return kept
        self._refresh(name)
        current = self._current[name]
        if version is not None and version != current.version and (name, version) not in self._missed:
            self._missed.add((name, version))
            log.warning("pathway %s: version %s was not kept, %s runs instead", name, version, current.version)
        return self._versions.get((name, version or ""), current)

    def starting(self, name: str, planned: str) -> Pathway:
        """What a contact that begins now runs: today's, so that an edit needs no new plan; the planned version while
        today's file is broken. Raises ContentError."""
        try:
            return self.get(name)
        except ContentError as broken:
            log.error("pathway %s: the file is not usable (%s), version %s runs", name, broken.message, planned)
            return self.get(name, planned)

    def _refresh(self, name: str) -> None:
        paths = [self._folder / name / PATHWAY_FILE, *(self._folder / shared for shared, _ in SHARED)]
        stamp = tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in paths)
        if self._stamps.get(name) == stamp and name in self._current:
            return
        texts = _read(self._folder / name)
        pathway = _parse(texts, self._folder / SCHEMA_FILE)
        self._stamps[name], self._current[name] = stamp, pathway
        self._versions[name, pathway.version] = pathway
        if self._keep is not None:
            self._store(self._keep / name / f"{pathway.version}.json", texts)

    @staticmethod
    def _store(path: Path, texts: _Texts) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.write_text(json.dumps(texts.files, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)

    def _kept(self, name: str, version: str) -> Pathway | None:
        path = self._keep / name / f"{version}.json" if self._keep is not None else None
        if path is None or not path.is_file():
            return None
        texts = _Texts(tuple((file, text) for file, text in json.loads(path.read_text(encoding="utf-8"))))
        try:
            return _parse(texts, self._folder / SCHEMA_FILE)
        except ContentError:  # the programme needs sentences this version did not have yet
            return self._completed(name, version, texts)

    def _completed(self, name: str, version: str, texts: _Texts) -> Pathway | None:
        """A version from before the programme learnt new sentences, with today's wording of those alone."""
        own, phrases, safety = texts.files
        try:
            today = read_text(self._folder / SHARED[0][0])
            filled = _Texts((own, (phrases[0], _with_new_phrases(phrases[1], today)), safety))
            return replace(_parse(filled, self._folder / SCHEMA_FILE), version=version)
        except ContentError as outgrown:
            log.error("pathway %s: version %s can no longer run: %s", name, version, type(outgrown).__name__)
            return None


def _with_new_phrases(kept: str, today: str) -> str:
    """The kept shared sentences and those only today's file has. They are as signed as the less signed of the two."""
    old, new = (Source(SHARED[0][0], text).data for text in (kept, today))
    missing = {key: value for key, value in new["phrases"].items() if key not in old["phrases"]}
    signed = new["approval"] if missing and not new["approval"]["who"] else old["approval"]
    merged = {**old, "approval": signed, "phrases": {**old["phrases"], **missing}}
    return str(yaml.safe_dump(merged, allow_unicode=True, sort_keys=False, width=1000))
