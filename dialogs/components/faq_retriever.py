"""Finds the FAQ entry a question fits: likeness (cosine) of pieces of words, no neural network.

Takes the place of Rasa's ResponseSelector; docs/decisions/ says why. Reads training examples of the intents
`faq/<entry>` and writes `message["response_selector"]["faq"]["ranking"]`, best first.
"""

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.pieces import Weights

RANKING = 3


class Neighbours:
    """The likest wording of each entry decides its score, 0..1."""

    def __init__(self, wordings: list[tuple[str, str]]) -> None:
        self.entries = [entry for entry, _ in wordings]
        self.weights = Weights.learn(text for _, text in wordings)
        self.matrix = np.zeros((len(wordings), len(self.weights.columns)), dtype=np.float32)
        for row, (_, text) in enumerate(wordings):
            columns, values = self.weights.vector(text)
            self.matrix[row, columns] = values

    def rank(self, text: str) -> list[tuple[str, float]]:
        columns, values = self.weights.vector(text)
        scores = self.matrix[:, columns] @ values
        best: dict[str, float] = {}
        for row in np.argsort(-scores):
            best.setdefault(self.entries[row], float(scores[row]))
            if len(best) == RANKING:
                break
        return list(best.items())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FaqRetriever(GraphComponent):
    """Adds the FAQ ranking to every message."""

    def __init__(self, storage: ModelStorage, resource: Resource, wordings: list[tuple[str, str]]) -> None:
        self._storage = storage
        self._resource = resource
        self._neighbours = Neighbours(wordings)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FaqRetriever":
        return cls(model_storage, resource, [])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "FaqRetriever":
        with model_storage.read_from(resource) as folder:
            wordings = json.loads((folder / "wordings.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, [(entry, text) for entry, text in wordings])

    def train(self, training_data: TrainingData) -> Resource:
        wordings = [
            (example.get(INTENT_RESPONSE_KEY).split("/", 1)[1], example.get(TEXT))
            for example in training_data.intent_examples
            if example.get(INTENT_RESPONSE_KEY)
        ]
        self._neighbours = Neighbours(wordings)
        with self._storage.write_to(self._resource) as folder:
            (folder / "wordings.json").write_text(json.dumps(wordings, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = [
                {"intent_response_key": f"faq/{entry}", "confidence": score}
                for entry, score in self._neighbours.rank(message.get(TEXT) or "")
            ]
            message.set("response_selector", {"faq": {"ranking": ranking}}, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
