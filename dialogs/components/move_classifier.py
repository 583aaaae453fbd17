"""Which move the words make. Takes the place of Rasa's tokenizer, featurizers and intent classifier."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.linear_component import LinearComponent

INTENT_RANKING = "intent_ranking"
RANKING = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MoveClassifier(LinearComponent):
    """Writes the move and the best few to every message."""

    def examples(self, training_data: TrainingData) -> list[tuple[str, str]]:
        return [(one.get(TEXT), one.get(INTENT)) for one in training_data.intent_examples if one.get(TEXT)]

    def annotate(self, message: Message) -> None:
        ranking = [{"name": label, "confidence": score} for label, score in self.scores(message.get(TEXT), RANKING)]
        message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
        message.set(INTENT_RANKING, ranking, add_to_output=True)
