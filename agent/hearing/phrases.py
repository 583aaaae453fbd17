"""Phrases as syllables, and where a recognised text sounds like one of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.hearing.syllables import UNKNOWN, costs, index_of

_INSERTED = 0.25  # a syllable of the text between two of the phrase: 胸口(又)疼
_LEFT_OUT = 0.7  # a syllable of the phrase that the text lacks

Indices = NDArray[np.int32]
Costs = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Phrase:
    """`meaning`: the concept or the measurement it stands for."""

    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """A phrase and the stretch [start, end) of syllables that sounds like it. `cost`: 0 the same syllables, a mean
    over the phrase's."""

    phrase: Phrase
    start: int
    end: int
    cost: float


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All phrases of one length, one row each."""

    phrases: tuple[Phrase, ...]
    syllables: Indices


class PhraseBook:
    """Built once. Of phrases with the same syllables the first is kept."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        by_length: dict[int, dict[tuple[int, ...], Phrase]] = {}
        index = index_of()
        for phrase in phrases:
            if phrase.text and all(c in index for c in phrase.text):
                syllables = tuple(index[c] for c in phrase.text)
                by_length.setdefault(len(syllables), {}).setdefault(syllables, phrase)
        self._shelves = [
            _Shelf(tuple(found.values()), np.array(list(found), np.int32)) for _, found in sorted(by_length.items())
        ]
        self._costs = costs()

    def __len__(self) -> int:
        return sum(len(shelf.phrases) for shelf in self._shelves)

    def alike(self, syllables: Indices, highest_cost: float) -> list[Likeness]:
        """Phrases that some stretch of `syllables` sounds like at `highest_cost` or less, the best stretch of each;
        cheapest first."""
        if not len(syllables):
            return []
        table = self._costs[:, syllables]  # [any syllable, place in the text]
        nearest = table.min(axis=1)
        found: list[Likeness] = []
        for shelf in self._shelves:
            length = shelf.syllables.shape[1]
            bound = nearest[shelf.syllables].clip(max=_LEFT_OUT).sum(axis=1)
            rows = np.flatnonzero(bound <= highest_cost * length)
            if len(rows):
                cost, start, end = _align(table[shelf.syllables[rows]])
                for row in np.flatnonzero(cost <= highest_cost * length):
                    phrase = shelf.phrases[rows[row]]
                    found.append(Likeness(phrase, int(start[row]), int(end[row]), float(cost[row] / length)))
        return sorted(found, key=lambda likeness: likeness.cost)


def _align(cells: Costs) -> tuple[Costs, Indices, Indices]:
    """Cheapest alignment of each phrase with any stretch of the text. `cells`: cost [phrase, syllable of it, place in
    the text]. Returns cost, first and last place (exclusive) for each phrase."""
    phrases, length, places = cells.shape
    reached = np.zeros((phrases, places + 1), np.float32)  # nothing of the phrase yet: free to begin anywhere
    began = np.broadcast_to(np.arange(places + 1, dtype=np.int32), (phrases, places + 1)).copy()
    for syllable in range(length):
        following = reached + _LEFT_OUT
        start = began.copy()
        matched = reached[:, :-1] + cells[:, syllable]
        better = matched < following[:, 1:]
        following[:, 1:] = np.where(better, matched, following[:, 1:])
        start[:, 1:] = np.where(better, began[:, :-1], start[:, 1:])
        if syllable < length - 1:
            for place in range(1, places + 1):
                inserted = following[:, place - 1] + _INSERTED
                better_here = inserted < following[:, place]
                following[:, place] = np.where(better_here, inserted, following[:, place])
                start[:, place] = np.where(better_here, start[:, place - 1], start[:, place])
        reached, began = following, start
    end = reached.argmin(axis=1).astype(np.int32)
    rows = np.arange(phrases)
    return reached[rows, end], began[rows, end], end


def rewritten(heard: str, phrase: str) -> str:
    """`heard` with the phrase's characters put where they sound alike, and what stands between them kept."""
    index, table = index_of(), costs()
    width = len(heard)
    best = [[(0.0, "")] + [((at + 1) * _INSERTED, heard[: at + 1]) for at in range(width)]]
    for character in phrase:
        above = best[-1]
        row = [(above[0][0] + _LEFT_OUT, above[0][1] + character)]
        for at, other in enumerate(heard, start=1):
            unlike = float(table[index.get(character, UNKNOWN), index.get(other, UNKNOWN)])
            row.append(
                min(
                    (above[at - 1][0] + unlike, above[at - 1][1] + character),
                    (above[at][0] + _LEFT_OUT, above[at][1] + character),
                    (row[at - 1][0] + _INSERTED, row[at - 1][1] + other),
                )
            )
        best.append(row)
    return best[-1][-1][1]


def syllables_of(text: str) -> tuple[Indices, list[int]]:
    """Indices of the text's syllables, punctuation left out, and the place of each in the text."""
    index = index_of()
    places = [at for at, character in enumerate(text) if character.isalnum()]
    return np.array([index.get(text[at], UNKNOWN) for at in places], np.int32), places
