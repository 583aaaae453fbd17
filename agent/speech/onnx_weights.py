"""The weights in an ONNX file, read without a runtime: protocol buffers as far as constants need (onnx.proto3)."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_GRAPH, _INITIALIZER, _DIMS, _TYPE, _NAME, _RAW = 7, 5, 1, 2, 8, 9  # fields of Model, Graph and Tensor
_FLOAT = 1
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5

Weights = dict[str, NDArray[np.float32]]


def read_weights(file: Path) -> Weights:
    """By name; only 32-bit floats. Raises OSError, ValueError for what is no ONNX file."""
    found: Weights = {}
    try:
        graph = next(value for field, value in _fields(memoryview(file.read_bytes())) if field == _GRAPH)
        assert isinstance(graph, memoryview)
        for field, tensor in _fields(graph):
            if field == _INITIALIZER and isinstance(tensor, memoryview):
                found |= _tensor(tensor)
    except (IndexError, StopIteration, AssertionError, UnicodeDecodeError) as error:
        raise ValueError(f"no ONNX file: {file.name}") from error
    return found


def _tensor(tensor: memoryview) -> Weights:
    name, dims, kind, raw = "", list[int](), 0, memoryview(b"")
    for field, value in _fields(tensor):
        if isinstance(value, int):
            dims += [value] if field == _DIMS else []
            kind = value if field == _TYPE else kind
        elif field == _DIMS:
            dims += _varints(value)
        elif field == _NAME:
            name = bytes(value).decode()
        elif field == _RAW:
            raw = value
    return {name: np.frombuffer(raw, "<f4").reshape(dims)} if kind == _FLOAT and len(raw) else {}


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Field number and value; numbers of fixed size come as their bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        field, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield field, value
            continue
        if wire == _BYTES:
            size, at = _varint(message, at)
        elif wire in (_FOUR_BYTES, _EIGHT_BYTES):
            size = 4 if wire == _FOUR_BYTES else 8
        else:
            raise IndexError
        yield field, message[at : at + size]
        at += size


def _varints(packed: memoryview) -> Iterator[int]:
    at = 0
    while at < len(packed):
        value, at = _varint(packed, at)
        yield value


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """The number and where it ends. Raises IndexError beyond the end."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
