"""Finds the FAQ entry a question fits: cosine similarity of character n-grams, no neural network.

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
from sklearn.feature_extraction.text import TfidfVectorizer

RANKING = 3


class Neighbours:
    """The nearest phrasing of each entry decides its score, 0..1."""

    def __init__(self, phrasings: list[tuple[str, str]]) -> None:
        self.phrasings = phrasings
        self.vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=1)
        self.matrix = self.vectorizer.fit_transform([text for _, text in phrasings]) if phrasings else None

    def rank(self, text: str) -> list[tuple[str, float]]:
        if self.matrix is None or not text:
            return []
        scores = (self.matrix @ self.vectorizer.transform([text]).T).toarray().ravel()
        best: dict[str, float] = {}
        for index in np.argsort(-scores)[: RANKING * 10]:
            best.setdefault(self.phrasings[index][0], float(scores[index]))
        return list(best.items())[:RANKING]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FaqRetriever(GraphComponent):
    """Adds the FAQ ranking to every message."""

    def __init__(self, storage: ModelStorage, resource: Resource, phrasings: list[tuple[str, str]]) -> None:
        self._storage = storage
        self._resource = resource
        self._neighbours = Neighbours(phrasings)

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
            phrasings = json.loads((folder / "phrasings.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, [(entry, text) for entry, text in phrasings])

    def train(self, training_data: TrainingData) -> Resource:
        phrasings = [
            (example.get(INTENT_RESPONSE_KEY).split("/", 1)[1], example.get(TEXT))
            for example in training_data.intent_examples
            if example.get(INTENT_RESPONSE_KEY)
        ]
        self._neighbours = Neighbours(phrasings)
        with self._storage.write_to(self._resource) as folder:
            (folder / "phrasings.json").write_text(json.dumps(phrasings, ensure_ascii=False), encoding="utf-8")
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
