"""Silero's voice activity network (v6, MIT) in numpy: chunks of as many calls as there are in one run, so that its 0.9
MB of weights are read once for all of them. Four frames of a spectrum, four convolutions, one recurrent cell."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from agent.speech.onnx_weights import Weights

Floats = NDArray[np.float32]

CONTEXT_SAMPLES: Final = 64  # of the chunk before
_CHUNK_SAMPLES: Final = 512
_SAMPLES: Final = CONTEXT_SAMPLES + _CHUNK_SAMPLES
_MIRRORED: Final = 64  # samples at the end that are repeated backwards
_FRAME, _STEP, _FRAMES, _BINS = 256, 128, 4, 129
_HIDDEN: Final = 128
_SHAPES = {
    "encoder.feature_extractor.forward_basis_buffer": (258, 1, 256),
    "encoder.conv_layers.0.weight": (128, 129, 3),
    "encoder.conv_layers.1.weight": (64, 128, 3),
    "encoder.conv_layers.2.weight": (64, 64, 3),
    "encoder.conv_layers.3.weight": (128, 64, 3),
    "decoder.conv1d.weight": (1, 128, 1),
    "onnx::LSTM_209": (1, 512, 128),
    "onnx::LSTM_210": (1, 512, 128),
    "onnx::LSTM_211": (1, 1024),
}


class SileroNetwork:
    """The weights as the arithmetic wants them; one for the process. Raises ValueError for another network's."""

    def __init__(self, weights: Weights) -> None:
        if any(weights.get(name, np.zeros(0)).shape != shape for name, shape in _SHAPES.items()):
            raise ValueError("not the weights of this network")
        basis = weights["encoder.feature_extractor.forward_basis_buffer"]
        self.window = np.ascontiguousarray(basis[0, 0])  # its first row is the cosine of no turns at all
        taps = [_taps(weights, layer) for layer in range(4)]
        biases = [weights[f"encoder.conv_layers.{layer}.bias"] for layer in range(4)]
        self.first, self.first_bias = taps[0].reshape(3 * _BINS, 128), biases[0]
        self.second, self.second_bias = taps[1].reshape(3 * 128, 64), biases[1]
        self.third = np.vstack((taps[2][1:].reshape(2 * 64, 64), biases[2]))  # nothing is before the first of its two
        self.fourth = np.vstack((taps[3][1], biases[3]))  # nothing is beside its only one
        self.cell = _cell(weights)
        self.out = np.ascontiguousarray(weights["decoder.conv1d.weight"][0, :, 0])
        self.out_bias = float(weights["decoder.conv1d.bias"][0])


def _taps(weights: Weights, layer: int) -> Floats:
    """[3, channels in, channels out]"""
    return np.ascontiguousarray(weights[f"encoder.conv_layers.{layer}.weight"].transpose(2, 1, 0))


def _cell(weights: Weights) -> Floats:
    """Input, state and 1 in; gates in, out, forget and the candidate out. Gates are halved: σ(x) = ½ tanh(x/2) + ½."""
    both = np.concatenate((weights["onnx::LSTM_209"][0], weights["onnx::LSTM_210"][0]), axis=1).T
    bias = weights["onnx::LSTM_211"][0].reshape(2, 4 * _HIDDEN).sum(axis=0)
    cell = np.ascontiguousarray(np.vstack((both, bias)))  # the other order takes 100 µs for three chunks, not 25
    cell[:, : 3 * _HIDDEN] *= 0.5
    return cell


