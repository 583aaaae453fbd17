"""What the patient is doing, from Rasa's guesses and the moment they belong to. Pure.

Rasa ranks the moves by the words alone. Here the moment decides: a bare "没有" answers the open question, a symptom
or a number is an answer unless the patient plainly does something else, and a call is not ended on a weak guess. No
red flag rests on this: triage reads the words before Rasa does, and the engine takes answers from every move.
"""

from collections.abc import Sequence
from dataclasses import replace

from agent.dialog.clues_of_persons import PLAIN_DEATH
from agent.dialog.moment_clues import weighed
from agent.dialog.parse import SURE_ENTRY, Parse, fitting_entry
from agent.dialog.question_form import asks, asks_plainly
from agent.dialog.short_words import (
    ANSWERS,
    FORBIDS,
    GRAVE,
    HOW_WE_SPEAK,
    REFUSES_TALK,
    SURE,
    SURE_AWAY,
    by_echo,
    by_moment,
    by_plain_words,
)
from agent.model.move import Move, MoveContext, MoveKind

POLITE = frozenset({MoveKind.THANKS, MoveKind.GREET, MoveKind.GOODBYE, MoveKind.AFFIRM})
STAYING = ANSWERS | {MoveKind.CORRECT, MoveKind.REPEAT, MoveKind.SLOWER, MoveKind.LOUDER, MoveKind.NONSENSE}

ALIKE = (
    frozenset({MoveKind.REFUSE, MoveKind.OPT_OUT, MoveKind.ABUSE}),
    frozenset({MoveKind.REPEAT, MoveKind.LOUDER, MoveKind.SLOWER}),
    frozenset({MoveKind.THANKS, MoveKind.GOODBYE}),
)
NOT_ON = frozenset({MoveKind.REFUSE, MoveKind.GOODBYE, MoveKind.DENY})  # asked whether to go on, they say the same
MILDER = {MoveKind.ABUSE: MoveKind.REFUSE, MoveKind.GOODBYE: MoveKind.THANKS}  # what asks back, what does not hang up

# Scores, 0..1
SURE_STAYING = 0.38  # so does what only asks for another wording
SURE_YES_OR_NO = 0.6  # a yes or no in more characters than SHORT that triage does not read as one: asked again
SURE_OF_DEATH = 0.85  # so does a yes to what cannot be taken back
SHORT = 3
SURE_NONSENSE = 0.5  # less, while a question is open, is an answer in words Rasa does not know
SURE_BESIDE_CONTENT = {
    MoveKind.CORRECT: 0.3,
    MoveKind.REPEAT: 0.6,
    MoveKind.SLOWER: 0.5,
    MoveKind.LOUDER: 0.5,
    MoveKind.WAIT: 0.55,
    MoveKind.NOT_NOW: 0.55,
    MoveKind.GOODBYE: 0.6,
}
SURE_GRAVE_BESIDE_CONTENT = 0.45  # beats words that also hold a symptom or a number
SURE_REST_BESIDE_CONTENT = 0.75
SURE_UNSHAPED = 0.75  # a question that has no question's form: "血压忽高忽低的" is none
GRAVER_SECOND = 0.2  # a grave guess behind a polite one: "他过世了，谢谢你们"
AMBIGUOUS_DEATH = 0.5  # what "他走了" is worth at most: the engine asks before it believes that
PLAIN_ENTRY = 0.7  # at which the words are that question whatever their move


def decide(parse: Parse, context: MoveContext) -> Move:
    """The move these words make at this moment. `faq` is set when the move is a question an entry fits."""
    best = _best(_pooled(weighed(_moves(parse), parse.text, context), context.phase))
    move = (
        by_plain_words(best, parse, context)
        or by_echo(best, parse, context)
        or _by_content(best, parse, context)
        or by_moment(best, parse, context)
        or _by_score(best, parse, context)
    )
    if move.kind is MoveKind.DECEASED and not PLAIN_DEATH.search(parse.text):
        return replace(move, confidence=min(move.confidence, AMBIGUOUS_DEATH))
    if move.kind is not MoveKind.ASK:
        return move
    return Move(MoveKind.ASK, move.confidence, faq=fitting_entry(parse))


def _best(known: Sequence[Move]) -> Move:
    """The likeliest move; a grave one is not hidden behind politeness."""
    if not known:
        return Move(MoveKind.NONSENSE, 0.0)
    if len(known) > 1 and known[0].kind in POLITE:
        second = known[1]
        if second.kind in GRAVE and second.confidence >= GRAVER_SECOND:
            return second
    return known[0]


