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
from bench import call_sounds, call_voices
from bench.call_line import Track, call
from tests.fakes.one_call import Talk

BEGINS, CALL_SECONDS = 2.0, 8.0
PROMPT_SECONDS = 6.5  # at least; the robot is still speaking when the sound comes
MURMUR_TRIALS, COUGH_TRIALS, TELEVISION_TRIALS, ECHO_TRIALS, BODY_TRIALS = 40, 30, 30, 10, 20

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


def interruptions(trials: list[Trial], recogniser: Recogniser) -> tuple[list[float], list[float], int]:
    """Seconds from each onset to the first clear (the voice is lowered or silent), to silence; never stopped."""
    lowered, stopped, missed = [], [], 0
    for number, trial in enumerate(trials):
        track, _ = run(trial, number, recogniser)
        lowered += [at - trial.onset for at in track.clears() if at > trial.onset][:1]
        stops = [at - trial.onset for at in track.stops() if at > trial.onset][:1]
        stopped += stops
        missed += not stops
    return lowered, stopped, missed


def given_way(found: list[tuple[list[float], list[float], int]]) -> dict[str, Any]:
    """Of one kind of interruption, or of several together."""
    return {
        "onset_to_first_clear_voice_lowered": percentiles([at for lowered, _, _ in found for at in lowered]),
        "onset_to_clear_silent": percentiles([at for _, stopped, _ in found for at in stopped]),
        "never_stopped": sum(missed for _, _, missed in found),
    }


def nothings(trials: list[Trial], recogniser: Recogniser) -> dict[str, Any]:
    """Sounds that are no interruption: stopped, lowered for a moment, left alone; how long the robot was silent."""
    stopped = lowered = told = 0
    silent: list[float] = []
    for number, trial in enumerate(trials):
        track, talk = run(trial, number, recogniser)
        stopped += bool(track.stops())
        lowered += bool(track.clears()) and not track.stops()
        told += any(text for _, _, text in talk.turns)
        silent += [
            next((then for then, what in track.log if what == "play" and then > at), CALL_SECONDS) - at
            for at in track.stops()[:1]
        ]
    pauses = {"silent_for": percentiles(silent)} if silent else {}
    return {"trials": len(trials), "stopped": stopped, "lowered_for_a_moment": lowered, "words_told": told, **pauses}


def _spoken(say: Say, texts: tuple[str, ...]) -> list[Trial]:
    spoken = [(style, text) for style in call_voices.STYLES[1:] for text in texts]
    return [Trial(say(style, text), BEGINS + at % 8 * 0.004) for at, (style, text) in enumerate(spoken)]


def _murmured(say: Say, texts: tuple[str, ...]) -> list[Trial]:
    return [Trial(say(style, text)) for text in texts for style in call_voices.STYLES]


def _televisions(say: Say, trials: int) -> list[Trial]:
    seconds = CALL_SECONDS - BEGINS
    return [
        Trial(call_voices.television(say, seed, seconds if seed % 2 else CALL_SECONDS), BEGINS if seed % 2 else 0.0)
        for seed in range(trials)
    ]


def kinds(say: Say, *, wide: bool) -> tuple[dict[str, list[Trial]], dict[str, list[Trial]]]:
    """Interruptions, and sounds that are none; 266 in all where `wide`."""
    speech = {"sentences": _spoken(say, call_voices.INTERRUPTIONS)}
    others = {
        "murmurs": _murmured(say, call_voices.MURMURS)[: None if wide else MURMUR_TRIALS],
        "coughs": [Trial(call_voices.cough(seed)) for seed in range(COUGH_TRIALS * (2 if wide else 1))],
        "television": _televisions(say, TELEVISION_TRIALS),
    }
    if wide:
        speech["begin_like_a_murmur"] = _spoken(say, call_voices.LIKE_MURMURS)
        others["other_murmurs"] = [Trial(say(style, text)) for style, text in call_voices.other_murmurs()]
        others["throats"] = [Trial(call_sounds.throat(seed)) for seed in range(BODY_TRIALS)]
        others["laughs"] = [Trial(call_sounds.laugh(seed)) for seed in range(BODY_TRIALS)]
    return speech, others


def measure(recogniser: Recogniser, share: float = 1.0, *, wide: bool = False) -> dict[str, Any]:
    """Raises VoicesMissing. `share` of the trials."""
    speech, others = kinds(call_voices.voices(), wide=wide)
    echoes = [Trial(call_voices.levelled(call_voices.cough(0)) * 0, echo=True) for _ in range(ECHO_TRIALS)]

    def some(trials: list[Trial]) -> list[Trial]:
        return trials[:: max(1, round(1 / share))]

    heard = {kind: interruptions(some(trials), recogniser) for kind, trials in speech.items()}
    found = {kind: nothings(some(trials), recogniser) for kind, trials in others.items()}
    trials = sum(each["trials"] for each in found.values())
    stops = sum(each["stopped"] for each in found.values())
    return {
        "interruptions": given_way(list(heard.values())),
        "interruptions_by_kind": {kind: given_way([each]) for kind, each in heard.items()},
        "no_interruptions": found,
        "false_stops_percent": round(100 * stops / trials, 1),
        "own_echo_20_db_120_ms": nothings(some(echoes), recogniser),
    }
