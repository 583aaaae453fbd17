"""Somebody on the telephone: hears the robot as sound only, and speaks scripted lines as sound (pure, 20 ms ticks)."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Protocol

from telephony.line import FRAME_SECONDS
from telephony.simulator.persona import Line, Machine, Persona
from telephony.simulator.sound import Clip, NoisyLine, audible
from telephony.simulator.voices import beep

_TURN_GAP_SECONDS = (0.4, 0.7)  # silence after which a listener takes the other to have finished
_SHORT_PROMPT_SECONDS = 0.9  # "好的。" is not a question: wait longer for the rest
_SHORT_PROMPT_PATIENCE = 3.0
_TUNE_FRAMES = 40  # two prompts are the same question if their last 0.8 s sound the same
_SAME_ANSWER_TIMES = 3
_DIGIT_SECONDS = 0.3
_HANG_UP_SECONDS = 0.6
_GREETING_SECONDS = 0.5


class Does(Enum):
    LISTENS = auto()
    SPEAKS = auto()
    KEYS = auto()
    HAS_HUNG_UP = auto()


@dataclass(frozen=True, slots=True)
class Tick:
    """What one 20 ms brings from the patient's side: always audio; `speech` is true within the spoken part of a
    clip; `began` and `ended` (line index) on its first and last frame of speech."""

    ulaw: bytes
    speech: bool = False
    began: int | None = None
    ended: int | None = None
    digit: str | None = None
    hung_up: bool = False


@dataclass(slots=True)
class _Prompt:
    """What was heard since the patient's last line."""

    sound_frames: int = 0
    silence_frames: int = 0
    since_first_sound: int = 0

    def hear(self, sound: bool) -> None:
        if sound:
            self.sound_frames += 1
            self.silence_frames = 0
        elif self.sound_frames:
            self.silence_frames += 1
        self.since_first_sound += bool(self.sound_frames)


class OnTheLine(Protocol):
    """Whoever has picked up, as the carrier's end of the stream sees them."""

    @property
    def does(self) -> Does: ...

    def tick(self, heard: bytes, more_coming: bool) -> Tick:
        """One 20 ms: `heard` is what the ear gets, `more_coming` whether the robot's sound goes on after it."""
        ...


NewPatient = Callable[[Persona, dict[str, Clip], int], OnTheLine]
"""(persona, clips of its lines, seed) -> somebody who picks up."""


