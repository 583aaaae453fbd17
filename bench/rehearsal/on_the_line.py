"""A simulated patient on a telephone line: waits for the robot's pause, thinks, speaks with a rendered voice."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from agent.model.turn import Reply, TurnKind
from agent.speech.ulaw import ULAW_RATE_HZ, encode
from bench.rehearsal.call import Exchange
from bench.rehearsal.patient import Said, SimulatedPatient
from telephony.line import FRAME_SECONDS
from telephony.simulator.patient import Does, Tick
from telephony.simulator.sound import Clip, NoisyLine, audible, clip

GAP_SECONDS = (0.5, 0.8)  # of silence after which the robot has finished
AGAIN_SECONDS = 4.0  # after which something said into a void is said once more
TALK_OVER_AFTER_SECONDS = 1.6
DIGIT_SECONDS = 0.3
RACKET_SECONDS = 1.1
HELLO, GREETS, GREETING_SECONDS = "喂？", 0.8, 0.6

Heard = Callable[[], Awaitable[tuple[int, Reply] | None]]
"""The robot's last reply and the number of the turn it answers; None while there is none."""
Speak = Callable[[str], Awaitable[bytes]]
"""A line's clean 8 kHz mu-law."""


@dataclass(frozen=True, slots=True)
class Mind:
    """What one patient on the line is made of."""

    patient: SimulatedPatient
    heard: Heard
    speak: Speak
    random: Random
    talks_over: float
    exchanges: list[Exchange]


class VoicedPatient:
    """telephony.simulator.patient.OnTheLine: understands the robot from what it has just said, by meaning."""

    def __init__(self, mind: Mind, noise_db: float | None, seed: int) -> None:
        self._mind = mind
        self._noise = NoisyLine([], noise_db, seed)
        self._noise_db, self._seed = noise_db, seed
        self._now = 0.0
        self._sound = self._silence = 0
        self._gap = mind.random.uniform(*GAP_SECONDS)
        self._over = False  # means to talk over this prompt
        self._answered = 0  # number of the turn that was answered last
        self._spoke_until = 0.0
        self._said_again = False
        self._greets = mind.random.random() < GREETS
        self._thinking: asyncio.Task[Iterator[Tick] | None] | None = None
        self._doing: Iterator[Tick] | None = None
        self.does = Does.LISTENS

    def tick(self, heard: bytes, more_coming: bool) -> Tick:
        self._now += FRAME_SECONDS
        self._hear(audible(heard))
        if self._doing is not None:
            tick = next(self._doing, None)
            if tick is not None:
                return tick
            self._doing = None
            self._spoke_until = self._now
            if self.does is not Does.HAS_HUNG_UP:
                self.does = Does.LISTENS
        elif self._thinking is not None:
            if self._thinking.done():
                self._doing, self._thinking = self._thinking.result(), None
        elif self._greets and self._now >= GREETING_SECONDS:
            self._greets = False
            self._thinking = asyncio.ensure_future(self._acting(Said(TurnKind.SPEECH, HELLO)))
        elif self._due(more_coming):
            self._greets = False
            self._sound = self._silence = 0
            self._thinking = asyncio.ensure_future(self._think())
        return Tick(self._noise.idle())

    def _hear(self, sound: bool) -> None:
        if sound:
            if not self._sound:
                self._over = self._mind.random.random() < self._mind.talks_over
            self._sound += 1
            self._silence = 0
        elif self._sound:
            self._silence += 1

    def _due(self, more_coming: bool) -> bool:
        if self.does is not Does.LISTENS or not self._sound:
            return False
        if self._over and self._sound * FRAME_SECONDS >= TALK_OVER_AFTER_SECONDS:
            return True
        return not more_coming and self._silence * FRAME_SECONDS >= self._gap

    async def _think(self) -> Iterator[Tick] | None:
        heard = await self._mind.heard()
        if heard is None:
            return None
        number, reply = heard
        if reply.end:
            return None
        if number != self._answered:
            self._answered, self._said_again = number, False
            said = self._mind.patient.answer(reply)
            self._mind.exchanges.append(Exchange(reply, round(self._now, 1), said, "", number=number))
        elif self._said_again or self._now - self._spoke_until < AGAIN_SECONDS:
            return None
        else:
            self._said_again = True
        return await self._acting(self._mind.exchanges[-1].said)

    async def _acting(self, said: Said) -> Iterator[Tick] | None:
        match said.kind:
            case TurnKind.SPEECH:
                self.does = Does.SPEAKS
                return self._sounding(clip(await self._mind.speak(said.text)))
            case TurnKind.UNHEARD:
                self.does = Does.SPEAKS
                return self._sounding(racket(self._mind.random))
            case TurnKind.DIGITS:
                self.does = Does.KEYS
                return self._keying(said.text + ("#" if len(said.text) > 1 else ""))
            case TurnKind.HANGUP:
                return self._hanging_up()
        return None  # silence

    def _sounding(self, spoken: Clip) -> Iterator[Tick]:
        noisy = NoisyLine([spoken], self._noise_db, self._seed)
        for number, frame in enumerate(noisy.speech(spoken)):
            tick = Tick(frame, speech=spoken.begin <= number < spoken.end)
            began = self._answered if number == spoken.begin else None
            ended = self._answered if number == spoken.end - 1 else None
            yield replace(tick, began=began, ended=ended)

    def _keying(self, digits: str) -> Iterator[Tick]:
        for digit in digits:
            yield Tick(self._noise.idle(), digit=digit)
            for _ in range(round(DIGIT_SECONDS / FRAME_SECONDS)):
                yield Tick(self._noise.idle())

    def _hanging_up(self) -> Iterator[Tick]:
        self.does = Does.HAS_HUNG_UP
        yield Tick(self._noise.idle(), hung_up=True)


def racket(random: Random) -> Clip:
    """A burst of noise that is no speech: something falls, a machine runs."""
    samples = round(RACKET_SECONDS * ULAW_RATE_HZ)
    noise = np.random.default_rng(random.randrange(2**31)).normal(0.0, 2_500.0, samples)
    return clip(encode(np.clip(noise * np.hanning(samples), -32_000, 32_000).astype(np.int16)))
