"""The recording of one call: a WAV file that is whole at every moment."""

import logging
import struct
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from agent.speech.ulaw import ULAW_RATE_HZ, Samples, decode

log = logging.getLogger("suifang.recorder")

_CHANNELS = 2
_FRAME_BYTES = 2 * _CHANNELS
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_FLUSH_SAMPLES = ULAW_RATE_HZ // 2
_MOST_HELD_SAMPLES = 60 * ULAW_RATE_HZ  # of a robot's sentence that is not yet due
_SNAP_SAMPLES = ULAW_RATE_HZ // 200  # 5 ms: jitter of a time stamp, not a gap
_LONGEST_GAP_SAMPLES = 600 * ULAW_RATE_HZ  # beyond it the time stamp is wrong, not the line silent
_PATIENT, _ROBOT = 0, 1


def _header(samples: int) -> bytes:
    data = samples * _FRAME_BYTES
    byte_rate = ULAW_RATE_HZ * _FRAME_BYTES
    return _HEADER.pack(
        b"RIFF", 36 + data, b"WAVE", b"fmt ", 16, 1, _CHANNELS, ULAW_RATE_HZ, byte_rate, _FRAME_BYTES, 16, b"data", data
    )


def repair_recording(path: Path) -> float:
    """Makes the header fit the samples on disk, after a process was killed while it wrote; returns seconds."""
    samples = max(0, path.stat().st_size - _HEADER.size) // _FRAME_BYTES
    with path.open("r+b") as file:
        file.write(_header(samples))
    return samples / ULAW_RATE_HZ


class TwoChannelRecorder:
    """8 kHz, 16 bit, left the patient, right the robot, placed by call time; what nobody filled is silence.

    The patient's sound is held back half a second at most, the robot's until its time has come, and each write ends
    with a header that fits: a killed process leaves a playable file. An existing file is continued at its end, never
    overwritten. A disk that takes nothing ends no call: what it does not take is held, and offered again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._refuses = self._told = False  # the disk, the last time; that it did
        self._file: BinaryIO | None = None
        there = self._bytes_there()
        self._mode = "x+b" if there is None else "r+b"
        self._on_disk = max(0, (there or 0) - _HEADER.size) // _FRAME_BYTES
        self._base = self._on_disk  # call time 0 of this recorder
        self._tail: Samples = np.zeros((0, _CHANNELS), np.int16)  # what follows `_on_disk`
        self._ends = [self._on_disk, self._on_disk]
        self._waiting = (bytearray(), bytearray())  # mu-law of each channel that follows its end
        self._write(0)

    @property
    def began_at(self) -> float:
        """Seconds of the file that were there before this call: its own time 0."""
        return self._base / ULAW_RATE_HZ

    def patient(self, ulaw: bytes, at_seconds: float) -> None:
        self._take(_PATIENT, ulaw, at_seconds)
        waiting = len(self._waiting[_PATIENT])
        held = 0 if self._refuses else len(self._tail)
        if waiting >= _FLUSH_SAMPLES or waiting + held >= _MOST_HELD_SAMPLES:
            self._place_waiting()

    def robot(self, ulaw: bytes, at_seconds: float) -> None:
        self._take(_ROBOT, ulaw, at_seconds)

    def flush(self) -> None:
        """Puts all that was received on disk."""
        self._place_waiting()
        self._write(len(self._tail))

    def close(self) -> float:
        """Ends the file; returns the seconds of it that are on disk."""
        if self._file is None or not self._file.closed:
            self.flush()
        if self._file is not None:
            try:
                self._file.close()
            except OSError as problem:
                self._not_taken(problem)
        return self._on_disk / ULAW_RATE_HZ

    def _bytes_there(self) -> int | None:
        """Of an earlier call; None: no file, as far as the disk says."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return None
        except OSError as problem:
            self._not_taken(problem)
            return None

    def _opened(self) -> BinaryIO:
        """The file, tried again for as long as it cannot be opened; never one that nobody knew to be there. Raises
        OSError."""
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = cast(BinaryIO, self._path.open(self._mode))
        return self._file

    def _not_taken(self, problem: OSError) -> None:
        """Said once a call: it goes on without being recorded for now."""
        if not self._told:
            log.error("recording not written: file=%s errno=%s", self._path.name, problem.errno)
        self._refuses = self._told = True

    def _take(self, channel: int, ulaw: bytes, at_seconds: float) -> None:
        """What follows the channel's end waits as it came, to be decoded by the half second; the rest is placed."""
        waiting, start = self._waiting[channel], self._base + round(at_seconds * ULAW_RATE_HZ)
        if abs(start - self._ends[channel] - len(waiting)) <= _SNAP_SAMPLES and len(waiting) < _MOST_HELD_SAMPLES:
            waiting += ulaw
            return
        self._place_waiting()
        self._place(channel, decode(ulaw), start)

    def _place_waiting(self) -> None:
        """The robot's first: the patient's time is what puts both on disk."""
        for channel in (_ROBOT, _PATIENT):
            ulaw = self._waiting[channel]
            if ulaw:
                self._place(channel, decode(ulaw), self._ends[channel])
                ulaw.clear()

    def _write(self, samples: int) -> None:
        try:
            file = self._opened()
            if samples > 0:
                file.seek(_HEADER.size + self._on_disk * _FRAME_BYTES)
                file.write(self._tail[:samples].tobytes())
                file.flush()
            file.seek(0)
            file.write(_header(self._on_disk + max(0, samples)))
            file.flush()
        except OSError as problem:
            self._not_taken(problem)
            return
        self._refuses = False
        self._on_disk += max(0, samples)
        self._tail = self._tail[max(0, samples) :]

    def _place(self, channel: int, samples: Samples, start: int) -> None:
        end = self._ends[channel]
        if abs(start - end) <= _SNAP_SAMPLES or start - max(self._ends) > _LONGEST_GAP_SAMPLES:
            start = end
        if start < self._base:
            samples, start = samples[self._base - start :], self._base
        self._overlay(channel, samples, start)
        self._ends[channel] = max(end, start + len(samples))
        due = self._ends[_PATIENT] - self._on_disk
        if due >= _FLUSH_SAMPLES:
            self._write(due)
        elif len(self._tail) >= _MOST_HELD_SAMPLES:
            self.flush()

    def _overlay(self, channel: int, samples: Samples, start: int) -> None:
        on_disk = max(0, min(self._on_disk - start, len(samples)))
        if on_disk:
            self._overlay_on_disk(channel, samples[:on_disk], start)
        if on_disk < len(samples):
            self._extend(start + len(samples))
            place = start + on_disk - self._on_disk
            self._tail[place : place + len(samples) - on_disk, channel] = samples[on_disk:]

    def _overlay_on_disk(self, channel: int, samples: Samples, start: int) -> None:
        try:
            self._mix(channel, samples, start)
        except OSError as problem:
            self._not_taken(problem)

    def _mix(self, channel: int, samples: Samples, start: int) -> None:
        file, place = self._opened(), _HEADER.size + start * _FRAME_BYTES
        file.seek(place)
        frames = np.frombuffer(file.read(len(samples) * _FRAME_BYTES), np.int16).reshape(-1, _CHANNELS).copy()
        frames[:, channel] = samples
        file.seek(place)
        file.write(frames.tobytes())

    def _extend(self, end: int) -> None:
        missing = end - self._on_disk - len(self._tail)
        if missing > 0:
            self._tail = np.concatenate([self._tail, np.zeros((missing, _CHANNELS), np.int16)])
