"""Somebody makes a sound while the robot speaks: how soon it gives way to speech, and how often to nothing."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agent.model.turn import Expect, Reply
from agent.speech.kokoro_voice import DEFAULT_SPEED, DEFAULT_STYLE, kokoro_id
from agent.speech.pack import Pack, line_key
from agent.speech.ports import Recogniser
from agent.speech.prompts import SEED_PACK
from bench import call_voices
from bench.call_line import Track, call
from tests.fakes.one_call import Talk

BEGINS, CALL_SECONDS = 2.0, 8.0
PROMPT_SECONDS = 6.5  # at least; the robot is still speaking when the sound comes
MURMUR_TRIALS, COUGH_TRIALS, TELEVISION_TRIALS, ECHO_TRIALS = 40, 30, 30, 10

Say = Callable[[str, str], call_voices.Sound]


class SeedPrompts:
    """The robot's own sentences from the pack that travels with the code."""

    def __init__(self) -> None:
        self._pack = Pack(SEED_PACK)
        self._voice = kokoro_id(DEFAULT_STYLE, DEFAULT_SPEED)

    async def ulaw(self, text: str) -> bytes:
        return self._pack.ulaw(line_key(self._voice, text)) or b""

    def long_reply(self, number: int) -> Reply:
        """Some sentences that last long enough, others for each number."""
        mine = [entry for entry in self._pack.entries.values() if entry.voice == self._voice]
        texts, samples, at = [], 0, number * 7
        while samples < PROMPT_SECONDS * 8_000:
            entry = mine[at % len(mine)]
            texts.append(entry.text)
            samples += entry.samples
            at += 1
        return Reply(tuple(texts), Expect.YES_NO, "question", patience_seconds=8.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """A sound from `begins` on; `onset` is where it is heard to begin."""

    sound: call_voices.Sound
    begins: float = BEGINS
    echo: bool = False

    @property
    def onset(self) -> float:
        return self.begins + call_voices.onset_seconds(self.sound)


def run(trial: Trial, number: int, recogniser: Recogniser) -> tuple[Track, Talk]:
    prompts = SeedPrompts()
    sound = call_voices.on_the_line(CALL_SECONDS, number, (trial.begins, trial.sound))
    track, talk = Track(sound, trial.echo), Talk([prompts.long_reply(number)])
    call(track, talk, prompts, recogniser)
    return track, talk


def percentiles(seconds: list[float]) -> dict[str, Any]:
    ordered = sorted(seconds)
    if not ordered:
        return {"n": 0}
    return {
        "n": len(ordered),
        "p50_ms": round(1000 * statistics.median(ordered)),
        "p95_ms": round(1000 * ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]),
    }


def interruptions(say: Say, recogniser: Recogniser, share: float) -> dict[str, Any]:
    spoken = [(style, text) for style in call_voices.STYLES[1:] for text in call_voices.INTERRUPTIONS]
    lowered, stopped, missed = [], [], 0
    for number, (style, text) in enumerate(spoken[: max(1, round(share * len(spoken)))]):
        trial = Trial(say(style, text), BEGINS + number % 8 * 0.004)  # anywhere within a frame
        track, _ = run(trial, number, recogniser)
        lowered += [at - trial.onset for at in track.clears() if at > trial.onset][:1]
        stops = [at - trial.onset for at in track.stops() if at > trial.onset][:1]
        stopped += stops
        missed += not stops
    return {
        "onset_to_first_clear_voice_lowered": percentiles(lowered),
        "onset_to_clear_silent": percentiles(stopped),
        "never_stopped": missed,
    }


def nothings(trials: list[Trial], recogniser: Recogniser) -> dict[str, Any]:
    """Sounds that are no interruption: stopped, lowered for a moment, left alone."""
    stopped = lowered = told = 0
    for number, trial in enumerate(trials):
        track, talk = run(trial, number, recogniser)
        stopped += bool(track.stops())
        lowered += bool(track.clears()) and not track.stops()
        told += any(text for _, _, text in talk.turns)
    return {"trials": len(trials), "stopped": stopped, "lowered_for_a_moment": lowered, "words_told": told}


def measure(recogniser: Recogniser, share: float = 1.0) -> dict[str, Any]:
    """Raises VoicesMissing. `share` of the trials."""
    say = call_voices.voices()
    murmured = [(style, text) for text in call_voices.MURMURS for style in call_voices.STYLES][:MURMUR_TRIALS]
    murmurs = [Trial(say(style, text)) for style, text in murmured]
    coughs = [Trial(call_voices.cough(seed)) for seed in range(COUGH_TRIALS)]
    seconds = CALL_SECONDS - BEGINS
    television = [
        Trial(call_voices.television(say, seed, seconds if seed % 2 else CALL_SECONDS), BEGINS if seed % 2 else 0.0)
        for seed in range(TELEVISION_TRIALS)
    ]
    echoes = [Trial(call_voices.levelled(call_voices.cough(0)) * 0, echo=True) for _ in range(ECHO_TRIALS)]

    def some(trials: list[Trial]) -> list[Trial]:
        return trials[:: max(1, round(1 / share))]

    kinds = {"murmurs": murmurs, "coughs": coughs, "television": television}
    found = {kind: nothings(some(trials), recogniser) for kind, trials in kinds.items()}
    trials = sum(each["trials"] for each in found.values())
    stops = sum(each["stopped"] for each in found.values())
    return {
        "interruptions": interruptions(say, recogniser, share),
        "no_interruptions": found,
        "false_stops_percent": round(100 * stops / trials, 1),
        "own_echo_20_db_120_ms": nothings(some(echoes), recogniser),
    }
