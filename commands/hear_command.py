"""`suifang hear`: hears telephone audio and reads what was said. JSON lines in and out."""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import folders
import settings
from agent.hearing.hearing_reader import HearingReader
from agent.hearing.questions import context_of
from agent.hearing.verifier import Verifier
from agent.hearing.verifying_decoder import VerifyingDecoder
from agent.model.finding import Level, Reading
from agent.model.problem import ContentError
from agent.speech.choose import choose_recogniser, plan_recogniser
from agent.speech.ports import Attentive, Recogniser, RecogniserFailed
from agent.speech.sherpa_choice import choose_sherpa, plan_sherpa
from agent.speech.weights import WHISPER_BASE, ModelMissing, ensure
from agent.speech.whisper import WhisperRecogniser
from agent.speech.whisper_decoder import WhisperDecoder, WhisperSettings
from agent.triage.content import load
from agent.triage.reader import Reader
from commands.read_command import as_json
from telephony.audio import Upsampler

_MULAW_FORMAT = 7


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--content", type=Path, default=folders.NLU_DATA, help="the content folder (default: nlu_data)")
    parser.add_argument("--recogniser", default="auto", choices=["auto", "vosk", "whisper", "sherpa"])


def run(args: argparse.Namespace) -> int:
    """Reads {"id", "audio", "context"} and writes {"id", "text", "level", "values", "seconds", …} for each."""
    try:
        content = load(args.content)
        chosen = settings.load()
    except (ContentError, settings.SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    reader = Reader(content)
    try:
        recogniser = _recogniser(chosen, args.recogniser, Verifier(reader))
    except (RecogniserFailed, ModelMissing) as problem:
        print(f"suifang hear: no recogniser: {problem}", file=sys.stderr)
        return 1
    asyncio.run(_hear_lines(recogniser, HearingReader(reader)))
    return 0


def _recogniser(chosen: settings.Settings, wanted: str, verifier: Verifier) -> Recogniser:
    """Whisper with all cores for one utterance at a time, or what else this machine has."""
    data = chosen.data
    if wanted == "sherpa":
        found, choice = choose_sherpa(plan_sherpa(chosen.sherpa_model, data))
        if found is None:
            raise RecogniserFailed(choice.why)
        return found

    def around(decoder: WhisperDecoder) -> VerifyingDecoder:
        return VerifyingDecoder(decoder, verifier)

    choice = plan_recogniser(data, wanted=wanted)
    if choice.name == "whisper":
        return WhisperRecogniser.load(ensure(WHISPER_BASE, data), WhisperSettings(workers=1, threads=2), around)
    recogniser, choice = choose_recogniser(data, wanted=wanted, around=around)
    if choice.name == "none":
        raise RecogniserFailed(choice.why)
    return recogniser


async def _hear_lines(recogniser: Recogniser, reader: HearingReader) -> None:
    try:
        for line in sys.stdin:
            if line.strip():
                row = json.loads(line)
                print(json.dumps(await _answer(recogniser, reader, row), ensure_ascii=False), flush=True)
    finally:
        await recogniser.close()


async def _answer(recogniser: Recogniser, reader: HearingReader, row: dict[str, Any]) -> dict[str, Any]:
    pcm = pcm_of(Path(row["audio"]))
    context = context_of(row.get("context") or "", reader)
    began = time.perf_counter()
    utterance = recogniser.utterance()
    if isinstance(utterance, Attentive):
        utterance.attend(context.question)
    utterance.feed(pcm)
    try:
        heard = await utterance.finish()
    except RecogniserFailed as failed:
        return {"id": row.get("id"), **_told(Reading("")), "failed": failed.code, "seconds": _since(began)}
    reading = reader.read(heard.text, context, heard.hypotheses)
    if reading.confirm is None and reading.level is Level.NONE:
        reading = replace(reading, confirm=reader.unanswered(reading, context))
    return {
        "id": row.get("id"),
        **_told(reading),
        "alternatives": [[h.text, h.confidence, h.origin] for h in heard.hypotheses],
        "seconds": _since(began),
    }


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 3)


def _told(reading: Reading) -> dict[str, Any]:
    unsettled = reading.level is Level.NONE and reading.confirm is not None
    return {
        "text": reading.text,
        **as_json(reading),
        "level": Level.YELLOW if unsettled else reading.level,
        "confirm": reading.confirm,
        "values": {m.name: m.value for m in reversed(reading.measurements)},  # the first of each name
    }


def pcm_of(path: Path) -> bytes:
    """16 kHz PCM of a WAV with 8 kHz mu-law, one channel. Raises ValueError on anything else."""
    data = path.read_bytes()
    chunks, at = {}, 12
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        chunks[data[at : at + 4]] = data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    kind = chunks.get(b"fmt ", b"")
    if int.from_bytes(kind[:2], "little") != _MULAW_FORMAT or int.from_bytes(kind[4:8], "little") != 8000:
        raise ValueError(f"{path.name} is no WAV of 8 kHz mu-law")
    return Upsampler().feed(chunks.get(b"data", b""))
