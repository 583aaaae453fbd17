"""Questions and answers written by hands that never saw the product: what an answer makes of each finding asked.

A file a hand: question, answer and symptom=status;… in three columns; status is present, absent or uncertain."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from agent.model.finding import Status
from agent.triage.reader import Reader

_GOLD = {Status.PRESENT: "present", Status.PAST: "present", Status.UNCERTAIN: "uncertain"}  # all else: absent


def run(reader: Reader, folder: Path) -> dict[str, Any]:
    """For each hand and for all: the share told right when every finding must be judged, and, as a conversation takes
    the answer, the shares settled right, left open to be asked again, and settled wrong; of those, what is there taken
    for absent."""
    told: dict[str, Counter[str]] = {}
    for path in sorted(folder.glob("*.tsv")):
        told[path.stem] = _hand(reader, path)
    told["all"] = sum(told.values(), Counter())
    return {hand: _shares(counts) for hand, counts in told.items()}


def _hand(reader: Reader, path: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="") as lines:
        for question, answer, labels in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            gold = [one.rsplit("=", 1) for one in labels.split(";")]
            asked = [words for words, _ in gold]
            judged = reader.asked_statuses(answer, question, asked)
            settled = reader.settled_statuses(answer, question, asked)
            for (_, label), status, taken in zip(gold, judged, settled, strict=True):
                counts["findings"] += 1
                counts["right"] += _named(status) == label
                counts[_as_taken(taken, label)] += 1
                counts["missed"] += label == "present" and taken is Status.DENIED
    return counts


def _as_taken(status: Status | None, label: str) -> str:
    if status is None or status is Status.UNCERTAIN:
        return "open"
    return "settled_right" if _named(status) == label else "settled_wrong"


def _named(status: Status) -> str:
    return _GOLD.get(status, "absent")


def _shares(counts: Counter[str]) -> dict[str, Any]:
    names = ("right", "settled_right", "open", "settled_wrong", "missed")
    shares = {name: round(counts[name] / max(counts["findings"], 1), 4) for name in names}
    return {"findings": counts["findings"], **shares}