class Patient:
    """Waits until the robot has finished, thinks, says the next line. Lines without words are passed over in
    silence. When the script is used up the patient only listens."""

    def __init__(self, persona: Persona, clips: dict[str, Clip], seed: int) -> None:
        self._persona, self._clips = persona, clips
        self._random = random.Random(seed)
        self._noise = NoisyLine(list(clips.values()), persona.noise_db, seed)
        self._prompt = _Prompt()
        self._tune: deque[bytes] = deque(maxlen=_TUNE_FRAMES)
        self._answered: dict[tuple[bytes, ...], list[int]] = {}  # tune -> lines it was answered with
        self._gap = self._random.uniform(*_TURN_GAP_SECONDS)
        self._doing: Iterator[Tick] | None = self._greet() if persona.greeting else None
        self._next_line = 0
        self._said = 0
        self.does = Does.LISTENS

    def tick(self, heard: bytes, more_coming: bool) -> Tick:
        """One 20 ms: `heard` is what the ear gets, `more_coming` whether the robot's sound goes on after it."""
        sound = audible(heard)
        self._prompt.hear(sound)
        if sound:
            self._tune.append(heard)
        if self._doing is None and self.does is Does.LISTENS:
            self._doing = self._decide(more_coming)
        if self._doing is not None:
            tick = next(self._doing, None)
            if tick is not None:
                return tick
            self._doing = None
        if self.does is not Does.HAS_HUNG_UP:
            self.does = Does.LISTENS
        return Tick(self._noise.idle())

    def _decide(self, more_coming: bool) -> Iterator[Tick] | None:
        if not self._prompt.sound_frames:
            return None
        following = self._following()
        if following is None:
            return None
        index, line = following
        if line.barge_in_after_seconds is not None and index == self._next_line:
            due = self._prompt.since_first_sound * FRAME_SECONDS >= line.barge_in_after_seconds
        else:
            due = not more_coming and self._prompt.silence_frames * FRAME_SECONDS >= self._pause(line)
        return self._answer(index, line) if due else None

    def _pause(self, line: Line) -> float:
        short = self._prompt.sound_frames * FRAME_SECONDS < _SHORT_PROMPT_SECONDS
        return max(self._gap + line.think_seconds, _SHORT_PROMPT_PATIENCE if short else 0.0)

    def _following(self) -> tuple[int, Line] | None:
        """The line to say now: an earlier one if the prompt sounds the same as the one it answered."""
        before = self._answered.get(tuple(self._tune), [])
        index = before[0] if 0 < len(before) < _SAME_ANSWER_TIMES else self._next_line
        lines = self._persona.lines
        return (index, lines[index]) if index < len(lines) else None

    def _answer(self, index: int, line: Line) -> Iterator[Tick]:
        self._answered.setdefault(tuple(self._tune), []).append(index)
        self._next_line = max(self._next_line, index + 1)
        self._gap = self._random.uniform(*_TURN_GAP_SECONDS)
        self._forget_prompt()
        yield from self._speak(index, line)
        if line.barge_in_after_seconds is not None:
            self._forget_prompt()  # the rest of the interrupted prompt is not the next question
        self._said += 1
        if self._said == self._persona.hangs_up_after_lines:
            yield from self._hang_up()

    def _speak(self, index: int, line: Line) -> Iterator[Tick]:
        if line.say:
            self.does = Does.SPEAKS
            clip = self._clips[line.say]
            for number, frame in enumerate(self._noise.speech(clip)):
                tick = Tick(frame, speech=clip.begin <= number < clip.end)
                if number == clip.begin:
                    tick = replace(tick, began=index)
                if number == clip.end - 1:
                    tick = replace(tick, ended=index)
                yield tick
        for digit in line.digits:
            self.does = Does.KEYS
            yield Tick(self._noise.idle(), digit=digit)
            yield from self._quiet(_DIGIT_SECONDS)

    def _greet(self) -> Iterator[Tick]:
        greeting, machine = self._persona.greeting, self._persona.machine
        if greeting is None:
            return
        for _ in range(machine.times if machine else 1):
            yield from self._quiet(_GREETING_SECONDS)
            yield from self._speak(-1, greeting)
        if machine is not None:
            yield from self._as_a_machine(machine)

    def _as_a_machine(self, machine: Machine) -> Iterator[Tick]:
        if machine.beep:
            yield from self._quiet(_GREETING_SECONDS)
            yield from (Tick(frame) for frame in beep())
        if machine.taken_over_by is not None:
            yield from self._quiet(machine.taken_over_after_seconds)
            yield from self._speak(-1, machine.taken_over_by)
        self._forget_prompt()  # a person answers what is said to him, not to the machine
        if machine.hangs_up:
            yield from self._hang_up()

    def _hang_up(self) -> Iterator[Tick]:
        yield from self._quiet(_HANG_UP_SECONDS)
        self.does = Does.HAS_HUNG_UP
        yield Tick(self._noise.idle(), hung_up=True)

    def _quiet(self, seconds: float) -> Iterator[Tick]:
        for _ in range(round(seconds / FRAME_SECONDS)):
            yield Tick(self._noise.idle())

    def back_on_the_line(self) -> None:
        """Another telephone rang for him in the meantime: what he hears now is a new prompt."""
        self._doing = None
        self._forget_prompt()

    def _forget_prompt(self) -> None:
        self._prompt = _Prompt()
        self._tune.clear()
