"""Reads the clock policy of a house from TOML; every problem names the entry and what to write instead."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from agent.escalation.clocks import ClockPolicy, Patience, Rung
from agent.model.finding import Level

HOUSE_FILE = Path(__file__).with_name("clocks.toml")
WAYS = ("sms", "wechat", "webhook")


class ClockFileError(Exception):
    """The file cannot be used; the message says where and why."""


def read_clocks(path: Path) -> ClockPolicy:
    """Raises ClockFileError."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ClockFileError(f"{path}: {error}") from None
    patience = {level: _patience(found.get(level.value), level.value, path) for level in Level}
    rungs = tuple(_rung(raw, f"ladder {number}", path) for number, raw in enumerate(found.get("ladder", []), 1))
    if list(rungs) != sorted(rungs, key=lambda rung: rung.after):
        raise ClockFileError(f"{path}: ladder: write the rungs in the order of their after_minutes")
    trouble = _rung(found["trouble"], "[trouble]", path) if "trouble" in found else None
    return ClockPolicy(patience, _minutes(found, "give_back_minutes", path), rungs, trouble)


@cache
def house_clocks() -> ClockPolicy:
    """The policy this house comes with."""
    return read_clocks(HOUSE_FILE)


def _patience(raw: Any, name: str, path: Path) -> Patience:
    if not isinstance(raw, dict):
        raise ClockFileError(f"{path}: [{name}] is missing")
    amber, red, snooze = (_minutes(raw, f"{key}_minutes", path, name) for key in ("amber", "red", "snooze"))
    if red < amber:
        raise ClockFileError(f"{path}: [{name}] red_minutes comes before amber_minutes")
    return Patience(amber, red, snooze)


def _rung(raw: dict[str, Any], where: str, path: Path) -> Rung:
    name = raw.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ClockFileError(f"{path}: {where}: name says who is told, as 护士长")
    ways = {way: _addresses(raw.get(way, []), f"{where} {way}", path) for way in WAYS}
    return Rung(name.strip(), _minutes(raw, "after_minutes", path, where), **ways)


def _addresses(raw: Any, where: str, path: Path) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(each, str) and each.strip() for each in raw):
        raise ClockFileError(f'{path}: {where}: write a list, as ["+8613800000000"]')
    return tuple(raw)


def _minutes(raw: dict[str, Any], key: str, path: Path, where: str = "") -> timedelta:
    value = raw.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ClockFileError(f"{path}: {where} {key}: write a number of minutes above 0".replace(":  ", ": "))
    return timedelta(minutes=value)
