"""What the two components of our pipeline share: a Linear that is learnt, stored with the model and read again."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.linear import Linear


class LinearComponent(GraphComponent):
    """A subclass says which examples it learns from (`examples`) and what it writes to a message (`annotate`)."""

    balanced = True

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._linear: Linear | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"inverse_regularisation": 30.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LinearComponent":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearComponent":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._linear = Linear.read(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        texts, labels = zip(*self.examples(training_data), strict=True)
        strength = float(self._config["inverse_regularisation"])
        self._linear = Linear.learn(list(texts), list(labels), strength, balanced=self.balanced)
        with self._storage.write_to(self._resource) as folder:
            self._linear.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self.annotate(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def scores(self, text: str | None, count: int) -> list[tuple[str, float]]:
        return self._linear.scores(text or "", count) if self._linear else []

    def examples(self, training_data: TrainingData) -> list[tuple[str, str]]:
        """(text, label) pairs."""
        raise NotImplementedError

    def annotate(self, message: Message) -> None:
        raise NotImplementedError
