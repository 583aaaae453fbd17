"""A nurse takes a call over, on virtual time: when the robot stops, what is said, whose telephone rings."""

import asyncio
from collections.abc import Callable

from agent.model.turn import Expect, Reply, Transfer, TurnKind
from telephony.call import PhoneCall
from telephony.call_parts import NurseLine
from tests.fakes.one_call import GOODBYE, PROMPT_SECONDS, QUESTION, Talk, call
from tests.fakes.phone import Says, ScriptedLine

MINE, WARD = "+8613800138000", "+8657188000001"
GREETING = Reply(("您好。",), Expect.IDENTITY, interruptible=False, patience_seconds=6.0)
LONG = Reply(("问一。", "还有，问二，问三，问四。"), Expect.YES_NO, "q1", patience_seconds=6.0)
ADVICE = Reply(("请马上拨打一二零。",), interruptible=False, patience_seconds=6.0)
CONNECTING = Reply(("我现在帮您接通护士。",), interruptible=False, transfer=Transfer("take_over"))


def wanted(line: ScriptedLine, talk: Talk, *at: float, ward: str = "") -> list[bool]:
    """The call, with a nurse who wants it at these moments; whether she was heard each time."""
    heard: list[bool] = []

    async def told() -> None:
        return None

    def wish(phone: PhoneCall) -> Callable[[], None]:
        return lambda: heard.append(phone.take_over(MINE))

    drive = line.drive

    async def driven(phone: PhoneCall) -> None:
        for moment in at:
            asyncio.get_running_loop().call_later(moment, wish(phone))
        await drive(phone)

    line.drive = driven  # type: ignore[method-assign, assignment]
    call(line, talk, nurse=NurseLine(ward, 20, told))
    return heard


def done(line: ScriptedLine) -> list[str]:
    return [what for _, what in line.log]


def test_while_the_robot_waits_for_an_answer_it_says_so_and_her_own_telephone_rings() -> None:
    line, talk = ScriptedLine([]), Talk([QUESTION, CONNECTING])
    assert wanted(line, talk, 3.0, ward=WARD) == [True]
    assert done(line) == ["play", "play", f"transfer {MINE} 20"]
    assert talk.kinds == [TurnKind.START, TurnKind.TAKE_OVER]
    assert talk.turns[1][0] < 3.1
    assert line.log[2][0] >= line.log[1][0] + PROMPT_SECONDS  # said to its end first


def test_a_question_is_broken_off_for_her() -> None:
    line, talk = ScriptedLine([]), Talk([LONG, CONNECTING])
    wanted(line, talk, 1.0)
    assert "clear" in done(line) and talk.turns[1][:2] == (1.0, TurnKind.TAKE_OVER)


def test_greeting_and_advice_are_said_to_their_end_first() -> None:
    for first in (GREETING, ADVICE):
        line, talk = ScriptedLine([]), Talk([first, CONNECTING])
        wanted(line, talk, 0.5)
        assert "clear" not in done(line) and talk.turns[1][0] >= PROMPT_SECONDS
        assert done(line)[-1] == f"transfer {MINE} 20"


def test_a_patient_who_is_speaking_is_not_spoken_over_and_the_words_are_kept() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.5, "我胸口疼")]), Talk([QUESTION, CONNECTING])
    wanted(line, talk, 3.0)
    assert talk.kinds == [TurnKind.START, TurnKind.TAKE_OVER, TurnKind.SPEECH]
    assert talk.turns[2][2] == "我胸口疼"
    assert line.log[1][0] >= 4.1 and done(line)[-1] == f"transfer {MINE} 20"


def test_a_carrier_that_refuses_leaves_the_patient_with_the_robot() -> None:
    line, talk = ScriptedLine([]), Talk([QUESTION, CONNECTING, GOODBYE])
    line.refuses_transfer = True
    wanted(line, talk, 3.0)
    assert talk.kinds == [TurnKind.START, TurnKind.TAKE_OVER, TurnKind.TRANSFER] and done(line)[-1] == "hang_up"


def test_a_call_that_is_ending_or_handed_over_is_not_to_be_had() -> None:
    line, talk = ScriptedLine([]), Talk([QUESTION, CONNECTING])
    assert wanted(line, talk, 3.0, 5.2) == [True, False]
    line, talk = ScriptedLine([Says(2.6, 1.0, "好")]), Talk([QUESTION, GOODBYE])
    assert wanted(line, talk, 5.5) == [False]


def test_she_gets_the_call_that_was_going_to_the_ward() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "转人工")]), Talk([QUESTION, CONNECTING])
    wanted(line, talk, 5.5, ward=WARD)
    assert done(line)[-1] == f"transfer {MINE} 20"
