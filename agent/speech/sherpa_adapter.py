"""sherpa-onnx: streaming Zipformer or Paraformer in the call, SenseVoice where a whole utterance is there at once.

Model folders are those of the project's own releases (tokens.txt beside the .onnx files); which kind one holds is told
by its files. The library ends its process on a model it cannot use, so one is tried in another process first."""

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from agent.model.turn import Hypothesis
from agent.speech.pcm import samples_of
from agent.speech.ports import PCM_RATE_HZ, Recogniser, RecogniserFailed
from agent.speech.sherpa_probe import loads
from agent.speech.streaming import StreamingRecogniser
from agent.speech.transcript import tidy
from agent.speech.whisper import WhisperRecogniser
from agent.speech.whisper_decoder import Wanted, WhisperSettings, always

UNTRIED = "tried with the real library and models of a few bytes only; no Mandarin model was at hand"
TAIL_SECONDS = 1.0  # of silence behind an utterance: streaming models look ahead and decode in chunks
LEAST_SECONDS = 0.3  # SenseVoice reads beyond the sound where there are fewer than seven frames
UNTOLD_CONFIDENCE = 0.7  # of a text whose engine tells no probabilities


class Kind(StrEnum):
    ZIPFORMER = "zipformer"  # any streaming transducer
    PARAFORMER = "paraformer"
    SENSE_VOICE = "sense-voice"


@dataclass(frozen=True, slots=True)
class SherpaModel:
    """A model folder's files by their part: encoder, decoder, joiner, or model."""

    kind: Kind
    folder: Path
    tokens: Path
    parts: dict[str, Path]

    @property
    def streaming(self) -> bool:
        return self.kind is not Kind.SENSE_VOICE


def inspect(folder: Path) -> SherpaModel | None:
    """What kind of model the folder holds; None when it holds none that can be used here. Imports nothing."""
    tokens = folder / "tokens.txt"
    if not tokens.is_file():
        return None
    found = {part: _part(folder, part) for part in ("encoder", "decoder", "joiner", "model")}
    parts = {part: path for part, path in found.items() if path is not None}
    if {"encoder", "decoder", "joiner"} <= set(parts):
        return SherpaModel(Kind.ZIPFORMER, folder, tokens, parts)
    if {"encoder", "decoder"} <= set(parts):
        return SherpaModel(Kind.PARAFORMER, folder, tokens, parts)
    if "model" in parts and "sense-voice" in folder.name:
        return SherpaModel(Kind.SENSE_VOICE, folder, tokens, parts)
    return None


def _part(folder: Path, part: str) -> Path | None:
    """The part's file: the int8 one where there are two, but the full decoder, which is small and loses by it."""
    files = sorted(path for path in folder.glob(f"{part}*.onnx") if path.stat().st_size)
    wanted = part != "decoder"
    return next((path for path in files if ("int8" in path.name) is wanted), files[0] if files else None)


def load(folder: Path, threads: int = 1, deadline_seconds: float = 10.0) -> Recogniser:
    """The recogniser of a model folder. Blocks. Raises RecogniserFailed("model_unreadable" or "not_installed")."""
    if importlib.util.find_spec("sherpa_onnx") is None:
        raise RecogniserFailed("not_installed")
    model = inspect(folder)
    if model is None or not loads(folder):
        raise RecogniserFailed("model_unreadable")
    try:
        engine = engine_of(model, threads)
    except (RuntimeError, ValueError, OSError) as problem:
        raise RecogniserFailed("model_unreadable") from problem
    name = f"sherpa:{folder.name}"
    if model.streaming:
        return StreamingRecogniser(name, lambda: StreamDecoding(engine), deadline_seconds=deadline_seconds)
    settings = WhisperSettings(workers=2, deadline_seconds=deadline_seconds)
    return WhisperRecogniser(WholeDecoder(engine, settings), name)


def engine_of(model: SherpaModel, threads: int) -> Any:
    """The library's own recogniser; raises its errors, or ends the process."""
    from sherpa_onnx import OfflineRecognizer, OnlineRecognizer

    files = {part: str(path) for part, path in model.parts.items()} | {"tokens": str(model.tokens)}
    if model.kind is Kind.SENSE_VOICE:
        return OfflineRecognizer.from_sense_voice(
            model=files["model"], tokens=files["tokens"], num_threads=threads, language="zh", use_itn=False
        )
    if model.kind is Kind.PARAFORMER:
        return OnlineRecognizer.from_paraformer(
            tokens=files["tokens"], encoder=files["encoder"], decoder=files["decoder"], num_threads=threads
        )
    return OnlineRecognizer.from_transducer(
        tokens=files["tokens"],
        encoder=files["encoder"],
        decoder=files["decoder"],
        joiner=files["joiner"],
        num_threads=threads,
        decoding_method="modified_beam_search",
    )


def confidence_of(log_probabilities: Sequence[float]) -> float:
    """Mean probability of a text's tokens from their natural logarithms; a guess where there are none."""
    if not log_probabilities:
        return UNTOLD_CONFIDENCE
    return round(min(1.0, math.exp(sum(log_probabilities) / len(log_probabilities))), 3)


class StreamDecoding:
    """One utterance of an OnlineRecognizer."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._stream = engine.create_stream()

    def accept(self, pcm: bytes) -> str:
        self._stream.accept_waveform(PCM_RATE_HZ, samples_of(pcm))
        while self._engine.is_ready(self._stream):
            self._engine.decode_stream(self._stream)
        return tidy(self._engine.get_result(self._stream))

    def finish(self) -> tuple[Hypothesis, ...]:
        self._stream.accept_waveform(PCM_RATE_HZ, np.zeros(int(TAIL_SECONDS * PCM_RATE_HZ), np.float32))
        self._stream.input_finished()
        text = self.accept(b"")
        return (Hypothesis(text, confidence_of(self._engine.ys_probs(self._stream))),) if text else ()


class WholeDecoder:
    """One utterance at once with an OfflineRecognizer; usable from several threads."""

    def __init__(self, engine: Any, settings: WhisperSettings) -> None:
        self._engine = engine
        self.settings = settings

    def decode(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        """In one step, wanted or not. Raises RecogniserFailed."""
        samples = samples_of(pcm)
        if len(samples) < self.settings.shortest_seconds * PCM_RATE_HZ:
            return ()
        stream = self._engine.create_stream()
        stream.accept_waveform(
            PCM_RATE_HZ, np.pad(samples, (0, max(0, int(LEAST_SECONDS * PCM_RATE_HZ) - len(samples))))
        )
        try:
            self._engine.decode_stream(stream)
        except RuntimeError as problem:
            raise RecogniserFailed("decode_failed") from problem
        text = tidy(stream.result.text)
        return (Hypothesis(text, UNTOLD_CONFIDENCE),) if text else ()
