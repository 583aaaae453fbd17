"""A watched folder: lists and HL7 files appear in it, are taken when whole, and go to done/ or failed/ with a report.

What a file says is imported again if the process died before the file was moved: importing twice changes nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.model.clock import HOSPITAL_ZONE, Now

log = logging.getLogger("suifang.inbox")

SUFFIXES = (".csv", ".txt", ".xlsx", ".xls", ".hl7")
DONE, FAILED = "done", "failed"


@dataclass(frozen=True, slots=True)
class Report:
    """`fine`: nothing in the file needs a person; `text` is for the coordinator and lies beside the file."""

    fine: bool
    text: str


Take = Callable[[Path, bytes], Awaitable[Report]]
"""Takes one file's bytes in; its path tells name and source (the folder below the inbox). Never raises for what is in
the file; raises StoreError where it must be tried again later."""
Stamp = tuple[int, int]


class WatchedFolder:
    """`run_once` looks once; a file is whole when two looks found it alike."""

    def __init__(self, folder: Path, take: Take, now: Now) -> None:
        self._folder, self._take, self._now = folder, take, now
        self._seen: dict[Path, Stamp] = {}

    async def run_once(self) -> int:
        """Returns how many files were taken."""
        found = await asyncio.to_thread(self._look)
        whole = [path for path, stamp in found.items() if stamp[0] > 0 and self._seen.get(path) == stamp]
        self._seen = found
        for path in sorted(whole):
            await self._one(path)
        return len(whole)

    def _look(self) -> dict[Path, Stamp]:
        """Files of the inbox and of the folders just below it, which are named for their source."""
        self._folder.mkdir(parents=True, exist_ok=True)
        places = [self._folder, *(p for p in self._folder.iterdir() if p.is_dir() and p.name not in (DONE, FAILED))]
        found: dict[Path, Stamp] = {}
        for path in (path for place in places for path in place.iterdir()):
            if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith((".", "~$")):
                status = path.stat()
                found[path] = (status.st_size, status.st_mtime_ns)
        return found

    async def _one(self, path: Path) -> None:
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:  # taken away, or not ours to read
            log.error("inbox: a file cannot be read: %s", type(error).__name__)
            return
        report = await self._take(path, data)
        await asyncio.to_thread(self._put_away, path, report)
        self._seen.pop(path, None)

    def _put_away(self, path: Path, report: Report) -> None:
        """Beside an earlier file of the same name, never over it."""
        place = self._folder / (DONE if report.fine else FAILED)
        place.mkdir(exist_ok=True)
        moment: datetime = self._now().astimezone(HOSPITAL_ZONE)
        target = place / f"{moment:%Y%m%d-%H%M%S-%f}-{path.name}"
        target.with_name(f"{target.name}.report.txt").write_text(report.text, encoding="utf-8")
        path.replace(target)
