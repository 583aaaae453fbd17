"""What the practice page may choose from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PracticeChoice:
    """One pathway with its nodes as (day, title)."""

    pathway: str
    title: str
    nodes: tuple[tuple[int, str], ...]