class SileroCall:
    """What one call's past leaves in the network: the end of its last chunk, and the cell's state and memory."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = np.zeros(CONTEXT_SAMPLES + 2 * _HIDDEN, np.float32)


class SileroRun:
    """Room for the arithmetic of `most` chunks at once; one for all calls of a thread."""

    def __init__(self, network: SileroNetwork, most: int = 1) -> None:
        self._network = network
        self._sound = np.zeros((most, _SAMPLES + _MIRRORED), np.float32)
        self._frames = _overlapping(self._sound, _FRAMES, _FRAME, _STEP)
        self._windowed = np.zeros((most, _FRAMES, _FRAME), np.float32)
        self._spectrum = np.zeros((most, 1 + _FRAMES + 1, _BINS), np.float32)  # with nothing before and after it
        self._first_in = _overlapping(self._spectrum, _FRAMES, 3 * _BINS, _BINS)
        self._second = np.zeros((most, 1 + _FRAMES, 128), np.float32)  # with nothing before it
        self._second_in = _overlapping(self._second, 2, 3 * 128, 2 * 128)
        self._third, self._fourth = _with_one(most, 2 * 64), _with_one(most, 64)
        self._cell_in = _with_one(most, 2 * _HIDDEN)

    def judge(self, calls: Sequence[SileroCall], samples: Sequence[NDArray[np.int16]]) -> list[float]:
        """For each call the raw probability that its next 512 samples (16 kHz) hold speech; no call twice."""
        count = len(calls)
        states = np.concatenate([call.state for call in calls]).reshape(count, -1)
        self._encode(count, states[:, :CONTEXT_SAMPLES], np.concatenate(samples).reshape(count, -1))
        told = self._remember(count, states[:, CONTEXT_SAMPLES:])
        states[:, :CONTEXT_SAMPLES] = self._sound[:count, _CHUNK_SAMPLES:_SAMPLES]
        for call, state in zip(calls, states, strict=True):
            call.state[:] = state
        net = self._network
        raw = np.dot(np.maximum(told, 0.0), net.out) + net.out_bias
        probabilities: list[float] = (1 / (1 + np.exp(-raw))).tolist()
        return probabilities

    def _encode(self, count: int, contexts: Floats, chunks: NDArray[np.int16]) -> None:
        net, sound, second = self._network, self._sound[:count], self._second[:count]
        sound[:, :CONTEXT_SAMPLES] = contexts
        np.multiply(chunks, 1 / 32_768, out=sound[:, CONTEXT_SAMPLES:_SAMPLES], dtype=np.float32)
        sound[:, _SAMPLES:] = sound[:, _SAMPLES - 2 : _SAMPLES - 2 - _MIRRORED : -1]
        windowed = np.multiply(self._frames[:count], net.window, out=self._windowed[:count])
        np.abs(np.fft.rfft(windowed), out=self._spectrum[:count, 1:-1])
        first = np.dot(self._first_in[:count].reshape(count * _FRAMES, -1), net.first)
        first += net.first_bias
        np.maximum(first.reshape(count, _FRAMES, 128), 0.0, out=second[:, 1:])
        then = np.dot(self._second_in[:count].reshape(2 * count, -1), net.second)
        then += net.second_bias
        np.maximum(then.reshape(count, -1), 0.0, out=self._third[:count, :-1])
        np.maximum(np.dot(self._third[:count], net.third), 0.0, out=self._fourth[:count, :-1])
        np.maximum(np.dot(self._fourth[:count], net.fourth), 0.0, out=self._cell_in[:count, :_HIDDEN])

    def _remember(self, count: int, states: Floats) -> Floats:
        """What the cells tell now; `states` [count, told and memory] become the new ones."""
        told, memory = states[:, :_HIDDEN], states[:, _HIDDEN:]
        self._cell_in[:count, _HIDDEN:-1] = told
        gates = np.dot(self._cell_in[:count], self._network.cell)
        np.tanh(gates, out=gates)
        doors = gates[:, : 3 * _HIDDEN]
        doors *= 0.5
        doors += 0.5
        memory *= doors[:, 2 * _HIDDEN :]
        memory += doors[:, :_HIDDEN] * gates[:, 3 * _HIDDEN :]
        np.multiply(doors[:, _HIDDEN : 2 * _HIDDEN], np.tanh(memory), out=told)
        return told


def _overlapping(rooms: Floats, rows: int, size: int, step: int) -> Floats:
    """[each of rooms, rows, size]: rows that begin every `step` within a room; a view."""
    item = rooms.itemsize
    return as_strided(rooms, (len(rooms), rows, size), (rooms.strides[0], step * item, item), writeable=False)


def _with_one(most: int, size: int) -> Floats:
    """[chunk, size + 1], whose last column stays 1, for the bias."""
    vectors = np.zeros((most, size + 1), np.float32)
    vectors[:, -1] = 1.0
    return vectors
