"""A talk written down as a case: what was said and which move it was, ready for `pytest tests/scenarios --update`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from agent.dialog.faq import load_faq
from agent.model.contact import Channel
from agent.model.move import MoveKind
from agent.model.people import Patient
from agent.model.record import StoredTurn
from agent.model.turn import TurnKind
from folders import NLU_DATA

WORDS = (TurnKind.SPEECH, TurnKind.TEXT)


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything a case names beside its turns."""

    title: str
    node: int
    channel: Channel


def write_repro(path: Path, talk: Talk, patient: Patient, turns: Sequence[StoredTurn]) -> None:
    """Writes the case file; what came of each turn is left to `--update`. The opening turn is not part of a case."""
    facts = {"name": patient.name, "birth_year": patient.birth_year, "id_last4": patient.id_last4, "sex": patient.sex}
    entries = {text: entry.id for entry in load_faq(NLU_DATA / "faq") for text in entry.answers()}
    case = {
        "title": talk.title,
        "node": talk.node,
        "channel": str(talk.channel),
        "patient": facts,
        "turns": [_turn(stored, entries) for stored in turns if stored.turn.kind is not TurnKind.START],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(case, allow_unicode=True, sort_keys=False, width=116), encoding="utf-8")


def _turn(stored: StoredTurn, entries: Mapping[str, str]) -> dict[str, Any]:
    """One turn as a case has it, with what was replied; `entries` maps an approved answer to its FAQ entry, found
    again in the reply."""
    turn = stored.turn
    raw: dict[str, Any] = {} if turn.kind in WORDS else {"kind": str(turn.kind)}
    if turn.text:
        raw["says"] = turn.text
    if turn.kind in WORDS:
        raw["move"] = str(stored.move)
        answered = next((entries[said] for said in stored.reply.sentences if said in entries), None)
        if answered and stored.move == MoveKind.ASK:
            raw["faq"] = answered
    said = "".join(stored.reply.sentences)
    return raw | ({"expect": {"reply": said}} if said else {})
