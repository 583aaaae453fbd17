"""Handing a call to a nurse, on virtual time: what is said first, who is told before, and how the line comes back."""

from dataclasses import dataclass, field

from agent.model.turn import TRANSFER_NOT_TAKEN, Expect, Reply, Transfer, TurnKind
from telephony.call_parts import NurseLine
from tests.fakes.one_call import GOODBYE, PROMPT_SECONDS, QUESTION, Prompts, Talk, Tape, call
from tests.fakes.phone import Says, ScriptedLine

CONNECTING = Reply(("我现在帮您接通护士。",), interruptible=False, transfer=Transfer("want_human"))
PROMISE = Reply(("护士会尽快给您回电，还方便继续吗？",), Expect.YES_NO, patience_seconds=6.0)
NURSE = "+8657188000001"


@dataclass
class Screen:
    """When the nurses' screens were told, by what the line had done until then."""

    line: ScriptedLine
    told: list[list[str]] = field(default_factory=list)

    async def __call__(self) -> None:
        self.told.append([what for _, what in self.line.log])


def transferred(line: ScriptedLine, talk: Talk, nurse: bool = True) -> Screen:
    screen = Screen(line)
    call(line, talk, nurse=NurseLine(NURSE, 20, screen) if nurse else None)
    return screen


def test_the_card_is_on_the_screen_before_the_nurses_telephone_rings() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "转人工")]), Talk([QUESTION, CONNECTING])
    screen = transferred(line, talk)
    done = [what for _, what in line.log]
    assert done == ["play", "play", f"transfer {NURSE} 20"]
    assert screen.told == [["play", "play"]]
    assert talk.kinds == [TurnKind.START, TurnKind.SPEECH]  # no hang-up: the talk goes on with the nurse


def test_the_patient_hears_it_before_the_line_is_handed_over() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "转人工")]), Talk([QUESTION, CONNECTING])
    transferred(line, talk)
    said, handed = line.log[1][0], line.log[2][0]
    assert handed >= said + PROMPT_SECONDS


def test_a_nurse_is_connected_though_no_voice_could_announce_it() -> None:
    line, talk = ScriptedLine([]), Talk([CONNECTING])
    call(line, talk, prompts=Prompts(unsayable=""), nurse=NurseLine(NURSE, 20, Screen(line)))
    assert [what for _, what in line.log] == [f"transfer {NURSE} 20"] and not talk.causes


def test_words_while_it_is_handed_over_are_kept_and_hang_up_nothing() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "转人工"), Says(6.9, 1.0, "我胸口疼")]), Talk([QUESTION, CONNECTING])
    transferred(line, talk)
    assert talk.turns[-1][1:] == (TurnKind.SPEECH, "我胸口疼")
    assert TurnKind.HANGUP not in talk.kinds


def test_a_carrier_that_refuses_leaves_the_patient_with_the_robot() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "转人工")]), Talk([QUESTION, CONNECTING, PROMISE])
    line.refuses_transfer = True
    transferred(line, talk)
    assert talk.turns[2][1:] == (TurnKind.TRANSFER, TRANSFER_NOT_TAKEN)
    assert line.log[-1][1] == "hang_up"


def test_without_a_nurses_line_the_same_is_said() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "转人工")]), Talk([QUESTION, CONNECTING, PROMISE])
    transferred(line, talk, nurse=False)
    assert talk.turns[2][1:] == (TurnKind.TRANSFER, TRANSFER_NOT_TAKEN)
    assert not any(what.startswith("transfer") for _, what in line.log)


def test_a_line_that_comes_back_asks_nobody_who_it_is() -> None:
    line = ScriptedLine([Says(0.2, 5.0, "喂喂有人吗怎么没人说话")])
    talk = Talk([PROMISE], came_back=True)
    transferred(line, talk)
    assert talk.turns[0][1:] == (TurnKind.TRANSFER, TRANSFER_NOT_TAKEN) and talk.turns[0][0] < 0.1
    assert TurnKind.START not in talk.kinds


def test_what_is_said_on_the_second_line_is_placed_behind_the_first_in_the_recording() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "好")]), Talk([PROMISE, GOODBYE], came_back=True)
    call(line, talk, Tape(began_at=40.0))
    span = talk.spans[1]
    assert 42.4 < span.start < 42.8 and 43.4 < span.end < 43.9  # type: ignore[attr-defined]
    assert all(began >= 40.0 for began in talk.began)


def test_a_patient_who_hangs_up_before_the_line_is_handed_over_is_not_transferred() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "转人工")], hangs_up_at=5.4), Talk([QUESTION, CONNECTING])
    transferred(line, talk)
    assert talk.kinds[-1] is TurnKind.HANGUP and not any(what.startswith("transfer") for _, what in line.log)
