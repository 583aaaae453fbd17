"""The same as real sound: some of the hesitant answers in several voices with telephone noise, through Silero and the
recogniser that is installed. Recognising passes as call time at what it costs of one processor."""

import asyncio
import statistics
from pathlib import Path
from typing import Any

import numpy as np

from agent.model.turn import Reply
from agent.speech.none import NoRecogniser
from agent.speech.onnx_vad import new_vad
from agent.speech.ports import Recogniser
from agent.speech.segmenter import Segmenter, TurnTaking
from agent.speech.ulaw import ULAW_RATE_HZ
from bench import call_voices
from bench.call_cutoffs import Outcome, plain
from bench.call_recogniser import TimedRecogniser, whisper
from bench.hesitant import Hesitant
from machine.virtual_time import run_virtual
from telephony.audio import Upsampler
from telephony.ear import Ear
from telephony.line import FRAME_BYTES, FRAME_SECONDS

BEGINS, LISTENED = 1.0, 5.0


def track(say: Any, style: str, said: Hesitant, seed: int) -> tuple[bytes, float, float]:
    """The line's sound, and where speech begins and ends in it."""
    at, placed = BEGINS, []
    for piece, pause in zip(said.pieces, (*said.pauses, 0.0), strict=True):
        sound = say(style, piece)
        placed.append((at, sound))
        at += len(sound) / ULAW_RATE_HZ + pause
    loud = np.flatnonzero(np.abs(placed[-1][1]) > 0.02 * np.abs(placed[-1][1]).max())
    end = placed[-1][0] + float(loud[-1]) / ULAW_RATE_HZ
    return call_voices.on_the_line(end + LISTENED, seed, *placed), BEGINS, end


def decisions(sound: bytes, said: Hesitant, recogniser: Recogniser, taking: TurnTaking) -> list[float]:
    """When each utterance was taken for ended."""

    async def main() -> list[float]:
        ear, ended, speaking = Ear(recogniser, new_vad(), Segmenter(taking), Upsampler(), lambda: None), [], False
        kind = said.awaited
        ear.expect(Reply(("？",), kind.kind, numbers=kind.numbers))
        for number in range(len(sound) // FRAME_BYTES):
            ear.hear(sound[number * FRAME_BYTES : (number + 1) * FRAME_BYTES], number * FRAME_SECONDS)
            if speaking and not ear.speaking:
                ended.append(ear.now)
            speaking = ear.speaking
            await asyncio.sleep(FRAME_SECONDS)
        await ear.close()
        return ended

    return run_virtual(main())


def through(recogniser: Recogniser, taking: TurnTaking) -> Outcome:
    say, spoken = call_voices.voices(), call_voices.spoken_hesitant()
    outcome = Outcome(answers=len(spoken))
    for seed, (style, said) in enumerate(spoken):
        sound, _, end = track(say, style, said, seed)
        ended = decisions(sound, said, recogniser, taking)
        if not ended:
            continue  # never heard at all
        outcome.delays.append(ended[-1] - end)
        if ended[0] < end:
            outcome.cut.append("|".join(said.pieces))
    return outcome


def measure(data: Path) -> dict[str, Any]:
    """Raises VoicesMissing."""
    decoder = whisper(data)
    found: dict[str, Any] = {
        f"plain_{seconds:g}_s": through(NoRecogniser(), plain(seconds)).report() for seconds in (0.7, 1.1, 1.6)
    }
    if decoder is None:
        return {"missing": "no whisper model: only plain voice activity", **found}
    recogniser = TimedRecogniser(decoder)
    ours = through(recogniser, TurnTaking())
    cost = statistics.median(recogniser.seconds)
    decodings = len(recogniser.seconds) / ours.answers
    heard = {"decoding_cpu_p50_ms": round(1000 * cost), "decodings_an_answer": round(decodings, 1)}
    return {"recogniser": recogniser.name, "ours": ours.report() | {"cut": ours.cut} | heard, **found}
