"""What the patient is doing, from Rasa's guesses and the moment they belong to. Pure.

Rasa ranks the moves by the words alone. Here the moment decides: a bare "没有" answers the open question, a symptom
or a number is an answer unless the patient clearly does something graver, and what Rasa cannot tell is taken as an
answer where any words can be one. No red flag rests on this: triage reads the words before Rasa does.
"""

import re
from dataclasses import dataclass

from agent.model.move import Move, MoveContext, MoveKind

# End or turn the conversation: believed at a lower score than anything else gives way at.
GRAVE = frozenset(
    {
        MoveKind.DECEASED,
        MoveKind.OPT_OUT,
        MoveKind.WRONG_PERSON,
        MoveKind.NUMBER_CHANGED,
        MoveKind.CAREGIVER,
        MoveKind.WANT_HUMAN,
        MoveKind.SUSPECT_FRAUD,
        MoveKind.REFUSE,
    }
)
PAUSES = frozenset({MoveKind.WAIT, MoveKind.NOT_NOW})
ANSWERS = frozenset({MoveKind.ANSWER, MoveKind.AFFIRM, MoveKind.DENY})

SURE_GRAVE = 0.45  # a grave move beats words that also hold a symptom or a number
SURE_PAUSE = 0.55
SURE_CORRECT = 0.3
SURE = 0.3  # under this Rasa does not know
SURE_ENTRY = 0.4  # likeness, 0..1, at which a FAQ entry fits the question
PLAIN_ENTRY = 0.8  # likeness at which the words are that question whatever their intent

_ASKS = re.compile(
    r"吗|嘛$|么$|呢$|怎么|怎样|咋|什么|啥|多少|多久|几|能不能|可不可以|可以不|要不要|是不是|有没有|行不行|用不用|"
    r"为什么|为啥|哪|谁"
)
_CALLS_OUT = re.compile(r"喂+.{0,4}|在吗|在不在|还在吗|有人吗|听得到吗|能听到吗|听得见吗|说话呀?")


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


def decide(parse: Parse, context: MoveContext) -> Move:
    """The move these words make at this moment. `faq` is set when the move is a question an entry fits."""
    best = _best(parse)
    move = _by_content(best, parse, context) or _by_question(best, parse, context) or _by_score(best, parse, context)
    if move.kind is not MoveKind.ASK:
        return move
    entry = parse.faq[0] if parse.faq and parse.faq[0].confidence >= SURE_ENTRY else None
    return Move(MoveKind.ASK, move.confidence, faq=entry.name if entry else None)


def _best(parse: Parse) -> Move:
    """The best of Rasa's guesses that is a move; its own fallback label is none."""
    known = set(MoveKind)
    for guess in parse.intents:
        if guess.name in known:
            return Move(MoveKind(guess.name), guess.confidence)
    return Move(MoveKind.NONSENSE, 0.0)


def _by_content(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """Words with a symptom or a number are an answer, unless something graver is plain."""
    if not (context.has_finding or context.has_measurement):
        return None
    if best.kind in GRAVE and best.confidence >= SURE_GRAVE:
        return best
    if best.kind in PAUSES and best.confidence >= SURE_PAUSE:
        return best
    if best.kind is MoveKind.CORRECT and best.confidence >= SURE_CORRECT:
        return best
    if _is_question(best, parse):
        return Move(MoveKind.ASK, best.confidence)
    return best if best.kind in ANSWERS else Move(MoveKind.ANSWER, best.confidence)


def _by_question(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """What the open question makes of short words."""
    if best.kind is MoveKind.GREET and context.question and _CALLS_OUT.fullmatch(parse.text):
        return Move(MoveKind.REPEAT, best.confidence)  # "喂喂" in mid-call: the line broke, say it again
    if context.expect != "yes_no" or context.polarity not in ("yes", "no"):
        return None
    said = MoveKind.AFFIRM if context.polarity == "yes" else MoveKind.DENY
    if best.kind in ANSWERS:
        return best if best.kind in (said, MoveKind.ANSWER) else Move(MoveKind.ANSWER, best.confidence)
    if best.confidence < SURE_GRAVE or (best.kind is MoveKind.REFUSE and _runner_up(parse) is MoveKind.DENY):
        return Move(said, best.confidence)
    return None


def _by_score(best: Move, parse: Parse, context: MoveContext) -> Move:
    """Rasa's guess where it is sure enough; else what the moment makes likeliest."""
    if _is_question(best, parse):
        return Move(MoveKind.ASK, best.confidence)
    if best.confidence >= SURE:
        return best
    if context.expect in ("free_text", "identity"):
        return Move(MoveKind.ANSWER, best.confidence)
    return Move(MoveKind.NONSENSE, best.confidence)


def _is_question(best: Move, parse: Parse) -> bool:
    """The patient asks: Rasa says so, or the words are nearly those of a FAQ entry."""
    if best.kind is MoveKind.ASK:
        return best.confidence >= SURE or bool(_ASKS.search(parse.text))
    likeness = parse.faq[0].confidence if parse.faq else 0.0
    return best.kind not in GRAVE and likeness >= PLAIN_ENTRY and bool(_ASKS.search(parse.text))


def _runner_up(parse: Parse) -> MoveKind | None:
    known = [guess.name for guess in parse.intents if guess.name in set(MoveKind)]
    return MoveKind(known[1]) if len(known) > 1 else None
