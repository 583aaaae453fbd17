"""The one action Rasa calls each turn. The action server's protocol is plain JSON: no Rasa library is needed here.

Rasa posts {next_action, sender_id, tracker: {latest_message: {text, intent_ranking, response_selector, metadata}}}
and speaks what comes back: {events: [], responses: [{custom: {move: …}}]}. Nothing is stored: the conversation's
state is the engine's.
"""

from collections.abc import Mapping
from typing import Any

from agent.dialog.decider import decide
from agent.dialog.faq import FaqBook
from agent.dialog.parse import Guess, Parse
from agent.model.move import Move, MoveContext, MoveKind

ACTION = "action_turn"


class ActionError(Exception):
    """A call that cannot be answered: `status` is the HTTP status Rasa understands, `body` what goes with it."""

    def __init__(self, status: int, code: str, action: str) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": code, "action_name": action}


class TurnAction:
    """Answers Rasa's calls; the FAQ book gives an entry's approved text."""

    def __init__(self, faq: FaqBook) -> None:
        self._faq = faq

    async def answer(self, body: object) -> dict[str, Any]:
        """The action server's response to one call. Raises ActionError."""
        call = _mapping(body)
        action = str(call.get("next_action", ""))
        if action != ACTION:
            raise ActionError(404, "unknown_action", action)
        tracker = _mapping(call.get("tracker"))
        message = _mapping(tracker.get("latest_message"))
        if not message:
            raise ActionError(400, "no_message", action)
        context = context_of(message.get("metadata"))
        move = self._faq.answered(decide(parse_of(message), context), context.pathway)
        return {"events": [], "responses": [{"custom": {"move": move_to_wire(move)}}]}


def parse_of(message: Mapping[str, Any]) -> Parse:
    """Rasa's reading of a message, in our words."""
    ranking = message.get("intent_ranking") or [message.get("intent") or {}]
    selector = _mapping(_mapping(message.get("response_selector")).get("faq"))
    return Parse(
        text=str(message.get("text") or ""),
        intents=tuple(_guess(item, "name") for item in ranking),
        faq=tuple(_guess(item, "intent_response_key") for item in selector.get("ranking") or ()),
    )


def context_of(metadata: object) -> MoveContext:
    """The moment as the client sent it; what is missing or of another type falls back to the neutral value."""
    raw = _mapping(_mapping(metadata).get("context"))
    question = raw.get("question")
    return MoveContext(
        question=str(question) if question else None,
        expect=str(raw.get("expect") or "nothing"),
        phase=str(raw.get("phase") or ""),
        polarity=str(raw.get("polarity") or "unknown"),
        has_measurement=raw.get("has_measurement") is True,
        has_finding=raw.get("has_finding") is True,
        pathway=str(raw.get("pathway") or ""),
        sentence=str(raw.get("sentence") or ""),
    )


def move_to_wire(move: Move) -> dict[str, Any]:
    return {
        "kind": str(move.kind),
        "confidence": round(move.confidence, 4),
        "faq": move.faq,
        "faq_answer": move.faq_answer,
        "tell_nurse": move.tell_nurse,
    }


def move_from_wire(raw: object) -> Move:
    """The move of `move_to_wire`. Raises ValueError for anything else."""
    wire = _mapping(raw)
    confidence = wire.get("confidence", 1.0)
    if not isinstance(confidence, int | float):
        raise ValueError("confidence is no number")
    return Move(
        kind=MoveKind(str(wire.get("kind"))),
        confidence=float(confidence),
        faq=wire.get("faq") or None,
        faq_answer=wire.get("faq_answer") or None,
        tell_nurse=wire.get("tell_nurse") is True,
    )


def _guess(item: object, key: str) -> Guess:
    raw = _mapping(item)
    return Guess(str(raw.get(key) or "").removeprefix("faq/"), float(raw.get("confidence") or 0.0))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
