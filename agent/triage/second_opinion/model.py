"""A linear model over pieces of one to three characters: which family of danger a sentence tells of, by which words."""

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Steps = NDArray[np.int8]
_LONGEST = 120  # characters read of one text
_HOLE = "_"  # one character left open: 胸_闷
_EDGES = "^$"
_MOST_STEPS = 127
_SMALLEST = np.float32(1e-9)  # of a step: a class none of whose weights moved


@dataclass(frozen=True, slots=True)
class Guess:
    """`family` is the likeliest danger, `sure` the share of all dangers together (0–1), `span` the characters of the
    text read that speak most for it, end exclusive."""

    family: str
    sure: float
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Weights:
    """`table` has a row for each of `pieces` and a column for each of `classes`, in steps of `step`; `step` and
    `bias` are a number a class. `sentences` is the digest of what was learned from. A byte a weight keeps it small."""

    pieces: tuple[str, ...]
    classes: tuple[str, ...]
    sentences: str
    table: Steps
    step: Floats
    bias: Floats

    def save(self, path: Path) -> None:
        """Compressed: the file is kept in the repository."""
        packed = io.BytesIO()
        np.savez_compressed(
            packed,
            pieces="\n".join(self.pieces),
            classes="\n".join(self.classes),
            sentences=self.sentences,
            table=self.table,
            step=self.step,
            bias=self.bias,
        )
        path.write_bytes(packed.getvalue())


def load_weights(path: Path) -> Weights:
    """Raises FileNotFoundError, and ValueError or KeyError for a file that is none of ours."""
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as found:
        return Weights(
            pieces=tuple(str(found["pieces"]).split("\n")),
            classes=tuple(str(found["classes"]).split("\n")),
            sentences=str(found["sentences"]),
            table=found["table"],
            step=found["step"],
            bias=found["bias"],
        )


def in_steps(table: Floats) -> tuple[Steps, Floats]:
    """Weights in 127ths of their class's largest, and the size of those steps."""
    step = np.maximum(np.abs(table).max(axis=0) / _MOST_STEPS, _SMALLEST).astype(np.float32)
    return np.round(table / step).astype(np.int8), step


def pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Every run of one to three characters and every pair around a hole, with where it stands; the ends count as a
    character of their own."""
    text = text[:_LONGEST]
    whole = f"{_EDGES[0]}{text}{_EDGES[1]}"
    for length in (1, 2, 3):
        for at in range(len(whole) - length + 1):
            yield whole[at : at + length], max(at - 1, 0), min(at - 1 + length, len(text))
    for at in range(len(text) - 2):
        yield f"{text[at]}{_HOLE}{text[at + 2]}", at, at + 3


class Model:
    """Built once from weights; `guess` is pure and takes some eighty microseconds. Of each piece only a number is kept:
    two pieces of one number (one in a hundred thousand) share their weights."""

    def __init__(self, weights: Weights, calm: str) -> None:
        numbers = _numbers(weights.pieces)
        order = np.argsort(numbers)
        self._numbers = numbers[order]
        self._table, self._step = weights.table[order], weights.step
        self._bias, self._classes = weights.bias, weights.classes
        self._calm = weights.classes.index(calm)

    def guess(self, text: str, least: float) -> Guess | None:
        """The danger `text` (as `sentences.bare` gives it) tells of; None when it is less sure than `least`."""
        found = sorted({piece for piece, _, _ in pieces(text)})
        rows, known = self._rows(found)
        summed = self._table[rows[known]].sum(axis=0, dtype=np.int32) * self._step
        shares = shares_of(summed / max(len(found), 1) ** 0.5 + self._bias)
        sure = 1 - float(shares[self._calm])
        if sure < least:
            return None
        shares[self._calm] = 0
        best = int(shares.argmax())
        return Guess(self._classes[best], sure, self._heaviest(text, best))

    def _rows(self, found: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """The row of each piece, and whether the piece is known: the row of one that is not means nothing."""
        numbers = _numbers(found)
        rows = np.minimum(np.searchsorted(self._numbers, numbers), len(self._numbers) - 1)
        return rows, self._numbers[rows] == numbers

    def _heaviest(self, text: str, family: int) -> tuple[int, int]:
        """The run of characters whose pieces weigh most together; a piece's weight is shared by its characters."""
        placed = [(piece, start, end) for piece, start, end in pieces(text) if start < end]
        rows, known = self._rows([piece for piece, _, _ in placed])
        weights = self._table[rows] * self._step
        leans = np.where(known, weights[:, family] - weights[:, self._calm], 0.0)
        each = np.zeros(len(text))
        for lean, (_, start, end) in zip(leans, placed, strict=True):
            each[start:end] += lean / (end - start)
        usual = each.clip(0).sum() / max(len(each), 1) / 2
        best, most, start, running = (0, len(text)), 0.0, 0, 0.0
        for at, value in enumerate(each):
            if running <= 0:
                start, running = at, 0.0
            running += value - usual
            if running > most:
                best, most = (start, at + 1), running
        return best


def _numbers(found: Sequence[str]) -> NDArray[np.uint32]:
    return np.fromiter((zlib.crc32(piece.encode()) for piece in found), np.uint32, len(found))


def shares_of(scores: Floats) -> Floats:
    """Scores of the classes (last axis) as shares of one."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float32)
