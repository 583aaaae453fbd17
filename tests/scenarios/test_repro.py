"""A talk that was written down plays again as a case."""

from pathlib import Path

from agent.dialog.faq import load_faq
from agent.model.contact import Channel
from agent.model.finding import Reading
from agent.model.move import MoveKind
from agent.model.people import Patient, Tier
from agent.model.record import StoredTurn
from agent.model.turn import Reply, Turn, TurnKind
from agent.triage.content import load
from agent.triage.reader import Reader
from commands.talk_repro import Talk, write_repro
from folders import NLU_DATA, PATHWAYS
from tests.scenarios.case_runner import NOW, play, read_case

ROBOT = next(entry.answer for entry in load_faq(NLU_DATA / "faq") if entry.id == "robot")
PATIENT = Patient("p1", "赵兰", "+8613800000001", "心力衰竭", Tier.HIGH, 1950, "female", "1234")


def stored(seq: int, kind: TurnKind, text: str, move: MoveKind, *said: str) -> StoredTurn:
    turn = Turn(f"t{seq}", "c1", "a1", Channel.PHONE, kind, NOW, text)
    return StoredTurn(seq, turn, move, Reading(text), Reply(said))


async def test_a_talk_becomes_a_case(tmp_path: Path) -> None:
    path = tmp_path / "case.yml"
    turns = [
        stored(1, TurnKind.START, "", MoveKind.START),
        stored(2, TurnKind.SPEECH, "是我", MoveKind.AFFIRM),
        stored(3, TurnKind.DIGITS, "1950", MoveKind.ANSWER),
        stored(4, TurnKind.SPEECH, "有点喘", MoveKind.ANSWER),
        stored(5, TurnKind.SPEECH, "你是机器人吗", MoveKind.ASK, ROBOT),
        stored(6, TurnKind.SILENCE, "", MoveKind.SILENCE),
        stored(7, TurnKind.HANGUP, "", MoveKind.HANGUP),
    ]
    write_repro(path, Talk("复述", 7, Channel.PHONE), PATIENT, turns)
    raw = read_case(path).raw
    said = ["是我", "1950", "有点喘", "你是机器人吗", "silence", "hangup"]
    assert [turn.get("says", turn.get("kind")) for turn in raw["turns"]] == said
    assert raw["turns"][3] == {"says": "你是机器人吗", "move": "faq", "faq": "robot", "expect": {"reply": ROBOT}}
    home = PATHWAYS / "heart_failure" / "cases" / "x.yml"
    played = await play(type(read_case(path))(home, raw), Reader(load(NLU_DATA)))
    assert played["opening"].endswith("请问您是赵兰本人吗？")
    assert played["turns"][2]["expect"]["escalations"] == ["red dyspnoea"]
    assert played["turns"][-1]["expect"]["end"] == "partial red_flag red_flag"
