"""Recordings as a browser can play them: ranges of a WAV that may still be growing, and its wave form."""

import re
import struct
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CHUNK = 64 * 1024
PEAKS = 600  # columns of the wave form
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class NoAudio(Exception):
    """The file is missing, lies outside the folder, or is no PCM WAV."""


class BadRange(Exception):
    """The asked range lies outside the file."""


@dataclass(frozen=True, slots=True)
class Wav:
    """A PCM file as it is at this moment. `header` states the present length, whatever the file's own says."""

    path: Path
    header: bytes
    data_at: int  # where samples begin in the file
    data_bytes: int
    rate: int
    channels: int

    @property
    def size(self) -> int:
        return len(self.header) + self.data_bytes

    @property
    def seconds(self) -> float:
        return self.data_bytes / (2 * self.channels * self.rate)

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes start..end (end exclusive) of header and samples, in chunks."""
        if start < len(self.header):
            yield self.header[start : min(end, len(self.header))]
        at, left = max(start, len(self.header)), end - max(start, len(self.header))
        if left <= 0:
            return
        with self.path.open("rb") as file:
            file.seek(self.data_at + at - len(self.header))
            while left > 0 and (block := file.read(min(CHUNK, left))):
                left -= len(block)
                yield block


def inside(folder: Path, relative: str) -> Path:
    """The file's path; raises NoAudio when it would leave the folder."""
    root = folder.resolve()
    path = (root / relative).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise NoAudio(relative)
    return path


def open_wav(path: Path, *, at_most: int | None = None) -> Wav:
    """Reads the head of a 16-bit PCM WAV; `at_most` keeps the size of an earlier look. Raises NoAudio."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
    rate, channels, data_at = _format(head)
    frame = 2 * channels
    data_bytes = max(0, size - data_at)
    if at_most is not None:
        data_bytes = min(data_bytes, max(0, at_most - 44))
    data_bytes -= data_bytes % frame
    return Wav(path, _header(rate, channels, data_bytes), data_at, data_bytes, rate, channels)


def _format(head: bytes) -> tuple[int, int, int]:
    """(rate, channels, offset of the samples) of a WAV's head."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise NoAudio("not a WAV")
    at, found = 12, None
    while at + 8 <= len(head):
        name, length = head[at : at + 4], struct.unpack_from("<I", head, at + 4)[0]
        if name == b"fmt " and at + 24 <= len(head):
            code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", head, at + 8)
            if bits != 16 or code not in (1, 0xFFFE) or not channels:
                raise NoAudio("not 16-bit PCM")
            found = (rate, channels)
        if name == b"data" and found:
            return found[0], found[1], at + 8
        at += 8 + length + length % 2
    raise NoAudio("no samples")


def _header(rate: int, channels: int, data_bytes: int) -> bytes:
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    return (
        b"RIFF" + struct.pack("<I", 36 + data_bytes) + b"WAVEfmt " + struct.pack("<I", 16) + form
        + b"data" + struct.pack("<I", data_bytes)
    )  # fmt: skip


def byte_range(asked: str | None, size: int) -> tuple[int, int] | None:
    """(start, end exclusive) of a Range header; None when there is none to obey. Raises BadRange."""
    match = _RANGE.fullmatch(asked.strip()) if asked else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1 if last else size, size)
    if start >= end:
        raise BadRange
    return start, end


def peaks_of(wav: Wav, columns: int = PEAKS) -> list[list[int]]:
    """For each channel, the loudest sample of each column, 0..100."""
    with wav.path.open("rb") as file:
        file.seek(wav.data_at)
        samples = np.frombuffer(file.read(wav.data_bytes), dtype="<i2").reshape(-1, wav.channels)
    if not len(samples):
        return [[] for _ in range(wav.channels)]
    edges = np.linspace(0, len(samples), min(columns, len(samples)) + 1).astype(int)[:-1]
    loud = np.maximum.reduceat(np.abs(samples.astype(np.int32)), edges, axis=0)
    scaled = np.minimum(100, np.ceil(np.sqrt(loud / 32768) * 100)).astype(int)
    return [scaled[:, channel].tolist() for channel in range(wav.channels)]


class PeakCache:
    """Wave forms by file, size and time of writing; the longest unused leave first."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._peaks: OrderedDict[tuple[str, int, int], list[list[int]]] = OrderedDict()

    def get(self, wav: Wav) -> list[list[int]]:
        key = (str(wav.path), wav.data_bytes, wav.path.stat().st_mtime_ns)
        if key not in self._peaks:
            self._peaks[key] = peaks_of(wav)
            while len(self._peaks) > self._most:
                self._peaks.popitem(last=False)
        self._peaks.move_to_end(key)
        return self._peaks[key]
