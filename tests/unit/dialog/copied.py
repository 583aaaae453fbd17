"""A copy of one pathway and the shared files, to break."""

import os
import shutil
from pathlib import Path

from folders import PATHWAYS


def copied(tmp_path: Path) -> Path:
    copy = tmp_path / "pathways"
    for name in ("shared", "heart_failure"):
        shutil.copytree(PATHWAYS / name, copy / name, ignore=shutil.ignore_patterns("cases"))
    shutil.copy(PATHWAYS / "schema.json", copy)
    return copy


def edit(folder: Path, before: str, after: str, file: str = "heart_failure/pathway.yml") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    stamp = path.stat().st_mtime_ns + 1_000_000  # later than any edit before it
    os.utime(path, ns=(stamp, stamp))
