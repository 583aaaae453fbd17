"""How the words and the moment change what Rasa's guesses are worth: each clue says how many times likelier it makes a
move. Rasa sees words without a moment; this is the moment. Pure.

The shares of all moves still sum to 1 afterwards, so that the decider's thresholds keep their meaning.
"""

from collections.abc import Iterable

from agent.dialog import clues_of_asking, clues_of_leaving, clues_of_persons, clues_of_telling
from agent.model.move import Move, MoveContext

CLUES = (*clues_of_persons.CLUES, *clues_of_asking.CLUES, *clues_of_leaving.CLUES, *clues_of_telling.CLUES)


def weighed(guesses: Iterable[Move], text: str, context: MoveContext) -> list[Move]:
    """Rasa's guesses as shares of 1 after every clue, best first."""
    known = list(guesses)
    shares = {guess.kind: guess.confidence for guess in known}
    unnamed = max(0.0, 1.0 - sum(shares.values()))
    for clue in CLUES:
        if clue.holds(text, context):
            shares = {kind: share * clue.times.get(kind, 1.0) for kind, share in shares.items()}
    whole = sum(shares.values()) + unnamed
    moves = [Move(kind, share / whole if whole else 0.0) for kind, share in shares.items()]
    return sorted(moves, key=lambda move: -move.confidence)