def _pooled(known: list[Move], phase: str) -> list[Move]:
    """Moves that say nearly the same, none of them surely, are together a sure one: the likeliest of them."""
    kinds_alike = (NOT_ON, *ALIKE) if phase == "permission" else ALIKE
    alike = next((kinds for kinds in kinds_alike if known and known[0].kind in kinds), frozenset())
    together = sum(move.confidence for move in known if move.kind in alike)
    if not alike or known[0].confidence >= SURE_AWAY or together < SURE_AWAY:
        return known
    first = MILDER.get(known[0].kind, known[0].kind)
    return [Move(first, together), *(move for move in known if move.kind not in alike)]


def _moves(parse: Parse) -> list[Move]:
    """Rasa's guesses without its own fallback label."""
    kinds = set(MoveKind)
    return [Move(MoveKind(guess.name), guess.confidence) for guess in parse.intents if guess.name in kinds]


def _by_content(best: Move, parse: Parse, context: MoveContext) -> Move | None:
    """Words with a symptom or a number are an answer, unless something else is plain."""
    tells = context.has_measurement or (context.has_finding and context.phase != "identity")  # 听不清 there: the line
    if not tells:
        return None
    asked = _is_question(best, parse, context.phase)
    if best.kind in ANSWERS and not (asked and context.phase == "closing"):
        return Move(MoveKind.ANSWER, best.confidence) if context.polarity == "unsure" else best
    if asked:
        return Move(MoveKind.ASK, best.confidence)
    if best.kind is MoveKind.REFUSE and not REFUSES_TALK.search(parse.text):
        return Move(MoveKind.ANSWER, best.confidence)  # 不想吃, 不想活了: told, not refused
    usual = SURE_GRAVE_BESIDE_CONTENT if best.kind in GRAVE else SURE_REST_BESIDE_CONTENT
    if best.confidence >= SURE_BESIDE_CONTENT.get(best.kind, usual):
        return best
    return Move(MoveKind.ANSWER, best.confidence)


def _by_score(best: Move, parse: Parse, context: MoveContext) -> Move:
    """Rasa's guess where it is sure enough; else what the moment makes likeliest."""
    if _is_question(best, parse, context.phase):
        return Move(MoveKind.ASK, best.confidence)
    is_open = context.question is not None or (context.phase == "identity" and best.kind in GRAVE)
    if is_open and best.kind is MoveKind.NONSENSE:
        enough = 2.0 if context.phase == "waiting" else SURE_NONSENSE
    else:
        usual = SURE_STAYING if is_open and best.kind not in ANSWERS else SURE
        enough = SURE_AWAY if is_open and best.kind not in STAYING else usual
    if best.kind in (MoveKind.AFFIRM, MoveKind.DENY) and len(parse.text) > SHORT and is_open:
        enough = SURE_OF_DEATH if context.phase == "sure" else SURE_YES_OR_NO  # triage could not read it either
    if best.confidence >= enough and best.kind is not MoveKind.ASK:
        return best
    likely_answer = context.question is not None or context.expect in ("free_text", "identity")
    return Move(MoveKind.ANSWER if likely_answer else MoveKind.NONSENSE, best.confidence)


def _is_question(best: Move, parse: Parse, phase: str) -> bool:
    """The patient asks: Rasa says so, or the words are nearly those of a FAQ entry."""
    if best.kind in HOW_WE_SPEAK and best.confidence >= SURE_UNSHAPED:
        return False  # 你刚讲到哪儿了
    shaped = asks(parse.text)
    if best.kind is MoveKind.ASK:
        return shaped or best.confidence >= SURE_UNSHAPED
    score = parse.faq[0].confidence if parse.faq else 0.0
    if best.kind in ANSWERS and phase == "closing" and score >= SURE_ENTRY and asks_plainly(parse.text):
        return True  # 疼得睡不着吃啥药: what they tell is kept all the same, what they ask would go unheard
    if best.kind is MoveKind.ANSWER and best.confidence >= SURE_UNSHAPED:
        return False  # 扶着墙能走几步
    wonders = best.kind is MoveKind.REFUSE and asks_plainly(parse.text) and not FORBIDS.search(parse.text)
    possible = best.kind not in GRAVE or wonders  # 录音干什么用: not refused yet
    return possible and score >= PLAIN_ENTRY and shaped
