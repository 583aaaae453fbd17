"""Person or machine, on a virtual clock: who spoke when, what was understood when, what the carrier said."""

from dataclasses import dataclass

import pytest

from agent.answering.announcements import Announcements
from agent.answering.content import load
from agent.answering.who import By, Verdict, WhoAnswered
from agent.model.contact import AttemptOutcome
from folders import NLU_DATA

FRAME = 0.02
VOICEMAIL = AttemptOutcome.VOICEMAIL


@pytest.fixture(scope="module")
def announcements() -> Announcements:
    return load(NLU_DATA).announcements


@dataclass
class Heard:
    """`voice`: stretches of sound; `words` and `carrier`: at which second what became known."""

    voice: tuple[tuple[float, float], ...] = ()
    words: tuple[tuple[float, str], ...] = ()
    carrier: tuple[float, str] | None = None
    asked_at: float = 99.0

    def play(self, announcements: Announcements, until: float = 12.0) -> tuple[float, Verdict] | None:
        """When it was told, and what."""
        who, words, step = WhoAnswered(announcements), list(self.words), 0
        while (at := step * FRAME) < until:
            step += 1
            if any(start <= at < end for start, end in self.voice):
                who.voice(at)
            while words and words[0][0] <= at:
                who.words(words.pop(0)[1])
            if self.carrier and abs(at - self.carrier[0]) < FRAME / 2:
                who.carrier(at, self.carrier[1])
            if at >= self.asked_at:
                who.asked()
            verdict = who.verdict(at)
            if verdict is not None:
                return at, verdict
        return None


PERSONS = {
    "喂": (Heard(((0.6, 1.0),)), 2.5),
    "a 喂 after thinking": (Heard(((1.2, 1.7),)), 2.5),
    "喂你好哪位": (Heard(((0.4, 1.5),)), 2.5),
    "a syllable, a breath, a syllable": (Heard(((0.3, 0.5), (0.9, 1.2))), 2.5),
    "a whole sentence, understood late": (Heard(((0.5, 2.4),), ((3.6, "喂你好我是他女儿"),)), 4.0),
    "a whole sentence, understood while it is said": (Heard(((0.5, 2.4),), ((1.5, "喂你好"), (2.4, "我在开车"))), 3.1),
    "a whole sentence, never understood": (Heard(((0.5, 3.0),)), 4.6),
    "喂 while the carrier takes it for a machine": (Heard(((0.6, 1.0),), carrier=(1.1, "machine_start")), 2.5),
    "silence, and the carrier heard a person": (Heard(carrier=(1.0, "human")), 1.1),
    "a long sentence, and the carrier heard a person": (Heard(((0.5, 6.0),), carrier=(2.0, "human")), 7.6),
    "a long answer to the robot's question": (Heard(((7.0, 13.0),), asked_at=6.8), 15.0),
}


@pytest.mark.parametrize("name", PERSONS)
def test_a_person_is_known_in_time(announcements: Announcements, name: str) -> None:
    heard, within = PERSONS[name]
    told = heard.play(announcements, until=20.0)
    assert told is not None
    at, verdict = told
    assert verdict.person and at <= within


MACHINES = {
    "关机, understood as it is said": (
        Heard(((0.4, 3.0),), ((2.2, "对不起您拨打的电话已关机"),)), AttemptOutcome.POWERED_OFF, 2.3,
    ),
    "关机, understood after it was said": (
        Heard(((0.4, 2.6), (3.0, 5.0)), ((5.9, "您拨打的电话已关机请稍后再拨"),)), VOICEMAIL, 4.5,
    ),
    "an assistant": (
        Heard(((0.5, 3.6),), ((4.8, "您好我是机主的智能助理请问您有什么事"),)), AttemptOutcome.CALL_ASSISTANT, 4.9,
    ),
    "somebody who talks on and on": (Heard(((0.5, 9.0),)), VOICEMAIL, 4.6),
    "the same, and the carrier thinks so too": (Heard(((0.5, 9.0),), carrier=(2.0, "machine_start")), VOICEMAIL, 3.1),
    "a fax": (Heard(carrier=(3.0, "fax")), VOICEMAIL, 3.1),
    "a tone only the carrier knows": (Heard(carrier=(3.0, "machine_end_beep")), VOICEMAIL, 8.1),
    "a machine after the robot began": (Heard(((2.2, 8.0),), asked_at=9.0), VOICEMAIL, 6.4),
}  # fmt: skip


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_is_known_for_what_it_is(announcements: Announcements, name: str) -> None:
    heard, outcome, within = MACHINES[name]
    told = heard.play(announcements, until=20.0)
    assert told is not None
    at, verdict = told
    assert (verdict.outcome, at <= within) == (outcome, True)


def test_words_overrule_the_rhythm(announcements: Announcements) -> None:
    who = WhoAnswered(announcements)
    who.voice(0.5)
    assert who.verdict(1.5) == Verdict(By.RHYTHM)
    who.words("对不起，您拨打的号码是空号")
    assert who.verdict(1.6) == Verdict(By.WORDS, AttemptOutcome.NO_SUCH_NUMBER, "no_such_number")


def test_a_slow_recogniser_is_waited_for_but_not_for_ever(announcements: Announcements) -> None:
    who = WhoAnswered(announcements, recognising=True)
    for frame in range(150):
        who.voice(frame * FRAME)
    assert who.verdict(5.0) is None
    assert who.verdict(6.1) == Verdict(By.RHYTHM)
    who.recognising = False
    assert who.verdict(4.6) == Verdict(By.RHYTHM)


def test_while_the_call_is_being_put_through_nobody_is_greeted(announcements: Announcements) -> None:
    who = WhoAnswered(announcements)
    who.voice(0.5)
    who.words("请稍候，正在为您接通")
    assert who.verdict(9.0) is None and not who.may_greet(9.0)
    who.voice(10.0)
    assert who.verdict(11.0) == Verdict(By.RHYTHM)


def test_the_end_of_an_announcement_is_not_taken_for_a_person(announcements: Announcements) -> None:
    who = WhoAnswered(announcements)
    who.voice(0.5)
    who.voice(1.0)
    who.words("正在为您接通")
    who.voice(1.2)  # 请稍候
    assert who.verdict(3.0) is None


def test_the_robot_begins_when_nobody_says_anything(announcements: Announcements) -> None:
    who = WhoAnswered(announcements)
    assert not who.may_greet(1.0) and who.may_greet(1.5) and who.verdict(1.5) is None
    who.voice(1.6)
    assert not who.may_greet(1.7)
