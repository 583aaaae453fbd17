"""Logistic regression over pieces of words: learnt with scikit-learn, kept as JSON and NumPy, served with NumPy alone.

The same mathematics as Rasa's LogisticRegressionClassifier, but loaded in milliseconds instead of seconds and with the
regularisation open to choice (docs/decisions).
"""

import json
from pathlib import Path

import numpy as np

from components.pieces import Weights


class Linear:
    """Scores of every label for a text, summing to 1."""

    def __init__(self, weights: Weights, labels: list[str], slopes: np.ndarray, offsets: np.ndarray) -> None:
        self.weights = weights
        self.labels = labels
        self.slopes = slopes  # pieces × labels
        self.offsets = offsets

    @classmethod
    def learn(cls, texts: list[str], labels: list[str], inverse_regularisation: float, *, balanced: bool) -> "Linear":
        from scipy.sparse import csr_matrix
        from sklearn.linear_model import LogisticRegression

        weights = Weights.learn(texts)
        rows = [weights.vector(text) for text in texts]
        starts = np.cumsum([0] + [len(columns) for columns, _ in rows])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        matrix = csr_matrix((values, columns, starts), shape=(len(texts), len(weights.columns)))
        weighting = "balanced" if balanced else None
        model = LogisticRegression(C=inverse_regularisation, class_weight=weighting, max_iter=500, random_state=1)
        model.fit(matrix, labels)
        return cls(weights, list(model.classes_), model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))

    def scores(self, text: str, count: int) -> list[tuple[str, float]]:
        """The best labels with their scores, best first."""
        columns, values = self.weights.vector(text)
        logits = values @ self.slopes[columns] + self.offsets
        powers = np.exp(logits - logits.max())
        shares = powers / powers.sum()
        return [(self.labels[index], float(shares[index])) for index in np.argsort(-shares)[:count]]

    def save(self, folder: Path) -> None:
        names = {"pieces": list(self.weights.columns), "labels": self.labels}
        (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "numbers.npz", idf=self.weights.idf, slopes=self.slopes, offsets=self.offsets)

    @classmethod
    def read(cls, folder: Path) -> "Linear":
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        with np.load(folder / "numbers.npz") as numbers:
            weights = Weights({piece: column for column, piece in enumerate(names["pieces"])}, numbers["idf"])
            return cls(weights, names["labels"], numbers["slopes"], numbers["offsets"])
