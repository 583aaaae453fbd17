"""What the import page is given: who plans, and what each source calls its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.model.discharge import Planner


class Columns(Protocol):
    """Raises ColumnMemoryError where what was kept cannot be read."""

    def of(self, source: str) -> Mapping[str, str]: ...
    def sources(self) -> Sequence[str]: ...
    def remember(self, source: str, mapping: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Importing:
    planner: Planner
    columns: Columns
