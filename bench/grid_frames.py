"""The frames of `suifang bench grid`, read from YAML a clinician writes."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.content_yaml import read_source

FRAMES = Path(__file__).parent / "grid_words" / "frames.yml"
DANGER = "danger"
RED, NOTICED, CALM = "red", "noticed", "calm"
_STOPS = re.compile("[，。！？,!?]")
_MYSELF = re.compile("^我(?![妈爸老])")


class BadFrame(Exception):
    """The text names the group and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Frames that share what is put into them (`say`: danger or calm) and how it must then read (`expect`)."""

    name: str
    say: str
    expect: str
    frames: tuple[str, ...]
    run_on: bool = False
    relative: bool = False

    def said(self, frame: str, text: str) -> str:
        """`text` within `frame`, as it comes from a relative or without stops where the group says so."""
        whole = frame.replace("{}", _MYSELF.sub("", text) if self.relative else text)
        return _STOPS.sub("", whole) if self.run_on else whole


def groups(path: Path = FRAMES) -> list[Group]:
    """Every group in the file's order. Raises BadFrame and ContentError."""
    return [_group(name, entry) for name, entry in read_source(path).data.items()]


def _group(name: str, entry: dict[str, Any]) -> Group:
    say, expect, frames = entry.get("say"), entry.get("expect"), tuple(entry.get("frames", ()))
    if say not in (DANGER, CALM):
        raise BadFrame(f"{name}: say must be {DANGER} or {CALM}")
    if expect not in (RED, NOTICED, CALM):
        raise BadFrame(f"{name}: expect must be {RED}, {NOTICED} or {CALM}")
    if not frames or any(frame.count("{}") != 1 for frame in frames):
        raise BadFrame(f"{name}: every frame needs one {{}} for the sentence")
    return Group(name, say, expect, frames, entry.get("stops") == "dropped", entry.get("as") == "relative")
