"""A patient with a voice: waits for the robot's pause, answers what was asked, says it again into a void."""

import asyncio
from random import Random

import numpy as np

from agent.dialog.pathway_loader import PathwayShelf
from agent.model.turn import Expect, Reply
from agent.speech.ulaw import ULAW_RATE_HZ, encode
from bench.rehearsal.call import Exchange
from bench.rehearsal.on_the_line import AGAIN_SECONDS, Mind, VoicedPatient
from bench.rehearsal.patient import SimulatedPatient, Who
from bench.rehearsal.persona import Persona
from bench.rehearsal.truth import Truth
from bench.rehearsal.words import Words
from folders import PATHWAYS
from telephony.line import FRAME_BYTES
from telephony.simulator.patient import Does, Tick
from telephony.simulator.sound import SILENT_FRAME

TONE = encode((8_000 * np.sin(np.arange(ULAW_RATE_HZ) / 3)).astype(np.int16))
SPOKEN = TONE[: FRAME_BYTES * 25]
PATHWAY = PathwayShelf(PATHWAYS).get("heart_failure")
QUESTION = Reply(("这几天走路或者上楼，喘不喘？",), Expect.YES_NO, "breath")


class Robot:
    """What the store would tell: the last turn's number and the reply to it."""

    def __init__(self, persona: Persona) -> None:
        self.number, self.reply = 1, QUESTION
        self.spoken: list[str] = []
        self.exchanges: list[Exchange] = []
        truth = Truth({"breath": False, "night": True}, {})
        mind = Mind(
            SimulatedPatient(persona, Who("王桂兰", 1950), PATHWAY, truth, Words(), "1"),
            self.heard, self.speak, Random(2), persona.talks_over, self.exchanges,
        )  # fmt: skip
        self.patient = VoicedPatient(mind, None, 1)

    async def heard(self) -> tuple[int, Reply]:
        return self.number, self.reply

    async def speak(self, text: str) -> bytes:
        self.spoken.append(text)
        return SPOKEN

    async def ticks(self, seconds: float, *, talking: bool) -> list[Tick]:
        """The line for so long, with the robot talking or silent."""
        ticks = []
        for number in range(round(seconds / 0.02)):
            frame = TONE[:FRAME_BYTES] if talking else SILENT_FRAME
            ticks.append(self.patient.tick(frame, talking and number % 50 != 49))
            await asyncio.sleep(0)  # a thought takes no time of the line
        return ticks


def said(ticks: list[Tick]) -> int:
    return sum(tick.speech for tick in ticks)


async def test_says_hello_then_waits_for_the_end_of_the_question() -> None:
    robot = Robot(Persona("plain", "plain"))
    await robot.ticks(1.5, talking=False)
    assert robot.spoken in (["喂？"], [])  # most do
    robot.spoken.clear()
    assert said(await robot.ticks(3.0, talking=True)) == 0
    assert said(await robot.ticks(2.0, talking=False)) > 10
    (exchange,) = robot.exchanges
    assert exchange.said.means == {"breath": False} and exchange.number == 1
    assert robot.spoken == [exchange.said.text]


async def test_a_question_that_is_played_again_gets_the_same_answer_once() -> None:
    robot = Robot(Persona("plain", "plain"))
    for _ in range(3):
        await robot.ticks(1.0, talking=True)
        await robot.ticks(AGAIN_SECONDS + 1.5, talking=False)
    answers = [text for text in robot.spoken if text != "喂？"]
    assert len(answers) == 2 and answers[0] == answers[1]
    assert len(robot.exchanges) == 1


async def test_somebody_who_talks_over_does_not_wait() -> None:
    robot = Robot(Persona("interrupts", "interrupts", talks_over=1.0))
    assert said(await robot.ticks(4.0, talking=True)) > 10


async def test_keys_and_the_hang_up_reach_the_line() -> None:
    robot = Robot(Persona("keypad", "keypad", keypad=1.0))
    await robot.ticks(1.0, talking=True)
    ticks = await robot.ticks(2.0, talking=False)
    assert [tick.digit for tick in ticks if tick.digit] == ["2"]
    gone = Robot(Persona("hangs_up", "hangs_up", hangs_up_after=(0, 0)))
    await gone.ticks(1.0, talking=True)
    await gone.ticks(2.0, talking=False)
    assert gone.patient.does is Does.HAS_HUNG_UP
