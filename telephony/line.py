"""The seam between a carrier's wire and one phone call: both sides carrier-neutral, 8 kHz mu-law."""

from collections.abc import Callable
from typing import Protocol

FRAME_BYTES = 160  # 20 ms of 8 kHz mu-law
FRAME_SECONDS = 0.02


class LineClosed(Exception):
    """The carrier's connection is gone; nothing more can be said on it."""


class TransferFailed(Exception):
    """The carrier did not connect the patient with another telephone; the call goes on here. `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Line(Protocol):
    """What a call may do to the wire. Each raises LineClosed once the wire is gone."""

    async def play(self, ulaw: bytes) -> None:
        """Queue audio at the carrier, after what is queued already (sent in 20 ms frames)."""
        ...

    async def mark(self, name: str) -> None:
        """Ask to be told (`CallHandler.marked`) when everything queued so far was played or cleared."""
        ...

    async def clear(self) -> None:
        """Drop what is queued and not yet played (barge-in)."""
        ...

    async def hang_up(self) -> None: ...

    async def transfer(self, to: str, ring_seconds: int) -> None:
        """Connects the patient with `to` (E.164), which rings that long; from then on this line closes. If nobody
        takes it, the carrier opens a new line for the same attempt. Raises TransferFailed."""
        ...


class CallHandler(Protocol):
    """One call, as the wire sees it. The callbacks never block; `run` lasts as long as the call."""

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        """Patient audio; `at_ms` is the carrier's timestamp since the stream began."""
        ...

    def digit(self, digit: str) -> None: ...

    def marked(self, name: str) -> None: ...

    def ended(self) -> None:
        """The patient's side or the carrier closed the stream."""
        ...

    async def run(self) -> None: ...


CallFactory = Callable[[Line, str], CallHandler]
"""(line, attempt id) -> the call's handler."""


class EarlyHandler(CallHandler, Protocol):
    """Listens to a telephone that still rings, and says nothing. `run` ends by itself once it is `hopeless`."""

    @property
    def hopeless(self) -> bool:
        """The network has said why nobody will answer, and the attempt has ended with that."""
        ...

    def answered(self) -> None:
        """Somebody took the call: what was heard before is of no interest any more."""
        ...


EarlyFactory = Callable[[str], EarlyHandler]
"""(attempt id) -> what listens before the answer."""
