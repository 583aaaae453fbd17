"""How alike two Mandarin syllables sound to a recogniser on the telephone. Tones are ignored."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from agent.triage.syllables import table

UNKNOWN = 0  # the index of anything that is no syllable: a digit, a Latin letter

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcs")
_SIBILANT_FINAL = frozenset({"zh", "ch", "sh", "r", "z", "c", "s"})
# Cost between two initials, 0 the same, 1 unlike; a group's cost holds for every two of its members.
_INITIAL_GROUPS = (
    (0.10, ("zh", "z")),
    (0.10, ("ch", "c")),
    (0.10, ("sh", "s")),
    (0.15, ("n", "l")),
    (0.25, ("f", "h")),
    (0.30, ("l", "r")),
    (0.30, ("x", "s", "sh")),
    (0.35, ("m", "n")),
    (0.35, ("b", "p")),
    (0.35, ("d", "t")),
    (0.35, ("g", "k")),
    (0.35, ("j", "q")),
    (0.35, ("j", "z", "zh")),
    (0.35, ("q", "c", "ch")),
    (0.40, ("zh", "ch", "sh", "z", "c", "s", "j", "q", "x")),
    (0.45, ("h", "k")),
    (0.50, ("m", "b")),
    (0.50, ("t", "q", "k", "p")),
    (0.55, ("d", "g", "b")),
    (0.55, ("h", "g")),
    (0.60, ("", "h", "m", "n", "l", "r")),
)
_VOWELS = {"eo": 0.3, "ae": 0.4, "ao": 0.4, "ei": 0.4, "iv": 0.25, "ou": 0.3, "uv": 0.35, "Ii": 0.3, "Ie": 0.35}
_CODAS = {("n", "ng"): 0.15, ("", "n"): 0.4, ("", "ng"): 0.45, ("", "i"): 0.4, ("", "u"): 0.4, ("", "r"): 0.3}
_MEDIAL = 0.3
_ZERO_INITIAL = (
    ("yuan", "van"), ("yue", "ve"), ("yun", "vn"), ("yu", "v"), ("yong", "iong"), ("you", "iou"), ("ying", "ing"),
    ("yin", "in"), ("yi", "i"), ("y", "i"), ("weng", "ueng"), ("wei", "uei"), ("wen", "uen"), ("wu", "u"), ("w", "u"),
)  # fmt: skip


@cache
def numbered() -> dict[str, int]:
    """Every syllable and its index, from 1."""
    return {syllable: at for at, syllable in enumerate(sorted(set(table().values())), start=1)}


@cache
def index_of() -> dict[str, int]:
    """Character to the index of its syllable."""
    numbers = numbered()
    return {character: numbers[syllable] for character, syllable in table().items()}


@cache
def costs() -> NDArray[np.float32]:
    """Cost of hearing one syllable for another, 0 (the same) to 1, by their indices; row and column 0 are unknown."""
    parts = [split(syllable) for syllable in numbered()]
    matrix = np.ones((len(parts) + 1, len(parts) + 1), np.float32)
    for row, (initial, final) in enumerate(parts, start=1):
        for column, (other_initial, other_final) in enumerate(parts[:row], start=1):
            cost = (_initial_cost(initial, other_initial) + _final_cost(final, other_final)) / 2
            matrix[row, column] = matrix[column, row] = cost
    return matrix


def split(syllable: str) -> tuple[str, tuple[str, str, str]]:
    """Initial and (medial, vowel, ending) of a syllable: chuang is ch and (u, a, ng), yue is nothing and (v, e, )."""
    for written, meant in _ZERO_INITIAL:
        if syllable.startswith(written):
            return "", _final(meant + syllable[len(written) :])
    initial = next((i for i in _INITIALS if syllable.startswith(i)), "")
    final = syllable[len(initial) :]
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if initial in _SIBILANT_FINAL and final == "i":
        return initial, ("", "I", "")
    return initial, _final(final)


def _final(final: str) -> tuple[str, str, str]:
    final = {"iu": "iou", "ui": "uei", "un": "uen", "iong": "vong"}.get(final, final)
    medial = final[0] if len(final) > 1 and final[0] in "iuv" and final[1] in "aoe" else ""
    rest = final[len(medial) :]
    vowel, coda = rest[:1], rest[1:]
    return medial, vowel, {"o": "u"}.get(coda, coda)


@cache
def _initial_cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return min((cost for cost, group in _INITIAL_GROUPS if one in group and other in group), default=1.0)


@cache
def _final_cost(one: tuple[str, str, str], other: tuple[str, str, str]) -> float:
    vowels = "".join(sorted(one[1] + other[1]))
    vowel = 0.0 if one[1] == other[1] else _VOWELS.get(vowels, 0.7)
    codas = (min(one[2], other[2]), max(one[2], other[2]))
    coda = 0.0 if one[2] == other[2] else _CODAS.get(codas, 0.5)
    return min(1.0, vowel + coda + (_MEDIAL if one[0] != other[0] else 0.0))
