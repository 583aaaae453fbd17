from typing import Any

import pytest

from agent.dialog.actions import ActionError, TurnAction, context_of, move_from_wire, move_to_wire
from agent.dialog.faq import FaqBook, FaqEntry
from agent.model.move import Move, MoveContext, MoveKind

SHOWER = FaqEntry("shower", "wound", ("能洗澡吗", "能沾水吗", "几天能洗澡"), "拆线后两三天可以。")
SIGNED = FaqEntry("salt", "diet", ("盐吃多少",) * 3, "一天五克。", approved_by="李医生", approved_when="2026-11-01")


def call(text: str, intent: str, faq: str | None = None, **context: Any) -> dict[str, Any]:
    """What Rasa posts for one turn, cut to what matters."""
    ranking = [{"intent_response_key": f"faq/{faq}", "confidence": 0.9}] if faq else []
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
        "response_selector": {"faq": {"ranking": ranking}},
        "metadata": {"context": context},
    }
    return {
        "next_action": "action_turn",
        "sender_id": "c1",
        "tracker": {"latest_message": message},
        "version": "3.6.21",
    }


def moved(answer: dict[str, Any]) -> Move:
    assert answer["events"] == []
    return move_from_wire(answer["responses"][0]["custom"]["move"])


async def test_one_turn() -> None:
    answer = await TurnAction(FaqBook([], use_drafts=True)).answer(call("没有", "deny", expect="yes_no", polarity="no"))
    assert moved(answer) == Move(MoveKind.DENY, 0.9)


async def test_an_entrys_answer_travels_with_the_move() -> None:
    answer = await TurnAction(FaqBook([SHOWER], use_drafts=True)).answer(call("能洗澡吗", "faq", "shower"))
    move = moved(answer)
    assert (move.kind, move.faq, move.faq_answer) == (MoveKind.ASK, "shower", "拆线后两三天可以。")


async def test_an_unsigned_answer_is_not_spoken_where_drafts_may_not_run() -> None:
    action = TurnAction(FaqBook([SHOWER, SIGNED], use_drafts=False))
    assert moved(await action.answer(call("能洗澡吗", "faq", "shower"))).faq_answer is None
    assert moved(await action.answer(call("盐吃多少", "faq", "salt"))).faq_answer == "一天五克。"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"next_action": "action_other", "tracker": {}}, 404),
        ({"next_action": "action_turn", "tracker": {}}, 400),
        ({}, 404),
        ("nothing", 404),
        (None, 404),
    ],
)
async def test_calls_that_cannot_be_answered(body: object, status: int) -> None:
    with pytest.raises(ActionError) as caught:
        await TurnAction(FaqBook([], use_drafts=True)).answer(body)
    assert caught.value.status == status
    assert "action_name" in caught.value.body


@pytest.mark.parametrize("metadata", [None, {}, {"context": None}, {"context": {"expect": None, "has_finding": "yes"}}])
def test_a_missing_moment_is_the_neutral_one(metadata: object) -> None:
    assert context_of(metadata) == MoveContext()


def test_moves_survive_the_wire() -> None:
    move = Move(MoveKind.ASK, 0.5, faq="shower", faq_answer="可以。", tell_nurse=True)
    assert move_from_wire(move_to_wire(move)) == move


@pytest.mark.parametrize("wire", [None, {}, {"kind": "dance"}, {"kind": "deny", "confidence": "much"}, []])
def test_what_is_no_move_is_refused(wire: object) -> None:
    with pytest.raises(ValueError):
        move_from_wire(wire)
