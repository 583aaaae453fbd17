"""Work that must never slow a call: done in a thread the operating system serves last."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

NICENESS = 15
Result = TypeVar("Result")


def at_low_priority(work: Callable[[], Result]) -> Result:
    """Runs `work` in a thread of its own and waits for it. On Linux niceness belongs to the thread and to whatever
    threads it starts: a model loaded here decodes at low priority for good. Elsewhere it runs as usual."""
    with ThreadPoolExecutor(1, thread_name_prefix="low-priority", initializer=step_back) as pool:
        return pool.submit(work).result()


def step_back() -> None:
    """From now on this thread is served last (Linux; elsewhere nothing changes)."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
