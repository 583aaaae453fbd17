"""Which move the words make: logistic regression over pieces of words.

Takes the place of Rasa's tokenizer, featurizers and LogisticRegressionClassifier: the same mathematics, but loaded in
milliseconds (theirs needs seconds, docs/decisions) and with the regularisation open to choice. Learnt with
scikit-learn, served with NumPy alone.
"""

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.pieces import Weights

INTENT_RANKING = "intent_ranking"


class Linear:
    """Scores of every label for a text, summing to 1."""

    def __init__(self, weights: Weights, labels: list[str], slopes: np.ndarray, offsets: np.ndarray) -> None:
        self.weights = weights
        self.labels = labels
        self.slopes = slopes  # pieces × labels
        self.offsets = offsets

    @classmethod
    def learn(cls, texts: list[str], labels: list[str], inverse_regularisation: float) -> "Linear":
        from scipy.sparse import csr_matrix
        from sklearn.linear_model import LogisticRegression

        weights = Weights.learn(texts)
        rows = [weights.vector(text) for text in texts]
        starts = np.cumsum([0] + [len(columns) for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        matrix = csr_matrix(
            (values, np.concatenate([columns for columns, _ in rows]), starts), shape=(len(texts), len(weights.columns))
        )
        model = LogisticRegression(C=inverse_regularisation, class_weight="balanced", max_iter=500, random_state=1)
        model.fit(matrix, labels)
        return cls(weights, list(model.classes_), model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))

    def scores(self, text: str) -> list[tuple[str, float]]:
        """Best first."""
        columns, values = self.weights.vector(text)
        logits = values @ self.slopes[columns] + self.offsets
        powers = np.exp(logits - logits.max())
        shares = powers / powers.sum()
        return [(self.labels[index], float(shares[index])) for index in np.argsort(-shares)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MoveClassifier(GraphComponent):
    """Writes the move and the ranking of all moves to every message."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._linear: Linear | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"inverse_regularisation": 30.0, "ranking_length": 5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MoveClassifier":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "MoveClassifier":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
            with np.load(folder / "numbers.npz") as numbers:
                weights = Weights({piece: i for i, piece in enumerate(names["pieces"])}, numbers["idf"])
                component._linear = Linear(weights, names["labels"], numbers["slopes"], numbers["offsets"])
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        labels = [example.get(INTENT) for example in examples]
        linear = Linear.learn(texts, labels, float(self._config["inverse_regularisation"]))
        names = {"pieces": list(linear.weights.columns), "labels": linear.labels}
        with self._storage.write_to(self._resource) as folder:
            (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
            np.savez(folder / "numbers.npz", idf=linear.weights.idf, slopes=linear.slopes, offsets=linear.offsets)
        self._linear = linear
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            scores = self._linear.scores(message.get(TEXT) or "") if self._linear else []
            ranking = [{"name": label, "confidence": score} for label, score in scores]
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(INTENT_RANKING, ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
