"""Silero's voice activity network (v6, MIT) in numpy: one chunk of one call at a time, at half the processor time of a
runtime, which is made for large batches. Four frames of a spectrum, four convolutions, one recurrent cell."""

import math
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
    cell = np.vstack((both, bias))
    cell[:, : 3 * _HIDDEN] *= 0.5
    return cell


class SileroCall:
    """One call's state, and room for the arithmetic."""

    def __init__(self, network: SileroNetwork) -> None:
        self._network = network
        self._sound = np.zeros(_SAMPLES + _MIRRORED, np.float32)
        self._frames = _overlapping(self._sound, _FRAMES, _FRAME, _STEP)
        self._windowed = np.zeros((_FRAMES, _FRAME), np.float32)
        self._spectrum = np.zeros((1 + _FRAMES + 1, _BINS), np.float32)  # with nothing before and after it
        self._first_in = _overlapping(self._spectrum.reshape(-1), _FRAMES, 3 * _BINS, _BINS)
        self._first_out = np.zeros((_FRAMES, 128), np.float32)
        self._second = np.zeros((1 + _FRAMES, 128), np.float32)  # with nothing before it
        self._second_in = _overlapping(self._second.reshape(-1), 2, 3 * 128, 2 * 128)
        self._second_out = np.zeros((2, 64), np.float32)
        self._third, self._third_out = _with_one(2 * 64), np.zeros(64, np.float32)
        self._fourth, self._fourth_out = _with_one(64), np.zeros(128, np.float32)
        self._cell_in, self._gates = _with_one(2 * _HIDDEN), np.zeros(4 * _HIDDEN, np.float32)
        self._memory, self._spare = np.zeros(_HIDDEN, np.float32), np.zeros(_HIDDEN, np.float32)

    def judge(self, samples: NDArray[np.int16]) -> float:
        """The raw probability that the next 512 samples (16 kHz) hold speech."""
        sound = self._sound
        sound[:CONTEXT_SAMPLES] = sound[_CHUNK_SAMPLES:_SAMPLES]
        np.multiply(samples, 1 / 32_768, out=sound[CONTEXT_SAMPLES:_SAMPLES], dtype=np.float32)
        sound[_SAMPLES:] = sound[_SAMPLES - 2 : _SAMPLES - 2 - _MIRRORED : -1]
        self._encode()
        return self._remember()

    def _encode(self) -> None:
        net = self._network
        np.multiply(self._frames, net.window, out=self._windowed)
        np.abs(np.fft.rfft(self._windowed), out=self._spectrum[1:-1])
        first = np.dot(self._first_in, net.first, out=self._first_out)
        first += net.first_bias
        np.maximum(first, 0.0, out=self._second[1:])
        second = np.dot(self._second_in, net.second, out=self._second_out)
        second += net.second_bias
        np.maximum(second.reshape(-1), 0.0, out=self._third[:-1])
        np.maximum(np.dot(self._third, net.third, out=self._third_out), 0.0, out=self._fourth[:-1])
        np.maximum(np.dot(self._fourth, net.fourth, out=self._fourth_out), 0.0, out=self._cell_in[:_HIDDEN])

    def _remember(self) -> float:
        net, memory, spare = self._network, self._memory, self._spare
        gates = np.tanh(np.dot(self._cell_in, net.cell, out=self._gates), out=self._gates)
        doors = gates[: 3 * _HIDDEN]
        doors *= 0.5
        doors += 0.5
        memory *= doors[2 * _HIDDEN :]
        memory += np.multiply(doors[:_HIDDEN], gates[3 * _HIDDEN :], out=spare)
        told = self._cell_in[_HIDDEN:-1]
        np.multiply(doors[_HIDDEN : 2 * _HIDDEN], np.tanh(memory, out=spare), out=told)
        return 1 / (1 + math.exp(-(float(np.dot(np.maximum(told, 0.0, out=spare), net.out)) + net.out_bias)))


def _overlapping(flat: Floats, rows: int, size: int, step: int) -> Floats:
    """Rows of `size` that begin every `step` of a flat array; a view."""
    return as_strided(flat, (rows, size), (step * flat.itemsize, flat.itemsize), writeable=False)


def _with_one(size: int) -> Floats:
    """A vector whose last element stays 1, for the bias."""
    vector = np.zeros(size + 1, np.float32)
    vector[-1] = 1.0
    return vector
