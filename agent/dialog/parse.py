"""What Rasa read from an utterance, and the FAQ entry that fits it. Pure."""

from dataclasses import dataclass

SURE_ENTRY = 0.28  # at which a FAQ entry fits the question
CLEAR_ENTRY, CLEARLY = 0.18, 2.5  # or from where it does when it is so many times likelier than the next


@dataclass(frozen=True, slots=True)
class Guess:
    """A label Rasa gave with its score, 0..1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Parse:
    """What Rasa read from one utterance: moves and FAQ entries, best first."""

    text: str
    intents: tuple[Guess, ...]
    faq: tuple[Guess, ...] = ()


def fitting_entry(parse: Parse) -> str | None:
    """The FAQ entry the question is about; None leaves it to a nurse."""
    if not parse.faq:
        return None
    best, following = parse.faq[0], parse.faq[1].confidence if len(parse.faq) > 1 else 0.0
    clear = best.confidence >= CLEAR_ENTRY and following > 0 and best.confidence >= CLEARLY * following
    return best.name if clear or best.confidence >= SURE_ENTRY else None
