"""The most memory that this process has held."""

import re
from pathlib import Path

_PEAK = re.compile(r"VmHWM:\s*(\d+) kB")


def peak_mb() -> float:
    """Megabytes. Out of Linux's status, which begins anew with a program; `ru_maxrss` goes on from what started it."""
    found = _PEAK.search(Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
    if found is None:
        raise RuntimeError("/proc/self/status names no VmHWM: the peak of memory is measured on Linux")
    return round(int(found[1]) / 1024, 1)
