"""A patient who hears only sound: when she speaks, what, and when she is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from telephony.simulator.patient import Patient
from telephony.simulator.persona import Line, Persona
from telephony.simulator.playback import Playback
from telephony.simulator.sound import clip
from tests.fakes.carrier import PATIENT, tone

QUESTION_1, QUESTION_2, QUESTION_3 = (tone(2.0, hertz) for hertz in (400, 500, 600))
SHORT = tone(0.4, 700)
LINES = {"one": tone(0.6), "two": tone(0.8), "three": tone(1.0), "hello": tone(0.3)}


@dataclass
class Room:
    """Twenty milliseconds at a time: what the patient does, in seconds."""

    patient: Patient
    ear: Playback = field(default_factory=Playback)
    ticks: int = 0
    did: list[tuple[float, str, object]] = field(default_factory=list)

    def for_seconds(self, seconds: float) -> None:
        for _ in range(round(seconds * 50)):
            heard = self.ear.next_frame()
            tick = self.patient.tick(heard, not self.ear.empty)
            self.ticks += 1
            at = round(self.ticks / 50, 2)
            for what, value in (("began", tick.began), ("ended", tick.ended), ("digit", tick.digit)):
                if value is not None:
                    self.did.append((at, what, value))
            if tick.hung_up:
                self.did.append((at, "hung up", None))

    def robot(self, ulaw: bytes, then_seconds: float = 4.0) -> None:
        self.ear.add(ulaw)
        self.for_seconds(len(ulaw) / 8_000 + then_seconds)

    def what(self, *kinds: str) -> list[object]:
        return [value for _, what, value in self.did if what in kinds]


def room(lines: Sequence[Line | str], **options: object) -> Room:
    spoken = tuple(Line(line, think_seconds=0.2) if isinstance(line, str) else line for line in lines)
    persona = Persona(PATIENT, "p", "v", spoken, **options)  # type: ignore[arg-type]
    return Room(Patient(persona, {text: clip(ulaw) for text, ulaw in LINES.items()}, seed=5))


def test_nothing_is_said_before_the_robot_has_spoken() -> None:
    place = room(["one"])
    place.for_seconds(30)
    assert place.did == []


def test_the_next_line_comes_after_the_prompt_and_a_thought() -> None:
    place = room(["one", "two"])
    place.robot(QUESTION_1)
    place.robot(QUESTION_2)
    assert place.what("began") == [0, 1]
    first = place.did[0][0]
    assert 2.0 + 0.4 + 0.2 <= first <= 2.0 + 0.7 + 0.2 + 0.05


def test_a_pause_inside_a_prompt_is_not_its_end() -> None:
    place = room(["one", "two"])
    place.robot(QUESTION_1 + b"\xff" * 12_000 + QUESTION_2)  # 1.5 s of silence, but more is queued
    assert place.what("began") == [0]
    assert place.did[0][0] > 5.5


def test_a_filler_is_not_a_question() -> None:
    place = room(["one"])
    place.robot(SHORT, then_seconds=2.0)
    assert place.did == []
    place.robot(QUESTION_1)
    assert place.what("began") == [0] and place.did[0][0] > 4.4


def test_but_a_short_prompt_is_answered_in_the_end() -> None:
    place = room(["one"])
    place.robot(SHORT, then_seconds=6.0)
    assert place.what("began") == [0]


def test_the_same_question_gets_the_same_answer_but_not_forever() -> None:
    place = room(["one", "two", "three"])
    for question in (QUESTION_1, QUESTION_1, QUESTION_2, QUESTION_1, QUESTION_1):
        place.robot(question)
    assert place.what("began") == [0, 0, 1, 0, 2]


def test_an_apology_before_the_question_does_not_hide_it() -> None:
    place = room(["one", "two"])
    place.robot(QUESTION_1)
    place.robot(tone(1.0, 900) + QUESTION_1)
    assert place.what("began") == [0, 0]


def test_a_short_question_is_known_again_behind_other_words() -> None:
    brief = tone(1.0, 450)
    place = room(["one", "two"])
    place.robot(QUESTION_1 + brief)
    place.robot(tone(1.3, 900) + brief)
    assert place.what("began") == [0, 0]


def test_when_the_script_is_used_up_she_listens() -> None:
    place = room(["one"])
    for question in (QUESTION_1, QUESTION_2, QUESTION_3):
        place.robot(question)
    assert place.what("began") == [0]


def test_barging_in_happens_inside_the_prompt() -> None:
    place = room([Line("one", barge_in_after_seconds=0.5), "two"])
    place.ear.add(tone(5.0))
    place.for_seconds(0.8)
    place.ear.clear()
    place.for_seconds(10)
    assert place.what("began") == [0] and 0.5 <= place.did[0][0] <= 0.6
    place.robot(QUESTION_2)
    assert place.what("began") == [0, 1]


def test_hanging_up_after_so_many_lines() -> None:
    place = room(["one", "two", "three"], hangs_up_after_lines=2)
    for question in (QUESTION_1, QUESTION_2, QUESTION_3):
        place.robot(question)
    assert place.what("began", "hung up") == [0, 1, None]


def test_keys_are_pressed_one_by_one() -> None:
    place = room([Line("", digits="13#"), "two"])
    place.robot(QUESTION_1)
    place.robot(QUESTION_2)
    assert place.what("digit", "began") == ["1", "3", "#", 1]


def test_a_line_without_words_is_silence() -> None:
    place = room([Line(""), "two"])
    place.robot(QUESTION_1)
    assert place.did == []
    place.robot(QUESTION_2)
    assert place.what("began") == [1]


def test_a_greeting_comes_before_any_prompt() -> None:
    place = room(["one"], greeting=Line("hello"))
    place.for_seconds(2)
    assert place.what("began") == [-1]
    place.robot(QUESTION_1)
    assert place.what("began") == [-1, 0]


def test_the_end_of_speech_is_the_last_spoken_frame() -> None:
    padded = LINES | {"one": b"\xff" * 800 + tone(0.5) + b"\xff" * 4_000}
    persona = Persona(PATIENT, "p", "v", (Line("one", think_seconds=0),), noise_db=None)
    place = Room(Patient(persona, {"one": clip(padded["one"])}, seed=5))
    place.robot(QUESTION_1)
    (began, ended) = (at for at, what, _ in place.did if what in ("began", "ended"))
    assert round(ended - began, 2) == 0.48  # the last of 25 frames
