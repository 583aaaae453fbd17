"""Voices and a decoder for tests: real interfaces, no models."""

import threading
from dataclasses import dataclass, field

import numpy as np

from agent.model.turn import Hypothesis
from agent.speech.ports import VoiceFailed
from agent.speech.ulaw import ULAW_RATE_HZ, encode
from agent.speech.whisper_decoder import NotWanted, Wanted, WhisperSettings, always


class ToneVoice:
    """Says each character as 0.1 s of a tone whose pitch is the character's; remembers what it rendered."""

    def __init__(self, name: str = "tone") -> None:
        self.id = name
        self.rendered: list[str] = []

    def render(self, text: str) -> bytes:
        self.rendered.append(text)
        pitches = np.repeat([300 + ord(character) % 1_500 for character in text], ULAW_RATE_HZ // 10)
        sound = 6_000 * np.sin(2 * np.pi * np.cumsum(pitches) / ULAW_RATE_HZ)
        ends = np.zeros(ULAW_RATE_HZ // 20)
        return encode(np.concatenate([ends, sound, ends]).astype(np.int16))


class MuteVoice:
    """Cannot say anything."""

    def __init__(self, name: str = "mute") -> None:
        self.id = name
        self.asked = 0

    def render(self, text: str) -> bytes:
        self.asked += 1
        raise VoiceFailed("mute")


@dataclass
class GatedDecoder:
    """Decodes to its answers in turn, one worker, each only once `gate` is open; remembers how much sound it got."""

    answers: list[str]
    settings: WhisperSettings = field(default_factory=lambda: WhisperSettings(workers=1))
    gate: threading.Event = field(default_factory=threading.Event)
    sizes: list[int] = field(default_factory=list)

    def decode(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        self.gate.wait(10)
        self.sizes.append(len(pcm))
        answer = self.answers[min(len(self.sizes), len(self.answers)) - 1]
        return (Hypothesis(answer, 0.9),) if answer else ()


@dataclass
class GlimpsingDecoder(GatedDecoder):
    """Also writes `quick` once `quick_gate` is open; counts the glimpses that were given up before."""

    quick: str = ""
    quick_gate: threading.Event = field(default_factory=threading.Event)
    given_up: int = 0
    glimpsed: int = 0

    def glimpse(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        while not self.quick_gate.wait(0.01):
            if not wanted():
                self.given_up += 1
                raise NotWanted
        self.glimpsed += 1
        return (Hypothesis(self.quick, 0.5),)
