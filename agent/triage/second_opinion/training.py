"""Trains the second opinion on the written sentences: numpy alone, seconds on one core, the same weights every time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.triage.second_opinion.model import Floats, Weights, in_steps, pieces, shares_of
from agent.triage.second_opinion.sentences import CALM, Sentence, bare

_EPOCHS = 16
_BATCH = 32
_RATE = 0.5
_DECAY = 1e-4  # of all weights, for each step
_RAREST = 2  # sentences a piece must stand in

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts as `bare` gives them, each once and in a fixed order, and the class each is to be."""

    texts: Sequence[str]
    labels: Sequence[str]


def labelled(sentences: Sequence[Sentence]) -> Labelled:
    pairs = sorted({bare(each.text): each.label for each in sentences}.items())
    return Labelled([text for text, _ in pairs], [label for _, label in pairs])


def train(told: Labelled, digest: str = "") -> Weights:
    """Softmax regression by Adagrad (Duchi, Hazan and Singer 2011). `digest` is kept with the weights."""
    texts = [sorted({piece for piece, _, _ in pieces(text)}) for text in told.texts]
    times = Counter(piece for text in texts for piece in text)
    kept = tuple(sorted(piece for piece, seen in times.items() if seen >= _RAREST))
    row = {piece: at for at, piece in enumerate(kept)}
    classes = tuple(sorted(set(told.labels) | {CALM}))
    rows = [np.array([row[piece] for piece in text if piece in row], dtype=np.int64) for text in texts]
    scale = np.array([len(text) ** -0.5 for text in texts], dtype=np.float32)
    learner = _Learner(len(kept), len(classes))
    wanted = np.eye(len(classes), dtype=np.float32)[[classes.index(label) for label in told.labels]]
    chance = np.random.default_rng(0)
    for _ in range(_EPOCHS):
        order = chance.permutation(len(rows))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            learner.step([rows[i] for i in batch], scale[batch], wanted[batch])
    return Weights(kept, classes, digest, *in_steps(learner.table), learner.bias)


class _Learner:
    def __init__(self, rows: int, classes: int) -> None:
        self.table, self.bias = np.zeros((rows, classes), np.float32), np.zeros(classes, np.float32)
        self._moved, self._moved_bias = np.full_like(self.table, 1e-2), np.full_like(self.bias, 1.0)

    def step(self, rows: Sequence[Ints], scale: Floats, wanted: Floats) -> None:
        """One batch: the rows of each text's pieces, one over the root of their number, and the class wanted."""
        lengths = [len(each) for each in rows]
        flat = np.concatenate(rows)
        text_of = np.repeat(np.arange(len(rows)), lengths)
        worth = np.repeat(scale, lengths)[:, None]
        scores = np.zeros_like(wanted)
        np.add.at(scores, text_of, self.table[flat] * worth)
        wrong = shares_of(scores + self.bias) - wanted
        order = np.argsort(flat, kind="stable")
        touched, first = np.unique(flat[order], return_index=True)
        slope = np.add.reduceat((wrong[text_of] * worth)[order], first, axis=0) / len(rows) ** 0.5
        self._moved[touched] += slope * slope
        self.table[touched] -= _RATE * slope / np.sqrt(self._moved[touched])
        self.table *= 1 - _DECAY
        slope_bias = wrong.sum(axis=0) / len(rows) ** 0.5
        self._moved_bias += slope_bias * slope_bias
        self.bias -= _RATE * slope_bias / np.sqrt(self._moved_bias)
