"""Lists that somebody uploaded and has not confirmed yet: in this process's memory alone, nothing on disk."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.exchange.discharge_import import ImportReport

KEPT = timedelta(minutes=30)
MOST_KEPT = 20  # lists of all users together


@dataclass(frozen=True, slots=True)
class Upload:
    """`told` is what the user said this source's headings mean; `report` what came of it, once it was confirmed."""

    id: str
    user: str
    name: str
    source: str
    data: bytes = field(repr=False)
    at: datetime
    told: Mapping[str, str] = field(default_factory=dict)
    report: ImportReport | None = None


class Uploads:
    """One list for each user, for half an hour; the oldest goes where there are too many."""

    def __init__(self) -> None:
        self._kept: dict[str, Upload] = {}
        self.taking = asyncio.Lock()  # held while one is taken in: a second press finds what the first one did

    def keep(self, upload: Upload) -> None:
        fresh = [each for each in self._kept.values() if upload.at - each.at < KEPT and each.user != upload.user]
        self._kept = {each.id: each for each in [*fresh[-(MOST_KEPT - 1) :], upload]}

    def of(self, upload_id: str, user: str, now: datetime) -> Upload | None:
        """None for one that is gone, or another user's."""
        found = self._kept.get(upload_id)
        return found if found and found.user == user and now - found.at < KEPT else None

    def change(self, upload: Upload, **values: object) -> Upload:
        self._kept[upload.id] = changed = replace(upload, **values)  # type: ignore[arg-type]
        return changed
