"""`suifang hear`: hears telephone audio and reads what was said. JSON lines in and out."""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import settings
from agent.hearing.questions import context_of
from agent.model.finding import Reading
from agent.speech.choose import choose_recogniser
from agent.speech.ports import Recogniser, RecogniserFailed
from agent.triage.content import load
from agent.triage.problem import ContentError
from agent.triage.reader import Reader
from commands.read_command import CONTENT, as_json
from telephony.audio import Upsampler

_MULAW_FORMAT = 7


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--content", type=Path, default=CONTENT, help="the content folder (default: nlu_data)")
    parser.add_argument("--recogniser", default="auto", choices=["auto", "vosk", "whisper"])


def run(args: argparse.Namespace) -> int:
    """Reads {"id", "audio", "context"} and writes {"id", "text", "level", "values", "seconds", …} for each."""
    try:
        content = load(args.content)
        chosen = settings.load()
    except (ContentError, settings.SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    recogniser, choice = choose_recogniser(chosen.data, wanted=args.recogniser)
    if choice.name == "none":
        print(f"suifang hear: no recogniser: {choice.why}", file=sys.stderr)
        return 1
    asyncio.run(_hear_lines(recogniser, Reader(content)))
    return 0


async def _hear_lines(recogniser: Recogniser, reader: Reader) -> None:
    try:
        for line in sys.stdin:
            if line.strip():
                row = json.loads(line)
                print(json.dumps(await _answer(recogniser, reader, row), ensure_ascii=False), flush=True)
    finally:
        await recogniser.close()


async def _answer(recogniser: Recogniser, reader: Reader, row: dict[str, Any]) -> dict[str, Any]:
    pcm = pcm_of(Path(row["audio"]))
    context = context_of(row.get("context") or "", reader)
    began = time.perf_counter()
    utterance = recogniser.utterance()
    utterance.feed(pcm)
    try:
        heard = await utterance.finish()
    except RecogniserFailed as failed:
        return {"id": row.get("id"), **_told(Reading("")), "failed": failed.code, "seconds": _since(began)}
    reading = reader.read(heard.text, context, heard.hypotheses[1:])
    return {
        "id": row.get("id"),
        **_told(reading),
        "alternatives": [[h.text, h.confidence] for h in heard.hypotheses],
        "seconds": _since(began),
    }


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 3)


def _told(reading: Reading) -> dict[str, Any]:
    return {
        "text": reading.text,
        **as_json(reading),
        "confirm": reading.confirm,
        "values": {m.name: m.value for m in reading.measurements},
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
    upsampler = Upsampler()
    return upsampler.feed(chunks.get(b"data", b"")) + upsampler.flush()
