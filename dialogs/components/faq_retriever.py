"""Which FAQ entry a question fits. Takes the place of Rasa's ResponseSelector and writes where that one would.

Learns from the intents `faq/<entry>`; the answers' texts are looked up by the app, so editing one needs no training.
"""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.linear_component import LinearComponent
from components.same_words import in_one_word

RANKING = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FaqRetriever(LinearComponent):
    """Adds the ranking of FAQ entries to every message."""

    balanced = False

    def examples(self, training_data: TrainingData) -> list[tuple[str, str]]:
        questions = [one for one in training_data.intent_examples if one.get(INTENT_RESPONSE_KEY)]
        return [(in_one_word(one.get(TEXT)), one.get(INTENT_RESPONSE_KEY)) for one in questions]

    def annotate(self, message: Message) -> None:
        scores = self.scores(in_one_word(message.get(TEXT) or ""), RANKING)
        ranking = [{"intent_response_key": entry, "confidence": score} for entry, score in scores]
        message.set("response_selector", {"faq": {"ranking": ranking}}, add_to_output=True)
