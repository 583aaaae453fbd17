"""The natural voice: Kokoro-82M (int8) with Mandarin styles, on the processor alone."""

import json
import logging
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.speech.loudness import Sound, for_telephone, trimmed
from agent.speech.ports import VoiceFailed
from agent.speech.spoken import breaths, spoken

RATE_HZ = 24_000
STYLES_FOLDER = Path(__file__).with_name("styles")
DEFAULT_STYLE = "zf_xiaoxiao"
DEFAULT_SPEED = 0.9  # four to five characters a second: most listeners are over 65
_STYLE_SHAPE = (510, 256)  # row n-1 serves a sentence of n phones
_MOST_PHONES = 508
_BREATH_SECONDS = 0.18


def kokoro_id(style: str, speed: float) -> str:
    """The voice's id, half of the key of every sentence it has rendered."""
    return f"kokoro-82m-int8:{style}:{speed:g}"


def styles() -> list[str]:
    """Names of the styles that come with the code: z(female|male)_name."""
    return sorted(path.stem for path in STYLES_FOLDER.glob("z*.f16"))


class KokoroEngine:
    """The loaded model (92 MB on disk, 670 MB of memory), shared by all styles; renders one piece at a time."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        """Raises VoiceFailed("model_unreadable")."""
        import onnxruntime
        from misaki import zh
        from onnxruntime.capi import onnxruntime_pybind11_state as native

        logging.getLogger("jieba").setLevel(logging.WARNING)  # its loading chatter
        self._native_failures: tuple[type[Exception], ...] = (
            native.Fail,
            native.InvalidArgument,
            native.RuntimeException,
            native.InvalidProtobuf,
            RuntimeError,
            ValueError,
            LookupError,
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / "kokoro.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        except (*self._native_failures, OSError) as problem:
            raise VoiceFailed("model_unreadable") from problem
        self._phones: Any = zh.ZHG2P()  # the legacy phone set is the one this model knows
        self._lock = threading.Lock()

    def piece(self, text: str, style: NDArray[np.float32], speed: float) -> Sound:
        """One sentence's sound at 24 kHz; empty where nothing is to be said. Raises VoiceFailed."""
        with self._lock:
            try:
                tokens = [self._vocabulary[c] for c in self._phones(text)[0] if c in self._vocabulary][:_MOST_PHONES]
                if not tokens:
                    return np.zeros(0, np.float32)
                inputs = {
                    "tokens": np.array([[0, *tokens, 0]], np.int64),
                    "style": style[len(tokens) - 1].reshape(1, -1),
                    "speed": np.array([speed], np.float32),
                }
                return np.asarray(self._session.run(None, inputs)[0], np.float32).ravel()
            except self._native_failures:
                raise VoiceFailed("render_failed") from None  # the cause may quote the sentence


class KokoroVoice:
    """One style at one speed; 1.0 is a radio speaker's pace, 0.75 suits very old ears."""

    def __init__(self, engine: KokoroEngine, style: str = DEFAULT_STYLE, speed: float = DEFAULT_SPEED) -> None:
        """Raises VoiceFailed("no_such_style")."""
        self.id = kokoro_id(style, speed)
        self._engine = engine
        self._speed = speed
        try:
            halves = np.fromfile(STYLES_FOLDER / f"{style}.f16", np.float16)
            self._style = halves.astype(np.float32).reshape(_STYLE_SHAPE)
        except (OSError, ValueError) as problem:
            raise VoiceFailed("no_such_style") from problem

    def render(self, text: str) -> bytes:
        breath = np.zeros(round(_BREATH_SECONDS * RATE_HZ), np.float32)
        sound: list[Sound] = []
        for piece in breaths(spoken(text)):
            said = trimmed(self._engine.piece(piece, self._style, self._speed), RATE_HZ)
            if len(said):
                sound += [breath, said] if sound else [said]
        return for_telephone(np.concatenate(sound) if sound else np.zeros(0, np.float32), RATE_HZ)
