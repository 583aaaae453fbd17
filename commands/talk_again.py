"""A talk held again: the patient's words of a case file, and where the robot now replies otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.content_yaml import read_source
from agent.model.problem import ContentError
from agent.model.turn import TurnKind

CASE_YEAR = 1958  # the year of birth in a case that names no patient


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of the file: what the patient does, and what the robot replied then ("" where that is not known)."""

    kind: TurnKind
    text: str
    reply: str


@dataclass(frozen=True, slots=True)
class Script:
    node: int | None
    birth_year: int
    turns: tuple[Said, ...]


def read_script(path: Path, usual: TurnKind) -> Script:
    """The talk written down in a case file. Raises ContentError for a file that is none."""
    raw: Any = read_source(path, str(path)).data
    try:
        turns = tuple(_said(one, usual) for one in raw["turns"])
        year = (raw.get("patient") or {}).get("birth_year") or CASE_YEAR
        return Script(raw.get("node"), int(year), turns)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ContentError(str(path), 0, "这不是写下来的对话", "先用 --repro 写下一次对话") from error


def _said(raw: dict[str, Any], usual: TurnKind) -> Said:
    expect = raw.get("expect") or {}
    return Said(TurnKind(raw.get("kind", usual)), str(raw.get("says", "")), str(expect.get("reply", "")))


class Again:
    """Gives the turns of a script one after the other and counts the replies that differ."""

    def __init__(self, script: Script) -> None:
        self._turns: Iterator[Said] = iter(script.turns)
        self._now: Said | None = None
        self.heard = self.different = 0

    def next(self) -> tuple[TurnKind, str]:
        """The patient's next turn; they hang up where the file ends."""
        self._now = next(self._turns, None)
        return (self._now.kind, self._now.text) if self._now else (TurnKind.HANGUP, "")

    def otherwise(self, reply: str) -> str | None:
        """What was replied then, where that was something else."""
        then, self._now = self._now, None
        if then is None or not then.reply:
            return None
        self.heard += 1
        if then.reply == reply:
            return None
        self.different += 1
        return then.reply
