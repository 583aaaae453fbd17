"""Words → pieces → weights: what both of our components read. No library but NumPy, so that the server starts fast.

A piece is one character or two neighbours, with the ends marked. It needs no dictionary, survives dialect and
fillers, and did better on the held-out sentences than words did (docs/decisions).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable

import numpy as np

SCRIPTS = (
    ("latin", re.compile("[a-z]{2,}")),
    ("kana", re.compile("[\u3040-\u30ff]")),
    ("hangul", re.compile("[\uac00-\ud7af]")),
    ("cantonese", re.compile("[嘅咗喺佢唔冇乜嘢啲哋咩嚟俾攞瞓揾系]")),
    ("other", re.compile("[^\x00-\x7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")),
)


def pieces(text: str) -> list[str]:
    """Characters, neighbouring pairs and the scripts seen, in order, repeats kept."""
    marked = f"^{text}$"
    pairs = [marked[i : i + 2] for i in range(len(marked) - 1)]
    return [*text, *pairs, *(f"<{name}>" for name, pattern in SCRIPTS if pattern.search(text))]


class Weights:
    """Piece → column and its inverse document frequency."""

    def __init__(self, columns: dict[str, int], idf: np.ndarray) -> None:
        self.columns = columns
        self.idf = idf

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "Weights":
        documents = [set(pieces(text)) for text in texts]
        counts = Counter(piece for document in documents for piece in document)
        columns = {piece: column for column, piece in enumerate(sorted(counts))}
        logs = [math.log((1 + len(documents)) / (1 + counts[piece])) + 1 for piece in columns]
        return cls(columns, np.array(logs, dtype=np.float32))

    def vector(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of the known pieces; the values' length is 1 (or there are none)."""
        counts = Counter(self.columns[piece] for piece in pieces(text) if piece in self.columns)
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self.idf[columns]
        norm = float(np.linalg.norm(values))
        return columns, values / norm if norm else values
